"""Who is told what: messages to colleagues with a reference and a link, put into the outbox. Never to a victim."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts.colleagues import organisations_with_staff, provider_addresses, read_colleague
from directory.catalogue.models import Organisation, Service
from directory.messaging.kinds import MessageKind
from directory.messaging.models import Channel
from directory.messaging.outbox import enqueue
from directory.referrals.models import Referral, ReferralStep


@dataclass(frozen=True, slots=True)
class _Side:
    """Whom a message is for, and under which page its link leads to the referral."""

    word: str
    page: str


_TO_SERVICE, _TO_REFERRER = _Side("service", "/provider/referrals"), _Side("referrer", "/referrals")


def service_addresses(session: Session, service_id: str) -> list[str]:
    """Where a service reads its referrals: its own address for them, else its staff's accounts."""
    row = session.execute(select(Service.referral_email, Service.organisation_id).where(Service.id == service_id)).one()
    return [row.referral_email] if row.referral_email else provider_addresses(session, row.organisation_id)


def reachable(session: Session, service_ids: Collection[str]) -> frozenset[str]:
    """Those of the services at which somebody reads referrals: only they can be asked."""
    query = select(Service.id, Service.organisation_id, Service.referral_email).where(Service.id.in_(service_ids))
    rows = session.execute(query).all()
    staffed = organisations_with_staff(session, {row.organisation_id for row in rows if not row.referral_email})
    return frozenset(row.id for row in rows if row.referral_email or row.organisation_id in staffed)


def second_addresses(session: Session, service_id: str) -> list[str]:
    """Who is told when a service does not answer: its organisation, else the staff that has accounts."""
    row = session.execute(
        select(Organisation.email, Service.organisation_id)
        .join(Organisation, Organisation.id == Service.organisation_id)
        .where(Service.id == service_id)
    ).one()
    first = service_addresses(session, service_id)
    others = [row.email] if row.email else provider_addresses(session, row.organisation_id)
    # Where there is no other address, telling the first one again is better than telling nobody.
    return [address for address in others if address not in first] or first


def tell_service(session: Session, kind: MessageKind, referral: Referral, step: ReferralStep, now: datetime) -> None:
    """Tell the service that a step asks."""
    _tell(session, kind, service_addresses(session, step.service_id), referral, step, now, _TO_SERVICE)


def tell_second_contact(session: Session, referral: Referral, step: ReferralStep, now: datetime) -> None:
    """Tell the second contact of a service that it has not answered in time."""
    addresses = second_addresses(session, step.service_id)
    _tell(session, MessageKind.REFERRAL_UNANSWERED_SECOND, addresses, referral, step, now, _TO_SERVICE)


def tell_referrer(session: Session, kind: MessageKind, referral: Referral, step: ReferralStep, now: datetime) -> None:
    """Tell who made the referral."""
    author = read_colleague(session, referral.author_id)
    _tell(session, kind, [author.email] if author.active else [], referral, step, now, _TO_REFERRER)


def _tell(
    session: Session,
    kind: MessageKind,
    addresses: list[str],
    referral: Referral,
    step: ReferralStep,
    now: datetime,
    side: _Side,
) -> None:
    for number, address in enumerate(addresses, start=1):
        enqueue(
            session,
            kind,
            Channel.EMAIL,
            address,
            referral.reference,
            f"{side.page}/{referral.reference}",
            now,
            # One of each kind for each step and side, however often what leads to it is done.
            dedupe_key=f"{kind.value}-{referral.reference}-{step.position}-{side.word}-{number}",
        )
