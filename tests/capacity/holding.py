"""How the tests of holds hold: terms, moments, people."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.audit.log import flush_audit
from directory.audit.models import AuditEntry
from directory.capacity.availability import Moment, space_available
from directory.capacity.holds.making import HoldTerms, hold_unit
from directory.capacity.models import Unit
from directory.common.actor import Actor

HOURS_2 = timedelta(hours=2)
TERMS = HoldTerms(HOURS_2, 3)
MINUTE = timedelta(minutes=1)


def at(now: datetime) -> Moment:
    """The moment of a question, with the confirmations that installations have."""
    return Moment(now, timedelta(hours=24), timedelta(hours=72))


def actor_of(user: User) -> Actor:
    """Who acts when this person does."""
    return Actor(user.id, user.role.value, user.organisation_id)


def hold(session: Session, unit: Unit, user: User, now: datetime, key: str | None = None) -> str:
    """Hold `unit` for `user` through the product; each unit has a key of its own unless a test gives one."""
    return hold_unit(session, unit.id, actor_of(user), key or f"key of {unit.id} at {now}", at(now), TERMS)


def available(session: Session, now: datetime) -> set[str]:
    """The units with space available, by the one definition."""
    return set(session.scalars(select(Unit.id).where(space_available(at(now)))))


def audited(session: Session) -> list[tuple[str, str]]:
    """The events of the audit trail and who did them, in order, with those that wait for the commit."""
    flush_audit(session)
    rows = session.execute(select(AuditEntry.event, AuditEntry.actor).order_by(AuditEntry.sequence))
    return [(row.event, row.actor) for row in rows]
