"""Who may use the API: a bearer token with the scope of the route, held by somebody whose role allows it."""

from collections.abc import Callable
from datetime import datetime

from flask import current_app, g, request

from directory.accounts.permissions import Permission, Scope, may
from directory.accounts.tokens import find_token
from directory.api.problems import ApiError
from directory.capacity.availability import Moment
from directory.capacity.holds.making import HoldTerms
from directory.common.access import Access, View, declare, declared
from directory.common.actor import Actor
from directory.common.rate_limit import RateLimit
from directory.config import Settings
from directory.extensions import current_session

SCOPE_PERMISSIONS = {
    Scope.SEARCH: Permission.SEARCH_RUN,
    Scope.AVAILABILITY: Permission.AVAILABILITY_VIEW,
    Scope.HOLDS: Permission.HOLDS_MAKE,
    Scope.CATALOGUE: Permission.CATALOGUE_VIEW,
}
"""What a holder's role must allow for each scope that opens a route so far."""


def public(view: View) -> View:
    """Anybody may call this route."""
    return declare(view, Access("public"))


def requires_scope(scope: Scope) -> Callable[[View], View]:
    """Only a token with `scope` may call this route."""

    def mark(view: View) -> View:
        return declare(view, Access("token", scope.value))

    return mark


def moment() -> Moment:
    """The instant of this request, with how long confirmations count."""
    settings: Settings = current_app.extensions["settings"]
    return Moment(_now(), settings.confirm_within, settings.stale_after)


def hold_terms() -> HoldTerms:
    """How long a hold lasts here, and how many a person may have."""
    settings: Settings = current_app.extensions["settings"]
    return HoldTerms(settings.hold, settings.holds_per_person)


def actor() -> Actor:
    """Who acts: the person whose token this is. Raises RuntimeError on a route that asks for none."""
    found: Actor | None = g.get("token_actor")
    if found is None:
        raise RuntimeError("No token was checked: say with @requires_scope who may call this.")
    return found


def _now() -> datetime:
    if "now" not in g:
        clock: Callable[[], datetime] = current_app.extensions["clock"]
        g.now = clock()
    instant: datetime = g.now
    return instant


def check_token() -> None:
    """Check the bearer token of the request being served against its route's declaration.

    Raises ApiError: 401 without a token that counts, 403 where it has not the scope, 429 when it asks too often.
    """
    if request.endpoint is None:
        return
    access = declared(current_app.view_functions[request.endpoint])
    if access is None or access.kind != "token":
        return
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    token = find_token(current_session(), bearer.strip(), _now()) if scheme.lower() == "bearer" else None
    if token is None:
        raise ApiError(401, headers={"WWW-Authenticate": "Bearer"})
    limit: RateLimit = current_app.extensions["api_rate_limit"]
    wait = limit.seconds_to_wait(str(token.id))
    if wait:
        raise ApiError(429, headers={"Retry-After": str(wait)})
    scope = Scope(access.name)
    if scope not in token.scopes:
        raise ApiError(403, f"This token was not issued for {scope.value}.")
    if not may(token.user.role, SCOPE_PERMISSIONS[scope]):
        raise ApiError(403, "The role of the person who holds this token does not allow that.")
    # Taken down now: the account itself is gone from the session as soon as a transaction ends.
    g.token_actor = Actor(token.user.id, token.user.role.value, token.user.organisation_id)
