"""What an administrator does to the outbox: have what was given up tried again."""

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from directory.common.errors import NotFoundError, RefusedError
from directory.messaging.models import MessageState, OutboxMessage


def requeue(session: Session, message_id: str, now: datetime) -> None:
    """Let a message that was given up be sent with the next delivery, with all its attempts anew; the caller commits.

    Raises NotFoundError when there is no such message, RefusedError when it has not been given up (any more).
    """
    if _requeue(session, now, OutboxMessage.id == message_id):
        return
    if session.get(OutboxMessage, message_id) is None:
        raise NotFoundError("There is no such message.")
    raise RefusedError("That message is being tried again already, or has been sent.")


def requeue_all(session: Session, now: datetime) -> int:
    """Do so with every message that was given up, and return how many there were; the caller commits."""
    return _requeue(session, now)


def _requeue(session: Session, now: datetime, *which: Any) -> int:
    changed = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.state == MessageState.DEAD, *which)
        .values(state=MessageState.WAITING, attempts=0, next_attempt_at=now)
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    )
    return len(changed.all())
