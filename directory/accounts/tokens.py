"""Bearer tokens of programs that act for a person. A token is shown once; the database keeps only its hash."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, contains_eager

from directory.accounts.models import ApiToken, User
from directory.accounts.permissions import Scope
from directory.audit.events import Event
from directory.audit.log import record
from directory.common.actor import SYSTEM, Actor
from directory.common.errors import FieldProblem, InvalidInputError

# Lets secret scanners and people recognise a token that turns up where it should not.
PREFIX = "sd_"
LIFETIME_DAYS = 90


def account_reference(user: User) -> str:
    """How audit names an account: `user-12`."""
    return Actor(user.id, user.role).reference


def issue_token(
    session: Session,
    user: User,
    scopes: Iterable[Scope],
    now: datetime,
    lifetime_days: int = LIFETIME_DAYS,
    actor_reference: str = SYSTEM.reference,
) -> str:
    """A new token for `user`, good for `scopes` and `lifetime_days`; nothing can show it a second time.

    Raises InvalidInputError when no scope is given.
    """
    words = tuple(sorted({scope.value for scope in scopes}))
    if not words:
        raise InvalidInputError([FieldProblem("scope", "A token needs at least one scope.", tuple(Scope))])
    token = PREFIX + secrets.token_urlsafe(32)
    session.add(
        ApiToken(
            user_id=user.id,
            token_hash=_hash(token),
            scope_words=words,
            created_at=now,
            expires_at=now + timedelta(days=lifetime_days),
        )
    )
    session.flush()
    record(session, Event.TOKEN_ISSUED, actor_reference, now, account=account_reference(user), scopes=words)
    return token


def find_token(session: Session, bearer: str, now: datetime) -> ApiToken | None:
    """The token that `bearer` is, its user loaded with it; nothing when revoked, expired or its user is inactive."""
    if not bearer.startswith(PREFIX):
        return None
    return session.scalars(
        select(ApiToken)
        .join(ApiToken.user)
        .options(contains_eager(ApiToken.user))
        .where(
            ApiToken.token_hash == _hash(bearer),
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > now,
            User.active.is_(True),
        )
    ).one_or_none()


def revoke_tokens(session: Session, user: User, now: datetime, actor_reference: str = SYSTEM.reference) -> int:
    """End every token of `user` that could still be used, and return how many there were."""
    live = (ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None), ApiToken.expires_at > now)
    revoked = len(session.scalars(update(ApiToken).where(*live).values(revoked_at=now).returning(ApiToken.id)).all())
    if revoked:
        record(session, Event.TOKENS_REVOKED, actor_reference, now, account=account_reference(user))
    return revoked


def _hash(token: str) -> str:
    # A plain hash will do: unlike a password, a token has 256 random bits and cannot be guessed.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
