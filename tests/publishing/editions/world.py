"""A small catalogue, two commissioners, and editions of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.accounts.permissions import Role
from directory.capacity.availability import Moment
from directory.catalogue.models import Service
from directory.common.actor import Actor
from directory.publishing.editions.checking import check, count_warnings
from directory.publishing.editions.facts import EditionFacts
from directory.publishing.editions.lifecycle import draft, publish, sign
from tests import factories


def moment_at(now: datetime) -> Moment:
    """The moment, with the times that confirmations count by default."""
    return Moment(now, timedelta(hours=24), timedelta(hours=72))


def actor_of(user: User) -> Actor:
    """Who acts when this person does."""
    return Actor(user.id, user.role.value, user.organisation_id)


@dataclass(frozen=True, slots=True)
class People:
    """Who prepares an edition, and who signs it off."""

    preparer: Actor
    signer: Actor


def people(session: Session) -> People:
    """Two commissioners."""
    return People(*(actor_of(factories.user(session, Role.COMMISSIONER)) for _ in range(2)))


def refuge(session: Session, units: int = 1, **overrides: Any) -> Service:
    """A published refuge, with units of four bedspaces each."""
    made = factories.service(session, **overrides)
    for _ in range(units):
        factories.unit(session, made)
    return made


def signed_edition(session: Session, who: People, now: datetime, **options: Any) -> EditionFacts:
    """What is published now, drafted by one and signed off by the other."""
    moment = moment_at(now)
    drafted = draft(session, who.preparer, moment, **options)
    warnings = count_warnings(check(session, drafted.id, moment))
    return sign(session, drafted.id, drafted.content_hash, warnings, who.signer, moment)


def published_edition(session: Session, who: People, now: datetime, **options: Any) -> EditionFacts:
    """The same, published and committed."""
    signed = signed_edition(session, who, now, **options)
    made = publish(session, signed.id, who.preparer, moment_at(now))
    session.commit()
    return made


@contextmanager
def without_protection(session: Session) -> Iterator[None]:
    """Let somebody with the database's own rights change what its triggers keep."""
    if session.get_bind().dialect.name == "postgresql":
        for table in ("editions", "edition_entries", "audit_entries"):
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    else:
        triggers = session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
        for name in triggers:
            session.execute(text(f'DROP TRIGGER "{name}"'))
    yield
    session.flush()
    session.expire_all()
