"""Putting many messages into the outbox at once: one to each of thirty thousand officers takes seconds, not minutes."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from directory.messaging.kinds import MessageKind
from directory.messaging.models import Channel, MessageState, OutboxMessage
from directory.messaging.outbox import can_be_sent_to
from directory.publishing.cascade.issued import IssuedEdition

PATH = "/e"


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to one colleague: to which address, under which key it is written once only, and when it may leave."""

    address: str
    dedupe_key: str
    not_before: datetime


def post(session: Session, kind: MessageKind, edition: IssuedEdition, letters: Sequence[Letter], now: datetime) -> None:
    """Write the letters about an edition; the caller commits. Those written before are not written again.

    A letter whose address no message can be sent to is left out: what an account holds may be older than that rule.
    """
    rows = [
        {
            "id": secrets.token_hex(16),
            "kind": kind.value,
            "channel": Channel.EMAIL,
            "address": letter.address,
            "reference": edition.reference,
            "path": PATH,
            "dedupe_key": letter.dedupe_key,
            "state": MessageState.WAITING,
            "made_at": now,
            "next_attempt_at": max(now, letter.not_before),
            "attempts": 0,
            "last_error": "",
        }
        for letter in letters
        if can_be_sent_to(Channel.EMAIL, letter.address)
    ]
    if rows:
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        session.execute(insert(OutboxMessage).on_conflict_do_nothing(), rows)
