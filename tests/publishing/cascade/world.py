"""What the tests of the cascade share: published editions with services in them, officers, and what they are sent."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.audit.log import flush_audit
from directory.audit.models import AuditEntry
from directory.messaging.delivery import Outcome
from directory.messaging.models import OutboxMessage
from directory.publishing.cascade.issued import IssuedEdition, issued_by_id
from directory.publishing.cascade.models import EditionReceipt
from directory.publishing.cascade.sending import completion
from directory.publishing.editions.models import Edition, EditionEntry
from directory.publishing.editions.vocabulary import EditionState, EntryKind
from tests import factories
from tests.messaging.messages import Carrier, deliver
from tests.support.clock import Clock

DAY = timedelta(days=1)
# Nine in the morning in London, on a Monday in winter.
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
Body = dict[str, Any]


def body(number: int = 1, **facts: Any) -> Body:
    """What an edition says of a service that covers all of London; by default advocacy in office hours."""
    return {
        "id": f"service-{number}",
        "organisation_id": f"organisation-{number}",
        "organisation_name": f"Organisation {number}",
        "by_and_for": False,
        "name": f"Service {number}",
        "kind": "advocacy",
        "description": "",
        "needs": ["domestic-abuse"],
        "communities": [],
        "languages": [],
        "genders": ["woman"],
        "min_age": None,
        "max_age": None,
        "accepts_nrpf": "no",
        "areas": ["london"],
        "location_disclosure": "borough",
        "postcode": None,
        "borough": None,
        "access_features": [],
        "hours": "Mo-Fr 09:00-17:00",
        "phone": "020 7946 0000",
        "website": "",
        "response_target_minutes": None,
        "verified_on": None,
        "units": None,
        "bedspaces": None,
    } | facts


def issue(session: Session, services: Iterable[Mapping[str, Any]] = (), now: datetime = MONDAY) -> IssuedEdition:
    """Publish an edition with these services, with the next number."""
    number = (session.scalar(select(func.max(Edition.number))) or 0) + 1
    prepared, signed = factories.user(session, "commissioner"), factories.user(session, "commissioner")
    made = Edition(
        state=EditionState.DRAFT,
        as_of=now.date(),
        prepared_by_id=prepared.id,
        prepared_at=now,
        content_hash="c" * 64,
    )
    session.add(made)
    session.flush()
    for one in services:
        text = json.dumps(one, sort_keys=True, ensure_ascii=False)
        session.add(EditionEntry(edition_id=made.id, kind=EntryKind.SERVICE, entry_id=one["id"], body=text))
    session.flush()
    made.state, made.slot, made.number = EditionState.PUBLISHED, None, number
    made.signed_by_id, made.signed_at, made.published_at = signed.id, now, now
    made.previous_seal, made.seal = "", f"{number:064x}"
    session.flush()
    return issued_by_id(session, made.id)


def officers(session: Session, number: int, area: str = "Central East") -> list[User]:
    """Active officers of an area."""
    return [factories.user(session, "officer", area=area) for _ in range(number)]


def sessions_on(session: Session) -> Callable[[], Session]:
    """Sessions as jobs open them, on the transaction of the test."""
    session.commit()
    return lambda: Session(session.get_bind(), expire_on_commit=False, join_transaction_mode="create_savepoint")


def send(session: Session, clock: Clock) -> tuple[list[Outcome], Carrier]:
    """Deliver what waits, with links made as the product makes them."""
    carrier = Carrier()
    return deliver(session, clock, carrier, complete=completion(sessions_on(session))), carrier


def token_in(text: str) -> str:
    """The token of the link in a message."""
    found = re.search(r"/e/([A-Za-z0-9_-]{22})\s", text)
    assert found, text
    return found[1]


def receipt(session: Session, edition: IssuedEdition, user: User) -> EditionReceipt:
    """The receipt as the database has it."""
    session.expire_all()
    return session.get_one(EditionReceipt, (edition.id, user.id))


def messages(session: Session) -> list[OutboxMessage]:
    """All messages, in the order in which they leave."""
    session.expire_all()
    return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.next_attempt_at, OutboxMessage.address)))


def audited(session: Session, event: str) -> list[tuple[str, Body]]:
    """Who did this, and its details, as the audit trail has it."""
    flush_audit(session)
    rows = session.scalars(select(AuditEntry).where(AuditEntry.event == event).order_by(AuditEntry.sequence))
    return [(row.actor, json.loads(row.details)) for row in rows]
