"""What a provider's organisation keeps: itself, its services and their units."""

from flask import Response, url_for

from directory.accounts.permissions import Permission
from directory.catalogue.vocabulary import ListingStatus, ServiceKind
from directory.editing.overview import ListingKind, ListingLine, OwnListings, ServiceEntry, listings_of
from directory.extensions import current_session
from directory.web import current
from directory.web.access import requires
from directory.web.pages.editing.blueprint import blueprint
from directory.web.pages.editing.contexts import Listing, OwnLine, OwnPage, OwnUnitLine
from directory.web.pages.editing.words import KIND_WORDS, STATUS_COLOURS, STATUS_WORDS, kind_segment
from directory.web.rendering import render


@blueprint.get("/provider/listings")
@requires(Permission.UNITS_UPDATE)
def own() -> Response:
    """Your listings."""
    found = listings_of(current_session(), current.actor().organisation_id)
    organisation = found.organisation
    return render(
        OwnPage(
            organisation=_line(organisation, found, "Your organisation"),
            services=tuple(_service(entry, found) for entry in found.services),
        )
    )


def _service(entry: ServiceEntry, found: OwnListings) -> OwnLine:
    kind = entry.line.service_kind
    units = tuple(
        OwnUnitLine(unit.id, unit.name, unit.bedspaces, unit.ringfenced, _pending(found, ListingKind.UNIT, unit.id))
        for unit in entry.units
    )
    takes_units = kind is ServiceKind.REFUGE
    return _line(entry.line, found, kind.label if kind else "", takes_units=takes_units, units=units)


def _line(
    line: ListingLine,
    found: OwnListings,
    about: str,
    *,
    takes_units: bool = False,
    units: tuple[OwnUnitLine, ...] = (),
) -> OwnLine:
    statuses = {line.status, found.organisation.status}
    return OwnLine(
        listing=Listing(kind_segment(line.kind), KIND_WORDS[line.kind], line.id, line.name),
        about=about,
        status=STATUS_WORDS[line.status],
        status_colour=STATUS_COLOURS[line.status],
        pending=_pending(found, line.kind, line.id),
        # A published service of an organisation that is not published is not shown either.
        address=_address(line) if statuses == {ListingStatus.PUBLISHED} else "",
        takes_units=takes_units,
        units=units,
    )


def _address(line: ListingLine) -> str:
    if line.kind is ListingKind.ORGANISATION:
        return url_for("listings.organisation", organisation_id=line.id)
    return url_for("listings.service", service_id=line.id)


def _pending(found: OwnListings, kind: ListingKind, listing_id: str) -> int:
    return found.pending.get((kind, listing_id), 0)
