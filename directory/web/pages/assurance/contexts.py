"""What the template of the assurance page may see: figures of the whole in words, no case and nobody's name."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item: what it says, what that means, and where to read more (`link` is empty where the reader may not).

    `standing` says in words whether it is met; `colour` is that of its tag.
    """

    code: str
    title: str
    standing: str
    colour: str
    figure: str
    more: tuple[tuple[str, str], ...]
    meaning: str
    source: str
    link: str
    link_text: str


@dataclass(frozen=True, slots=True)
class SectionLines:
    """Items that belong together."""

    title: str
    items: tuple[ItemLine, ...]


@dataclass(frozen=True, slots=True)
class AssurancePage:
    """All items. `summary` counts them by standing, in words; `checked` says whether the long checks were run."""

    template: ClassVar[str] = "pages/assurance/overview.html"

    sections: tuple[SectionLines, ...]
    summary: tuple[str, ...]
    made_at: datetime
    checked: bool
    csv_url: str
