"""Listings as Open Referral UK 3.0 has them (the UK profile of the Human Services Data Specification, HSDS 3.0).

Read from https://github.com/OpenReferralUK/uk-profile (schema/compiled/service.json and schema/openapi.json). Beside
what that profile asks for there are `phones` and `eligibility_description`, which HSDS has and the profile leaves out:
a directory of help without a telephone number helps nobody. What is not known is left out.

There are no coordinates, and no address but the postcode of a service whose location is public.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from directory.catalogue.vocabulary import LocationDisclosure
from directory.common.languages import language_name
from directory.common.paging import Paging
from directory.publishing.formats.identifiers import uuid_of
from directory.publishing.formats.opening import DAYS, hours_in_words, read_week
from directory.publishing.formats.terms import Taxonomy, Term, Terms
from directory.publishing.formats.words import Body, for_whom, takes_nrpf, where

VERSION = "3.0"
PROFILE = "https://docs.openreferraluk.org/en/latest/"
_AREA = "http://statistics.data.gov.uk/id/statistical-geography/"
_ALL_DAY = {"24:00": "23:59"}

Json = dict[str, Any]


def oruk_service(body: Body, organisation: Body | None, terms: Terms, base_url: str) -> Json:
    """A service with all that belongs to it. `base_url` is where our own pages are, without a slash at the end."""
    own = uuid_of("service", body["id"])
    return _filled(
        {
            "id": own,
            "organization_id": uuid_of("organization", body["organisation_id"]),
            "name": body["name"],
            "description": body["description"],
            "url": body["website"] or f"{base_url}/services/{body['id']}",
            "email": organisation["email"] if organisation else "",
            "status": "active",
            "eligibility_description": eligibility(body),
            "minimum_age": body["min_age"],
            "maximum_age": body["max_age"],
            "assured_date": body["verified_on"],
            "phones": [{"id": uuid_of("phone", body["id"]), "number": body["phone"]}] if body["phone"] else [],
            "schedules": list(_schedules(body)),
            "service_areas": [_area(body["id"], code, terms) for code in body["areas"]],
            "service_at_locations": list(_locations(body, terms)),
            "languages": [
                {"id": uuid_of("language", body["id"], code), "code": code, "name": language_name(code)}
                for code in body["languages"]
            ],
            "organization": oruk_organisation(organisation, terms) if organisation else None,
            "attributes": list(_attributes("service", body, terms)),
        }
    )


def oruk_organisation(body: Body, terms: Terms) -> Json:
    """An organisation. `description` stands even where it is empty: the standard requires it."""
    number = body["charity_number"]
    identifier = {
        "id": uuid_of("organization_identifier", body["id"]),
        "identifier_scheme": "GB-CHC",
        "identifier_type": "Charity number",
        "identifier": number,
    }
    found = _filled(
        {
            "id": uuid_of("organization", body["id"]),
            "name": body["name"],
            "email": body["email"],
            "website": body["website"],
            "phones": [{"id": uuid_of("phone-of", body["id"]), "number": body["phone"]}] if body["phone"] else [],
            "organization_identifiers": [identifier] if number else [],
            "attributes": list(_attributes("organization", body, terms)),
        }
    )
    return {**found, "description": body["description"]}


def oruk_taxonomy(taxonomy: Taxonomy) -> Json:
    """One of the taxonomies."""
    return {
        "id": uuid_of("taxonomy", taxonomy),
        "name": taxonomy.label,
        "description": taxonomy.description,
        "version": "1",
    }


def oruk_term(term: Term) -> Json:
    """A term of a taxonomy. The profile calls its name `term`, HSDS `name`: it has both."""
    return _filled(
        {
            "id": uuid_of("term", term.taxonomy, term.code),
            "code": term.code,
            "name": term.name,
            "term": term.name,
            "description": term.definition,
            "parent_id": uuid_of("term", term.taxonomy, term.parent) if term.parent else "",
            "taxonomy": term.taxonomy.label,
            "taxonomy_id": uuid_of("taxonomy", term.taxonomy),
        }
    )


def oruk_page(contents: Sequence[Json], total: int, paging: Paging) -> Json:
    """`contents` as one page of `total` things; a page past the end is empty."""
    pages = paging.pages(total)
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": paging.page,
        "size": len(contents),
        "first_page": paging.page == 1,
        "last_page": paging.page >= pages,
        "empty": not contents,
        "contents": list(contents),
    }


def oruk_edition(services: Iterable[Body], organisations: Iterable[Body], terms: Terms, base_url: str) -> Json:
    """All services of an edition as a single page."""
    owners = {body["id"]: body for body in organisations}
    found = [oruk_service(body, owners.get(body["organisation_id"]), terms, base_url) for body in services]
    return oruk_page(found, len(found), Paging(1, max(1, len(found))))


def eligibility(body: Body) -> str:
    """For whom a service is, in words; whether it depends on public funds is a fact about the place."""
    return f"{for_whom(body)}. Takes people who have no recourse to public funds: {takes_nrpf(body).lower()}."


def _schedules(body: Body) -> Iterator[Json]:
    """The week by days that are alike; hours that no week can say come as a description alone. London's clocks."""
    week = read_week(body["hours"])
    if week is None:
        if body["hours"]:
            yield {"id": uuid_of("schedule", body["id"], "0"), "description": body["hours"]}
        return
    ranges = [(days, span) for days, spans in week.groups() for span in spans]
    for place, (days, (opens, closes)) in enumerate(ranges):
        yield {
            "id": uuid_of("schedule", body["id"], str(place)),
            "freq": "WEEKLY",
            "interval": 1,
            "byday": ",".join(DAYS[day].upper() for day in days),
            "opens_at": opens,
            "closes_at": _ALL_DAY.get(closes, closes),
            "description": hours_in_words(body["hours"]),
            "notes": "The times are those of London's clocks.",
        }


def _area(service_id: str, code: str, terms: Terms) -> Json:
    area: Json = {"id": uuid_of("service_area", service_id, code), "name": terms.areas([code])[0]}
    # Boroughs have an address that names them for everybody; London, England and the UK are clear as they are.
    return {**area, "uri": f"{_AREA}{code}"} if code in terms.boroughs else area


def _locations(body: Body, terms: Terms) -> Iterator[Json]:
    """Where it is, as far as may be known: a postcode where that is public, else a borough's name."""
    public = body["location_disclosure"] == LocationDisclosure.PUBLIC and body["postcode"]
    if not (public or body["borough"]):
        return
    location: Json = {"id": uuid_of("location", body["id"]), "location_type": "physical", "name": where(body, terms)}
    if public:
        in_london = bool(body["borough"])
        location["addresses"] = [
            {
                "id": uuid_of("address", body["id"]),
                "address_1": body["organisation_name"],
                "city": "London" if in_london else "",
                "state_province": "Greater London" if in_london else "",
                "postal_code": body["postcode"],
                "country": "GB",
                "address_type": "physical",
            }
        ]
    yield {"id": uuid_of("service_at_location", body["id"]), "location": location}


def _attributes(entity: str, body: Body, terms: Terms) -> Iterator[Json]:
    """What a listing is described with: each a link to a term, and what the term says of it."""
    own = uuid_of(entity, body["id"])
    for taxonomy, codes, says in _described(entity, body):
        for code in codes:
            term = terms.terms.get((taxonomy, code)) or Term(taxonomy, code, code, "", "")
            yield {
                "id": uuid_of("attribute", entity, body["id"], taxonomy, code),
                "link_id": own,
                "link_entity": entity,
                "link_type": says,
                "taxonomy_term_id": uuid_of("term", taxonomy, code),
                "taxonomy_term": oruk_term(term),
            }


def _described(entity: str, body: Body) -> Iterator[tuple[Taxonomy, Sequence[str], str]]:
    if entity == "service":
        yield Taxonomy.KINDS, (body["kind"],), "service_type"
        yield Taxonomy.NEEDS, body["needs"], "topic"
        yield Taxonomy.ACCESS_FEATURES, body["access_features"], "accessibility"
    by_and_for = body["by_and_for"] and entity == "organization"
    yield Taxonomy.COMMUNITIES, body["communities"], "led_by_and_for" if by_and_for else "audience"


def _filled(values: Mapping[str, Any]) -> Json:
    """`values` without those that are not known: the standard's fields are texts or lists, never null."""
    return {name: value for name, value in values.items() if value not in (None, "", [])}
