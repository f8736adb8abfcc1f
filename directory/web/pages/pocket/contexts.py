"""What the pocket pages may see: published contacts. No name of who is signed in, no navigation, no form's token."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class AreaChoice:
    """A police area, its boroughs in a sentence, and where its page is."""

    name: str
    boroughs: str
    href: str


@dataclass(frozen=True, slots=True)
class ChoosePage:
    """Every police area; `number` is None before the first edition, and then there is nothing to carry along."""

    template: ClassVar[str] = "pages/pocket/choose.html"

    number: int | None
    as_of: date | None
    areas: tuple[AreaChoice, ...]


@dataclass(frozen=True, slots=True)
class PocketEntry:
    """A service that can be phoned; `languages` in a sentence (empty: none are named)."""

    service: str
    organisation: str
    kind: str
    languages: str
    hours: str
    phone: str


@dataclass(frozen=True, slots=True)
class PocketGroup:
    """Entries under a heading."""

    heading: str
    entries: tuple[PocketEntry, ...]


@dataclass(frozen=True, slots=True)
class PocketPage:
    """The page that is kept on a telephone until `until`, seven days after `made_at`.

    `assets` are the addresses of all that it needs besides itself, separated by spaces.
    """

    template: ClassVar[str] = "pages/pocket/pocket.html"

    number: int
    as_of: date
    area: str
    groups: tuple[PocketGroup, ...]
    count: int
    without_phone: int
    made_at: datetime
    until: datetime
    path: str
    worker: str
    assets: str
    pocket_style_url: str
    pocket_script_url: str
