"""What the pages of receipts may see: an edition's number and date, and counts. Nobody's name, nobody's receipt."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """The page behind the link in a message: which edition it is about, and whether the button has been pressed."""

    template: ClassVar[str] = "pages/receipts/receipt.html"

    number: int
    as_of: date
    acknowledged: bool
    light_style_url: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Why a link shows nothing, in a few kind words; `sign_in` adds the way to the editions without it."""

    heading: str
    sentences: tuple[str, ...]
    sign_in: bool = True


@dataclass(frozen=True, slots=True)
class NoticePage:
    """A heading and those words."""

    template: ClassVar[str] = "pages/receipts/notice.html"

    notice: Notice
    light_style_url: str


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """How far an edition has come with some people, in words; `href` leads to more of it (empty: nowhere)."""

    name: str
    people: str
    sent: str
    seen: str
    acknowledged: str
    share: str
    median: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class DashboardPage:
    """How far an edition has come by area; then every edition, with its total alone.

    `few`: it went to so few people that nothing is told.
    """

    template: ClassVar[str] = "pages/receipts/dashboard.html"

    number: int
    as_of: date
    published_at: datetime
    has_readers: bool
    few: bool
    is_newest: bool
    areas: tuple[ProgressRow, ...]
    total: ProgressRow | None
    pooled: str
    editions: tuple[ProgressRow, ...]
