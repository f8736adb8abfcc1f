"""Every route × every role: what is declared beside a view is what happens."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from directory.accounts.models import User
from directory.accounts.permissions import Permission, Role, Scope, may
from directory.accounts.tokens import issue_token
from directory.api.access import SCOPE_PERMISSIONS
from directory.common.access import declared
from directory.web.access import UndeclaredAccessError, check_declarations
from tests import factories
from tests.support.clock import Clock
from tests.support.pages import PageClient

# Words, with hyphens between them, and parameters; what is downloaded ends in what it is.
KEBAB = re.compile(r"(/([a-z0-9]+(-[a-z0-9]+)*|<[a-z_:]+>))+(\.(json|csv|xlsx|pdf|js))?/?|/")
# The Open Referral UK standard names these itself.
THEIR_WORDS = ("/taxonomy_terms",)
# What a parameter is asked with, by its converter: nothing that is there.
NOT_THERE = {"int": "999999", "uuid": "00000000-0000-4000-8000-000000000000", "": "not-there"}
REFUSED = 403


def routes(app: Flask) -> list[Rule]:
    """Every route of the application."""
    return list(app.url_map.iter_rules())


def ask(client: PageClient, rule: Rule, token: str = "") -> tuple[int, str]:
    """Call a route with parameters that name nothing. Returns the status, and where it sends the browser."""
    path = re.sub(r"<(?:([a-z]+):)?[^>]*>", lambda found: NOT_THERE[found[1] or ""], rule.rule)
    method = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})[0]
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    response = client.open(path, method=method, headers=headers)
    return response.status_code, response.headers.get("Location", "")


def test_every_route_has_declared_its_access(app: Flask) -> None:
    check_declarations(app)


def test_an_undeclared_route_stops_the_start(app: Flask) -> None:
    app.add_url_rule("/forgotten", view_func=lambda: "", endpoint="forgotten")

    with pytest.raises(UndeclaredAccessError, match="/forgotten"):
        check_declarations(app)


def test_addresses_are_kebab_case(app: Flask) -> None:
    addresses = {rule.rule for rule in routes(app)}
    for word in THEIR_WORDS:
        addresses = {address.replace(word, "/theirs") for address in addresses}
    assert sorted(address for address in addresses if not KEBAB.fullmatch(address)) == []


@pytest.mark.parametrize("path", ["/Sign-In", "/sign_in", "/signIn", "/sign--in", "/a b"])
def test_that_check_bites(path: str) -> None:
    assert not KEBAB.fullmatch(path)


def test_nobody_gets_only_what_is_public(app: Flask, client: PageClient) -> None:
    wrong = []
    for rule in routes(app):
        access = declared(app.view_functions[rule.endpoint])
        assert access is not None
        status, location = ask(client, rule)
        sent_to_sign_in = status == 303 and location.startswith("/sign-in")
        expected = {
            "public": not sent_to_sign_in and status not in (401, REFUSED),
            "token": status == 401,
        }.get(access.kind, sent_to_sign_in)
        if not expected:
            wrong.append(f"{rule.rule} ({access.kind}): {status} {location}")
    assert wrong == []


@pytest.mark.parametrize("role", list(Role))
def test_each_role_gets_what_its_permissions_say(
    app: Flask, client: PageClient, sign_in: Callable[..., User], role: Role
) -> None:
    # Forms are for another test: here a form token would only hide who is let through.
    sign_in(role)
    app.config["WTF_CSRF_ENABLED"] = False
    wrong = []
    for rule in routes(app):
        access = declared(app.view_functions[rule.endpoint])
        assert access is not None
        if access.kind == "token" or rule.endpoint.endswith("sign_out"):
            continue
        status, location = ask(client, rule)
        allowed = access.kind != "permission" or may(role, Permission(access.name))
        if (status == REFUSED) == allowed or location.startswith("/sign-in"):
            wrong.append(f"{rule.rule} ({access.kind} {access.name}): {status} {location}")
    assert wrong == []


@pytest.mark.parametrize("role", list(Role))
def test_a_token_opens_only_its_scope(
    app: Flask, client: PageClient, session: Session, clock: Clock, role: Role
) -> None:
    user = factories.user(session, role)
    tokens = {scope: issue_token(session, user, [scope], clock()) for scope in Scope}
    wrong = []
    for rule in routes(app):
        access = declared(app.view_functions[rule.endpoint])
        assert access is not None
        if access.kind != "token":
            continue
        for scope, token in tokens.items():
            status, _ = ask(client, rule, token)
            allowed = scope == access.name and may(role, SCOPE_PERMISSIONS[scope])
            if (status == REFUSED) == allowed or status == 401:
                wrong.append(f"{rule.rule} with a token for {scope}: {status}")
    assert wrong == []


def test_a_token_is_no_way_to_the_pages(app: Flask, client: PageClient, session: Session, clock: Clock) -> None:
    token = issue_token(session, factories.user(session, "commissioner"), list(Scope), clock())
    for rule in routes(app):
        access = declared(app.view_functions[rule.endpoint])
        if access is not None and access.kind in ("signed-in", "permission"):
            assert ask(client, rule, token)[1].startswith("/sign-in"), rule.rule
