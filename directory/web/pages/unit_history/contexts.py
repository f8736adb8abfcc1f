"""What the templates of histories may see."""

from dataclasses import dataclass
from typing import ClassVar

from directory.capacity.unit_history import HistoryUnit, HoldDay
from directory.capacity.utilisation import BedspaceNights


@dataclass(frozen=True, slots=True)
class NightsRow:
    """A row of a table of bedspace-nights."""

    label: str
    nights: BedspaceNights


@dataclass(frozen=True, slots=True)
class StretchLine:
    """A stretch of time in words. `until` is empty while it goes on."""

    state: str
    since: str
    until: str
    lasted: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the bar that illustrates a month: where it begins and how wide it is, in thousandths."""

    state: str
    begins: int
    width: int


@dataclass(frozen=True, slots=True)
class MonthChoice:
    """A month that can be looked at: its word in the address, and its name."""

    value: str
    name: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """One month of a unit. `history_began` is a date in words, empty where nothing is recorded at all."""

    month: str
    is_over: bool
    stretches: tuple[StretchLine, ...]
    bar: tuple[Segment, ...]
    history_began: str
    begins_within: bool
    choices: tuple[MonthChoice, ...]
    nights: BedspaceNights


@dataclass(frozen=True, slots=True)
class UnitHistoryPage:
    """A unit's history as its provider's own staff see it: with the ring-fence, and how many holds began on a day."""

    template: ClassVar[str] = "pages/unit_history/provider.html"

    unit: HistoryUnit
    timeline: Timeline
    holds: tuple[HoldDay, ...]
    unit_nights: tuple[NightsRow, ...]
    service_nights: tuple[NightsRow, ...]
