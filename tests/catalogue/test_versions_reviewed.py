"""What a second pair of eyes found in the history of the catalogue: each of these went wrong once."""

from datetime import datetime
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from directory.capacity.current import differences_from_history, read_current
from directory.capacity.files import RowEdit, edit_catalogue
from directory.capacity.models import Unit, UnitState
from directory.capacity.undoing import ConflictError, restore_version, undo_change
from directory.capacity.updates import set_unit_state
from directory.catalogue.models import Service
from directory.catalogue.versions.models import ChangeKind, ListingKind, ListingVersion
from directory.common.actor import Actor
from directory.common.errors import DomainError
from directory.extensions import Database, begin_writing
from directory.referrals.service import Keystore, send_referral
from tests import factories
from tests.factories.referrals import actor, moment, referral

SERVICE, UNIT = ListingKind.SERVICE, ListingKind.UNIT
COMMISSIONER = Actor(1, "commissioner", None)


def change(session: Session, now: datetime, edit: RowEdit, kind: ChangeKind = ChangeKind.UPLOAD) -> int:
    report = edit_catalogue(session, [edit], now, kind=kind, made_by="user-1")
    assert report.change_id is not None, report.errors
    return report.change_id


def complete(session: Session, **values: object) -> Service:
    facts = {"description": "A house.", "response_target_minutes": 60, "referral_email": "desk@example.org"}
    return factories.service(session, **facts | values)


def test_taking_a_withdrawal_back_demands_what_publishing_demands(session: Session, now: datetime) -> None:
    service = complete(session)
    withdrawn = change(session, now, RowEdit(SERVICE, service.id, {"status": "withdrawn"}), ChangeKind.STATUS)
    change(session, now, RowEdit(SERVICE, service.id, {"description": ""}))

    with pytest.raises(ConflictError) as caught:
        undo_change(session, withdrawn, COMMISSIONER, now)

    assert [one.column for one in caught.value.conflicts] == ["description"]
    change(session, now, RowEdit(SERVICE, service.id, {"description": "Two houses."}))
    undo_change(session, withdrawn, COMMISSIONER, now)
    assert read_current(session, SERVICE, service.id).values["status"] == "published"


def test_what_a_listing_was_published_with_cannot_be_taken_back(session: Session, now: datetime) -> None:
    service = complete(session, description="", status="draft")
    filled = change(session, now, RowEdit(SERVICE, service.id, {"description": "A house."}))
    change(session, now, RowEdit(SERVICE, service.id, {"status": "published"}), ChangeKind.STATUS)

    with pytest.raises(ConflictError):
        undo_change(session, filled, COMMISSIONER, now)
    with pytest.raises(ConflictError, match="lacks what it must say: description"):
        restore_version(session, SERVICE, service.id, 1, COMMISSIONER, now)

    assert read_current(session, SERVICE, service.id).values["description"] == "A house."


def test_what_it_lacked_when_it_was_published_is_no_reason(session: Session, now: datetime) -> None:
    service = complete(session, description="")
    filled = change(session, now, RowEdit(SERVICE, service.id, {"description": "A house."}))

    undo_change(session, filled, COMMISSIONER, now)

    assert read_current(session, SERVICE, service.id).values["description"] == ""
    assert differences_from_history(session) == []


def test_a_unit_in_which_somebody_lives_by_now_is_not_taken_back(session: Session, now: datetime) -> None:
    service = factories.service(session)
    texts = {"service_id": service.id, "bedspaces": "2", "max_adults": "1", "max_children": "1"}
    texts |= {"ringfence": "none", "state": "closed", "name": "Room 9"}
    added = change(session, now, RowEdit(UNIT, "room-9", texts), ChangeKind.PROPOSAL)
    provider = Actor(2, "provider", service.organisation_id)
    set_unit_state(session, "room-9", UnitState.OCCUPIED, provider, now)

    with pytest.raises(ConflictError) as caught:
        undo_change(session, added, COMMISSIONER, now)

    assert [one.column for one in caught.value.conflicts] == ["state"]
    assert session.get_one(Unit, "room-9").state is UnitState.OCCUPIED


def test_who_brings_a_confirmation_back_has_not_confirmed(session: Session, now: datetime) -> None:
    service = factories.service(session, verified_on=None)
    first = change(session, now, RowEdit(SERVICE, service.id, {"verified_on": "2026-10-01"}))
    second = change(session, now, RowEdit(SERVICE, service.id, {"verified_on": "2026-11-01"}))
    by = select(Service.verified_by).where(Service.id == service.id)
    assert session.scalar(by) == "user-1"

    undo_change(session, second, COMMISSIONER, now)
    assert session.scalar(by) == ""
    undo_change(session, first, COMMISSIONER, now)
    assert session.scalar(by) == ""


def test_a_version_is_not_replaced_and_all_are_not_emptied(session: Session, now: datetime) -> None:
    change(session, now, RowEdit(SERVICE, factories.service(session).id, {"phone": "020 7946 0002"}))
    session.commit()
    columns = ", ".join(column.name for column in ListingVersion.__table__.columns)
    statements = {
        "sqlite": (
            f"INSERT OR REPLACE INTO listing_versions ({columns}) SELECT {columns} FROM listing_versions",  # noqa: S608
            "INSERT OR REPLACE INTO catalogue_changes SELECT * FROM catalogue_changes",
        ),
        "postgresql": ("TRUNCATE listing_versions", "TRUNCATE catalogue_changes CASCADE"),
    }
    for statement in statements[session.get_bind().dialect.name]:
        with pytest.raises(IntegrityError, match="kept as they are"):
            session.execute(text(statement))
        session.rollback()


def test_no_contract_ends_before_time_began(session: Session, now: datetime) -> None:
    unit = factories.unit(session)

    edit = RowEdit(UNIT, unit.id, {"active_until": "0001-01-01"})
    report = edit_catalogue(session, [edit], now, kind=ChangeKind.UPLOAD, made_by="user-1")

    assert [error.message for error in report.errors] == ["It lies too far back to be right."]


@pytest.mark.parametrize("kind", [SERVICE, ListingKind.ORGANISATION])
@pytest.mark.parametrize("first", ["withdraw", "send"])
def test_of_who_refers_and_who_withdraws_at_once_one_waits(
    database: Database, tmp_path: Path, now: datetime, kind: ListingKind, first: str
) -> None:
    """Without the lock both find nothing wrong, and somebody is referred to a service that is not there any more."""
    keystore = Keystore(f"sqlite:///{tmp_path}/keys.sqlite3")
    with database.new_session() as session:
        unit = factories.unit(session, factories.service(session, referral_email="desk@example.org"))
        user = factories.user(session)
        reference, author = referral(session, keystore, user, [unit], now, sent=False), actor(user)
        service = session.get_one(Service, unit.service_id)
        listing_id = service.id if kind is SERVICE else service.organisation_id

    def send(session: Session) -> None:
        send_referral(session, keystore, reference, author, moment(now))

    def withdraw(session: Session) -> None:
        edit = RowEdit(kind, listing_id, {"status": "withdrawn"})
        edit_catalogue(session, [edit], now, kind=ChangeKind.STATUS, made_by="user-1")

    one, other = (withdraw, send) if first == "withdraw" else (send, withdraw)
    began = Event()
    came: list[str] = []

    def second() -> None:
        with database.new_session() as session:
            began.set()
            try:
                begin_writing(session)
                other(session)
                session.commit()
                came.append("done")
            except DomainError as error:
                session.rollback()
                came.append(type(error).__name__)

    with database.new_session() as session:
        begin_writing(session)
        one(session)
        thread = Thread(target=second)
        thread.start()
        began.wait()
        thread.join(timeout=0.5)
        session.commit()
    thread.join()

    assert came == ["NobodyToAskError" if first == "withdraw" else "RefusedError"]


def test_the_database_itself_asks_nobody_who_is_withdrawn(session: Session, tmp_path: Path, now: datetime) -> None:
    keystore = Keystore(f"sqlite:///{tmp_path}/keys.sqlite3")
    unit = factories.unit(session, factories.service(session, referral_email="desk@example.org"))
    referral(session, keystore, factories.user(session), [unit], now, sent=False)
    change(session, now, RowEdit(SERVICE, unit.service_id, {"status": "withdrawn"}), ChangeKind.STATUS)
    session.commit()

    asked = "UPDATE referral_steps SET state = 'waiting', sent_at = :now, deadline = :now"
    with pytest.raises(IntegrityError, match="this service is withdrawn"):
        session.execute(text(asked), {"now": now.replace(tzinfo=None).isoformat(" ")})
    session.rollback()
