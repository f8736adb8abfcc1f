"""Error pages. Each says what happened and what to do; none of them can itself fail."""

import string
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from flask import Flask, Response, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import BadRequest, HTTPException, InternalServerError, ServiceUnavailable
from werkzeug.wrappers import Response as AnyResponse

from directory.common.errors import DomainError, InvalidInputError, NotAllowedError, NotFoundError, RefusedError
from directory.config import Settings
from directory.extensions import is_away
from directory.paths import TEMPLATES
from directory.web.assets import asset_url
from directory.web.logging import log_failure, request_id
from directory.web.rendering import SERVICE_NAME, render

API_PREFIX = "/api/"
ApiProblem = Callable[[Exception], AnyResponse]
_HEADERS_TO_KEEP = frozenset({"Allow", "Retry-After"})


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """A heading and a few sentences; `sign_in` adds a link to the sign-in page."""

    template: ClassVar[str] = "errors/error.html"

    heading: str
    sentences: tuple[str, ...]
    sign_in: bool = False


_BACK = "Go back to the page before, and try again."

PAGES: dict[int, ErrorPage] = {
    400: ErrorPage("That request could not be read", (_BACK,)),
    401: ErrorPage("You are not signed in", ("Sign in to see this page.",), sign_in=True),
    403: ErrorPage(
        "You may not open this page",
        ("Your account’s role does not include it. If you need it for your work, ask your commissioner.",),
    ),
    404: ErrorPage(
        "Page not found",
        (
            "If you typed the address, check that it is right.",
            "If you followed a link, the listing may have been withdrawn, or a link to search results may have "
            "expired: search again.",
        ),
    ),
    405: ErrorPage("That page cannot be used that way", ("Open it from a link or a button of this directory.",)),
    409: ErrorPage(
        "Somebody else was faster", ("What you wanted to change has changed meanwhile.", "Look at it again.")
    ),
    413: ErrorPage("What you sent is too big", ("Make it shorter, and send it again.",)),
    422: ErrorPage("Something you sent cannot be used", (_BACK,)),
    429: ErrorPage("Too many attempts", ("Wait a few minutes, and try again.",)),
    503: ErrorPage("The directory is not available", ("Try again in a few minutes.",)),
}
EXPIRED = ErrorPage(
    "This page was open for too long",
    ("Nothing was sent or changed.", "Go back, load the page again, and send it once more."),
)
_DOMAIN_STATUS: tuple[tuple[type[DomainError], int], ...] = (
    (NotFoundError, 404),
    (NotAllowedError, 403),
    (InvalidInputError, 422),
    (RefusedError, 409),
)


class ErrorAnswers:
    """Answers errors: with a page, and on the API's addresses with `api_problem`.

    What is needed when all else fails is made ready at the start.
    """

    def __init__(self, app: Flask, settings: Settings, api_problem: ApiProblem) -> None:
        self._app = app
        self._api_problem = api_problem
        with app.test_request_context():
            self._last_resort = _last_resort(settings)

    def http_error(self, error: HTTPException) -> AnyResponse:
        """An error that Flask, a library or a view raised on purpose."""
        if isinstance(error, InternalServerError) and isinstance(error.original_exception, Exception):
            return self.failure(error.original_exception)
        if error.response is not None or error.code is None or error.code < 400:
            return error.get_response()  # a redirect, or a response that somebody made
        page = EXPIRED if isinstance(error, CSRFError) else page_for(error.code)
        response = self._answer(error, page, error.code)
        for name, value in error.get_headers():
            if name in _HEADERS_TO_KEEP:
                response.headers[name] = value
        return response

    def domain_error(self, error: DomainError) -> AnyResponse:
        """Something that the domain refuses, and that the view did not show beside a field."""
        status = next((code for kind, code in _DOMAIN_STATUS if isinstance(error, kind)), 400)
        page = page_for(status)
        tells = isinstance(error, RefusedError | NotAllowedError)
        return self._answer(error, ErrorPage(page.heading, (str(error),)) if tells else page, status)

    def failure(self, error: Exception) -> AnyResponse:
        """An error that nobody expected."""
        if type(error).__module__ == "gunicorn.http.errors":
            # The server reads a body while we do, and finds only then that it is no HTTP.
            return self._answer(BadRequest(), page_for(400), 400)
        if isinstance(error, OperationalError) and is_away(error):
            return self._unavailable(error)
        propagate = self._app.config["PROPAGATE_EXCEPTIONS"]
        if self._app.testing if propagate is None else propagate:
            raise error  # as Flask itself would: a test wants to see it
        log_failure(error)
        if _is_api():
            return self._api_problem(InternalServerError(original_exception=error))
        return Response(self._last_resort.replace("REQUEST-ID", request_id()), 500, mimetype="text/html")

    def _unavailable(self, error: OperationalError) -> AnyResponse:
        """The database is busy or away: nothing was changed, and it is worth trying again."""
        log_failure(error)
        if _is_api():
            return self._api_problem(ServiceUnavailable())
        try:
            return render(page_for(503), 503)
        except OperationalError:
            # Who is signed in stands in the database too.
            return Response(self._last_resort.replace("REQUEST-ID", request_id()), 503, mimetype="text/html")

    def _answer(self, error: HTTPException | DomainError, page: ErrorPage, status: int) -> AnyResponse:
        try:
            return self._api_problem(error) if _is_api() else render(page, status)
        except Exception as failure:
            return self.failure(failure)


def init_errors(app: Flask, settings: Settings, api_problem: ApiProblem) -> None:
    """Answer every error of `app`; `api_problem` makes the API's one error body."""
    answers = ErrorAnswers(app, settings, api_problem)
    app.register_error_handler(HTTPException, answers.http_error)
    app.register_error_handler(DomainError, answers.domain_error)
    app.register_error_handler(Exception, answers.failure)


def page_for(status: int) -> ErrorPage:
    """The page of `status`, or of its class where it has none of its own."""
    return PAGES.get(status) or PAGES[503 if status >= 500 else 400]


def _is_api() -> bool:
    return request.path.startswith(API_PREFIX)


def _last_resort(settings: Settings) -> str:
    """The page of status 500, without Jinja, database or session: only the number of the request is filled in."""
    text = (TEMPLATES / "errors" / "500.html").read_text(encoding="utf-8")
    return string.Template(text).substitute(
        service_name=SERVICE_NAME,
        style_url=asset_url("app.css"),
        icon_url=asset_url("favicon.svg"),
        exit_url=settings.exit_url.replace("&", "&amp;").replace('"', "&quot;"),
    )
