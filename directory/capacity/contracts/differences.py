"""Where what was commissioned and what is live differ, and who must act. Pure: it is given all that it looks at.

Commissioners keep the contract's facts, ring-fences, dates, programmes and what is published; providers enter their
units, keep them in service and say what is true of them.
"""

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from directory.capacity.availability import Moment
from directory.capacity.contracts.facts import DAY, ProgrammeFacts
from directory.capacity.contracts.inventory import ContractedUnit, inventory_of
from directory.capacity.models import UnitState
from directory.common.clock import london_date
from directory.common.dates import ago, as_date

ENDS_SOON = timedelta(days=90)
CLOSED_FOR_LONG = timedelta(days=28)


class WhoActs(enum.StrEnum):
    """Who can put a difference right."""

    COMMISSIONER = "commissioner"
    PROVIDER = "provider"


class DifferenceKind(enum.StrEnum):
    """What differs."""

    UNITS = "units"
    BEDSPACES = "bedspaces"
    RINGFENCED = "ring-fenced units"
    CONTRACT_DATES = "contract dates"
    UNIT_DATES = "unit dates"
    NOT_OFFERED = "outside unit dates"
    NOT_PUBLISHED = "not published"
    CLOSED = "closed"
    CLOSED_FOR_LONG = "closed for long"
    NOT_CONFIRMED = "not confirmed"


@dataclass(frozen=True, slots=True)
class ContractDifference:
    """One difference: a sentence for whoever must act, about `unit` or (None) the programme as a whole."""

    kind: DifferenceKind
    who: WhoActs
    text: str
    unit: ContractedUnit | None = None


def find_differences(
    programme: ProgrammeFacts, units: Sequence[ContractedUnit], moment: Moment
) -> list[ContractDifference]:
    """Every difference between a programme and its live `units`: of the programme first, then unit by unit.

    A contract that has ended asks for nothing but that no unit names it any more.
    """
    today = moment.today
    if programme.ended_by(today):
        return list(_ended(programme, units))
    found = [*_contract_dates(programme, today), *_sums(programme, units)]
    for unit in units:
        found += _of_unit(programme, unit, moment)
    return found


def _ended(programme: ProgrammeFacts, units: Sequence[ContractedUnit]) -> Iterator[ContractDifference]:
    if units and programme.last_day:
        still = "1 unit still names it" if len(units) == 1 else f"{len(units)} units still name it"
        text = f"The contract ended on {as_date(programme.last_day)}, and {still}."
        yield _for_commissioner(DifferenceKind.CONTRACT_DATES, text)


def _contract_dates(programme: ProgrammeFacts, today: date) -> Iterator[ContractDifference]:
    last = programme.last_day
    if last is not None and last - today < ENDS_SOON:
        days = (last - today).days
        when = "today" if days == 0 else f"in {days} day{'' if days == 1 else 's'}"
        yield _for_commissioner(
            DifferenceKind.CONTRACT_DATES,
            f"The contract ends on {as_date(last)}, {when}: its units are not offered after that.",
        )


def _sums(programme: ProgrammeFacts, units: Sequence[ContractedUnit]) -> Iterator[ContractDifference]:
    live = inventory_of(units)
    # Units that are missing their providers have to enter; everything else is a matter of the contract.
    who = WhoActs.PROVIDER if live.units < programme.units else WhoActs.COMMISSIONER
    if live.units != programme.units:
        yield ContractDifference(DifferenceKind.UNITS, who, _sum("unit", programme.units, live.units))
    if live.bedspaces != programme.bedspaces:
        text = _sum("bedspace", programme.bedspaces, live.bedspaces)
        yield ContractDifference(DifferenceKind.BEDSPACES, who, text)
    if live.ringfenced_units != programme.ringfenced_units:
        text = _sum("ring-fenced unit", programme.ringfenced_units, live.ringfenced_units)
        yield _for_commissioner(DifferenceKind.RINGFENCED, text)


def _sum(noun: str, contracted: int, live: int) -> str:
    missing = contracted - live
    apart = f"{missing} missing" if missing > 0 else f"{-missing} more than contracted"
    nouns = noun if contracted == 1 else f"{noun}s"
    return f"{contracted} {nouns} contracted, {live} in the directory: {apart}."


def _of_unit(programme: ProgrammeFacts, unit: ContractedUnit, moment: Moment) -> Iterator[ContractDifference]:
    for text in _dates_apart(programme, unit):
        yield _for_commissioner(DifferenceKind.UNIT_DATES, text, unit)
    if not unit.published:
        yield _for_commissioner(
            DifferenceKind.NOT_PUBLISHED, "Its service or its organisation is not published: nobody can find it.", unit
        )
    elif not programme.runs_on(moment.today):
        return
    elif not unit.in_contract(moment.today):
        text = "Its own dates do not cover today, though the contract does: it is not offered."
        yield _for_commissioner(DifferenceKind.NOT_OFFERED, text, unit)
    elif unit.state is UnitState.CLOSED:
        yield _closed(unit, moment)
    elif unit.confirmed_at is None:
        text = "It has never been confirmed: it is not offered until its provider says what is true."
        yield ContractDifference(DifferenceKind.NOT_CONFIRMED, WhoActs.PROVIDER, text, unit)
    elif unit.confirmed_at < moment.counts_since:
        text = f"It was last confirmed {ago(unit.confirmed_at, moment.now)}: it is not offered until it is confirmed."
        yield ContractDifference(DifferenceKind.NOT_CONFIRMED, WhoActs.PROVIDER, text, unit)


def _closed(unit: ContractedUnit, moment: Moment) -> ContractDifference:
    since = unit.state_since
    said = f"It is out of service, since {as_date(since)} or before." if since else "It is out of service."
    for_long = since is not None and moment.today - london_date(since) >= CLOSED_FOR_LONG
    kind = DifferenceKind.CLOSED_FOR_LONG if for_long else DifferenceKind.CLOSED
    return ContractDifference(kind, WhoActs.PROVIDER, said, unit)


def _dates_apart(programme: ProgrammeFacts, unit: ContractedUnit) -> Iterator[str]:
    first, end = programme.active_from, programme.active_until
    if first is not None and unit.active_from is None:
        yield f"It has no first day; the contract begins on {as_date(first)}."
    elif first is not None and unit.active_from is not None and unit.active_from < first:
        yield f"It begins on {as_date(unit.active_from)}, before the contract does on {as_date(first)}."
    if end is not None and unit.active_until is None:
        yield f"It has no last day; the contract’s is {as_date(end - DAY)}."
    elif end is not None and unit.active_until is not None and unit.active_until > end:
        last = as_date(unit.active_until - DAY)
        yield f"Its last day is {last}, after the contract’s, which is {as_date(end - DAY)}."


def _for_commissioner(kind: DifferenceKind, text: str, unit: ContractedUnit | None = None) -> ContractDifference:
    return ContractDifference(kind, WhoActs.COMMISSIONER, text, unit)
