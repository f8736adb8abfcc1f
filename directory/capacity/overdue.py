"""How often a service was asked in vain to confirm what is said of it."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from directory.common.changes import watch
from directory.common.orm import Base, Slug, UtcDateTime, choice

RANKED_LAST_FROM = 3
"""From this many reminders without an answer on, a service is ranked last, and says so."""


class DueSubject(enum.StrEnum):
    """What has to be confirmed: the state of a service's units (daily), or its listing (each review cycle)."""

    UNITS = "units"
    LISTING = "listing"


class UnansweredReminders(Base):
    """The reminders since a service's last confirmation. There is a row only while something is overdue."""

    __tablename__ = "unanswered_reminders"
    __table_args__ = (CheckConstraint("count BETWEEN 1 AND 3", name="count"),)

    service_id: Mapped[str] = mapped_column(Slug(), ForeignKey("services.id", ondelete="CASCADE"), primary_key=True)
    subject: Mapped[DueSubject] = mapped_column(choice(DueSubject, "subject"), primary_key=True)
    count: Mapped[int] = mapped_column(SmallInteger, comment="1: contact, 2: second contact, 3: commissioner too")
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_on: Mapped[date] = mapped_column(Date, comment="London date of the last reminder")


# Searches rank a service last by it.
watch("unanswered_reminders")
