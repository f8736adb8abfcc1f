"""Making accounts, signing in, and being locked out."""

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.accounts import passwords, service
from directory.accounts.models import SignInAttempts, User
from directory.accounts.permissions import Role
from directory.common.errors import DomainError, InvalidInputError
from directory.extensions import Database
from tests import factories

GOOD = "teapot lantern gravel"


def create(session: Session, now: datetime, **changes: object) -> User:
    values = {
        "email": "sam.carter@met.example",
        "name": "Sam Carter",
        "role": Role.OFFICER,
        "organisation_id": None,
        "area": "Central East",
        "password": GOOD,
        "now": now,
    }
    return service.create_account(session, **values | changes)  # type: ignore[arg-type]


def test_an_account_is_made_and_signs_in(session: Session, now: datetime) -> None:
    made = create(session, now, email="  Sam.Carter@MET.example ", name=" Sam   Carter ")

    assert (made.email, made.name, made.area) == ("sam.carter@met.example", "Sam Carter", "Central East")
    assert (made.created_at, made.active) == (now, True)
    assert GOOD not in made.password_hash
    assert service.authenticate(session, "SAM.carter@met.example ", GOOD, now) is made


def test_an_account_without_a_password_cannot_be_signed_in_to(session: Session, now: datetime) -> None:
    create(session, now, password=None)

    for password in ("", GOOD):
        with pytest.raises(service.SignInRefusedError):
            service.authenticate(session, "sam.carter@met.example", password, now)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": ""}, "email"),
        ({"email": "sam"}, "email"),
        ({"email": "sam@met"}, "email"),
        ({"email": "sam@@met.example"}, "email"),
        ({"email": "sam@met..example"}, "email"),
        ({"email": "Sam <sam@met.example>"}, "email"),
        ({"email": "säm@met.example"}, "email"),
        ({"email": "sam\n@met.example"}, "email"),
        ({"email": "s" * 250 + "@met.example"}, "email"),
        ({"name": "  "}, "name"),
        ({"name": "s" * 121}, "name"),
        ({"name": "Sam\x00"}, "name"),
        ({"area": "a" * 61}, "area"),
        ({"role": Role.PROVIDER}, "organisation"),
        ({"organisation_id": "nobody"}, "organisation"),
        ({"password": "short"}, "password"),
    ],
)
def test_a_wrong_field_is_named(session: Session, now: datetime, changes: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        create(session, now, **changes)

    assert [problem.field for problem in refused.value.problems] == [field]


def test_every_wrong_field_is_named_at_once(session: Session, now: datetime) -> None:
    with pytest.raises(InvalidInputError) as refused:
        create(session, now, email="x", name="", role=Role.PROVIDER, password="short")

    fields = [problem.field for problem in refused.value.problems]
    assert fields == ["email", "name", "organisation", "password"]


def test_an_address_has_one_account(session: Session, now: datetime) -> None:
    create(session, now)

    with pytest.raises(InvalidInputError, match="already"):
        create(session, now, email="SAM.CARTER@met.example")


def test_a_providers_account_belongs_to_an_organisation(session: Session, now: datetime) -> None:
    organisation = factories.organisation(session)

    made = create(session, now, role=Role.PROVIDER, organisation_id=organisation.id)

    assert made.organisation_id == organisation.id


def test_every_refusal_says_the_same(session: Session, now: datetime) -> None:
    factories.user(session, email="here@example.org")
    factories.user(session, email="left@example.org", active=False)

    said = set()
    for email, password in (
        ("nobody@example.org", factories.PASSWORD),
        ("here@example.org", "wrong"),
        ("left@example.org", factories.PASSWORD),
        ("not an address", ""),
        ("here@example.org\x00", factories.PASSWORD),
        ("\ud800@example.org", "\ud800"),
    ):
        with pytest.raises(service.SignInRefusedError) as refused:
            service.authenticate(session, email, password, now)
        said.add(str(refused.value))

    assert said == {"The e-mail address or the password is not right."}


def test_an_unknown_address_costs_the_same_work(
    session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    work: list[str] = []
    monkeypatch.setattr(passwords, "waste_as_much_time", work.append)

    with pytest.raises(service.SignInRefusedError):
        service.authenticate(session, "nobody@example.org", "a password", now)

    assert work == ["a password"]


def fail(session: Session, user: User, now: datetime, times: int) -> None:
    for _ in range(times):
        with pytest.raises(service.SignInRefusedError):
            service.authenticate(session, user.email, "wrong", now)


def test_ten_failures_lock_for_fifteen_minutes(session: Session, now: datetime) -> None:
    user = factories.user(session)
    fail(session, user, now, 10)

    with pytest.raises(service.TooManyAttemptsError, match="in 15 minutes"):
        service.authenticate(session, user.email, factories.PASSWORD, now)
    with pytest.raises(service.TooManyAttemptsError, match="in 1 minute"):
        service.authenticate(session, user.email, factories.PASSWORD, now + timedelta(minutes=14, seconds=30))
    assert service.authenticate(session, user.email, factories.PASSWORD, now + timedelta(minutes=15)) is user


def test_an_address_without_an_account_is_locked_just_the_same(session: Session, now: datetime) -> None:
    said = []
    for email in (factories.user(session).email, "nobody@example.org"):
        for attempt in range(12):
            with pytest.raises(DomainError) as refused:
                service.authenticate(session, email, "wrong", now + timedelta(seconds=attempt))
            said.append(str(refused.value))

    assert said[:12] == said[12:]
    assert "too many attempts" in said[-1]


def test_a_stranger_elsewhere_locks_nobody_out(session: Session, now: datetime) -> None:
    user = factories.user(session)
    for _ in range(10):
        with pytest.raises(service.SignInRefusedError):
            service.authenticate(session, user.email, "wrong", now, "192.0.2.0/24")

    with pytest.raises(service.TooManyAttemptsError):
        service.authenticate(session, user.email, factories.PASSWORD, now, "192.0.2.0/24")
    assert service.authenticate(session, user.email, factories.PASSWORD, now, "198.51.100.0/24") is user


def test_made_up_addresses_are_forgotten_after_a_day(session: Session, now: datetime) -> None:
    for number in range(5):
        with pytest.raises(service.SignInRefusedError):
            service.authenticate(session, f"made-up-{number}@example.org", "wrong", now)
    with pytest.raises(service.SignInRefusedError):
        service.authenticate(session, "later@example.org", "wrong", now + timedelta(days=1, seconds=1))

    assert session.scalar(select(func.count()).select_from(SignInAttempts)) == 1


def test_a_success_starts_the_count_anew(session: Session, now: datetime) -> None:
    user = factories.user(session)
    fail(session, user, now, 9)
    service.authenticate(session, user.email, factories.PASSWORD, now)
    fail(session, user, now, 9)

    assert service.authenticate(session, user.email, factories.PASSWORD, now) is user


def test_failures_at_the_same_moment_all_count(database_url: str, now: datetime) -> None:
    database = Database(database_url)
    with database.new_session.begin() as session:
        email = factories.user(session).email
    barrier = Barrier(4)

    def attempt() -> None:
        with database.new_session() as session:
            barrier.wait()
            with pytest.raises(service.SignInRefusedError):
                service.authenticate(session, email, "wrong", now)
            session.commit()

    threads = [Thread(target=attempt) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.new_session() as session:
        assert session.scalars(select(SignInAttempts.failures)).all() == [4]
    database.engine.dispose()


def test_signing_in_renews_an_old_hash(session: Session, now: datetime) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=16, parallelism=2).hash(GOOD)
    user = factories.user(session, password_hash=old)

    service.authenticate(session, user.email, GOOD, now)

    assert user.password_hash != old
    assert service.authenticate(session, user.email, GOOD, now) is user


def test_a_new_password_unlocks_and_ends_all_sessions(session: Session, now: datetime) -> None:
    user = factories.user(session)
    session_key = user.session_key
    fail(session, user, now, 10)

    service.change_password(session, user, GOOD, now)

    assert service.authenticate(session, user.email, GOOD, now) is user
    assert service.get_user(session, user.id, session_key) is None
    assert service.get_user(session, user.id, user.session_key) is user


def test_who_may_not_sign_in_is_signed_out(session: Session) -> None:
    user = factories.user(session)
    assert service.get_user(session, user.id, user.session_key) is user
    assert service.get_user(session, user.id + 1000, user.session_key) is None

    user.active = False
    session.flush()

    assert service.get_user(session, user.id, user.session_key) is None
