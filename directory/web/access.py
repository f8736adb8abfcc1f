"""Who may open a page. Every route declares it with one of three decorators, below its `@blueprint.get(…)`."""

from collections.abc import Callable

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from directory.accounts.permissions import Permission
from directory.common.access import Access, View, declare, declared
from directory.common.text import unusable_characters
from directory.web import current


class UndeclaredAccessError(Exception):
    """A route does not say who may use it, so the application does not start."""


def public(view: View) -> View:
    """Anybody may open this page."""
    return declare(view, Access("public"))


def signed_in(view: View) -> View:
    """Anybody who is signed in may open this page."""
    return declare(view, Access("signed-in"))


def requires(permission: Permission) -> Callable[[View], View]:
    """Only people whose role has `permission` may open this page."""

    def mark(view: View) -> View:
        return declare(view, Access("permission", permission))

    return mark


def init_access(app: Flask) -> None:
    """Check each request against its route's declaration, before anything else looks at the request."""
    app.before_request(_check_request)


def check_declarations(app: Flask) -> None:
    """Refuse to start while a route has not declared who may use it.

    Raises UndeclaredAccessError, naming the route.
    """
    for rule in app.url_map.iter_rules():
        if declared(app.view_functions[rule.endpoint]) is None:
            raise UndeclaredAccessError(
                f"The route {rule.rule} ({rule.endpoint}) does not say who may use it: put @public, @signed_in or "
                "@requires(Permission.…) from directory.web.access under its route decorator."
            )


def _check_request() -> ResponseReturnValue | None:
    if unusable_characters(request.path):
        abort(404)  # no page has such an address, and PostgreSQL refuses to look for what is in it
    if request.endpoint is None:
        return None  # no such page, or not with this method: the error page says so
    access = declared(current_app.view_functions[request.endpoint])
    if access is None:
        abort(403)  # a route that was added after the start
    if access.kind in {"public", "token"}:
        return None  # tokens are the API's own business
    person = current.person()
    if person is None:
        # Only a page that is fetched can be returned to; what was posted is gone.
        back = request.full_path.removesuffix("?") if request.method == "GET" else None
        return redirect(url_for("sign_in.form", next=None if back == "/" else back), 303)
    if access.kind == "permission" and not person.may(Permission(access.name)):
        abort(403)
    return None


def safe_next(address: str | None) -> str | None:
    """`address` when it is a page of ours that can be fetched; None for anything else.

    Only then may somebody be sent there after signing in: an address that a stranger put into a link could otherwise
    lead to a look-alike page.
    """
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")) or len(address) > 2000:
        return None
    if any(ord(character) < 33 or character == "\\" for character in address):
        return None
    path = address.partition("?")[0].partition("#")[0]
    try:
        current_app.url_map.bind(request.host).match(path, method="GET")
    except HTTPException:
        return None
    return address
