"""What the tests of messaging share: messages in the outbox, and a carrier that keeps what it is given."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.messaging.delivery import DeliveryError, Outcome, Outgoing, deliver_due
from directory.messaging.kinds import MessageKind
from directory.messaging.models import Channel, OutboxMessage
from directory.messaging.outbox import enqueue

PUBLIC_URL = "https://directory.example.org"
ADDRESS = "referrals@example.org"
NUMBER = "07700 900123"


@dataclass
class Carrier:
    """A transport that keeps what it is given, or fails with the next of `failures`."""

    failures: list[DeliveryError] = field(default_factory=list)
    sent: list[Outgoing] = field(default_factory=list)
    lock: Any = field(default_factory=threading.Lock)

    def send(self, message: Outgoing) -> None:
        """Keep it or fail."""
        with self.lock:
            if self.failures:
                raise self.failures.pop(0)
            self.sent.append(message)


def put(session: Session, now: datetime, **others: Any) -> str:
    """A message about referral K7M2P9QX4T by e-mail, unless `others` says otherwise. Returns its id."""
    values: dict[str, Any] = {
        "kind": MessageKind.REFERRAL_RECEIVED,
        "channel": Channel.EMAIL,
        "address": ADDRESS,
        "reference": "K7M2P9QX4T",
        "path": "/referrals/K7M2P9QX4T",
    }
    made = enqueue(session, now=now, **values | others)
    assert made is not None
    session.commit()
    return made


def deliver(
    session: Session,
    clock: Callable[[], datetime],
    carrier: Any,
    channels: Iterable[Channel] = tuple(Channel),
    **options: Any,
) -> list[Outcome]:
    """Deliver what is due in the database of `session`, with one carrier for all `channels`."""
    carriers = dict.fromkeys(channels, carrier)
    session.commit()

    def new_session() -> Session:
        return Session(session.get_bind(), expire_on_commit=False, join_transaction_mode="create_savepoint")

    outcomes = deliver_due(new_session, carriers.get, clock, PUBLIC_URL, **options)
    session.expire_all()
    return outcomes


def kept(session: Session, message_id: str) -> OutboxMessage:
    """The message as the outbox has it now."""
    return session.scalars(
        select(OutboxMessage).where(OutboxMessage.id == message_id).execution_options(populate_existing=True)
    ).one()
