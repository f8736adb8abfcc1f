"""Forgetting referrals: 28 days after one has ended it becomes counts, and its rows are deleted (firewall, rule 10)."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from directory.audit.events import Event
from directory.audit.log import record
from directory.messaging.outbox import forget_messages
from directory.referrals.contact_keys import forget_contact
from directory.referrals.counters import add_counts
from directory.referrals.keystore import Keystore
from directory.referrals.models import Referral
from directory.referrals.statistics import contributions

KEPT = timedelta(days=28)


def to_forget(session: Session, now: datetime) -> list[str]:
    """The references of the referrals that have to be forgotten by `now`."""
    query = select(Referral.reference).where(Referral.ended_at <= now - KEPT)
    return list(session.scalars(query.order_by(Referral.id)))


def forget(session: Session, keystore: Keystore, referral: Referral, now: datetime) -> None:
    """Turn one referral (with its steps and moves loaded) into counts, and delete all of it; the caller commits.

    Messages about it go too: their links would lead nowhere. The audit trail keeps its reference.
    """
    add_counts(session, contributions(referral))
    forget_contact(session, keystore, referral, now)
    reference = referral.reference
    forget_messages(session, reference)
    session.flush()
    session.execute(delete(Referral).where(Referral.id == referral.id))
    session.expunge(referral)
    record(session, Event.REFERRAL_FORGOTTEN, "system", now, referral=reference)
