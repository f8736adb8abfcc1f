"""Reconciliation: what was commissioned beside what is live, programme by programme."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from directory.capacity.availability import Moment
from directory.capacity.contracts.differences import ContractDifference, WhoActs, find_differences
from directory.capacity.contracts.facts import ProgrammeFacts
from directory.capacity.contracts.inventory import ContractedUnit, Inventory, contracted_units, inventory_of
from directory.capacity.contracts.programmes import list_programmes, read_programme
from directory.capacity.contracts.today import StatesToday, states_today
from directory.capacity.contracts.typed import usable_code
from directory.capacity.models import Unit
from directory.capacity.utilisation import BedspaceNights, Span, total, usual_spans, utilisation


@dataclass(frozen=True, slots=True)
class ProgrammeSummary:
    """A programme, its live units in sum, and how many differences wait for whom."""

    programme: ProgrammeFacts
    live: Inventory
    for_commissioner: int
    for_providers: int


@dataclass(frozen=True, slots=True)
class UnknownProgramme:
    """A programme that units name and that nobody has entered. `usable`: it can be entered under this code."""

    code: str
    live: Inventory
    units: tuple[ContractedUnit, ...]
    usable: bool


@dataclass(frozen=True, slots=True)
class Contracts:
    """Every programme, and those that only units know."""

    programmes: tuple[ProgrammeSummary, ...]
    unknown: tuple[UnknownProgramme, ...]


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """One programme in full. `nights` has one entry for each of `spans`."""

    programme: ProgrammeFacts
    live: Inventory
    today: StatesToday
    differences: tuple[ContractDifference, ...]
    units: tuple[ContractedUnit, ...]
    spans: tuple[Span, ...]
    nights: tuple[BedspaceNights, ...]

    def for_whom(self, who: WhoActs) -> tuple[ContractDifference, ...]:
        """The differences that `who` must act on."""
        return tuple(one for one in self.differences if one.who is who)


def reconcile_all(session: Session, moment: Moment) -> Contracts:
    """Every programme beside its units; two statements, however many there are."""
    by_code: defaultdict[str, list[ContractedUnit]] = defaultdict(list)
    for unit in contracted_units(session):
        by_code[unit.programme].append(unit)
    programmes = list_programmes(session)
    summaries = tuple(_summary(programme, by_code.pop(programme.code, []), moment) for programme in programmes)
    unknown = tuple(
        UnknownProgramme(code, inventory_of(units), tuple(units), usable_code(code))
        for code, units in sorted(by_code.items())
    )
    return Contracts(summaries, unknown)


def reconcile(session: Session, code: str, moment: Moment) -> Reconciliation:
    """One programme beside its units; five statements, however many. Raises NotFoundError."""
    programme = read_programme(session, code)
    units = contracted_units(session, Unit.programme == code)
    spans = usual_spans(moment.now)
    # Units that have left count for the nights before that.
    nights = total(utilisation(session, Unit.programme == code, spans, moment.now), spans)
    return Reconciliation(
        programme=programme,
        live=inventory_of(units),
        today=states_today(session, code, units, moment.now),
        differences=tuple(find_differences(programme, units, moment)),
        units=tuple(units),
        spans=spans,
        nights=nights,
    )


def _summary(programme: ProgrammeFacts, units: Sequence[ContractedUnit], moment: Moment) -> ProgrammeSummary:
    differences = find_differences(programme, units, moment)
    for_commissioner = sum(1 for one in differences if one.who is WhoActs.COMMISSIONER)
    return ProgrammeSummary(programme, inventory_of(units), for_commissioner, len(differences) - for_commissioner)
