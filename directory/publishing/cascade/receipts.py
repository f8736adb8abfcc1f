"""Receipts of editions: who has seen one and who has acknowledged it.

What one colleague did with an edition is nobody's business but theirs and the audit trail's: others read counts
(dashboard.py).
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from directory.audit.events import Event
from directory.audit.log import record
from directory.common.errors import NotFoundError
from directory.publishing.cascade.models import EditionReceipt


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """Somebody's own receipt of an edition. What is acknowledged has been seen."""

    edition_id: int
    user_id: int
    sent_at: datetime
    seen_at: datetime | None
    acknowledged_at: datetime | None


def receipt_of(session: Session, edition_id: int, user_id: int) -> ReceiptFacts | None:
    """The receipt of this person for this edition; None where it was not sent to them."""
    query = select(
        EditionReceipt.edition_id,
        EditionReceipt.user_id,
        EditionReceipt.sent_at,
        EditionReceipt.seen_at,
        EditionReceipt.acknowledged_at,
    ).where(EditionReceipt.edition_id == edition_id, EditionReceipt.user_id == user_id)
    row = session.execute(query).one_or_none()
    return ReceiptFacts(*row) if row is not None else None


def mark_seen(session: Session, edition_id: int, user_id: int, now: datetime) -> bool:
    """Note that this person has opened the edition; True for the first time, False where there is nothing to note.

    The caller begins to write, and commits. Ask `receipt_of` first: most readers have no receipt, or an older mark.
    """
    statement = (
        update(EditionReceipt)
        .where(
            EditionReceipt.edition_id == edition_id,
            EditionReceipt.user_id == user_id,
            EditionReceipt.seen_at.is_(None),
        )
        .values(seen_at=now)
        .returning(EditionReceipt.user_id)
        .execution_options(synchronize_session=False)
    )
    return session.execute(statement).scalar_one_or_none() is not None


def acknowledge(session: Session, edition_id: int, user_id: int, now: datetime) -> bool:
    """Note that this person has received the edition; True for the first time, after that False and nothing changes.

    The caller begins to write, and commits. Raises NotFoundError where the edition was not sent to them.
    """
    statement = (
        update(EditionReceipt)
        .where(
            EditionReceipt.edition_id == edition_id,
            EditionReceipt.user_id == user_id,
            EditionReceipt.acknowledged_at.is_(None),
        )
        .values(acknowledged_at=now, seen_at=func.coalesce(EditionReceipt.seen_at, now))
        .returning(EditionReceipt.user_id)
        .execution_options(synchronize_session=False)
    )
    if session.execute(statement).scalar_one_or_none() is not None:
        record(session, Event.EDITION_ACKNOWLEDGED, f"user-{user_id}", now, edition=edition_id)
        return True
    if receipt_of(session, edition_id, user_id) is None:
        raise NotFoundError("This edition was not sent to you.")
    return False
