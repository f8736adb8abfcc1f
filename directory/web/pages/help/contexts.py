"""What the help pages' templates may see."""

from dataclasses import dataclass
from typing import ClassVar

from directory.catalogue.guidance import GuidanceText
from directory.catalogue.queries import TermGroup


@dataclass(frozen=True, slots=True)
class TermsSection:
    """One taxonomy: its heading, its place on the page, and its terms."""

    key: str
    heading: str
    explanation: str
    groups: tuple[TermGroup, ...]


@dataclass(frozen=True, slots=True)
class TermsPage:
    """The three taxonomies."""

    template: ClassVar[str] = "pages/help/terms.html"

    sections: tuple[TermsSection, ...]


@dataclass(frozen=True, slots=True)
class MaracPage:
    """What high risk asks of whoever refers, and whom to contact; None for a text that nobody wrote."""

    template: ClassVar[str] = "pages/help/marac.html"

    pathway: GuidanceText | None
    areas: GuidanceText | None
