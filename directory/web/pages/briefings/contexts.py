"""What the pages of briefings may see: what an edition has published, with public telephone numbers alone."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class AreaChoice:
    """A police area: its name, its boroughs in a sentence, and where its page and its PDF are (empty: none)."""

    name: str
    boroughs: str
    href: str
    pdf: str = ""


@dataclass(frozen=True, slots=True)
class ChoosePage:
    """Every police area of which a page can be printed."""

    template: ClassVar[str] = "pages/briefings/choose.html"

    number: int
    as_of: date
    areas: tuple[AreaChoice, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A service as the page has it: what it is called, a few words beside it, and its number (empty: none)."""

    name: str
    detail: str
    phone: str


@dataclass(frozen=True, slots=True)
class Part:
    """A list on the page: what comes first in it, in a sentence; and how many more there are than fit (0: none)."""

    heading: str
    order: str
    empty: str
    detail_heading: str
    rows: tuple[Row, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """The one page: three lists, the languages that are spoken, and what else there is."""

    number: int
    as_of: date
    area: str
    boroughs: str
    parts: tuple[Part, ...]
    languages: str
    others: str


@dataclass(frozen=True, slots=True)
class BriefingPage:
    """The page in the browser; `pdf` says where the same is as a file (empty: it cannot be made here)."""

    template: ClassVar[str] = "pages/briefings/briefing.html"

    sheet: Sheet
    pdf: str


@dataclass(frozen=True, slots=True)
class PrintedBriefing:
    """The same on paper."""

    template: ClassVar[str] = "pages/briefings/printed.html"

    sheet: Sheet
