"""What the pages of editions are told in: counts, sorts of changes, kinds of things, addresses of pages."""

from datetime import datetime
from typing import Any

from flask import current_app, url_for

from directory.common.errors import NotFoundError
from directory.publishing.editions.facts import ChangeSort, EditionFacts
from directory.publishing.editions.vocabulary import EntryKind

SORTS = {
    ChangeSort.NEW: "New",
    ChangeSort.CHANGED: "Changed",
    ChangeSort.WITHDRAWN: "Withdrawn",
    ChangeSort.CAPACITY_UP: "More space",
    ChangeSort.CAPACITY_DOWN: "Less space",
}
KINDS = {
    EntryKind.ORGANISATION: "organisation",
    EntryKind.SERVICE: "service",
    EntryKind.PROGRAMME: "programme",
    EntryKind.PERFORMANCE: "performance",
}


def counted(number: int, one: str, many: str = "") -> str:
    """`1 service`, `1,250 services`."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def number_in(text: str) -> int:
    """A page's number in an address; anything else is the first."""
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def holds(edition: EditionFacts) -> str:
    """What an edition holds, in a line."""
    return (
        f"{counted(edition.organisations, 'organisation')}, {counted(edition.services, 'service')}, "
        f"{counted(edition.units, 'unit')} with {counted(edition.bedspaces, 'bedspace')}"
    )


def published_number(edition: EditionFacts) -> int:
    """The number of a published edition. Raises NotFoundError for one that has none yet."""
    if edition.number is None:
        raise NotFoundError("There is no such edition.")
    return edition.number


def published_at(edition: EditionFacts) -> datetime:
    """When it was published. Raises NotFoundError as `published_number`."""
    if edition.published_at is None:
        raise NotFoundError("There is no such edition.")
    return edition.published_at


def address(endpoint: str, **values: Any) -> str:
    """The address of a page; empty where this installation has no such page."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else ""
