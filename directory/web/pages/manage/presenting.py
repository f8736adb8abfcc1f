"""Listings as commissioners see them in a list."""

from flask import url_for

from directory.catalogue.vocabulary import ListingStatus, ServiceKind
from directory.editing.overview import ListingLine
from directory.web.pages.editing.words import STATUS_WORDS, kind_segment
from directory.web.pages.manage.contexts import ListingRow


def listing_row(line: ListingLine) -> ListingRow:
    """One listing in words."""
    is_service = line.service_kind is not None
    return ListingRow(
        id=line.id,
        kind=kind_segment(line.kind),
        name=line.name,
        organisation_name=line.organisation_name,
        is_service=is_service,
        kind_words=line.service_kind.label if line.service_kind else "Organisation",
        status=STATUS_WORDS[line.status],
        is_published=line.status is ListingStatus.PUBLISHED,
        checked_on=line.verified_on,
        href=_address(line),
        adds=_adds(line),
    )


def _adds(line: ListingLine) -> str:
    if line.service_kind is None:
        return url_for("editing.new", kind="services", owner=line.id)
    return url_for("editing.new", kind="units", owner=line.id) if line.service_kind is ServiceKind.REFUGE else ""


def _address(line: ListingLine) -> str:
    if line.service_kind is not None:
        return url_for("listings.service", service_id=line.id)
    return url_for("listings.organisation", organisation_id=line.id)
