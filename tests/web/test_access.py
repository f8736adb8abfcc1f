"""Who may open which page, and where signing in leads."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.common.access import Access, declare, declared
from directory.web.access import UndeclaredAccessError, check_declarations, safe_next
from tests import factories
from tests.support.pages import PageClient

SignIn = Callable[..., User]

PUBLIC = ("/", "/sign-in", "/accessibility", "/privacy", "/health/live")
EVERYBODY = {"officer", "advocate", "provider", "commissioner", "auditor", "administrator"}
# path: the roles that may open it
PAGES = {
    "/guidance": EVERYBODY,
    "/help/terms": EVERYBODY,
    "/search": {"officer", "advocate", "provider", "commissioner"},
    "/services/a-refuge": EVERYBODY,
    "/services/a-refuge/units/a-unit": {"officer", "advocate", "provider", "commissioner"},
    "/organisations/an-organisation": EVERYBODY,
    "/manage/guidance": {"commissioner"},
    "/manage/guidance/a-text": {"commissioner"},
}


@pytest.fixture
def listed(session: Session) -> None:
    """What the pages above are about."""
    owner = factories.organisation(session, id="an-organisation")
    refuge = factories.service(session, owner, id="a-refuge")
    factories.unit(session, refuge, id="a-unit")
    factories.guidance(session, key="a-text")


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_need_no_account(client: PageClient, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_all_other_pages_lead_to_sign_in_and_back(client: PageClient, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 303
    assert response.location == f"/sign-in?next={path}"


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_each_role_opens_its_own_pages_and_no_others(
    client: PageClient, sign_in: SignIn, listed: None, role: str
) -> None:
    sign_in(role)

    statuses = {path: client.get(path).status_code for path in PAGES}

    assert statuses == {path: 200 if role in roles else 403 for path, roles in PAGES.items()}


def test_what_somebody_posts_when_signed_out_leads_to_sign_in_without_a_way_back(client: PageClient) -> None:
    response = client.post("/manage/guidance/safe-to-share", data={"title": "x"})

    assert (response.status_code, response.location) == (303, "/sign-in")


def test_an_application_with_an_undeclared_route_does_not_start(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "hello")

    with pytest.raises(UndeclaredAccessError, match=r"/forgotten .* does not say who may use it"):
        check_declarations(app)


def test_a_route_added_after_the_start_is_closed(app: Flask, client: PageClient) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "hello")

    assert client.get("/forgotten").status_code == 403


def test_a_declaration_is_read_back() -> None:
    view = declare(lambda: "hello", Access("token", "search"))

    assert declared(view) == Access("token", "search")
    assert declared(lambda: "hello") is None


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/\tevil",
        "/\n/evil.example",
        "javascript:alert(1)",
        "http:/guidance",
        "guidance",
        "",
        None,
        "/no-such-page",
        "/sign-out",
        "/%2f/evil.example/",
        "/guidance\\..",
        "/guidance?" + "x" * 2000,
    ],
)
def test_signing_in_never_leads_away_or_to_nowhere(app: Flask, address: str | None) -> None:
    with app.test_request_context():
        assert safe_next(address) is None


@pytest.mark.parametrize("address", ["/guidance", "/services/x", "/help/terms#needs", "/search?page=2"])
def test_signing_in_leads_to_pages_of_ours(app: Flask, address: str) -> None:
    with app.test_request_context():
        assert safe_next(address) == address
