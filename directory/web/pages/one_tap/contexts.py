"""What the pages behind a link may see: a service's own units by name and state, and what is published of it.

No address, no person, no referral, no hold and no ring-fence: whoever has the telephone has the link.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class StateChoice:
    """A state that a unit can be said to be in: its word, what stands beside the button, whether it is chosen."""

    value: str
    text: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class UnitToTap:
    """A unit. Without `choices` it can only be confirmed as it is.

    `was_shown_as` is what it was when the page was opened, where somebody has changed it since; empty otherwise.
    """

    id: str
    name: str
    state: str
    confirmed_at: datetime | None
    choices: tuple[StateChoice, ...]
    was_shown_as: str


@dataclass(frozen=True, slots=True)
class ListingToTap:
    """What is published of a service that is to be confirmed: what each fact is, and the fact line by line."""

    facts: tuple[tuple[str, tuple[str, ...]], ...]
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class ServiceToTap:
    """A service with its units, and its listing where that is to be confirmed too."""

    id: str
    name: str
    units: tuple[UnitToTap, ...]
    listing: ListingToTap | None


@dataclass(frozen=True, slots=True)
class OneTapPage:
    """The page that a reminder leads to. `problem` says why nothing was kept of what was sent; mostly empty."""

    template: ClassVar[str] = "pages/one_tap/page.html"

    services: tuple[ServiceToTap, ...]
    has_units: bool
    problem: tuple[str, ...]
    now: datetime
    light_style_url: str


@dataclass(frozen=True, slots=True)
class DonePage:
    """What was confirmed, line by line."""

    template: ClassVar[str] = "pages/one_tap/done.html"

    lines: tuple[str, ...]
    light_style_url: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Why a link shows nothing; `sign_in` adds the way to do the same without it."""

    heading: str
    sentences: tuple[str, ...]
    sign_in: bool = True


@dataclass(frozen=True, slots=True)
class NoticePage:
    """A heading and a few kind words."""

    template: ClassVar[str] = "pages/one_tap/notice.html"

    notice: Notice
    light_style_url: str
