"""Whether anybody waits at a service: what keeps it from being withdrawn."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.referrals.models import Referral, ReferralStep
from directory.referrals.vocabulary import StepState


def open_referrals(session: Session, service_ids: Collection[str]) -> int:
    """How many referrals that have not ended ask one of these services, or were accepted there.

    What a plan would ask later does not count: that step is skipped when its service has gone.
    """
    query = (
        select(func.count(func.distinct(Referral.id)))
        .join(ReferralStep, ReferralStep.referral_id == Referral.id)
        .where(
            ReferralStep.service_id.in_(service_ids),
            ReferralStep.state.in_((StepState.WAITING, StepState.ACCEPTED)),
            Referral.ended_at.is_(None),
        )
    )
    return session.scalar(query) or 0
