"""What the administrator sees of the outbox: counts, and the messages that could not be sent."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.messaging.kinds import WORDINGS, MessageKind
from directory.messaging.models import Channel, MessageState, OutboxMessage


@dataclass(frozen=True, slots=True)
class OutboxCounts:
    """How many messages wait (`failed` of them after an attempt), and how many are given up."""

    waiting: int
    failed: int
    dead: int


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that could not be sent. `address` is masked; `error` is the last attempt's code, made at `tried_at`."""

    id: str
    kind: str
    channel: Channel
    address: str
    reference: str
    attempts: int
    error: str
    made_at: datetime
    tried_at: datetime


def count_messages(session: Session) -> OutboxCounts:
    """How the outbox stands."""
    rows = session.execute(
        select(OutboxMessage.state, OutboxMessage.last_error, func.count())
        .where(OutboxMessage.state != MessageState.SENT)
        .group_by(OutboxMessage.state, OutboxMessage.last_error)
    ).all()
    waiting = [(error, count) for state, error, count in rows if state is not MessageState.DEAD]
    return OutboxCounts(
        waiting=sum(count for _, count in waiting),
        failed=sum(count for error, count in waiting if error),
        dead=sum(count for state, _, count in rows if state is MessageState.DEAD),
    )


def dead_letters(session: Session, limit: int) -> list[DeadLetter]:
    """Up to `limit` messages that were given up, the latest first."""
    found = session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.state == MessageState.DEAD)
        .order_by(OutboxMessage.next_attempt_at.desc(), OutboxMessage.id)
        .limit(limit)
    )
    return [
        DeadLetter(
            id=message.id,
            kind=_kind(message.kind),
            channel=message.channel,
            address=masked(message.address),
            reference=message.reference,
            attempts=message.attempts,
            error=message.last_error,
            made_at=message.made_at,
            tried_at=message.next_attempt_at,
        )
        for message in found
    ]


def masked(address: str) -> str:
    """Enough of an address to recognise it by, not to write to it: `r…@example.org`, `…00`."""
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}" if at else f"…{address[-2:]}"


def _kind(word: str) -> str:
    """A kind in words: its sentence without the reference. An older version's kind is shown as it was kept."""
    if word not in list(MessageKind):
        return word
    return " ".join(WORDINGS[MessageKind(word)].sentence.format(reference="").split())
