"""What the templates of contracts may see. Nothing of it says of any unit or service whether it is held."""

from dataclasses import dataclass
from typing import ClassVar

from directory.capacity.contracts.differences import ContractDifference
from directory.capacity.contracts.facts import ProgrammeFacts
from directory.capacity.contracts.inventory import ContractedUnit, Inventory
from directory.capacity.contracts.reconciliation import ProgrammeSummary, UnknownProgramme
from directory.capacity.contracts.today import StatesToday
from directory.capacity.unit_history import HistoryUnit
from directory.web.pages.contracts.forms import ProgrammeForm
from directory.web.pages.unit_history.contexts import NightsRow, Timeline


@dataclass(frozen=True, slots=True)
class ContractsPage:
    """Every programme with its sums, and those that units name and nobody has entered."""

    template: ClassVar[str] = "pages/contracts/list.html"

    programmes: tuple[ProgrammeSummary, ...]
    unknown: tuple[UnknownProgramme, ...]


@dataclass(frozen=True, slots=True)
class SumLine:
    """One sum: what was contracted, what is in the directory, and the difference in words, where there is one."""

    what: str
    contracted: int
    live: int
    apart: str


@dataclass(frozen=True, slots=True)
class ServiceUnits:
    """The units of one service in a programme."""

    id: str
    name: str
    units: tuple[ContractedUnit, ...]


@dataclass(frozen=True, slots=True)
class ProgrammePage:
    """One programme in full; `dates` says in words when the contract runs."""

    template: ClassVar[str] = "pages/contracts/programme.html"

    programme: ProgrammeFacts
    dates: str
    sums: tuple[SumLine, ...]
    live: Inventory
    today: StatesToday
    for_commissioner: tuple[ContractDifference, ...]
    for_providers: tuple[ContractDifference, ...]
    services: tuple[ServiceUnits, ...]
    nights: tuple[NightsRow, ...]


@dataclass(frozen=True, slots=True)
class EditProgrammePage:
    """The form. `programme` is None for a new one; `theirs` is what somebody else saved meanwhile."""

    template: ClassVar[str] = "pages/contracts/edit.html"

    form: ProgrammeForm
    programme: ProgrammeFacts | None
    theirs: ProgrammeFacts | None
    their_dates: str


@dataclass(frozen=True, slots=True)
class ContractedUnitPage:
    """A unit's history as commissioners see it: with the ring-fence, in days, without a word of holds.

    `programme_known`: there is a page of its programme.
    """

    template: ClassVar[str] = "pages/contracts/unit.html"

    unit: HistoryUnit
    dates: str
    programme_known: bool
    timeline: Timeline
    nights: tuple[NightsRow, ...]
