"""What the printed edition may see, and the page that says why there is none. All of it stands in the edition."""

from dataclasses import dataclass
from typing import ClassVar

from directory.publishing.editions.facts import EditionFacts
from directory.publishing.performance.facts import Measure


@dataclass(frozen=True, slots=True)
class NoPdfPage:
    """Why there is no PDF of an edition, in sentences, and what there is instead."""

    template: ClassVar[str] = "pages/downloads/no_pdf.html"

    edition: EditionFacts
    sentences: tuple[str, ...]
    edition_url: str
    briefing_url: str


@dataclass(frozen=True, slots=True)
class PrintedFact:
    """A line of a listing: what it says, and of what."""

    what: str
    text: str


@dataclass(frozen=True, slots=True)
class PrintedService:
    """A service. `led_by` says for which communities its organisation is led, empty where it is not 'by and for'."""

    id: str
    name: str
    organisation_id: str
    organisation_name: str
    led_by: str
    description: str
    facts: tuple[PrintedFact, ...]


@dataclass(frozen=True, slots=True)
class PrintedBorough:
    """The services of one kind that are in one borough, by name."""

    name: str
    services: tuple[PrintedService, ...]


@dataclass(frozen=True, slots=True)
class PrintedKind:
    """The services of one kind, by borough; `anchor` is what a link leads to."""

    anchor: str
    name: str
    boroughs: tuple[PrintedBorough, ...]


@dataclass(frozen=True, slots=True)
class PrintedOrganisation:
    """An organisation, with the ids and names of its services."""

    id: str
    name: str
    led_by: str
    description: str
    facts: tuple[PrintedFact, ...]
    website: str
    services: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PrintedChange:
    """Something that changed, and what."""

    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PrintedChanges:
    """Changes of one sort; `more` are not printed, because there are too many."""

    title: str
    changes: tuple[PrintedChange, ...]
    more: int


@dataclass(frozen=True, slots=True)
class PrintedFigures:
    """A table of figures: one row for each service, one column for each measure."""

    title: str
    measures: tuple[Measure, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class PrintedProgramme:
    """A programme's sums: what was commissioned, and what is in the directory; each a number or words."""

    name: str
    code: str
    sums: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class EditionPrint:
    """The whole edition, to be printed. `quarter` is the newest one with figures, empty where there is none."""

    template: ClassVar[str] = "pages/downloads/edition.html"

    edition: EditionFacts
    title: str
    footer: str
    counts: str
    address: str
    from_number: int | None
    changes: tuple[PrintedChanges, ...]
    kinds: tuple[PrintedKind, ...]
    organisations: tuple[PrintedOrganisation, ...]
    quarter: str
    figures: tuple[PrintedFigures, ...]
    programmes: tuple[PrintedProgramme, ...]
    measures: tuple[Measure, ...]
