"""Which services leave referrals unanswered: for the commissioner who phones them. About services alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from directory.catalogue.models import Organisation, Service
from directory.referrals.models import ReferralStep
from directory.referrals.vocabulary import FEWEST, StepState

UNANSWERED_SINCE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A service that left referrals unanswered: whom to phone, and for how long the oldest has been overdue.

    `count` is None where there were fewer than five.
    """

    service_id: str
    service_name: str
    organisation_name: str
    phone: str
    longest_overdue_hours: int
    count: int | None


def unanswered_now(session: Session, now: datetime) -> list[Unanswered]:
    """The services that let a referral's deadline pass in the last seven days, the longest overdue first.

    No reference and no content: it is about the service alone.
    """
    ran_out = or_(
        ReferralStep.state == StepState.EXPIRED,
        and_(ReferralStep.state == StepState.WAITING, ReferralStep.deadline <= now),
    )
    oldest, count = func.min(ReferralStep.deadline), func.count()
    rows = session.execute(
        select(
            Service.id,
            Service.name,
            Organisation.name,
            case((Service.professional_phone != "", Service.professional_phone), else_=Service.phone),
            oldest,
            count,
        )
        .join(Service, Service.id == ReferralStep.service_id)
        .join(Organisation, Organisation.id == Service.organisation_id)
        .where(ran_out, ReferralStep.deadline > now - UNANSWERED_SINCE)
        .group_by(Service.id, Organisation.name)
        .order_by(oldest, Service.id)
    )
    return [
        Unanswered(service_id, name, organisation, phone, _hours(now - deadline), many if many >= FEWEST else None)
        for service_id, name, organisation, phone, deadline, many in rows
    ]


def _hours(passed: timedelta) -> int:
    """Whole hours, rounded up."""
    return -(-passed // timedelta(hours=1))
