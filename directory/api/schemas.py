"""Small pieces that the API's description is put together from."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

Schema = dict[str, Any]

_STATUSES = {
    400: "The body could not be read",
    401: "No token, or one that does not count",
    403: "The token or its holder's role does not allow it",
    404: "There is no such thing, or it is somebody else's",
    409: "A rule stands against it: `detail` says which",
    413: "The body is too large",
    422: "A field is wrong",
    429: "Too many requests",
}


def json_answer(text: str, schema: str) -> Schema:
    """A response that holds an object of `schema`, described by `text`."""
    return {"description": text, "content": {"application/json": {"schema": ref(schema)}}}


def problems(*statuses: int) -> Schema:
    """The responses of these statuses, each with the one error body."""
    return {str(status): problem(_STATUSES[status]) for status in statuses}


def problem(text: str, schema: str = "Problem") -> Schema:
    """A response with an error body, described by `text`."""
    return {"description": text, "content": {"application/problem+json": {"schema": ref(schema)}}}


def ref(name: str) -> Schema:
    """A reference to a schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def object_of(properties: Schema) -> Schema:
    """An object that has all of `properties`, and no others."""
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def words(vocabulary: Iterable[StrEnum], *, nullable: bool = False) -> Schema:
    """One word of a vocabulary."""
    members: list[str | None] = [member.value for member in vocabulary]
    return {"enum": [*members, None] if nullable else members}
