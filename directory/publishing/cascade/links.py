"""Links that acknowledge one receipt without signing in, and open nothing else.

The token is 128 random bits. It is handed to whoever sends it and kept nowhere: the database has its hash. A link lives
for four weeks, which messaging/kinds.py tells its reader. Until then it may be opened as often as anybody likes.
"""

import enum
import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, delete, select
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.common.errors import NotFoundError
from directory.publishing.cascade.models import EditionReceipt, ReceiptLink
from directory.publishing.cascade.receipts import acknowledge
from directory.publishing.editions.models import Edition

LINK_LIFE = timedelta(weeks=4)
FORGOTTEN_AFTER = timedelta(days=30)
"""How long a link that lapsed is kept, so that whoever opens it is told why."""
TOKEN_BYTES = 16


class LinkState(enum.StrEnum):
    """What becomes of somebody who opens a link."""

    USABLE = "usable"
    ACKNOWLEDGED = "acknowledged"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A link that somebody opens: the edition's number and the London date whose catalogue it holds, and nothing of
    the person. Of an unknown link nothing is told (number 0).
    """

    state: LinkState
    number: int = 0
    as_of: date | None = None


def make_link(session: Session, edition_id: int, user_id: int, now: datetime) -> str:
    """Make a link to somebody's receipt, which exists, and return its token; the caller begins to write and commits."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = ReceiptLink(token_hash=_hash(token), edition_id=edition_id, user_id=user_id, expires_at=now + LINK_LIFE)
    session.add(link)
    session.flush()
    return token


def open_link(session: Session, token: str, now: datetime) -> OpenLink:
    """What this token is for; one statement, and nothing changes."""
    return _find(session, token, now)[0]


def acknowledge_with(session: Session, token: str, now: datetime) -> OpenLink:
    """Acknowledge the receipt that the token is for, where it still can be; doing so again changes nothing.

    Returns the link as it is now. The caller begins to write, and commits.
    """
    found, receipt = _find(session, token, now)
    if found.state is not LinkState.USABLE:
        return found
    try:
        acknowledge(session, *receipt, now)
    except NotFoundError:  # forgotten in this very moment
        return OpenLink(LinkState.UNKNOWN)
    return OpenLink(LinkState.ACKNOWLEDGED, found.number, found.as_of)


def forget_links(session: Session, now: datetime) -> int:
    """Delete the links that lapsed long ago, and return how many; the caller commits."""
    statement = delete(ReceiptLink).where(ReceiptLink.expires_at < now - FORGOTTEN_AFTER)
    return len(session.execute(statement.returning(ReceiptLink.token_hash)).all())


def _find(session: Session, token: str, now: datetime) -> tuple[OpenLink, tuple[int, int]]:
    """The link, and whose receipt of which edition it is for."""
    same_receipt = and_(
        EditionReceipt.edition_id == ReceiptLink.edition_id, EditionReceipt.user_id == ReceiptLink.user_id
    )
    query = (
        select(
            ReceiptLink.edition_id,
            ReceiptLink.user_id,
            ReceiptLink.expires_at,
            EditionReceipt.acknowledged_at,
            User.active,
            Edition.number,
            Edition.as_of,
        )
        .join(EditionReceipt, same_receipt)
        .join(User, User.id == ReceiptLink.user_id)
        .join(Edition, Edition.id == ReceiptLink.edition_id)
        .where(ReceiptLink.token_hash == _hash(token))
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return OpenLink(LinkState.UNKNOWN), (0, 0)
    state = LinkState.USABLE
    if row.acknowledged_at is not None:
        state = LinkState.ACKNOWLEDGED
    elif row.expires_at <= now or not row.active:
        # Whoever has left acknowledges nothing any more.
        state = LinkState.EXPIRED
    return OpenLink(state, row.number, row.as_of), (row.edition_id, row.user_id)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
