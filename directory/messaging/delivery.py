"""Sending what waits in the outbox: claim a message, send it outside any transaction, write down how it went.

At least once, and never twice knowingly. A process that dies between sending and writing that down leaves a claim that
lapses; then the message is sent again, with the same Message-ID, by which mailboxes recognise it. Of several processes
at once each message has one.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from directory.extensions import begin_writing
from directory.messaging.kinds import WORDINGS, MessageKind, Rendered, render
from directory.messaging.models import Channel, MessageState, OutboxMessage

# How long after an attempt that failed for now the next one is made; after the last, the message is dead.
BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=60),
    timedelta(hours=4),
    timedelta(hours=12),
)
MAXIMUM_ATTEMPTS = len(BACK_OFF) + 1
# Longer than sending one message can take: a connection has about ten steps of at most 20 seconds each.
CLAIM = timedelta(minutes=10)
BATCH = 200


class DeliveryError(Exception):
    """A message could not be sent. `code` says why, in letters, digits and hyphens; it never quotes an address.

    `permanent`: trying again would not help. `stop`: what failed is not about this message, so the next one on the
    same channel would fail alike, perhaps after a long wait.
    """

    def __init__(self, code: str, *, permanent: bool = False, stop: bool = False) -> None:
        super().__init__(code)
        self.code, self.permanent, self.stop = code, permanent, stop


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as a transport gets it. `id` is the same however often it is sent."""

    id: str
    address: str
    subject: str
    text: str
    at: datetime


class Transport(Protocol):
    """What carries the messages of a channel."""

    def send(self, message: Outgoing) -> None:
        """Hand `message` over. Raises DeliveryError when it was not, or when nobody knows."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended: `sent`, `waiting` for the next one, or `dead`; `error` is empty when it was sent."""

    message_id: str
    kind: str
    channel: Channel
    state: MessageState
    error: str


# Told of each outcome in the transaction that writes it down, so that it can record it there.
Settled = Callable[[Session, Outcome, datetime], None]


@dataclass(frozen=True, slots=True)
class Incomplete:
    """A message whose link opens without signing in, and is still to be made: for whom, and what it is about."""

    kind: MessageKind
    channel: Channel
    address: str
    reference: str
    path: str


# Makes such a link, in a transaction of its own, and returns its whole path. What it returns is sent and kept nowhere.
# Raises DeliveryError where the message is not to be sent (any more).
Complete = Callable[[Incomplete, datetime], str]


@dataclass(frozen=True, slots=True)
class _Claim:
    message_id: str
    kind: str
    channel: Channel
    address: str
    reference: str
    path: str
    attempts: int


def deliver_due(
    new_session: Callable[[], Session],
    transport_for: Callable[[Channel], Transport | None],
    clock: Callable[[], datetime],
    public_url: str,
    *,
    batch: int = BATCH,
    settled: Settled | None = None,
    complete: Complete | None = None,
) -> list[Outcome]:
    """Send up to `batch` messages that are due, oldest first, and return how each attempt ended.

    Messages of a channel for which `transport_for` gives None wait. `public_url` is what links begin with; `complete`
    makes those that open without signing in.
    """
    carriers = {channel: carrier for channel in Channel if (carrier := transport_for(channel)) is not None}
    outcomes: list[Outcome] = []
    for _ in range(batch):
        if not carriers:
            break
        claim = _claim(new_session, carriers, clock())
        if claim is None:
            break
        failure = _attempt(claim, carriers[claim.channel], clock(), public_url, complete)
        outcome = _settle(new_session, claim, failure, clock(), settled)
        if outcome is not None:
            outcomes.append(outcome)
        if failure is not None and failure.stop:
            del carriers[claim.channel]
    return outcomes


def _claim(new_session: Callable[[], Session], channels: Collection[Channel], now: datetime) -> _Claim | None:
    """Take the oldest message that is due, so that nobody else takes it before the claim lapses."""
    due = (
        select(OutboxMessage)
        .where(
            OutboxMessage.state.in_((MessageState.WAITING, MessageState.SENDING)),
            OutboxMessage.next_attempt_at <= now,
            OutboxMessage.channel.in_(channels),
        )
        .order_by(OutboxMessage.next_attempt_at, OutboxMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    with new_session() as session:
        begin_writing(session)
        message = session.scalar(due)
        if message is None:
            return None
        message.state = MessageState.SENDING
        message.attempts += 1
        message.next_attempt_at = now + CLAIM
        claim = _Claim(
            message_id=message.id,
            kind=message.kind,
            channel=message.channel,
            address=message.address,
            reference=message.reference,
            path=message.path,
            attempts=message.attempts,
        )
        session.commit()
    return claim


def _attempt(
    claim: _Claim, carrier: Transport, now: datetime, public_url: str, complete: Complete | None
) -> DeliveryError | None:
    """Send one message; the reason when that did not succeed."""
    if claim.attempts > MAXIMUM_ATTEMPTS:
        # Each of its claims lapsed: whoever sent it died, perhaps because of it.
        return DeliveryError("interrupted", permanent=True)
    try:
        rendered = _rendered(claim, now, public_url, complete)
        carrier.send(Outgoing(claim.message_id, claim.address, rendered.subject, rendered.text, now))
    except DeliveryError as error:
        return error
    return None


def _rendered(claim: _Claim, now: datetime, public_url: str, complete: Complete | None) -> Rendered:
    try:
        kind = MessageKind(claim.kind)
    except ValueError:
        raise DeliveryError("unknown-kind", permanent=True) from None
    path = claim.path
    if WORDINGS[kind].opens_at_once:
        if complete is None:
            raise DeliveryError("no-link")
        path = complete(Incomplete(kind, claim.channel, claim.address, claim.reference, claim.path), now)
    return render(kind, claim.channel, claim.reference, public_url.rstrip("/") + path)


def _settle(
    new_session: Callable[[], Session],
    claim: _Claim,
    failure: DeliveryError | None,
    now: datetime,
    settled: Settled | None,
) -> Outcome | None:
    """Write down how it went; None when the claim lapsed meanwhile and the message is somebody else's."""
    state, next_attempt_at = _next(claim.attempts, failure, now)
    error = failure.code if failure is not None else ""
    changes = {
        "state": state,
        "next_attempt_at": next_attempt_at,
        "last_error": error,
        "sent_at": now if state is MessageState.SENT else None,
    }
    ours = (
        OutboxMessage.id == claim.message_id,
        OutboxMessage.state == MessageState.SENDING,
        OutboxMessage.attempts == claim.attempts,
    )
    with new_session() as session:
        begin_writing(session)
        written = session.execute(update(OutboxMessage).where(*ours).values(**changes).returning(OutboxMessage.id))
        if written.scalar_one_or_none() is None:
            return None
        outcome = Outcome(claim.message_id, claim.kind, claim.channel, state, error)
        if settled is not None:
            settled(session, outcome, now)
        session.commit()
    return outcome


def _next(attempts: int, failure: DeliveryError | None, now: datetime) -> tuple[MessageState, datetime]:
    """What becomes of a message after its attempt number `attempts`, and from when that holds."""
    if failure is None:
        return MessageState.SENT, now
    if failure.permanent or attempts >= MAXIMUM_ATTEMPTS:
        return MessageState.DEAD, now
    return MessageState.WAITING, now + BACK_OFF[attempts - 1]
