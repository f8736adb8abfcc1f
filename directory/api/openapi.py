"""The API's own description, OpenAPI 3.1, made from the vocabularies that validation uses: they cannot drift apart."""

from dataclasses import fields

from directory.accounts.permissions import Scope
from directory.api.hold_description import HOLD_PATHS, hold_schemas
from directory.api.openapi_oruk import ORUK_PATHS, oruk_schemas
from directory.api.schemas import Schema, json_answer, object_of, problems, ref, words
from directory.capacity.board import Tally
from directory.catalogue.vocabulary import Gender, ServiceKind
from directory.common.paging import DEFAULT_PER_PAGE, MAX_PER_PAGE
from directory.search.criteria import PreferDistance, Preference
from directory.search.musts import Must
from directory.search.questions import LONGEST_TEXT, MOST_ADULTS, MOST_ITEMS, MOST_MILES, OLDEST


def description() -> Schema:
    """The OpenAPI document, as JSON types."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Specialist support directory",
            "version": "1",
            "description": "Who can help this person, and where there is space. Questions are answered and forgotten.",
        },
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}],
        "paths": {
            "/api/v1/search": {"post": _search_operation()},
            "/api/v1/availability": {"get": _availability_operation()},
            **HOLD_PATHS,
            **ORUK_PATHS,
        },
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            "schemas": {
                "Question": _question(),
                "Answer": _answer(),
                "Match": _match(),
                "NearMiss": _near_miss(),
                "Unit": _unit(),
                "Tally": _tally(),
                "Availability": _availability(),
                "Problem": object_of(_problem_fields()),
                **hold_schemas(_problem_fields()),
                **oruk_schemas(),
            },
        },
    }


def _search_operation() -> Schema:
    return {
        "operationId": "search",
        "summary": "Who can help",
        "description": f"Needs a token with the scope `{Scope.SEARCH.value}`.",
        "requestBody": {"required": True, "content": {"application/json": {"schema": ref("Question")}}},
        "responses": {"200": json_answer("What was found", "Answer")} | problems(400, 401, 403, 413, 422, 429),
    }


def _availability_operation() -> Schema:
    return {
        "operationId": "availability",
        "summary": "How many spaces there are, by borough and by service",
        "description": f"Needs a token with the scope `{Scope.AVAILABILITY.value}`.",
        "responses": {"200": json_answer("The counts of this moment", "Availability")} | problems(401, 403, 429),
    }


def _question() -> Schema:
    texts: Schema = {"type": "array", "items": {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT}}
    texts["maxItems"] = MOST_ITEMS
    flag = {"type": ["boolean", "null"]}
    fields = {
        "near": {
            "type": ["string", "null"],
            "maxLength": LONGEST_TEXT,
            "description": "A postcode or part of one, a borough or a district",
        },
        "within": {
            "type": ["number", "null"],
            "exclusiveMinimum": 0,
            "maximum": MOST_MILES,
            "description": "Miles from `near`",
        },
        "avoid": texts | {"description": "Boroughs, by code or name"},
        "adults": {"type": ["integer", "null"], "minimum": 1, "maximum": MOST_ADULTS},
        "child": texts | {"description": "Age and sex of each child, such as 4f or 13m"},
        "gender": words(Gender, nullable=True),
        "age": {"type": ["integer", "null"], "minimum": 0, "maximum": OLDEST},
        "need": texts | {"description": "Codes from the list of terms; all of them must be met"},
        "language": texts | {"description": "ISO 639 codes"},
        "community": texts,
        "by_and_for": flag,
        "access": texts,
        "nrpf": flag | {"description": "A place that does not depend on public funds. Used once and forgotten"},
        "space": flag | {"description": "Only units that can be held now"},
        "open": flag | {"description": "Only services known to be open now"},
        "kind": texts | {"items": words(ServiceKind)},
        "must": texts | {"items": words(Preference)},
        "prefer_distance": words(PreferDistance, nullable=True),
        "page": {"type": ["integer", "null"], "minimum": 1, "default": 1},
        "per_page": {"type": ["integer", "null"], "minimum": 1, "maximum": MAX_PER_PAGE, "default": DEFAULT_PER_PAGE},
    }
    return {"type": "object", "properties": fields, "additionalProperties": False}


def _answer() -> Schema:
    matches = {"type": "array", "items": ref("Match")}
    place = object_of(
        {
            "name": {"type": "string"},
            "kind": {"enum": ["postcode", "sector", "outcode", "borough", "place"]},
            "borough_codes": {"type": "array", "items": {"type": "string"}},
        }
    )
    return object_of(
        {
            "total": {"type": "integer", "description": "How many `results` there are on all pages"},
            "page": {"type": "integer"},
            "per_page": {"type": "integer"},
            "place": {"oneOf": [place, {"type": "null"}]},
            "results": matches,
            "conditional": matches
            | {"description": "Would take the household if funded; on page 1, the best `per_page`"},
            "near_misses": {"type": "array", "items": ref("NearMiss"), "maxItems": 10},
        }
    )


def _match_fields() -> Schema:
    text, optional = {"type": "string"}, {"type": ["string", "null"]}
    service = object_of(
        {
            "id": text,
            "name": text,
            "kind": words(ServiceKind),
            "phone": text,
            "professional_phone": text,
            "referral_email": text,
            "hours": text,
            "borough": optional,
            "languages": {"type": "array", "items": text},
            "response_target_minutes": {"type": ["integer", "null"]},
        }
    )
    organisation = object_of(
        {"id": text, "name": text, "by_and_for": {"type": "boolean"}, "phone": text, "website": text}
    )
    reason = object_of({"code": text, "text": text, "weight": {"type": "number"}})
    return {
        "service": service,
        "organisation": organisation,
        "units": {"type": "array", "items": ref("Unit")},
        "score": {"type": "number"},
        "reasons": {"type": "array", "items": reason},
        "distance_miles": {
            "enum": [1, 2, 3, 5, 10, 20, 50, 100, None],
            "description": "Rounded up; null is not known, or more than 100",
        },
    }


def _match() -> Schema:
    return object_of(_match_fields())


def _near_miss() -> Schema:
    failed = object_of({"code": words(Must), "text": {"type": "string"}})
    return object_of(_match_fields() | {"failed": failed})


def _unit() -> Schema:
    return object_of(
        {
            "id": {"type": "string"},
            "bedspaces": {"type": "integer"},
            "available": {"type": "boolean"},
            "confirm_by_phone": {"type": "boolean"},
            "confirmed_at": {"type": ["string", "null"], "format": "date-time"},
        }
    )


def _tally() -> Schema:
    return object_of(_counts())


def _counts() -> Schema:
    return {field.name: {"type": "integer"} for field in fields(Tally)}


def _availability() -> Schema:
    counts = _counts()
    text = {"type": "string"}
    return object_of(
        {
            "as_of": {"type": "string", "format": "date-time"},
            "total": ref("Tally"),
            "boroughs": {"type": "array", "items": object_of({"code": text, "name": text} | counts)},
            "services": {"type": "array", "items": object_of({"id": text, "name": text} | counts)},
        }
    )


def _problem_fields() -> Schema:
    text = {"type": "string"}
    error = object_of({"field": text, "message": text, "allowed": {"type": "array", "items": text}})
    return {
        "type": text,
        "title": text,
        "status": {"type": "integer"},
        "detail": text,
        "errors": {"type": "array", "items": error},
    }
