"""What is told of performance figures: only what may be shown. No raw figure is among these facts, so none can leak."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from directory.catalogue.vocabulary import ServiceKind


class MeasureUnit(enum.StrEnum):
    """In what a measure is counted."""

    REFERRALS = "referrals"
    HOUSEHOLDS = "households"
    MINUTES = "minutes"
    PERCENT = "percent"
    NIGHTS = "nights"
    PEOPLE = "people"


class Direction(enum.StrEnum):
    """Which way is better; many counts are neither good nor bad."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


class Source(enum.StrEnum):
    """Who says a figure: the service itself (imported), or the directory's own records (computed)."""

    IMPORTED = "imported"
    COMPUTED = "computed"


class ShownState(enum.StrEnum):
    """Why there is a figure, or none."""

    SHOWN = "shown"
    HIDDEN = "hidden"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure. `numerator` and `denominator` say in words what is divided; the latter is empty for counts.

    `of` is the code of the measure that counts its denominator, empty where none does. `computed`: the directory can
    work it out from its own records.
    """

    code: str
    name: str
    definition: str
    unit: MeasureUnit
    direction: Direction
    numerator: str
    denominator: str
    of: str
    source: str
    computed: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as everybody may see it. `value` is what a chart draws (of a band, its lower end); None where hidden
    or unknown. `text` is what people read: `58`, `35 minutes`, `90% or more`, `hidden: fewer than 5 or …`, `not known`.
    """

    value: Decimal | None
    text: str
    state: ShownState


@dataclass(frozen=True, slots=True)
class QualityFlag:
    """Something that keeps a service's figures from being taken at their word: a code, and a sentence."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class ServiceFigures:
    """A service's figures of one quarter, by measure code, from each source; a measure that is missing is unknown.

    `disagreeing` holds the measures of which both sources are shown and differ by more than a tenth.
    """

    service_id: str
    service_name: str
    organisation_id: str
    organisation_name: str
    kind: ServiceKind
    borough_code: str | None
    imported: Mapping[str, Shown]
    computed: Mapping[str, Shown]
    disagreeing: tuple[str, ...] = ()
    flags: tuple[QualityFlag, ...] = ()

    def of(self, source: Source) -> Mapping[str, Shown]:
        """The figures from one source."""
        return self.imported if source is Source.IMPORTED else self.computed


@dataclass(frozen=True, slots=True)
class QuarterFigures:
    """One quarter, final: every published service that has a figure, by service name and id, and London as a whole.

    `london` holds the directory's own figures over all services, by measure code, as they may be shown.
    """

    quarter: str
    services: tuple[ServiceFigures, ...]
    london: Mapping[str, Shown] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PeerRange:
    """Where the shown figures of a group lie: how many services, the lowest, the median and the highest."""

    services: int
    lowest: Decimal
    median: Decimal
    highest: Decimal
