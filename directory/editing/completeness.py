"""What a listing must say before it is published, and why."""

from collections.abc import Iterator, Mapping

from sqlalchemy.orm import Session

from directory.capacity.current import read_current
from directory.capacity.holdings import belongings
from directory.catalogue.versions.models import ListingKind
from directory.catalogue.vocabulary import ListingStatus, ServiceKind
from directory.common.errors import NotFoundError
from directory.editing.columns import label_of
from directory.editing.errors import Missing

_WAYS_TO_REACH = ("phone", "email", "website")
_WAYS_TO_REFER = ("phone", "professional_phone", "referral_email")
_WHY = {
    ListingKind.ORGANISATION: {
        "name": "It is found by its name.",
        "description": "People have to know what it is before they send anybody there.",
    },
    ListingKind.SERVICE: {
        "name": "It is found by its name.",
        "description": "People have to know what it offers before they send anybody there.",
        "needs": "A search finds a service by the needs that it meets.",
        "genders": "A search finds nothing that does not say whom it is for.",
        "accepts_nrpf": "Nobody may be sent to a place that turns them away for want of public funds.",
        "hours": "At two in the morning it matters whether somebody is there.",
        "response_target_minutes": "Whoever refers somebody has to know by when to expect an answer.",
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
    lacking = lacks(kind, values)
    if kind is ListingKind.ORGANISATION:
        return lacking
    if values["kind"] == ServiceKind.REFUGE and not belongings(session, kind, listing_id):
        lacking.append(_missing(kind, "units", "A refuge is found by its units: it needs at least one."))
    owner = read_current(session, ListingKind.ORGANISATION, values["organisation_id"])
    if owner.values["status"] != ListingStatus.PUBLISHED:
        why = (
            f"{owner.values['name']} is not published, so this would be shown nowhere. Publish the organisation first."
        )
        lacking.append(_missing(kind, "organisation_id", why))
    return lacking


def lacks(kind: ListingKind, values: Mapping[str, str]) -> list[Missing]:
    """What `values` (columns to texts) lack by themselves. Units are never published by themselves: nothing."""
    found = [*_empty(kind, values)]
    if kind is ListingKind.ORGANISATION and not _any(values, _WAYS_TO_REACH):
        found.append(
            _missing(kind, "phone", "There has to be a way to reach it: a phone number, an email or a website.")
        )
    if kind is ListingKind.SERVICE:
        found += _service_lacks(values)
    return found


def _empty(kind: ListingKind, values: Mapping[str, str]) -> Iterator[Missing]:
    for column, why in _WHY.get(kind, {}).items():
        if not values.get(column):
            yield _missing(kind, column, why)


def _service_lacks(values: Mapping[str, str]) -> Iterator[Missing]:
    kind = ListingKind.SERVICE
    if not _any(values, _WAYS_TO_REFER):
        why = "There has to be a way to reach it: a phone, a phone for professionals or an email for referrals."
        yield _missing(kind, "phone", why)
    if not values.get("areas") and values.get("kind") != ServiceKind.REFUGE:
        yield _missing(kind, "areas", "A search finds a service by the area that it covers.")
    # A helpline is rung from anywhere, so it lies nowhere.
    if not _any(values, ("borough", "postcode")) and values.get("kind") != ServiceKind.HELPLINE:
        why = "Its borough at least has to be known: it may lie where somebody is not safe."
        yield _missing(kind, "borough", why)


def _any(values: Mapping[str, str], columns: tuple[str, ...]) -> bool:
    return any(values.get(column) for column in columns)


def _missing(kind: ListingKind, column: str, why: str) -> Missing:
    return Missing(column, label_of(kind, column), why)
