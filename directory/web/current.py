"""What a page may ask about the request being served: the time, the settings and who is signed in."""

from collections.abc import Callable
from datetime import datetime

from flask import current_app, g, request
from flask_login import current_user

from directory.capacity.availability import Moment
from directory.capacity.holds.making import HoldTerms
from directory.common.actor import Actor
from directory.config import Settings
from directory.referrals.service import Keystore
from directory.web.logging import truncated_address
from directory.web.session import Person


def settings() -> Settings:
    """The settings of this application."""
    given: Settings = current_app.extensions["settings"]
    return given


def now() -> datetime:
    """The instant of this request: the same one however often it is asked for."""
    if "now" not in g:
        clock: Callable[[], datetime] = current_app.extensions["clock"]
        g.now = clock()
    instant: datetime = g.now
    return instant


def moment() -> Moment:
    """The instant of this request, with how long confirmations count."""
    return Moment(now(), settings().confirm_within, settings().stale_after)


def hold_terms() -> HoldTerms:
    """How long a hold lasts here, and how many a person may have."""
    return HoldTerms(settings().hold, settings().holds_per_person)


def actor() -> Actor:
    """Who acts in this request, as the domain wants to know it.

    Raises RuntimeError where nobody is signed in, which `@requires` keeps from happening.
    """
    somebody = person()
    if somebody is None:
        raise RuntimeError("Nobody is signed in: say with @requires who may do this.")
    return Actor(somebody.id, somebody.role.value, somebody.organisation_id)


def user_id() -> int:
    """The account that acts in this request. Raises RuntimeError as `actor` does."""
    found = actor().user_id
    if found is None:
        raise RuntimeError("Only people have accounts.")
    return found


def keystore() -> Keystore:
    """Where the keys of safe contacts are."""
    given: Keystore = current_app.extensions["keystore"]
    return given


def network() -> str:
    """Where the request comes from, with the last part of the address cut off."""
    return truncated_address(request.remote_addr)


def person() -> Person | None:
    """Who is signed in; None when nobody is."""
    found = current_user._get_current_object()
    return found if isinstance(found, Person) else None
