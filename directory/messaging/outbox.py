"""Putting messages into the outbox, in the transaction of what they tell about: both are kept, or neither is."""

import re
import secrets
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from directory.messaging.kinds import MAXIMUM_REFERENCE, SMS_LENGTH, MessageKind, longest_sms
from directory.messaging.models import Channel, MessageState, OutboxMessage

MAXIMUM_PATH, MAXIMUM_ADDRESS, MAXIMUM_DEDUPE_KEY = 200, 254, 120
# A page of ours: no other host, and no query string, which could hold a need and ends up in logs (firewall, rule 9).
_PATH = re.compile(r"(/[A-Za-z0-9_-]+)+")
_REFERENCE = re.compile(rf"[A-Za-z0-9][A-Za-z0-9-]{{0,{MAXIMUM_REFERENCE - 1}}}")
# Nothing that could end a header or name a second recipient, but whatever accounts and listings accept as an address.
# Whether anybody reads there is for the mail server to say.
_ADDRESSES = {
    Channel.EMAIL: re.compile(r"[^@\s,;<>()\"\\\x00-\x1f\x7f]+@[^@\s,;<>()\"\\\x00-\x1f\x7f]+"),
    Channel.SMS: re.compile(r"[+(]?[0-9][0-9 ().-]{5,30}"),
}


def enqueue(
    session: Session,
    kind: MessageKind,
    channel: Channel,
    address: str,
    reference: str,
    path: str,
    now: datetime,
    dedupe_key: str = "",
    not_before: datetime | None = None,
) -> str | None:
    """Put a message into the outbox; the caller commits. Returns its id.

    `address` is that of a colleague's account or of a service's listing, never a victim's. `path` is the page of ours
    that the link leads to. A message with a `dedupe_key` that was enqueued before is not enqueued again: None. It is
    sent as soon as may be, but `not_before` that instant.
    Raises ValueError when an argument is none of ours; that is a programming error, not somebody's mistake.
    """
    _check(kind, channel, address, reference, path, dedupe_key)
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = (
        insert(OutboxMessage)
        .values(
            id=secrets.token_hex(16),
            kind=kind.value,
            channel=channel,
            address=address,
            reference=reference,
            path=path,
            dedupe_key=dedupe_key,
            state=MessageState.WAITING,
            made_at=now,
            next_attempt_at=max(now, not_before or now),
            attempts=0,
            last_error="",
        )
        .on_conflict_do_nothing()
        .returning(OutboxMessage.id)
    )
    return session.execute(statement).scalar_one_or_none()


def enqueued(session: Session, dedupe_keys: Collection[str]) -> set[str]:
    """Those of the keys under which there is a message already."""
    query = select(OutboxMessage.dedupe_key).where(OutboxMessage.dedupe_key.in_(sorted(dedupe_keys)))
    return set(session.scalars(query)) if dedupe_keys else set()


def can_be_sent_to(channel: Channel, address: str) -> bool:
    """Whether `enqueue` takes this address; what a listing holds may be older than that rule."""
    return bool(_ADDRESSES[channel].fullmatch(address)) and len(address) <= MAXIMUM_ADDRESS


def forget_messages(session: Session, reference: str) -> int:
    """Delete every message about `reference`, sent or not, and return how many there were; the caller commits.

    For what has itself been forgotten (firewall, rule 10): a link to it would lead nowhere.
    """
    deleted = session.execute(
        delete(OutboxMessage).where(OutboxMessage.reference == reference).returning(OutboxMessage.id)
    )
    return len(deleted.all())


def _check(kind: MessageKind, channel: Channel, address: str, reference: str, path: str, dedupe_key: str) -> None:
    if not _REFERENCE.fullmatch(reference):
        raise ValueError("A message's reference has letters, digits and hyphens only.")
    if not _PATH.fullmatch(path) or len(path) > MAXIMUM_PATH:
        raise ValueError("A message links to a page of ours: a path without a query string.")
    if not can_be_sent_to(channel, address):
        raise ValueError(f"That is no address for {channel.value}.")
    if len(dedupe_key) > MAXIMUM_DEDUPE_KEY:
        raise ValueError(f"A dedupe key has {MAXIMUM_DEDUPE_KEY} characters or fewer.")
    if channel is Channel.SMS and longest_sms(kind, reference, path) > SMS_LENGTH:
        raise ValueError("That link is too long for a text message.")
