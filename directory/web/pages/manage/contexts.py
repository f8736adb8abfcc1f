"""What the commissioner's own pages may see."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from directory.web.pages.manage.forms import ListingsForm


@dataclass(frozen=True, slots=True)
class Card:
    """A task with its page: what it is called, one sentence about it, and how many things wait (None: not counted)."""

    title: str
    href: str
    text: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class ManagePage:
    """What waits for a commissioner, and everything else that commissioners keep."""

    template: ClassVar[str] = "pages/manage/home.html"

    waiting: tuple[Card, ...]
    others: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class ListingRow:
    """A listing in words. `is_service` ones stand under their organisation.

    `adds` is the form that adds a service to an organisation, or a unit to a refuge; empty for others.
    """

    id: str
    kind: str
    name: str
    organisation_name: str
    is_service: bool
    kind_words: str
    status: str
    is_published: bool
    checked_on: date | None
    href: str
    adds: str


@dataclass(frozen=True, slots=True)
class ListingsPage:
    """The listings that fit, a page of them."""

    template: ClassVar[str] = "pages/manage/listings.html"

    form: ListingsForm
    rows: tuple[ListingRow, ...]
    total: int
    is_filtered: bool
    page: int
    pages: int
    previous: str | None
    next: str | None
