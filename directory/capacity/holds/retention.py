"""Forgetting holds that were over long ago. What is left of them are the counts by unit and day."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from directory.capacity.holds.models import Hold


def forget_holds(session: Session, ended_before: datetime) -> int:
    """Delete the holds that had ended at `ended_before`; returns how many. The caller commits."""
    gone = session.execute(delete(Hold).where(Hold.ended_at <= ended_before).returning(Hold.id))
    return len(gone.all())
