"""What a page may ask about the request being served: the time, the settings and who is signed in."""

from collections.abc import Callable
from datetime import datetime

from flask import current_app, g, request
from flask_login import current_user

from directory.capacity.availability import Moment
from directory.config import Settings
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


def network() -> str:
    """Where the request comes from, with the last part of the address cut off."""
    return truncated_address(request.remote_addr)


def person() -> Person | None:
    """Who is signed in; None when nobody is."""
    found = current_user._get_current_object()
    return found if isinstance(found, Person) else None
