"""The one error body of the API: `application/problem+json` (RFC 9457) with a list of the fields that are wrong."""

from http import HTTPStatus
from typing import Any

from flask import Response, json
from werkzeug.exceptions import HTTPException

from directory.common.errors import DomainError, FieldProblem, NotFoundError, RefusedError

_DETAILS = {
    400: "The request could not be read. Send a JSON object in UTF-8.",
    401: "Send a bearer token in the Authorization header. An administrator can issue one.",
    403: "This token may not be used for that.",
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    413: "The request is too large.",
    422: "One or more fields are wrong.",
    429: "Too many requests. Wait before you try again.",
    500: "Something went wrong on our side. Nothing was changed.",
    503: "The directory is busy. Nothing was changed; try again in a few seconds.",
}


class ApiError(Exception):
    """Ends a request with a problem; `headers` go out with it, and `members` beside those that each problem has."""

    def __init__(
        self,
        status: int,
        detail: str | None = None,
        problems: list[FieldProblem] | None = None,
        headers: dict[str, str] | None = None,
        members: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(detail or _DETAILS.get(status, ""))
        self.status, self.detail, self.problems, self.headers = status, detail, problems or [], headers or {}
        self.members = members or {}


def problem_response(error: Exception) -> Response:
    """Any error as a response; what is not an API or HTTP error is a 500 that says nothing about its cause."""
    if isinstance(error, ApiError):
        return _response(error.status, error.detail, error.problems, error.headers, error.members)
    if isinstance(error, HTTPException):
        status = error.code or 500
        allow = error.get_response().headers.get("Allow") if status == 405 else None
        return _response(status, None, [], {"Allow": allow} if allow else {})
    if isinstance(error, NotFoundError | RefusedError):
        return _response(404 if isinstance(error, NotFoundError) else 409, str(error), [], {})
    if isinstance(error, DomainError):
        # A question itself is checked before: what is left is that the directory is not ready, such as without places.
        return _response(503, str(error), [], {})
    return _response(500, None, [], {})


def _response(
    status: int,
    detail: str | None,
    problems: list[FieldProblem],
    headers: dict[str, str],
    members: dict[str, Any] | None = None,
) -> Response:
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail or _DETAILS.get(status, HTTPStatus(status).phrase),
        "errors": [
            {"field": problem.field, "message": problem.message, "allowed": list(problem.allowed)}
            for problem in problems
        ],
        **(members or {}),
    }
    response = Response(json.dumps(body), status, mimetype="application/problem+json")
    response.headers.extend(headers)
    response.headers["Cache-Control"] = "no-store"
    return response
