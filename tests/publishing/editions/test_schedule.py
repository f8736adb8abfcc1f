"""When an edition is due, and what the system does by itself then."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from directory.accounts.models import User
from directory.accounts.service import deactivate_account
from directory.common.actor import SYSTEM
from directory.common.errors import InvalidInputError, NotAllowedError
from directory.messaging.kinds import MessageKind
from directory.messaging.models import OutboxMessage
from directory.publishing.editions.checking import check, count_warnings
from directory.publishing.editions.lifecycle import discard, publish, sign, take_over
from directory.publishing.editions.reading import edition_in_preparation
from directory.publishing.editions.schedule import (
    Prepared,
    ScheduleFacts,
    due_dates,
    next_due,
    prepare_due,
    read_schedule,
    save_schedule,
)
from directory.publishing.editions.vocabulary import EditionState
from tests import factories
from tests.publishing.editions.world import actor_of, moment_at, people, published_edition, refuge

DUE = datetime(2026, 12, 1, 5, 0, tzinfo=UTC)


def sessions_of(session: Session) -> sessionmaker[Session]:
    """Sessions on the test's own transaction, as a job gets them."""
    return sessionmaker(session.connection(), expire_on_commit=False, join_transaction_mode="create_savepoint")


def run(session: Session, at: datetime) -> Prepared:
    session.commit()
    done = prepare_due(sessions_of(session), moment_at(at))
    session.expire_all()
    return done


def messages(session: Session) -> list[tuple[str, str, str, datetime]]:
    found = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == MessageKind.EDITION_DUE))
    return sorted((one.address, one.reference, one.path, one.next_attempt_at) for one in found)


@pytest.mark.parametrize(
    ("every_months", "day", "after", "expected"),
    [
        (1, 1, date(2026, 11, 22), [date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1)]),
        (3, 15, date(2026, 10, 15), [date(2027, 1, 15), date(2027, 4, 15), date(2027, 7, 15)]),
        (3, 15, date(2026, 10, 14), [date(2026, 10, 15), date(2027, 1, 15), date(2027, 4, 15)]),
        (12, 28, date(2026, 1, 27), [date(2026, 1, 28), date(2027, 1, 28), date(2028, 1, 28)]),
    ],
)
def test_due_dates(every_months: int, day: int, after: date, expected: list[date]) -> None:
    schedule = ScheduleFacts(every_months, day, saved=True)
    assert list(itertools.islice(due_dates(schedule, after), 3)) == expected


def test_a_schedule_of_their_own(session: Session, now: datetime) -> None:
    who = people(session)
    assert read_schedule(session) == ScheduleFacts(1, 1, saved=False)
    assert save_schedule(session, 3, 10, who.preparer, now) == ScheduleFacts(3, 10, saved=True)
    assert save_schedule(session, 2, 5, who.signer, now) == read_schedule(session) == ScheduleFacts(2, 5, saved=True)
    assert next_due(session, now) == date(2027, 1, 5)
    with pytest.raises(InvalidInputError) as refused:
        save_schedule(session, 13, 29, who.preparer, now)
    assert [one.field for one in refused.value.problems] == ["every_months", "day"]
    for actor in (SYSTEM, actor_of(factories.user(session, "officer"))):
        with pytest.raises(NotAllowedError):
            save_schedule(session, 1, 1, actor, now)


@pytest.mark.parametrize(
    ("published_on", "expected"),
    [
        (datetime(2026, 11, 3, 12, tzinfo=UTC), date(2026, 12, 1)),
        (datetime(2026, 11, 27, 12, tzinfo=UTC), date(2026, 12, 1)),
        (datetime(2026, 11, 28, 12, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2026, 12, 1, 12, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2026, 6, 3, 12, tzinfo=UTC), date(2026, 7, 1)),
    ],
)
def test_what_is_due_after_an_edition(session: Session, now: datetime, published_on: datetime, expected: date) -> None:
    refuge(session)
    published_edition(session, people(session), published_on)
    assert next_due(session, now) == expected


def test_on_the_day_one_is_drafted_and_commissioners_are_told(session: Session, now: datetime) -> None:
    refuge(session)
    who = people(session)
    published_edition(session, who, datetime(2026, 11, 2, 9, tzinfo=UTC))
    gone = factories.user(session, "commissioner")
    deactivate_account(session, gone, now)
    addresses = sorted(
        session.scalars(select(User.email).where(User.id.in_([who.preparer.user_id, who.signer.user_id])))
    )

    assert run(session, DUE - timedelta(days=4)) == Prepared(0, 0)
    assert run(session, DUE - timedelta(days=3)) == Prepared(0, 2)
    assert run(session, DUE - timedelta(days=2)) == Prepared(0, 0)
    assert run(session, DUE) == Prepared(1, 2)
    assert run(session, DUE + timedelta(minutes=1)) == Prepared(0, 0)
    assert run(session, DUE + timedelta(days=6)) == Prepared(0, 0)
    assert run(session, DUE + timedelta(days=7)) == Prepared(0, 2)

    days = (DUE - timedelta(days=3), DUE, DUE + timedelta(days=7))
    at_ten = [day.replace(hour=10) for day in days]
    assert messages(session) == [
        (address, "D20261201", "/editions/prepare", at) for address in addresses for at in at_ten
    ]
    waiting = edition_in_preparation(session)
    assert waiting is not None
    assert (waiting.state, waiting.prepared_by_id, waiting.as_of) == (EditionState.DRAFT, None, DUE.date())


def test_once_it_is_published_nothing_is_due(session: Session) -> None:
    refuge(session)
    who = people(session)
    published_edition(session, who, datetime(2026, 11, 2, 9, tzinfo=UTC))
    run(session, DUE)
    waiting = edition_in_preparation(session)
    assert waiting is not None
    moment = moment_at(DUE + timedelta(days=2))
    take_over(session, waiting.id, who.preparer, moment)
    warnings = count_warnings(check(session, waiting.id, moment))
    sign(session, waiting.id, waiting.content_hash, warnings, who.signer, moment)
    publish(session, waiting.id, who.preparer, moment)

    assert next_due(session, moment.now) == date(2027, 1, 1)
    assert run(session, DUE + timedelta(days=8)) == Prepared(0, 0)


def test_a_draft_that_was_thrown_away_does_not_come_back(session: Session) -> None:
    refuge(session)
    who = people(session)
    published_edition(session, who, datetime(2026, 11, 2, 9, tzinfo=UTC))
    assert run(session, DUE).drafted == 1
    waiting = edition_in_preparation(session)
    assert waiting is not None
    discard(session, waiting.id, who.preparer, moment_at(DUE))

    assert run(session, DUE + timedelta(minutes=1)) == Prepared(0, 0)
    assert read_schedule(session) == ScheduleFacts(1, 1, saved=False)
    assert edition_in_preparation(session) is None


def test_somebody_is_preparing_one_already(session: Session) -> None:
    refuge(session)
    who = people(session)
    published_edition(session, who, datetime(2026, 11, 2, 9, tzinfo=UTC))
    run(session, DUE)
    mine = edition_in_preparation(session)
    assert mine is not None
    assert run(session, DUE + timedelta(days=40)).drafted == 0
    assert edition_in_preparation(session) == mine


def test_before_the_first_edition_the_next_date_counts(session: Session, now: datetime) -> None:
    refuge(session)
    people(session)
    assert next_due(session, now) == date(2026, 12, 1)
    assert next_due(session, DUE) == date(2026, 12, 1)
    assert run(session, DUE) == Prepared(1, 2)
    assert next_due(session, DUE + timedelta(days=9)) == date(2026, 12, 1), "the draft waits"
    assert run(session, DUE + timedelta(days=9)) == Prepared(0, 2)
