"""A service as an edition has it, beside what the live listing says today."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from flask import Response, url_for

from directory.accounts.permissions import Permission
from directory.catalogue.hours import week_of
from directory.catalogue.queries import ServiceFacts, read_service
from directory.catalogue.vocabulary import AcceptsNrpf, Gender, ListingStatus, LocationDisclosure, ServiceKind, WideArea
from directory.common.clock import LONDON
from directory.common.errors import NotFoundError
from directory.extensions import current_session
from directory.publishing.editions.naming import Names, read_names
from directory.publishing.editions.reading import entry, read_edition
from directory.publishing.editions.vocabulary import EntryKind
from directory.publishing.performance.facts import Source
from directory.publishing.performance.measures import measures
from directory.publishing.performance.wording import UNKNOWN
from directory.web.access import requires
from directory.web.pages.editions.blueprint import blueprint
from directory.web.pages.editions.contexts import EditionServicePage, QuarterTable
from directory.web.pages.editions.listing import kind_label, size_in_words
from directory.web.pages.editions.reading import NUMBER
from directory.web.pages.listings.presenting import for_whom, location_in_words, nrpf_in_words
from directory.web.rendering import render

Body = Mapping[str, Any]
# What can be compared, and what it is called. What an edition never holds is not among it.
_LABELS = {
    "name": "name",
    "organisation_name": "organisation",
    "description": "description",
    "needs": "what it helps with",
    "genders": "for whom it is",
    "min_age": "youngest age",
    "max_age": "oldest age",
    "communities": "communities",
    "languages": "languages",
    "areas": "areas covered",
    "location": "where it is",
    "postcode": "postcode",
    "borough": "borough",
    "access": "access",
    "accepts_nrpf": "whether it depends on public funds",
    "hours": "hours",
    "phone": "phone",
    "verified_on": "when it was confirmed",
}


@blueprint.get(f"/{NUMBER}/services/<service_id>")
@requires(Permission.CATALOGUE_VIEW)
def service(number: int, service_id: str) -> Response:
    """One service of an edition."""
    session = current_session()
    edition = read_edition(session, number)
    body = entry(session, edition.id, EntryKind.SERVICE, service_id).body
    then = _facts(body, _communities_of(edition.id, str(body["organisation_id"])), read_names(session))
    today = _live(service_id)
    shown = then
    if today is None or today.location is not LocationDisclosure.PUBLIC:
        # The record stays as it was; a page of today tells no more of where a service is than may be known today.
        shown = replace(then, postcode="")
    live = today if today and today.status is ListingStatus.PUBLISHED else None
    return render(
        EditionServicePage(
            number=number,
            as_of=edition.as_of,
            service=shown,
            for_whom=for_whom(shown),
            accepts_nrpf=nrpf_in_words(shown),
            location=location_in_words(shown),
            week=week_of(shown.hours, datetime.combine(edition.as_of, time(12), LONDON)),
            last_changed=None,
            size=size_in_words(body),
            quarters=tuple(_quarters(edition.id, service_id)),
            live=url_for("listings.service", service_id=service_id) if live else "",
            differs=tuple(_differences(then, live)) if live else (),
        )
    )


def _facts(body: Body, organisation_communities: Iterable[str], names: Names) -> ServiceFacts:
    return ServiceFacts(
        id=body["id"],
        name=body["name"],
        kind=kind_label(body),
        is_refuge=body["kind"] == ServiceKind.REFUGE,
        organisation_id=body["organisation_id"],
        organisation_name=body["organisation_name"],
        by_and_for=body["by_and_for"],
        organisation_communities=names.all_of("communities", list(organisation_communities)),
        description=body["description"],
        needs=names.all_of("needs", body["needs"]),
        communities=names.all_of("communities", body["communities"]),
        languages=tuple(body["languages"]),
        genders=tuple(Gender(word) for word in body["genders"]),
        min_age=body["min_age"],
        max_age=body["max_age"],
        accepts_nrpf=AcceptsNrpf(body["accepts_nrpf"]) if body["accepts_nrpf"] else None,
        areas=_areas(body["areas"], names),
        location=LocationDisclosure(body["location_disclosure"]),
        postcode=body["postcode"] or "",
        borough=names.boroughs.get(body["borough"] or ""),
        access=names.all_of("access_features", body["access_features"]),
        hours=body["hours"],
        phone=body["phone"],
        professional_phone="",
        referral_email="",
        response_target_minutes=body["response_target_minutes"],
        status=ListingStatus.PUBLISHED,
        verified_on=date.fromisoformat(body["verified_on"]) if body["verified_on"] else None,
    )


def _areas(codes: Iterable[str], names: Names) -> tuple[str, ...]:
    """The widest first, then the boroughs by name."""
    wide = [area for area in (WideArea.UK, WideArea.ENGLAND, WideArea.LONDON) if area in codes]
    return (*(area.label for area in wide), *names.all_of("areas", [code for code in codes if code not in wide]))


def _communities_of(edition_id: int, organisation_id: str) -> Iterable[str]:
    found: Iterable[str] = entry(current_session(), edition_id, EntryKind.ORGANISATION, organisation_id).body[
        "communities"
    ]
    return found


def _live(service_id: str) -> ServiceFacts | None:
    """The listing of today, whatever its status; None where it was removed."""
    try:
        return read_service(current_session(), service_id, drafts=True)
    except NotFoundError:
        return None


def _differences(then: ServiceFacts, live: ServiceFacts) -> Iterator[str]:
    for name, label in _LABELS.items():
        before, after = getattr(then, name), getattr(live, name)
        if isinstance(before, tuple):
            before, after = set(before), set(after)
        if before != after:
            yield label


def _quarters(edition_id: int, service_id: str) -> Iterator[QuarterTable]:
    try:
        body = entry(current_session(), edition_id, EntryKind.PERFORMANCE, service_id).body
    except NotFoundError:
        return
    for quarter in sorted(body["quarters"], reverse=True):
        figures = body["quarters"][quarter]
        rows = ((measure.name, *_both(figures[measure.code])) for measure in measures() if measure.code in figures)
        yield QuarterTable(quarter, tuple(rows))


def _both(figure: Mapping[str, str]) -> tuple[str, str]:
    """What the service says and what the directory has counted. Nothing is said of what one of them does not know."""
    said = tuple(figure.get(source, "") for source in (Source.IMPORTED, Source.COMPUTED))
    imported, computed = ("" if text == UNKNOWN.text else text for text in said)
    return (imported, computed) if imported or computed else (UNKNOWN.text, "")
