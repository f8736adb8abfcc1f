"""The timeline of one unit: what state it was in from when to when, month by month.

Two kinds of readers, and no others: the provider's own staff, who are also told how many holds began on which day, and
commissioners, who are not: they know from their contracts what each unit is funded for (firewall, rule 3).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from directory.capacity.holds.models import UnitHoldCount
from directory.capacity.models import RingFence, Unit, UnitState, UnitStatePeriod
from directory.capacity.utilisation import BedspaceNights, Span, month_span, total, usual_spans, utilisation
from directory.catalogue.models import Organisation, Service
from directory.common.clock import LONDON, london_date
from directory.common.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class HistoryUnit:
    """Whose history it is. `removed_at`: no longer in the catalogue since then."""

    id: str
    name: str
    service_id: str
    service_name: str
    organisation_name: str
    bedspaces: int
    ringfenced: bool
    programme: str
    active_from: date | None
    active_until: date | None
    state: UnitState
    confirmed_at: datetime | None
    removed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time in one state; `ended_at` is None while it goes on. Instants as kept, mostly whole hours."""

    state: UnitState
    began_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class HoldDay:
    """How many holds that are over by now began on a London date."""

    day: date
    holds: int


@dataclass(frozen=True, slots=True)
class UnitMonth:
    """A unit's history in one month of London's calendar, `first` being its first day.

    `stretches` are those that touch the month, oldest first, with when they truly began and ended; `begins` and `ends`
    are the instants at which the part of the month that has passed begins and ends. `history_began` is None where
    nothing is recorded at all. `months` can be asked for, newest first. `holds` is None for readers who are not told;
    days without any are left out. `unit_nights` and `service_nights` have one entry for each of `spans`, and
    `month_nights` is this unit's for the month shown.
    """

    unit: HistoryUnit
    first: date
    begins: datetime
    ends: datetime
    stretches: tuple[Stretch, ...]
    history_began: datetime | None
    months: tuple[date, ...]
    holds: tuple[HoldDay, ...] | None
    spans: tuple[Span, ...]
    unit_nights: tuple[BedspaceNights, ...]
    service_nights: tuple[BedspaceNights, ...]
    month_nights: BedspaceNights


def read_own_month(
    session: Session, organisation_id: str | None, unit_id: str, month: date | None, now: datetime
) -> UnitMonth:
    """A month (None: the present one) of a unit of this organisation, with the number of holds for each day.

    Raises NotFoundError where the organisation has no such unit, or the month is yet to come.
    """
    own = (Service.organisation_id == organisation_id) & Unit.removed_at.is_(None)
    return _read(session, _unit(session, unit_id, own), month, now, with_holds=True)


def read_month(session: Session, unit_id: str, month: date | None, now: datetime) -> UnitMonth:
    """The same of any unit, one that has been removed too, without a word of holds: for commissioners.

    Raises NotFoundError where there is no such unit, or the month is yet to come.
    """
    return _read(session, _unit(session, unit_id), month, now, with_holds=False)


def midnight(day: date) -> datetime:
    """The instant at which this date begins in London."""
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


def _unit(session: Session, unit_id: str, condition: ColumnElement[bool] | None = None) -> HistoryUnit:
    row = session.execute(
        select(
            Unit.id,
            Unit.name,
            Unit.service_id,
            Service.name.label("service_name"),
            Organisation.name.label("organisation_name"),
            Unit.bedspaces,
            Unit.ringfence,
            Unit.programme,
            Unit.active_from,
            Unit.active_until,
            Unit.state,
            Unit.confirmed_at,
            Unit.removed_at,
        )
        .join(Service, Service.id == Unit.service_id)
        .join(Organisation, Organisation.id == Service.organisation_id)
        .where(Unit.id == unit_id, *(() if condition is None else (condition,)))
    ).one_or_none()
    if row is None:
        raise NotFoundError("There is no such unit.")
    facts = row._asdict()
    ringfence, name = facts.pop("ringfence"), facts.pop("name")
    return HistoryUnit(ringfenced=ringfence is not RingFence.NONE, name=name or row.id, **facts)


def _read(session: Session, unit: HistoryUnit, month: date | None, now: datetime, *, with_holds: bool) -> UnitMonth:
    present = london_date(now).replace(day=1)
    first = (month or present).replace(day=1)
    if first > present:
        raise NotFoundError("This month is yet to come.")
    following = _next_month(first)
    begins, ends = midnight(first), min(midnight(following), now)
    began = session.scalar(select(func.min(UnitStatePeriod.began_at)).where(UnitStatePeriod.unit_id == unit.id))
    spans = usual_spans(now)
    asked = (*spans, month_span(first, now))
    of_service = utilisation(session, Unit.service_id == unit.service_id, asked, now)
    own = total([row for row in of_service if row.unit_id == unit.id], asked)
    return UnitMonth(
        unit=unit,
        first=first,
        begins=begins,
        ends=ends,
        stretches=_stretches(session, unit.id, begins, ends),
        history_began=began,
        months=_months(london_date(began) if began else present, present),
        holds=_holds(session, unit.id, first, following) if with_holds else None,
        spans=spans,
        unit_nights=own[:-1],
        service_nights=total(of_service, asked)[:-1],
        month_nights=own[-1],
    )


def _stretches(session: Session, unit_id: str, begins: datetime, ends: datetime) -> tuple[Stretch, ...]:
    period = UnitStatePeriod
    rows = session.execute(
        select(period.state, period.began_at, period.ended_at)
        .where(
            period.unit_id == unit_id,
            period.began_at < ends,
            or_(period.ended_at.is_(None), period.ended_at > begins),
        )
        .order_by(period.began_at)
    )
    return tuple(Stretch(row.state, row.began_at, row.ended_at) for row in rows)


def _holds(session: Session, unit_id: str, first: date, following: date) -> tuple[HoldDay, ...]:
    count = UnitHoldCount
    rows = session.execute(
        select(count.day, count.holds)
        .where(count.unit_id == unit_id, count.day >= first, count.day < following)
        .order_by(count.day)
    )
    return tuple(HoldDay(row.day, row.holds) for row in rows)


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _months(oldest: date, newest: date) -> tuple[date, ...]:
    """The first days of the months from `oldest`'s up to `newest`'s, newest first."""
    months = []
    month = oldest.replace(day=1)
    while month <= newest:
        months.append(month)
        month = _next_month(month)
    return tuple(reversed(months))
