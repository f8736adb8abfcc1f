"""What a listing must say before it is published, and why."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from directory.capacity.current import read_current
from directory.capacity.holdings import belongings
from directory.catalogue.completeness import lacking
from directory.catalogue.versions.models import ListingKind
from directory.catalogue.vocabulary import ListingStatus, ServiceKind
from directory.common.errors import NotFoundError
from directory.editing.columns import label_of
from directory.editing.errors import Missing

_WHY = {
    ListingKind.ORGANISATION: {
        "name": "It is found by its name.",
        "description": "People have to know what it is before they send anybody there.",
        "phone": "There has to be a way to reach it: a phone number, an email or a website.",
    },
    ListingKind.SERVICE: {
        "name": "It is found by its name.",
        "description": "People have to know what it offers before they send anybody there.",
        "needs": "A search finds a service by the needs that it meets.",
        "genders": "A search finds nothing that does not say whom it is for.",
        "accepts_nrpf": "Nobody may be sent to a place that turns them away for want of public funds.",
        "hours": "At two in the morning it matters whether somebody is there.",
        "response_target_minutes": "Whoever refers somebody has to know by when to expect an answer.",
        "phone": "There has to be a way to reach it: a phone, a phone for professionals or an email for referrals.",
        "areas": "A search finds a service by the area that it covers.",
        "borough": "Its borough at least has to be known: it may lie where somebody is not safe.",
    },
}


def missing(session: Session, kind: ListingKind, listing_id: str) -> list[Missing]:
    """What an organisation or a service lacks to be published, in the order of its form; nothing where it is complete.

    A refuge needs at least one unit (column `units`), a service an organisation that is published itself (column
    `organisation_id`). Raises NotFoundError where there is no such listing; units have no status of their own.
    """
    if kind is ListingKind.UNIT:
        raise NotFoundError("A unit is shown with its service.")
    values = read_current(session, kind, listing_id).values
    found = lacks(kind, values)
    if kind is ListingKind.ORGANISATION:
        return found
    if values["kind"] == ServiceKind.REFUGE and not belongings(session, kind, listing_id):
        found.append(_missing(kind, "units", "A refuge is found by its units: it needs at least one."))
    owner = read_current(session, ListingKind.ORGANISATION, values["organisation_id"])
    if owner.values["status"] != ListingStatus.PUBLISHED:
        why = (
            f"{owner.values['name']} is not published, so this would be shown nowhere. Publish the organisation first."
        )
        found.append(_missing(kind, "organisation_id", why))
    return found


def lacks(kind: ListingKind, values: Mapping[str, str]) -> list[Missing]:
    """What `values` (columns to texts) lack by themselves. Units are never published by themselves: nothing."""
    return [_missing(kind, column, _WHY[kind][column]) for column in lacking(kind, values)]


def _missing(kind: ListingKind, column: str, why: str) -> Missing:
    return Missing(column, label_of(kind, column), why)
