"""Links that open some services' own units once, without signing in. Whoever reads the database cannot make one.

The token is 128 random bits. It is handed to whoever sends it and kept nowhere: the database has its hash. A link lives
for a day and a half, so that a reminder of Friday morning can be answered on Saturday evening; is used up by one
confirmation; and ends with whatever changes whose it is.
"""

import enum
import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.orm import Session

from directory.audit.events import Event
from directory.audit.log import record
from directory.common.actor import SYSTEM, Actor
from directory.upkeep.keepers import may_keep
from directory.upkeep.models import UpdateLink, update_link_services

LINK_LIFE = timedelta(hours=36)
FORGOTTEN_AFTER = timedelta(days=30)
"""How long a link that lapsed is kept, so that whoever opens it is told why nothing opens."""
TOKEN_BYTES = 16


class LinkState(enum.StrEnum):
    """What becomes of somebody who opens a link."""

    USABLE = "usable"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A link that somebody opens. An unknown one has the number 0 and no services."""

    id: int
    service_ids: tuple[str, ...]
    state: LinkState

    @property
    def reference(self) -> str:
        """How it is named as the one who confirmed something."""
        return f"link-{self.id}"


_UNKNOWN = OpenLink(0, (), LinkState.UNKNOWN)


def make_link(session: Session, service_ids: Collection[str], now: datetime) -> str:
    """Make a link to these services (at least one), and return its token; the caller begins to write, and commits."""
    if not service_ids:
        raise ValueError("A link opens at least one service.")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = UpdateLink(token_hash=_hash(token), made_at=now, expires_at=now + LINK_LIFE)
    session.add(link)
    session.flush()
    wanted = sorted(set(service_ids))
    session.execute(insert(update_link_services), [{"link_id": link.id, "service_id": one} for one in wanted])
    record(session, Event.UPDATE_LINK_SENT, SYSTEM.reference, now, link=f"link-{link.id}", services=wanted)
    return token


def open_link(session: Session, token: str, now: datetime) -> OpenLink:
    """What this token opens; one statement. A token that was never made is as unknown as one that cannot be read."""
    rows = session.execute(
        select(UpdateLink, update_link_services.c.service_id)
        .outerjoin(update_link_services, update_link_services.c.link_id == UpdateLink.id)
        .where(UpdateLink.token_hash == _hash(token))
        .execution_options(populate_existing=True)
    ).all()
    if not rows:
        return _UNKNOWN
    link: UpdateLink = rows[0][0]
    return OpenLink(link.id, tuple(sorted(row[1] for row in rows if row[1])), _state(link, now))


def use_link(session: Session, link_id: int, now: datetime) -> bool:
    """Use the link up, if it still can be used: of any number who try at once, one may. The caller commits."""
    if not _set(session, UpdateLink.used_at, now, UpdateLink.id == link_id, *usable(now)):
        return False
    record(session, Event.UPDATE_LINK_USED, SYSTEM.reference, now, link=f"link-{link_id}")
    return True


def revoke_links(session: Session, service_id: str, actor: Actor, now: datetime) -> int:
    """The same as `end_links`, for somebody who asks for it.

    Raises NotFoundError; NotAllowedError for anybody but commissioners and the organisation's own staff.
    """
    may_keep(session, service_id, actor)
    return end_links(session, service_id, actor, now)


def end_links(session: Session, service_id: str, actor: Actor, now: datetime) -> int:
    """Let no link that opens this service open anything any more, and return how many could; the caller commits."""
    of_service = select(update_link_services.c.link_id).where(update_link_services.c.service_id == service_id)
    ended = _set(session, UpdateLink.revoked_at, now, UpdateLink.id.in_(of_service), *usable(now))
    if ended:
        record(session, Event.UPDATE_LINKS_REVOKED, actor.reference, now, service=service_id, links=ended)
    return ended


def forget_links(session: Session, now: datetime) -> int:
    """Delete the links that lapsed long ago, and return how many; the caller commits. Their numbers are not reused."""
    statement = delete(UpdateLink).where(UpdateLink.expires_at < now - FORGOTTEN_AFTER).returning(UpdateLink.id)
    return len(session.execute(statement).all())


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def usable(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """The conditions under which a link opens something."""
    return UpdateLink.used_at.is_(None), UpdateLink.revoked_at.is_(None), UpdateLink.expires_at > now


def _set(session: Session, column: Any, now: datetime, *which: ColumnElement[bool]) -> int:
    statement = update(UpdateLink).where(*which).values({column: now}).returning(UpdateLink.id)
    return len(session.execute(statement, execution_options={"synchronize_session": False}).all())


def _state(link: UpdateLink, now: datetime) -> LinkState:
    if link.used_at is not None:
        return LinkState.USED
    if link.revoked_at is not None:
        return LinkState.REVOKED
    return LinkState.USABLE if link.expires_at > now else LinkState.EXPIRED
