"""What checks find among the listings of an edition. Each is given the edition's entries and says what it found."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from directory.capacity.availability import Moment
from directory.capacity.contracts.reconciliation import reconcile_all
from directory.catalogue.completeness import lacking
from directory.catalogue.files.known_postcodes import known_postcodes
from directory.catalogue.models import Service
from directory.catalogue.secrecy import (
    NO_POSTCODES,
    KnownPostcodes,
    Location,
    find_location,
    find_location_in_id,
    find_location_in_name,
)
from directory.catalogue.versions.models import ListingKind
from directory.catalogue.vocabulary import LocationDisclosure
from directory.common.dates import as_date
from directory.editing.columns import label_of
from directory.publishing.editions.facts import CheckedListing, Entry
from directory.publishing.editions.vocabulary import EntryKind
from directory.upkeep.due import due_items

_LISTINGS = {EntryKind.ORGANISATION: ListingKind.ORGANISATION, EntryKind.SERVICE: ListingKind.SERVICE}


def nothing_published(entries: Sequence[Entry]) -> Iterator[CheckedListing]:
    """An edition without a service."""
    if not any(entry.kind is EntryKind.SERVICE for entry in entries):
        yield CheckedListing(EntryKind.SERVICE, "", "The catalogue", "No service is published.")


def told_places(session: Session, entries: Sequence[Entry]) -> Iterator[CheckedListing]:
    """Services whose location is not public, and whose entry tells more of it than the borough (firewall, rule 6)."""
    postcodes = known_postcodes(session)
    for body in _services(entries):
        if body["location_disclosure"] == LocationDisclosure.PUBLIC:
            continue
        if body["postcode"]:
            yield _service(body, "It is not public, and its postcode is here. Remove the postcode, then draft again.")
        for column, location in _locations(body, postcodes):
            what = f"Its {label_of(ListingKind.SERVICE, column).lower()} holds a {location.what}."
            yield _service(body, f"{what} It is not public: name its borough at most, then draft again.")


def _locations(body: Mapping[str, Any], known: KnownPostcodes) -> Iterator[tuple[str, Location]]:
    """The import's own rule (catalogue/files/service_rules.py), for rows that may be older than it."""
    secret = body["location_disclosure"] == LocationDisclosure.SECRET
    postcodes = known if secret else NO_POSTCODES
    organisation, name = body["organisation_name"], body["name"]
    found = {"name": find_location_in_name(name, names=[organisation], postcodes=postcodes)}
    for column in ("description", "hours"):
        found[column] = find_location(body[column], streets=secret, names=[organisation, name], postcodes=postcodes)
    if secret:
        found["id"] = find_location_in_id(body["id"], postcodes=postcodes)
    yield from ((column, location) for column, location in found.items() if location)


def incomplete(session: Session, entries: Sequence[Entry]) -> Iterator[CheckedListing]:
    """Listings that lack what they would need to be published today; one statement."""
    reachable = set(
        session.scalars(select(Service.id).where(or_(Service.professional_phone != "", Service.referral_email != "")))
    )
    for entry in entries:
        kind = _LISTINGS.get(entry.kind)
        if kind is None:
            continue
        values = {name: _text(value) for name, value in entry.body.items()}
        # An edition leaves out how professionals refer; that there is a way is all that is asked here.
        values["professional_phone"] = "yes" if entry.id in reachable else ""
        columns = [label_of(kind, column).lower() for column in lacking(kind, values)]
        if columns:
            yield CheckedListing(entry.kind, entry.id, str(entry.body["name"]), f"It lacks: {', '.join(columns)}.")


def stale_listings(
    session: Session, entries: Sequence[Entry], moment: Moment
) -> tuple[list[CheckedListing], list[CheckedListing]]:
    """Services whose listing is due for review, and services with units that do not count any more; one statement."""
    bodies = {body["id"]: body for body in _services(entries)}
    listings, units = [], []
    for due in due_items(session, replace(moment, confirm_within=moment.stale_after)):
        body = bodies.get(due.id)
        if body is None:
            continue
        if due.listing:
            verified_on = body["verified_on"]
            why = (
                f"It was last confirmed on {as_date(date.fromisoformat(verified_on))}."
                if verified_on
                else "It was never confirmed."
            )
            listings.append(_service(body, why))
        if due.units:
            count = "1 unit has" if due.units == 1 else f"{due.units} units have"
            units.append(_service(body, f"{count} not been confirmed lately."))
    return listings, units


def unreconciled(session: Session, moment: Moment) -> Iterator[CheckedListing]:
    """Programmes whose live units are not what was commissioned, and those that nobody has entered."""
    contracts = reconcile_all(session, moment)
    for one in contracts.programmes:
        count = one.for_commissioner + one.for_providers
        if count:
            differences = "1 difference" if count == 1 else f"{count} differences"
            why = f"It has {differences}: {one.for_commissioner} for commissioners, {one.for_providers} for providers."
            yield CheckedListing(EntryKind.PROGRAMME, one.programme.code, one.programme.name, why)
    for unknown in contracts.unknown:
        why = "Units name this programme, and nobody has entered it."
        yield CheckedListing(EntryKind.PROGRAMME, unknown.code, unknown.code, why)


def changed_since(drafted: Sequence[Entry], live: Sequence[Entry]) -> Iterator[CheckedListing]:
    """What the catalogue says otherwise by now."""
    then = {(entry.kind, entry.id): entry for entry in drafted}
    now = {(entry.kind, entry.id): entry for entry in live}
    for key in sorted({*then, *now}):
        before, after = then.get(key), now.get(key)
        if before == after:
            continue
        why = "It was changed." if before and after else "It was added." if after else "It was taken out."
        shown = after or before
        name = str(shown.body.get("name", shown.id)) if shown else ""
        yield CheckedListing(key[0], key[1], name, f"{why} Draft again to have that in it.")


def _services(entries: Sequence[Entry]) -> Iterator[Mapping[str, Any]]:
    return (entry.body for entry in entries if entry.kind is EntryKind.SERVICE)


def _service(body: Mapping[str, Any], why: str) -> CheckedListing:
    return CheckedListing(EntryKind.SERVICE, body["id"], body["name"], why)


def _text(value: object) -> str:
    """A value as a file would say it, as far as it matters whether there is one."""
    if isinstance(value, list):
        return ";".join(value)
    return "" if value is None or value is False else str(value)
