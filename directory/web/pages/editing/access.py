"""Which listings the person who asks may keep: a provider's staff their organisation's own, commissioners all."""

from flask import url_for

from directory.capacity.current import CurrentListing, read_current
from directory.catalogue.vocabulary import ListingStatus
from directory.editing.fields import reviews
from directory.editing.overview import ListingKind
from directory.editing.proposals import listing_to_edit
from directory.extensions import current_session
from directory.web import current
from directory.web.pages.editing.contexts import Listing
from directory.web.pages.editing.words import KIND_WORDS, kind_segment


def kept_listing(kind: ListingKind, listing_id: str) -> CurrentListing:
    """A listing that this person keeps. Raises NotFoundError for anybody else's, as for one that is not there."""
    return listing_to_edit(current_session(), kind, listing_id, current.actor())


def is_commissioner() -> bool:
    """Whether the person who asks approves proposals."""
    return reviews(current.actor())


def listing_of(found: CurrentListing) -> Listing:
    """Which listing a page is about. A unit is named with its service: rooms are called alike."""
    name = found.values.get("name") or found.id
    if found.kind is ListingKind.UNIT:
        service = read_current(current_session(), ListingKind.SERVICE, found.service_id)
        name = f"{name}, {service.values['name']}"
    return Listing(kind_segment(found.kind), KIND_WORDS[found.kind], found.id, name)


def where_listed() -> str:
    """The page from which people come to a listing's form."""
    return url_for("manage.listings") if is_commissioner() else url_for("editing.own")


def public_page(found: CurrentListing) -> str:
    """Where a listing is looked at; empty where the person who asks could not open that page."""
    published = found.values.get("status") == ListingStatus.PUBLISHED.value
    if found.kind is ListingKind.UNIT:
        return ""
    if not (published or is_commissioner()):
        return ""
    if found.kind is ListingKind.SERVICE:
        return url_for("listings.service", service_id=found.id)
    return url_for("listings.organisation", organisation_id=found.id)
