"""What every response tells browsers and caches, the session cookie, and what is refused unread."""

import dataclasses
import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.config import Settings
from directory.factory import create_app
from tests import factories
from tests.support.clock import Clock
from tests.support.databases import BoundDatabase
from tests.support.pages import PageClient

SignIn = Callable[..., User]
EVERYWHERE = ("/", "/sign-in", "/no-such-page", "/health/live", "/guidance", "/search")


@pytest.fixture
def production(settings: Settings, connection: Connection, clock: Clock) -> PageClient:
    """A browser before an application in production."""
    app = create_app(
        dataclasses.replace(settings, environment="production"), database=BoundDatabase(connection), clock=clock
    )
    app.testing = True
    app.test_client_class = PageClient
    client = app.test_client()
    assert isinstance(client, PageClient)
    return client


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_response_has_the_headers(client: PageClient, path: str) -> None:
    headers = client.get(path).headers

    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert "Server" not in headers


def test_the_policy_allows_nothing_but_our_own_and_scripts_with_this_response_s_nonce(client: PageClient) -> None:
    response = client.get("/")
    policy = dict(part.split(" ", 1) for part in response.headers["Content-Security-Policy"].split("; "))
    nonce = re.findall(r'<script nonce="([^"]+)"', response.text)[0]

    assert policy == {
        "default-src": "'none'",
        "script-src": f"'nonce-{nonce}'",
        "style-src": "'self'",
        "img-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
    }


def test_no_two_responses_share_a_nonce(client: PageClient) -> None:
    policies = {client.get("/").headers["Content-Security-Policy"] for _ in range(5)}

    assert len(policies) == 5


def test_the_cookie_of_production_is_bound_to_this_host_and_to_tls(production: PageClient) -> None:
    response = production.get("/sign-in", base_url="https://directory.example/")

    name, _, rest = response.headers["Set-Cookie"].partition("=")
    attributes = {part.strip().lower() for part in rest.split(";")[1:]}
    assert name == "__Host-directory"
    assert attributes == {"secure", "httponly", "path=/", "samesite=lax"}
    assert "max-age=63072000" in response.headers["Strict-Transport-Security"]


def test_somebody_can_sign_in_to_production_over_tls(production: PageClient, session: Session) -> None:
    # Flask-WTF would ask for a Referer on https, which our own Referrer-Policy keeps browsers from sending.
    officer = factories.user(session, "officer")
    base = "https://directory.example/"
    token = re.findall(r'name="csrf_token" value="([^"]+)"', production.get("/sign-in", base_url=base).text)[0]

    response = production.post(
        "/sign-in",
        base_url=base,
        data={"csrf_token": token, "email": officer.email, "password": factories.PASSWORD},
    )

    assert response.status_code == 303


def test_the_cookie_of_a_demonstration_is_unreadable_for_scripts_too(client: PageClient) -> None:
    cookie = client.get("/sign-in").headers["Set-Cookie"]

    assert cookie.startswith("directory=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_form_without_its_token_is_refused_with_a_page_that_says_what_to_do(client: PageClient) -> None:
    response = client.post("/sign-in", data={"email": "a@example.org", "password": "x"})

    assert response.status_code == 400
    assert "This page was open for too long" in response.text


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_another_site_makes_a_browser_post_is_refused(client: PageClient, site: str) -> None:
    assert client.post("/sign-in", headers={"Sec-Fetch-Site": site}).status_code == 403


@pytest.mark.parametrize("path", ["/sign-in", "/no-such-page", "/guidance"])
def test_what_is_too_big_is_refused(client: PageClient, path: str) -> None:
    response = client.post(path, data={"email": "x" * 300_000})

    assert response.status_code in {413, 404, 405}
    assert client.get("/").status_code == 200


def test_too_big_a_form_gets_its_page(client: PageClient) -> None:
    response = client.post("/sign-in", data={"email": "x" * 300_000})

    assert response.status_code == 413
    assert "What you sent is too big" in response.text


def test_files_have_an_address_of_their_content_and_are_kept_for_a_year(client: PageClient) -> None:
    page = client.page("/")
    for address in (
        page.one("link", rel="stylesheet").get("href", ""),
        page.one("link", rel="icon").get("href", ""),
        page.one("link", rel="manifest").get("href", ""),
        page.one("script", type="module").get("src", ""),
    ):
        response = client.get(address)
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Set-Cookie" not in response.headers


def test_an_old_address_gets_the_new_file_and_is_not_kept(client: PageClient) -> None:
    response = client.get("/static/0000000000000000/app.css")

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["inputs", "../app.css", "app.scss", "..%2f..%2fconfig.py", "app.css.gz"])
def test_no_other_file_is_served(client: PageClient, name: str) -> None:
    assert client.get(f"/static/0000000000000000/{name}").status_code == 404


def test_the_style_sheet_travels_compressed_where_that_is_understood(client: PageClient) -> None:
    address = client.page("/").one("link", rel="stylesheet").get("href", "")

    packed = client.get(address, headers={"Accept-Encoding": "gzip, br"})
    plain = client.get(address)

    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < 20_000 < len(plain.data)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"


def test_nothing_that_belongs_to_gov_uk_alone_is_in_the_style_sheet(client: PageClient) -> None:
    css = client.get(client.page("/").one("link", rel="stylesheet").get("href", "")).text

    assert not re.search(r"GDS Transport|@font-face|crest|crown|url\(", css, re.IGNORECASE)


def test_pages_carry_no_crown(client: PageClient) -> None:
    html = client.page("/").html.lower()

    assert "govuk-logo" not in html
    assert "crest" not in html


def test_templates_do_not_see_the_request_or_the_session(app: Flask) -> None:
    with app.test_request_context("/"):
        for name in ("request", "session", "g", "config", "current_user"):
            with pytest.raises(Exception, match=name):
                app.jinja_env.from_string("{{ " + name + ".x }}").render()


@pytest.mark.parametrize(
    ("address", "status"), [("127.0.0.1", 200), ("::1", 200), ("", 200), ("192.0.2.7", 403), ("nonsense", 403)]
)
def test_a_demonstration_answers_this_machine_alone(client: PageClient, address: str, status: int) -> None:
    assert client.get("/accessibility", environ_base={"REMOTE_ADDR": address}).status_code == status


def test_a_method_that_somebody_made_up_is_not_logged(client: PageClient, capsys: pytest.CaptureFixture[str]) -> None:
    client.open("/accessibility", method="SECRETWORD")

    log = capsys.readouterr().err
    assert '"method": "OTHER"' in log
    assert "SECRETWORD" not in log
