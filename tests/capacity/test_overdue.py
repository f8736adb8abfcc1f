"""Counting reminders that nobody answered, and confirming many units at once."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.capacity.holds.errors import UnitHeldError
from directory.capacity.models import Unit, UnitState
from directory.capacity.overdue import (
    DueSubject,
    count_reminder,
    read_unanswered,
    reset_reminders,
    reset_where_units_are_confirmed,
)
from directory.capacity.updates import ChangedMeanwhileError, UnitAnswer, UnitChange, confirm_units
from directory.catalogue.models import Service
from directory.common.changes import current_mark
from directory.common.errors import NotFoundError
from directory.extensions import Database
from tests import factories
from tests.capacity.holding import audited

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
OPEN, OCCUPIED, CLOSED = UnitState.OPEN, UnitState.OCCUPIED, UnitState.CLOSED
UNITS, LISTING = DueSubject.UNITS, DueSubject.LISTING


@pytest.fixture
def service(session: Session) -> Service:
    return factories.service(session)


@pytest.mark.parametrize(("subject", "apart"), [(UNITS, DAY), (LISTING, 7 * DAY)])
def test_a_reminder_counts_when_the_last_is_long_enough_ago(
    session: Session, service: Service, now: datetime, subject: DueSubject, apart: timedelta
) -> None:
    counted = []
    for passed in (0 * DAY, HOUR, apart - DAY, apart, 2 * apart, 3 * apart + HOUR):
        made = count_reminder(session, service.id, subject, now + passed)
        counted.append((made.count, made.before.count if made.before else 0) if made else None)

    assert counted == [(1, 0), None, None, (2, 1), (3, 2), (3, 3)]
    kept = read_unanswered(session)[service.id, subject]
    assert (kept.first_at, kept.last_on) == (now, (now + 3 * apart).date())


def test_counting_from_the_beginning_is_for_one_subject(session: Session, service: Service, now: datetime) -> None:
    for subject in DueSubject:
        count_reminder(session, service.id, subject, now)

    assert reset_reminders(session, UNITS, [service.id, "another"]) == 1
    assert reset_reminders(session, UNITS, [service.id]) == 0
    assert reset_reminders(session, UNITS, []) == 0
    assert list(read_unanswered(session)) == [(service.id, LISTING)]


@pytest.mark.parametrize(
    ("others", "ends"),
    [
        ({"confirmed_at": None}, False),
        ({"confirmed_at": timedelta(hours=25)}, False),
        ({"confirmed_at": timedelta(hours=24)}, True),
        ({"confirmed_at": None, "state": CLOSED}, True),
        ({"confirmed_at": None, "state": CLOSED, "removed_at": timedelta(0)}, True),
        ({"confirmed_at": None, "active_until": timedelta(0)}, True),
    ],
)
def test_units_that_may_be_offered_have_to_be_confirmed_all_of_them(
    session: Session, service: Service, now: datetime, others: dict[str, object], ends: bool
) -> None:
    values = {name: now - value if isinstance(value, timedelta) else value for name, value in others.items()}
    if "active_until" in values:
        values["active_until"] = now.date()
    factories.unit(session, service, confirmed_at=now)
    factories.unit(session, service, **values)
    count_reminder(session, service.id, UNITS, now)

    assert reset_where_units_are_confirmed(session, [service.id], now) == int(ends)
    assert ((service.id, UNITS) in read_unanswered(session)) is not ends


def test_searches_read_anew_only_where_the_third_comes_or_goes(database_url: str, now: datetime) -> None:
    database = Database(database_url)
    with database.new_session.begin() as session:
        service_id = factories.service(session).id

    def mark() -> str | None:
        with database.new_session() as session:
            return current_mark(session)

    marks = [mark()]
    for days in range(4):
        with database.new_session.begin() as session:
            count_reminder(session, service_id, UNITS, now + days * DAY)
        marks.append(mark())
    with database.new_session.begin() as session:
        reset_reminders(session, UNITS, [service_id])
    marks.append(mark())
    with database.new_session.begin() as session:
        count_reminder(session, service_id, UNITS, now + 5 * DAY)
        reset_reminders(session, UNITS, [service_id])
        reset_reminders(session, UNITS, [service_id])
    marks.append(mark())
    database.engine.dispose()

    changed = [before != after for before, after in pairwise(marks)]
    assert changed == [False, False, True, False, True, False]


def test_many_units_are_confirmed_at_once(session: Session, service: Service, now: datetime) -> None:
    one, two, three = (factories.unit(session, service, confirmed_at=now - 2 * DAY) for _ in range(3))
    later = now + timedelta(seconds=427)

    changes = confirm_units(
        session,
        [service.id],
        {two.id: UnitAnswer(OPEN, OCCUPIED), one.id: UnitAnswer(OPEN, OPEN)},
        "user-7",
        later,
    )

    assert changes == [UnitChange(one.id, service.id, OPEN, OPEN), UnitChange(two.id, service.id, OPEN, OCCUPIED)]
    assert [change.changed for change in changes] == [False, True]
    rows = session.execute(select(Unit.state, Unit.confirmed_at, Unit.confirmed_by).order_by(Unit.id)).all()
    minute = now + timedelta(seconds=420)
    assert [tuple(row) for row in rows] == [
        (OPEN, minute, "user-7"),
        (OCCUPIED, minute, "user-7"),
        (OPEN, three.confirmed_at, ""),
    ]
    assert audited(session) == [("unit_state_changed", "user-7"), ("units_confirmed", "user-7")]


def test_all_are_confirmed_or_none(session: Session, service: Service, now: datetime) -> None:
    one, two = (factories.unit(session, service, confirmed_at=None) for _ in range(2))
    foreign = factories.unit(session)
    factories.hold(session, two, held_at=now)
    factories.hold(session, foreign, held_at=now)

    for unit, answer, error in (
        (one, UnitAnswer(OCCUPIED, OCCUPIED), ChangedMeanwhileError),
        (two, UnitAnswer(OPEN, CLOSED), UnitHeldError),
        # Nobody learns of somebody else's unit that it is held.
        (foreign, UnitAnswer(OPEN, CLOSED), NotFoundError),
    ):
        savepoint = session.begin_nested()
        with pytest.raises(error):
            confirm_units(session, [service.id], {two.id: UnitAnswer(OPEN, OPEN)} | {unit.id: answer}, "user-7", now)
        savepoint.rollback()
    assert session.scalars(select(Unit.confirmed_at).where(Unit.service_id == service.id)).all() == [None, None]
    assert confirm_units(session, [service.id], {}, "user-7", now) == []
