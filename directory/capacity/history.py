"""The history of unit states: half-open periods, one still going on for each unit."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from directory.capacity.models import UnitStatePeriod

_BATCH = 5_000


def record_states(session: Session, states: Mapping[str, str], now: datetime) -> set[str]:
    """Note that each unit (by id) is in this state from `now` on; returns those that were in another one, or in none.

    A period that is going on with another state ends at `now`; one with the same state goes on. A period that began at
    this very instant is corrected instead, as nothing has happened in it. Two queries for each few thousand units.
    """
    table = cast(Table, UnitStatePeriod.__table__)
    ended: list[dict[str, Any]] = []
    begun: list[dict[str, Any]] = []
    corrected: list[dict[str, Any]] = []
    going_on = _going_on(session, table, states)
    for unit_id, state in states.items():
        began_at, current = going_on.get(unit_id, (None, None))
        if current == state:
            continue
        if began_at is not None and began_at >= now:
            corrected.append({"of_unit": unit_id, "state": state})
            continue
        if began_at is not None:
            ended.append({"of_unit": unit_id, "ended_at": now})
        begun.append({"unit_id": unit_id, "began_at": now, "ended_at": None, "state": state})
    current_period = (table.c.unit_id == bindparam("of_unit")) & table.c.ended_at.is_(None)
    for statement, rows in (
        (update(table).where(current_period), corrected),
        (update(table).where(current_period), ended),
        (insert(table), begun),
    ):
        if rows:
            session.execute(statement, rows)
    return {row.get("of_unit") or row["unit_id"] for row in (*corrected, *begun)}


Earlier = Callable[[str, str, datetime], Sequence[tuple[str, datetime]]]
"""From a unit's id, its state and since when, to what it was before: states and when each began, oldest first."""


def backfill_states(session: Session, earlier: Earlier) -> int:
    """Give each unit whose recorded history has one period alone what it was before that; returns how many got it.

    For what was known before the directory was: an earlier system's records, the demonstration's. Each of the periods
    that `earlier` tells ends when the next one begins, the last one with the recorded history. The caller commits.
    """
    period = UnitStatePeriod
    only = select(period.unit_id).group_by(period.unit_id).having(func.count() == 1)
    known = session.execute(
        select(period.unit_id, period.state, period.began_at)
        .where(period.unit_id.in_(only), period.ended_at.is_(None))
        .order_by(period.unit_id)
    ).all()
    rows: list[dict[str, Any]] = []
    units = 0
    for unit_id, state, began_at in known:
        told = earlier(unit_id, state.value, began_at)
        if not told:
            continue
        ends = [*(began for _, began in told[1:]), began_at]
        rows += [
            {"unit_id": unit_id, "began_at": began, "ended_at": end, "state": before}
            for (before, began), end in zip(told, ends, strict=True)
        ]
        units += 1
    if rows:
        session.execute(insert(cast(Table, period.__table__)), rows)
    return units


def _going_on(session: Session, table: Table, unit_ids: Iterable[str]) -> dict[str, tuple[datetime, str]]:
    wanted = list(unit_ids)
    found: dict[str, tuple[datetime, str]] = {}
    for start in range(0, len(wanted), _BATCH):
        query = select(table.c.unit_id, table.c.began_at, table.c.state).where(
            table.c.ended_at.is_(None), table.c.unit_id.in_(wanted[start : start + _BATCH])
        )
        for unit_id, began_at, state in session.execute(query):
            found[unit_id] = (began_at, state)
    return found
