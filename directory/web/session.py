"""Being signed in: what the session cookie holds, and when it stops counting.

The cookie is signed and names the account and its session key; changing that key (in `accounts`) ends every session.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from flask import Flask, Response, current_app, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import UserMixin, current_user, login_user, logout_user

from directory.accounts.permissions import Permission, Role, may
from directory.accounts.service import end_sessions, get_user
from directory.config import Settings
from directory.extensions import csrf, current_session, login_manager

IDLE = timedelta(minutes=60)
ABSOLUTE = timedelta(hours=12)
# The cookie is written anew at most this often, so that most pages need not send one.
_SEEN_PRECISION = timedelta(minutes=1)


class Account(Protocol):
    """What this module reads of an account."""

    id: int
    name: str
    role: Role
    organisation_id: str | None
    area: str
    session_key: str


@dataclass(frozen=True, eq=False)
class Person(UserMixin):  # type: ignore[misc]
    """Somebody who is signed in, as pages know them."""

    id: int
    name: str
    role: Role
    organisation_id: str | None
    area: str
    session_key: str

    def get_id(self) -> str:
        """What the session cookie says about them."""
        return f"{self.id}.{self.session_key}"

    def may(self, permission: Permission) -> bool:
        """Whether their role has `permission`."""
        return may(self.role, permission)


class PageSessions(SecureCookieSessionInterface):
    """Flask's session in a signed cookie, except that files which are the same for everybody know nothing of it.

    They would otherwise say that they vary with the cookie, and browsers would fetch them again whenever it changes.
    """

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the cookie where it has changed."""
        if not response.cache_control.public:
            super().save_session(app, session, response)


def init_sign_in(app: Flask, settings: Settings) -> None:
    """Give `app` its session cookie and its way to find out who is signed in."""
    app.config.update(
        # The `__Host-` prefix makes browsers insist on TLS, on this host alone and on the whole site.
        SESSION_COOKIE_NAME="__Host-directory" if settings.is_production else "directory",
        SESSION_COOKIE_SECURE=settings.is_production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
    )
    app.session_interface = PageSessions()
    # Phones change their address as they move; signing in again each time would only teach people to stay signed in.
    login_manager.session_protection = None
    login_manager.init_app(app)
    login_manager.user_loader(_load_person)


def init_csrf(app: Flask) -> None:
    """Require a token of the session with everything that is posted."""
    app.config.update(
        WTF_CSRF_TIME_LIMIT=int(ABSOLUTE.total_seconds()),
        # That check needs the Referer header, which our own Referrer-Policy keeps browsers from sending.
        WTF_CSRF_SSL_STRICT=False,
    )
    csrf.init_app(app)


def begin(account: Account, now: datetime) -> None:
    """Start a session for `account`; whatever the cookie held before is gone."""
    session.clear()
    session["began"] = session["seen"] = int(now.timestamp())
    login_user(_person(account))


def end() -> None:
    """End every session of who is signed in; the caller commits."""
    account = get_user(current_session(), current_user.id, current_user.session_key)
    if account is not None:
        end_sessions(account)
    logout_user()
    session.clear()


def _person(account: Account) -> Person:
    return Person(account.id, account.name, account.role, account.organisation_id, account.area, account.session_key)


def _load_person(claim: str) -> Person | None:
    clock: Callable[[], datetime] = current_app.extensions["clock"]
    number, _, session_key = claim.partition(".")
    if not number.isdigit() or not _still_counts(clock()):
        session.clear()
        return None
    account = get_user(current_session(), int(number), session_key)
    if account is None:
        session.clear()
        return None
    return _person(account)


def _still_counts(now: datetime) -> bool:
    """Whether the session is neither too old nor idle for too long; notes that it was used."""
    try:
        began = datetime.fromtimestamp(session["began"], UTC)
        seen = datetime.fromtimestamp(session["seen"], UTC)
    except (KeyError, TypeError, ValueError, OverflowError):
        return False
    if now - began >= ABSOLUTE or now - seen >= IDLE:
        return False
    if now - seen >= _SEEN_PRECISION:
        session["seen"] = int(now.timestamp())
    return True
