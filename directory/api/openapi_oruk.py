"""The description of the Open Referral UK addresses: the UK profile's fields, as far as this catalogue has them."""

from typing import Any

from directory.accounts.permissions import Scope
from directory.api.oruk_questions import NUMBERS, PAGING, SERVICES
from directory.api.schemas import Schema, json_answer, object_of, problems, ref
from directory.common.paging import DEFAULT_PER_PAGE
from directory.publishing.formats.live import LONGEST_SEARCH
from directory.publishing.formats.terms import Taxonomy

PREFIX = "/api/oruk/v3"
_SCOPE = f"Needs a token with the scope `{Scope.CATALOGUE.value}`."
_TEXT: Schema = {"type": "string"}
_UUID: Schema = {"type": "string", "format": "uuid"}
_SAYS = {
    "page": "Counts from 1; a page past the end is empty",
    "per_page": f"How many on a page; {DEFAULT_PER_PAGE} where nothing is said",
    "search": "What the name, the description or the organisation's name contains",
    "taxonomy_term_id": "Services with this term, or one below it",
    "taxonomy_id": "Services with any term of this taxonomy",
    "organization_id": "Services of this organisation",
    "minimum_age": "Services whose youngest age is this or higher",
    "maximum_age": "Services whose oldest age is this or lower",
}


def _parameter(name: str) -> Schema:
    schema: Schema = {"type": "string", "maxLength": LONGEST_SEARCH}
    if name in NUMBERS:
        least, greatest = NUMBERS[name]
        schema = {"type": "integer", "minimum": least, "maximum": greatest}
    return {"name": name, "in": "query", "required": False, "description": _SAYS[name], "schema": schema}


def _listing(operation: str, summary: str, schema: str, parameters: tuple[str, ...]) -> Schema:
    return {
        "get": {
            "operationId": operation,
            "summary": summary,
            "description": _SCOPE,
            "parameters": [_parameter(name) for name in parameters],
            "responses": {"200": json_answer("A page of them", schema)} | problems(401, 403, 422, 429),
        }
    }


def _one(operation: str, summary: str, schema: str, name: str) -> Schema:
    parameter: Schema = {"name": name, "in": "path", "required": True, "schema": _UUID}
    return {
        "get": {
            "operationId": operation,
            "summary": summary,
            "description": _SCOPE,
            "parameters": [parameter],
            "responses": {"200": json_answer("It", schema)} | problems(401, 403, 404, 429),
        }
    }


ORUK_PATHS: Schema = {
    f"{PREFIX}/": {
        "get": {
            "operationId": "orukAbout",
            "summary": "Which version of Open Referral UK this is",
            "description": _SCOPE,
            "responses": {"200": json_answer("The version", "OrukAbout")} | problems(401, 403, 429),
        }
    },
    f"{PREFIX}/services": _listing("orukServices", "Published services", "OrukServices", SERVICES),
    f"{PREFIX}/services/{{service_id}}": _one("orukService", "One service", "OrukService", "service_id"),
    f"{PREFIX}/organizations": _listing("orukOrganizations", "Published organisations", "OrukOrganizations", PAGING),
    f"{PREFIX}/organizations/{{organization_id}}": _one(
        "orukOrganization", "One organisation", "OrukOrganization", "organization_id"
    ),
    f"{PREFIX}/taxonomies": _listing("orukTaxonomies", "What listings are described with", "OrukTaxonomies", PAGING),
    f"{PREFIX}/taxonomies/{{taxonomy_id}}": _one("orukTaxonomy", "One taxonomy", "OrukTaxonomy", "taxonomy_id"),
    f"{PREFIX}/taxonomy_terms": _listing("orukTerms", "The terms of all taxonomies", "OrukTerms", PAGING),
    f"{PREFIX}/taxonomy_terms/{{term_id}}": _one("orukTerm", "One term", "OrukTerm", "term_id"),
}


def oruk_schemas() -> Schema:
    """The schemas that these paths speak of."""
    return {
        "OrukAbout": object_of({"version": _TEXT, "profile": _TEXT, "openapi_url": _TEXT}),
        "OrukServices": _page("OrukService"),
        "OrukService": _service(),
        "OrukOrganizations": _page("OrukOrganization"),
        "OrukOrganization": _organization(),
        "OrukTaxonomies": _page("OrukTaxonomy"),
        "OrukTaxonomy": object_of(
            {"id": _UUID, "name": {"enum": [one.label for one in Taxonomy]}, "description": _TEXT, "version": _TEXT}
        ),
        "OrukTerms": _page("OrukTerm"),
        "OrukTerm": _some(
            _texts("code", "name", "term", "taxonomy", "description") | _uuids("id", "taxonomy_id", "parent_id"),
            *("id", "code", "name", "term", "taxonomy", "taxonomy_id"),
        ),
        "OrukAttribute": object_of(
            _uuids("id", "link_id", "taxonomy_term_id")
            | _texts("link_entity", "link_type")
            | {"taxonomy_term": ref("OrukTerm")}
        ),
        "OrukPhone": object_of({"id": _UUID, "number": _TEXT}),
        "OrukLocation": _location(),
    }


def _page(schema: str) -> Schema:
    flag: Schema = {"type": "boolean"}
    count: Schema = {"type": "integer", "minimum": 0}
    counts = dict.fromkeys(("total_items", "total_pages", "page_number", "size"), count)
    flags = dict.fromkeys(("first_page", "last_page", "empty"), flag)
    return object_of({**counts, **flags, "contents": _list(ref(schema))})


def _service() -> Schema:
    age: Schema = {"type": "integer", "minimum": 0}
    schedule = _some(
        _texts("byday", "opens_at", "closes_at", "description", "notes")
        | {"id": _UUID, "freq": {"enum": ["WEEKLY"]}, "interval": {"type": "integer"}},
        "id",
    )
    area = _some({"id": _UUID, "name": _TEXT, "uri": _TEXT}, "id", "name")
    return _some(
        {
            **_uuids("id", "organization_id"),
            **_texts("name", "description", "url", "email", "eligibility_description"),
            "status": {"enum": ["active"]},
            "minimum_age": age,
            "maximum_age": age,
            "assured_date": {"type": "string", "format": "date"},
            "phones": _list(ref("OrukPhone")),
            "schedules": _list(schedule),
            "service_areas": _list(area),
            "service_at_locations": _list(object_of({"id": _UUID, "location": ref("OrukLocation")})),
            "languages": _list(object_of({"id": _UUID, "code": _TEXT, "name": _TEXT})),
            "organization": ref("OrukOrganization"),
            "attributes": _list(ref("OrukAttribute")),
        },
        *("id", "organization_id", "name", "status", "url"),
    )


def _organization() -> Schema:
    identifier = object_of(
        {"id": _UUID, "identifier_scheme": _TEXT, "identifier_type": _TEXT, "identifier": _TEXT},
    )
    return _some(
        {
            "id": _UUID,
            **_texts("name", "description", "email", "website"),
            "phones": _list(ref("OrukPhone")),
            "organization_identifiers": _list(identifier),
            "attributes": _list(ref("OrukAttribute")),
        },
        *("id", "name", "description"),
    )


def _location() -> Schema:
    address = object_of(
        _texts("address_1", "city", "state_province", "postal_code")
        | {"id": _UUID, "country": {"enum": ["GB"]}, "address_type": {"enum": ["physical"]}}
    )
    return _some(
        {"id": _UUID, "location_type": {"enum": ["physical"]}, "name": _TEXT, "addresses": _list(address)},
        *("id", "location_type", "name"),
    )


def _texts(*names: str) -> Schema:
    return dict.fromkeys(names, _TEXT)


def _uuids(*names: str) -> Schema:
    return dict.fromkeys(names, _UUID)


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _some(properties: Schema, *required: str) -> dict[str, Any]:
    """An object with these properties and no others, of which only `required` are always there."""
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}
