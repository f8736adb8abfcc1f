"""The counters of searches that found nothing: adding to them, and reading what they hold. Raw numbers: never shown."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from directory.catalogue.models import Need
from directory.extensions import SQLITE_BUSY_SECONDS
from directory.insight.models import HouseholdBand, UnmetNeedCount


@dataclass(frozen=True, slots=True, order=True)
class Bucket:
    """All that is ever kept of a search: a London date, a borough's code, a widest need, a household's size band."""

    day: date
    borough_code: str
    need: str
    household: HouseholdBand


@dataclass(frozen=True, slots=True)
class Counted:
    """How many searches of a period fell together, whatever their day. Not to be shown."""

    borough_code: str
    need: str
    household: HouseholdBand
    count: int


@contextmanager
def without_waiting(session: Session) -> Iterator[None]:
    """Make a lock that somebody else holds an error at once, for what can be written just as well a little later.

    Give it a session that has not read yet, and commit after it.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL lock_timeout = '50ms'")
        yield
        return
    connection.exec_driver_sql("PRAGMA busy_timeout=0")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={SQLITE_BUSY_SECONDS * 1000}")


def add_counts(session: Session, counts: Mapping[Bucket, int]) -> None:
    """Add to the counters, in one statement and in the order of the buckets; the caller commits."""
    rows = [
        {"day": one.day, "borough_code": one.borough_code, "need": one.need, "household": one.household, "count": count}
        for one, count in sorted(counts.items())
    ]
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(UnmetNeedCount).values(rows)
    session.connection().execute(
        statement.on_conflict_do_update(
            index_elements=["day", "borough_code", "need", "household"],
            set_={"count": UnmetNeedCount.count + statement.excluded.count},
        )
    )


def read_counts(session: Session, first: date, end: date) -> list[Counted]:
    """What was counted on the days from `first` up to, not including, `end`; one statement."""
    row = UnmetNeedCount
    query = (
        select(row.borough_code, row.need, row.household, func.sum(row.count))
        .where(row.day >= first, row.day < end)
        .group_by(row.borough_code, row.need, row.household)
    )
    return [Counted(*found) for found in session.execute(query)]


def read_days(session: Session, first: date, end: date) -> Counter[date]:
    """How many were counted on each of these days."""
    row = UnmetNeedCount
    query = select(row.day, func.sum(row.count)).where(row.day >= first, row.day < end).group_by(row.day)
    return Counter({day: int(count) for day, count in session.execute(query)})


def first_day(session: Session) -> date | None:
    """The first day of which anything is counted; None before that."""
    return session.scalar(select(func.min(UnmetNeedCount.day)))


def widest_terms(session: Session) -> dict[str, str]:
    """For each need's code the code of the widest term above it, its own where there is none."""
    parents = {row.code: row.parent_code for row in session.execute(select(Need.code, Need.parent_code))}
    return {code: _top(code, parents) for code in parents}


def _top(code: str, parents: Mapping[str, str | None]) -> str:
    seen: set[str] = set()
    while (parent := parents.get(code)) is not None and code not in seen:
        seen.add(code)
        code = parent
    return code
