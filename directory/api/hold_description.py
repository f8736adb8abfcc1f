"""The part of the API's description that is about holds."""

from directory.accounts.permissions import Scope
from directory.api.schemas import Schema, json_answer, object_of, problem, problems, ref, words
from directory.capacity.holds.queries import HoldState

LONGEST_KEY = 200
LONGEST_ID = 80
_SCOPE = f"Needs a token with the scope `{Scope.HOLDS.value}`."
_ONE: Schema = {
    "name": "hold_id",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "pattern": "^[a-z0-9]{1,16}$"},
}
_KEY: Schema = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Any text of your own, a new one for each new hold. The same key again is the same hold.",
    "schema": {"type": "string", "pattern": f"^[!-~]{{1,{LONGEST_KEY}}}$"},
}


def _make() -> Schema:
    return {
        "operationId": "hold",
        "summary": "Hold a unit for a short time",
        "description": f"{_SCOPE} A hold names its service and never its unit. It ends by itself at `expires_at`.",
        "parameters": [_KEY],
        "requestBody": {"required": True, "content": {"application/json": {"schema": ref("HoldWish")}}},
        "responses": {
            "200": json_answer("The hold that this key has made before, whatever it is now", "Hold"),
            "201": json_answer("The unit is held", "Hold"),
            "409": problem(
                "Somebody was faster, or it was closed: with the next best; or too many holds (then without any)",
                "SpaceGone",
            ),
        }
        | problems(400, 401, 403, 404, 413, 422, 429),
    }


def _answering(operation: str, summary: str, answer: Schema, *statuses: int) -> Schema:
    return {
        "operationId": operation,
        "summary": summary,
        "description": _SCOPE,
        "responses": answer | problems(401, 403, *statuses, 429),
    }


HOLD_PATHS: Schema = {
    "/api/v1/holds": {
        "get": _answering("holds", "Your live holds", {"200": json_answer("The first to end stands first", "Holds")}),
        "post": _make(),
    },
    "/api/v1/holds/{hold_id}": {
        "parameters": [_ONE],
        "get": _answering("readHold", "One of your holds", {"200": json_answer("As it is now", "Hold")}, 404),
        "delete": _answering(
            "release",
            "Release a hold; one that is over already is no error",
            {"204": {"description": "Not held"}},
            404,
            409,
        ),
    },
    "/api/v1/holds/{hold_id}/extend": {
        "parameters": [_ONE],
        "post": _answering("extend", "Extend a hold, once", {"200": json_answer("It ends later", "Hold")}, 404, 409),
    },
}


def hold_schemas(problem_fields: Schema) -> Schema:
    """The schemas that these paths speak of; the one of a lost race is that of an error with something added."""
    text, instant = {"type": "string"}, {"type": "string", "format": "date-time"}
    hold = {
        "id": text,
        "service": object_of({"id": text, "name": text}),
        "held_at": instant,
        "expires_at": instant,
        "extended": {"type": "boolean"},
        "for_referral": {"type": "boolean"},
        "state": words(HoldState),
    }
    wish: Schema = {
        "type": "object",
        "properties": {
            "unit_id": {"type": "string", "minLength": 1, "maxLength": LONGEST_ID},
            "search": {
                "oneOf": [ref("Question"), {"type": "null"}],
                "description": "What was searched for: if the unit has gone, the next best answer it. Kept nowhere",
            },
        },
        "required": ["unit_id"],
        "additionalProperties": False,
    }
    return {
        "Hold": object_of(hold),
        "Holds": object_of({"holds": {"type": "array", "items": ref("Hold")}}),
        "HoldWish": wish,
        "SpaceGone": object_of(problem_fields | {"next_best": {"type": "array", "items": ref("Match"), "maxItems": 3}}),
    }
