"""What the tests of upkeep share: a service with units and contacts, reminders, and the links that are sent."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.audit.log import flush_audit
from directory.audit.models import AuditEntry
from directory.capacity.availability import Moment
from directory.capacity.models import Unit, UnitState
from directory.capacity.overdue import DueSubject, read_unanswered
from directory.capacity.updates import UnitAnswer
from directory.catalogue.models import Service
from directory.common.actor import Actor
from directory.messaging.delivery import Outcome
from directory.messaging.models import OutboxMessage
from directory.upkeep.reminders import Reminded, remind
from directory.upkeep.sending import completion
from tests import factories
from tests.messaging.messages import Carrier, deliver
from tests.support.clock import Clock

DAY = timedelta(days=1)
CONFIRM_WITHIN, STALE_AFTER = timedelta(hours=24), timedelta(hours=72)
# Nine in the morning in London, on a Monday in winter: the hour at which those are reminded who chose none.
NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FIRST, SECOND = "first@example.org", "second@example.org"
OPEN, OCCUPIED, CLOSED = UnitState.OPEN, UnitState.OCCUPIED, UnitState.CLOSED


def moment(now: datetime) -> Moment:
    """The instant with the product's own lengths of time."""
    return Moment(now, CONFIRM_WITHIN, STALE_AFTER)


def refuge(session: Session, units: int = 1, *, confirmed_at: datetime | None = None, **overrides: Any) -> Service:
    """A service whose listing was just confirmed, with this many open units; `first@` is asked, then `second@`."""
    organisation = overrides.pop("organisation", None)
    if organisation is None:
        organisation = factories.organisation(session, email=overrides.pop("second", SECOND))
    made = factories.service(
        session,
        organisation,
        **{"referral_email": FIRST, "verified_on": (NINE - DAY).date()} | overrides,
    )
    for _ in range(units):
        factories.unit(session, made, confirmed_at=confirmed_at)
    return made


def sessions_on(session: Session) -> Callable[[], Session]:
    """Sessions as jobs open them, on the transaction of the test."""
    session.commit()
    return lambda: Session(session.get_bind(), expire_on_commit=False, join_transaction_mode="create_savepoint")


def run(session: Session, now: datetime) -> Reminded:
    """What `run-due` does about reminders at this instant."""
    done = remind(sessions_on(session), moment(now))
    session.expire_all()
    return done


def counts(session: Session) -> dict[tuple[str, str], int]:
    """The unanswered reminders, by service and subject."""
    return {(service_id, subject.value): one.count for (service_id, subject), one in read_unanswered(session).items()}


def unit_reminders(session: Session, service: Service) -> int:
    """How often the service was asked about its units in vain."""
    return counts(session).get((service.id, DueSubject.UNITS.value), 0)


def written(session: Session) -> list[tuple[str, str]]:
    """The kind and the address of every message in the outbox, in the order of their writing."""
    query = select(OutboxMessage.kind, OutboxMessage.address)
    return [tuple(row) for row in session.execute(query.order_by(OutboxMessage.made_at, OutboxMessage.address))]


def send(session: Session, clock: Clock, carrier: Carrier | None = None) -> tuple[list[Outcome], Carrier]:
    """Deliver what is due, with links."""
    carrier = carrier or Carrier()
    complete = completion(sessions_on(session), CONFIRM_WITHIN, STALE_AFTER)
    return deliver(session, clock, carrier, complete=complete), carrier


def token_in(text: str) -> str:
    """The token of the link in a message."""
    (found,) = re.findall(r"/u/([A-Za-z0-9_-]+)", text)
    return str(found)


def still(units: list[Unit]) -> dict[str, UnitAnswer]:
    """That each of these units is as it was."""
    return {unit.id: UnitAnswer(unit.state, unit.state) for unit in units}


def units_of(session: Session, service: Service) -> list[Unit]:
    """The units of a service, as they are now."""
    query = select(Unit).where(Unit.service_id == service.id).order_by(Unit.id)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def actor(user: User) -> Actor:
    """A person as the domain knows who acts."""
    return Actor(user.id, user.role.value, user.organisation_id)


def audited(session: Session) -> list[tuple[str, str, str]]:
    """Event, actor and details of every entry."""
    flush_audit(session)
    rows = session.scalars(select(AuditEntry).order_by(AuditEntry.sequence))
    return [(row.event, row.actor, row.details) for row in rows]
