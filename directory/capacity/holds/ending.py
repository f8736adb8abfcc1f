"""Ending holds. Every way leads through `end_holds`: it cuts the link to the unit, and counts the hold for its day."""

from collections import Counter
from datetime import date, datetime

from sqlalchemy import ColumnElement, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from directory.audit.events import Event
from directory.audit.log import record
from directory.capacity.holds.live import going_on
from directory.capacity.holds.models import Hold, HoldOutcome, UnitHoldCount
from directory.common.clock import london_date

_EVENTS = {
    HoldOutcome.RELEASED: Event.HOLD_RELEASED,
    HoldOutcome.EXPIRED: Event.HOLD_EXPIRED,
    HoldOutcome.ENDED_BY_PROVIDER: Event.HOLD_ENDED_BY_PROVIDER,
    HoldOutcome.PLACED: Event.HOLD_PLACED,
}
_END = (
    update(Hold)
    .where(Hold.id == bindparam("this"), going_on())
    .values(unit_id=None, ended_at=bindparam("at"), outcome=bindparam("how"))
)


def end_holds(
    session: Session,
    which: ColumnElement[bool],
    outcome: HoldOutcome,
    now: datetime,
    actor_reference: str,
    *,
    pass_over_locked: bool = False,
) -> int:
    """End every hold that goes on and meets `which`; returns how many. The caller commits.

    With `pass_over_locked` those that somebody else is changing at this moment are left to them (on PostgreSQL).
    """
    query = select(Hold.id, Hold.service_id, Hold.unit_id, Hold.held_at).where(going_on(), which).order_by(Hold.id)
    rows = session.execute(query.with_for_update(of=Hold, skip_locked=pass_over_locked)).all()
    if not rows:
        return 0
    session.connection().execute(_END, [{"this": row.id, "at": now, "how": outcome} for row in rows])
    for row in rows:
        record(session, _EVENTS[outcome], actor_reference, now, hold=row.id, service=row.service_id)
    _count(session, Counter((row.unit_id, london_date(row.held_at)) for row in rows))
    return len(rows)


def end_expired(session: Session, now: datetime, which: ColumnElement[bool] | None = None) -> int:
    """Tidy away the holds whose time is up (those of `which`, or all); they have not counted since.

    Whoever tidies away all of them waits for nobody: a provider may hold the lock of one and wait for an import, which
    tidies first.
    """
    condition = Hold.expires_at <= now
    if which is not None:
        condition &= which
    return end_holds(session, condition, HoldOutcome.EXPIRED, now, "system", pass_over_locked=which is None)


def _count(session: Session, begun: Counter[tuple[str, date]]) -> None:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(UnitHoldCount)
    statement = statement.on_conflict_do_update(
        index_elements=[UnitHoldCount.unit_id, UnitHoldCount.day],
        set_={"holds": UnitHoldCount.holds + statement.excluded.holds},
    )
    rows = [{"unit_id": unit_id, "day": day, "holds": count} for (unit_id, day), count in sorted(begun.items())]
    session.connection().execute(statement, rows)
