"""What is known of units from before the directory was there."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.capacity.history import backfill_states, record_states
from directory.capacity.models import UnitStatePeriod
from tests import factories


def periods(session: Session, unit_id: str) -> list[tuple[str, datetime, datetime | None]]:
    """A unit's periods, oldest first."""
    query = select(UnitStatePeriod).where(UnitStatePeriod.unit_id == unit_id).order_by(UnitStatePeriod.began_at)
    return [(one.state.value, one.began_at, one.ended_at) for one in session.scalars(query)]


def test_what_came_before_ends_where_the_recorded_history_begins(session: Session, now: datetime) -> None:
    unit = factories.unit(session)
    record_states(session, {unit.id: "open"}, now)
    long_ago, later = now - timedelta(days=90), now - timedelta(days=2)

    given = backfill_states(session, lambda *_: [("occupied", long_ago), ("closed", later)])

    assert given == 1
    assert periods(session, unit.id) == [("occupied", long_ago, later), ("closed", later, now), ("open", now, None)]


def test_a_unit_with_a_history_keeps_it(session: Session, now: datetime) -> None:
    unit = factories.unit(session)
    record_states(session, {unit.id: "open"}, now)
    record_states(session, {unit.id: "occupied"}, now + timedelta(days=1))
    before = periods(session, unit.id)

    assert backfill_states(session, lambda *_: [("closed", now - timedelta(days=9))]) == 0
    assert periods(session, unit.id) == before


def test_nothing_known_is_nothing_written(session: Session, now: datetime) -> None:
    unit = factories.unit(session)
    record_states(session, {unit.id: "open"}, now)

    assert backfill_states(session, lambda *_: []) == 0
    assert periods(session, unit.id) == [("open", now, None)]
