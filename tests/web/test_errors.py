"""Error pages: each says what to do, and none of them can itself fail."""

import json
from collections.abc import Callable

import pytest
from flask import Flask, abort
from jinja2 import TemplateError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from directory.accounts.models import User
from directory.common.access import Access, declare
from directory.common.errors import InvalidInputError, NotAllowedError, NotFoundError, RefusedError
from directory.web import rendering
from directory.web.access import public
from directory.web.errors import PAGES
from tests.support.html import Page
from tests.support.pages import PageClient

SignIn = Callable[..., User]


def _raise_at(app: Flask, path: str, error: Exception) -> None:
    @public
    def view() -> str:
        raise error

    app.add_url_rule(path, path, view, methods=["GET", "POST"])


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 406, 409, 410, 413, 415, 418, 422, 429, 500, 501, 503])
def test_every_status_has_a_page(app: Flask, client: PageClient, status: int) -> None:
    _raise_at(app, "/raises", _http(status))

    response = client.get("/raises")

    assert response.status_code == status
    page = Page(response.text)
    assert page.h1
    assert page.all("a", class_="govuk-exit-this-page__button")
    assert "999" in page.text


def _http(status: int) -> HTTPException:
    try:
        abort(status)
    except HTTPException as error:
        return error


def test_each_page_has_a_heading_of_its_own() -> None:
    assert len({page.heading for page in PAGES.values()}) == len(PAGES)


def test_the_wrong_method_is_a_page_that_names_the_right_ones(client: PageClient) -> None:
    response = client.post("/accessibility")

    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
    assert "That page cannot be used that way" in response.text


def test_an_unknown_page_offers_a_signed_in_person_the_navigation(client: PageClient, sign_in: SignIn) -> None:
    sign_in("officer")

    page = client.page("/no-such-page", status=404)

    assert page.h1 == "Page not found"
    assert page.link("Guidance") == "/guidance"


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (NotFoundError("There is no such thing."), 404, "Page not found"),
        (NotAllowedError("Ask Nell first."), 403, "Ask Nell first."),
        (RefusedError("The rule of two forbids it."), 409, "The rule of two forbids it."),
        (InvalidInputError([]), 422, "Something you sent cannot be used"),
    ],
)
def test_what_the_domain_refuses_is_a_page(
    app: Flask, client: PageClient, error: Exception, status: int, said: str
) -> None:
    _raise_at(app, "/raises", error)

    response = client.get("/raises")

    assert response.status_code == status
    assert said in response.text


def test_an_unexpected_error_is_a_page_with_a_number_and_no_detail(app: Flask, client: PageClient) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    _raise_at(app, "/raises", RuntimeError("secretword"))

    response = client.get("/raises")

    assert response.status_code == 500
    assert "secretword" not in response.text
    assert response.headers["X-Request-Id"] in response.text
    assert Page(response.text).all("a", class_="govuk-exit-this-page__button")


def test_when_even_the_error_page_cannot_be_made_there_is_the_last_one(
    app: Flask, client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def breaks(*_args: object, **_kwargs: object) -> str:
        raise TemplateError("no template")

    monkeypatch.setattr(rendering, "render_template", breaks)

    for path, method in (("/no-such-page", "GET"), ("/accessibility", "POST"), ("/", "GET")):
        response = client.open(path, method=method)
        assert response.status_code == 500
        assert "Something went wrong" in response.text


def test_a_database_that_is_away_still_lets_error_pages_through(
    app: Flask, client: PageClient, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in("officer")
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def away(*_args: object) -> None:
        raise OperationalError("SELECT secretword", {}, Exception())

    monkeypatch.setattr("directory.web.session.get_user", away)

    for path in ("/no-such-page", "/guidance", "/"):
        response = client.get(path)
        assert response.status_code == 503
        assert "secretword" not in response.text


def test_what_breaks_after_a_view_is_the_same_page_and_logged_without_its_message(
    app: Flask, client: PageClient, capsys: pytest.CaptureFixture[str]
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.testing = False

    def breaks(_response: object) -> None:
        raise RuntimeError("secretword")

    app.after_request_funcs.setdefault(None, []).insert(0, breaks)  # type: ignore[arg-type]
    response = client.get("/health/live")

    assert response.status_code == 500
    assert "secretword" not in response.text + capsys.readouterr().err


def test_errors_on_the_api_have_the_api_s_body(app: Flask, client: PageClient) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def broken() -> str:
        raise RuntimeError("secretword")

    app.add_url_rule("/api/broken", "api-broken", declare(broken, Access("public")))

    for path, status in (("/api/no-such-thing", 404), ("/api/broken", 500)):
        response = client.get(path)
        assert response.status_code == status
        assert response.mimetype == "application/problem+json"
        assert json.loads(response.text)["status"] == status
