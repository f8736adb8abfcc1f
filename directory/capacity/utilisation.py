"""How contracted bedspaces were used: bedspace-nights, empty ones included."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from directory.capacity.models import Unit, UnitState, UnitStatePeriod
from directory.common.clock import LONDON, london_date

LAST_DAYS = 90


@dataclass(frozen=True, slots=True)
class Span:
    """Nights from that of the London date `first` up to, not including, that of `end`."""

    label: str
    first: date
    end: date


@dataclass(frozen=True, slots=True)
class BedspaceNights:
    """Contracted bedspace-nights by what they were: `open` ones stood empty, of `unknown` ones nothing was recorded."""

    occupied: int = 0
    open: int = 0
    closed: int = 0
    unknown: int = 0

    @property
    def known(self) -> int:
        """Those of which the state was recorded."""
        return self.occupied + self.open + self.closed

    @property
    def occupied_percent(self) -> int | None:
        """How many in a hundred of the known ones were occupied, rounded; None where none is known.

        Closed ones count as well: they are contracted, and nobody slept there.
        """
        return None if not self.known else (200 * self.occupied + self.known) // (2 * self.known)

    def __add__(self, other: "BedspaceNights") -> "BedspaceNights":
        return BedspaceNights(
            self.occupied + other.occupied,
            self.open + other.open,
            self.closed + other.closed,
            self.unknown + other.unknown,
        )


@dataclass(frozen=True, slots=True)
class UnitNights:
    """One unit's bedspace-nights, one entry for each span that was asked about."""

    unit_id: str
    service_id: str
    nights: tuple[BedspaceNights, ...]


def usual_spans(now: datetime, months: int = 6) -> tuple[Span, ...]:
    """The last 90 nights, then this month and those before it, newest first. Tonight and the future are in none.

    `months` counts this month too; where its first night has yet to end, it is an empty span and left out.
    """
    today = london_date(now)
    spans = [Span(f"Last {LAST_DAYS} nights", today - timedelta(days=LAST_DAYS), today)]
    first = today.replace(day=1)
    for _ in range(months):
        following = (first + timedelta(days=31)).replace(day=1)
        end = min(following, today)
        if first < end:
            spans.append(Span(f"{first:%B %Y}" + (" so far" if end < following else ""), first, end))
        first = (first - timedelta(days=1)).replace(day=1)
    return tuple(spans)


def month_span(month: date, now: datetime) -> Span:
    """The nights of the month that `month` lies in, as far as they have passed; its end may be its beginning."""
    first = month.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return Span(f"{first:%B %Y}", first, max(first, min(following, london_date(now))))


def utilisation(session: Session, which: ColumnElement[bool], spans: Sequence[Span], now: datetime) -> list[UnitNights]:
    """The bedspace-nights of the units that meet `which` (which speaks of Unit), by unit id; two statements.

    A *night* belongs to the London date on which it begins, and is what the unit's state was at the last instant
    before midnight in London: a census at midnight is how hospitals count occupied beds (NHS England, KH03), it asks
    one question that has one answer, and it does not depend on how long a unit stood empty between two households in
    an afternoon. No clock change falls on that instant, so every date has one night, whether it has 23 or 25 hours.

    A night is *contracted* when its date is within the unit's contract dates and the unit had not been removed by its
    end. Each contracted night counts once for each bedspace of the unit: occupied, open (it stood empty), closed, or
    unknown where the history says nothing (before the unit was entered, above all), which is never guessed. Contract
    dates, bedspaces, and which programme a unit belongs to, are those of today. Tonight and later are not counted.

    Spans may overlap. Nights after yesterday's are left out of them.
    """
    units = session.execute(
        select(Unit.id, Unit.service_id, Unit.bedspaces, Unit.active_from, Unit.active_until, Unit.removed_at)
        .where(which)
        .order_by(Unit.id)
    ).all()
    today = london_date(now)
    lived = _periods(session, which, min((span.first for span in spans), default=today))
    rows = []
    for unit in units:
        contracted = _Nights(unit.active_from or date.min, unit.active_until or date.max)
        if unit.removed_at is not None:
            contracted = contracted.within(_Nights(date.min, london_date(unit.removed_at)))
        contracted = contracted.within(_Nights(date.min, today))
        nights = tuple(
            _count(contracted.within(_Nights(span.first, span.end)), lived[unit.id], unit.bedspaces) for span in spans
        )
        rows.append(UnitNights(unit.id, unit.service_id, nights))
    return rows


def total(rows: Iterable[UnitNights], spans: Sequence[Span]) -> tuple[BedspaceNights, ...]:
    """The bedspace-nights of all `rows` together, one entry for each span."""
    sums = [BedspaceNights() for _ in spans]
    for row in rows:
        sums = [before + more for before, more in zip(sums, row.nights, strict=True)]
    return tuple(sums)


@dataclass(frozen=True, slots=True)
class _Nights:
    """The nights of the dates from `first` up to, not including, `end`; none where `end` is not later."""

    first: date
    end: date

    def within(self, other: "_Nights") -> "_Nights":
        return _Nights(max(self.first, other.first), min(self.end, other.end))

    def __len__(self) -> int:
        return max(0, (self.end - self.first).days)


_Lived = list[tuple[_Nights, UnitState]]


def _periods(session: Session, which: ColumnElement[bool], since: date) -> defaultdict[str, _Lived]:
    """Each unit's periods that reach into `since` or later, as the nights that they decide.

    A period decides the nights of the dates whose last instant lies within it: from the London date on which it began
    (whose midnight comes after) up to that on which it ended (whose midnight came before).
    """
    period = UnitStatePeriod
    begins = datetime(since.year, since.month, since.day, tzinfo=LONDON)
    lived: defaultdict[str, _Lived] = defaultdict(list)
    for row in session.execute(
        select(period.unit_id, period.began_at, period.ended_at, period.state)
        .join(Unit, Unit.id == period.unit_id)
        .where(which, or_(period.ended_at.is_(None), period.ended_at > begins))
    ):
        end = date.max if row.ended_at is None else london_date(row.ended_at)
        lived[row.unit_id].append((_Nights(london_date(row.began_at), end), row.state))
    return lived


def _count(contracted: _Nights, lived: _Lived, bedspaces: int) -> BedspaceNights:
    by_state: defaultdict[UnitState, int] = defaultdict(int)
    for nights, state in lived:
        by_state[state] += len(contracted.within(nights))
    return BedspaceNights(
        occupied=bedspaces * by_state[UnitState.OCCUPIED],
        open=bedspaces * by_state[UnitState.OPEN],
        closed=bedspaces * by_state[UnitState.CLOSED],
        unknown=bedspaces * (len(contracted) - sum(by_state.values())),
    )
