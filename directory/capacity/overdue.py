"""How often a service was asked in vain to confirm what is said of it: counting, reading, and beginning anew."""

import enum
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType

from sqlalchemy import CheckConstraint, Date, ForeignKey, SmallInteger, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from directory.capacity.availability import Moment, offerable
from directory.capacity.models import Unit
from directory.common.changes import LIVE_FACTS, watch
from directory.common.clock import london_date
from directory.common.orm import Base, Slug, UtcDateTime, choice

LISTING_REVIEW = timedelta(days=90)
"""How long the confirmation of a listing counts. A service's review covers its organisation's entry too."""
RANKED_LAST_FROM = 3
"""From this many reminders without an answer on, a service is ranked last, and says so."""
_DAY = timedelta(days=1)


class DueSubject(enum.StrEnum):
    """What has to be confirmed: the state of a service's units (daily), or its listing (each review cycle)."""

    UNITS = "units"
    LISTING = "listing"


ASKED_EVERY = MappingProxyType({DueSubject.UNITS: _DAY, DueSubject.LISTING: timedelta(days=7)})
"""How far apart two reminders of the same are: a space is out of date tomorrow, a listing is not."""


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


@dataclass(frozen=True, slots=True)
class Unanswered:
    """The reminders of one subject that a service has not answered. `last_on` is a London date."""

    service_id: str
    subject: DueSubject
    count: int
    first_at: datetime
    last_on: date

    def may_be_asked_again(self, today: date) -> bool:
        """Whether the last reminder is long enough ago for the next one."""
        return self.last_on <= today - ASKED_EVERY[self.subject]


@dataclass(frozen=True, slots=True)
class Counted:
    """A reminder that was counted: how many there are now, and what there was before it (None: it is the first)."""

    count: int
    before: Unanswered | None


def read_unanswered(
    session: Session, service_ids: Collection[str] | None = None, *, lock: bool = False
) -> dict[tuple[str, DueSubject], Unanswered]:
    """The unanswered reminders of these services, or of all; one statement."""
    query = select(UnansweredReminders)
    if service_ids is not None:
        query = query.where(UnansweredReminders.service_id.in_(service_ids))
    if lock:
        query = query.order_by(UnansweredReminders.service_id, UnansweredReminders.subject).with_for_update()
    rows = session.scalars(query.execution_options(populate_existing=True))
    return {
        (row.service_id, row.subject): Unanswered(row.service_id, row.subject, row.count, row.first_at, row.last_on)
        for row in rows
    }


def count_reminder(session: Session, service_id: str, subject: DueSubject, now: datetime) -> Counted | None:
    """Count one more reminder, at most RANKED_LAST_FROM; the caller begins to write, and commits.

    None where the last one is so short a time ago (ASKED_EVERY) that this is none: of two who count at once, one does.
    """
    today = london_date(now)
    before = read_unanswered(session, [service_id], lock=True).get((service_id, subject))
    if before is not None and not before.may_be_asked_again(today):
        return None
    count = min(before.count + 1, RANKED_LAST_FROM) if before else 1
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(UnansweredReminders).values(
        service_id=service_id, subject=subject, count=count, first_at=now, last_on=today
    )
    upsert = statement.on_conflict_do_update(
        index_elements=[UnansweredReminders.service_id, UnansweredReminders.subject],
        set_={"count": count, "last_on": today},
        where=UnansweredReminders.last_on <= today - ASKED_EVERY[subject],
    ).returning(UnansweredReminders.count)
    # Searches keep who has been asked three times, and nothing else of this: only that makes them read it anew.
    crosses = count == RANKED_LAST_FROM and (before is None or before.count < count)
    written = session.execute(upsert, execution_options={} if crosses else LIVE_FACTS).scalar_one_or_none()
    return None if written is None else Counted(count, before)


def reset_reminders(session: Session, subject: DueSubject, service_ids: Collection[str]) -> int:
    """Count from the beginning: these services have confirmed `subject`. Returns how many of them had been asked."""
    found = {
        service_id: one.count
        for (service_id, about), one in (read_unanswered(session, service_ids) if service_ids else {}).items()
        if about is subject
    }
    if not found:
        return 0
    options = {} if RANKED_LAST_FROM in found.values() else LIVE_FACTS
    statement = delete(UnansweredReminders).where(
        UnansweredReminders.subject == subject, UnansweredReminders.service_id.in_(sorted(found))
    )
    session.execute(statement, execution_options={**options, "synchronize_session": False})
    return len(found)


def reset_where_units_are_confirmed(session: Session, service_ids: Collection[str], now: datetime) -> int:
    """Count from the beginning for those of the services whose units have all been confirmed within the last day.

    Reminders of units are a day apart, so this is what answers one. Units that may not be offered are not asked about.
    """
    asked = {key[0] for key in read_unanswered(session, service_ids) if key[1] is DueSubject.UNITS}
    if not asked:
        return 0
    overdue = session.scalars(
        select(Unit.service_id)
        .where(
            Unit.service_id.in_(sorted(asked)),
            Unit.removed_at.is_(None),
            offerable(Moment(now, _DAY, _DAY)),
            or_(Unit.confirmed_at.is_(None), Unit.confirmed_at < now - _DAY),
        )
        .distinct()
    )
    return reset_reminders(session, DueSubject.UNITS, asked - set(overdue))
