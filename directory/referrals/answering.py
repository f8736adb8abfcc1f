"""What the service that was asked does with a referral: see it, say yes or no, and say whether she arrived."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.audit.events import Event
from directory.capacity.availability import Moment
from directory.capacity.holds.models import HoldOutcome
from directory.capacity.holds.service import keep_until
from directory.capacity.models import UnitState
from directory.capacity.updates import write_state
from directory.catalogue.models import Service
from directory.catalogue.vocabulary import ServiceKind
from directory.common.actor import SYSTEM, Actor
from directory.common.errors import NotAllowedError, RefusedError
from directory.messaging.kinds import MessageKind
from directory.referrals import notices
from directory.referrals.keystore import Keystore
from directory.referrals.lifecycle import MoveRefusedError, move
from directory.referrals.models import Referral, ReferralStep
from directory.referrals.routing import NobodyToAskError, ask_next, asked_step, over, planned_steps
from directory.referrals.stored import conclude, note, open_for
from directory.referrals.turns import ARRIVAL_GRACE, REFERRER_DECIDES_WITHIN, REFUGE_ARRIVAL, SERVICE_ARRIVAL
from directory.referrals.vocabulary import DeclinedBy, DeclineReason, Party, ReferralState, StepState


def see_referral(session: Session, keystore: Keystore, reference: str, actor: Actor, now: datetime) -> None:
    """The service says that it has seen the referral and returns to it later. Its deadline stays.

    Raises NotFoundError, MoveRefusedError.
    """
    referral = _for_provider(session, keystore, reference, actor, now)
    if referral.state is ReferralState.SEEN:
        return
    step = _asked(referral)
    move(referral, ReferralState.SEEN, Party.PROVIDER, now, position=step.position, due_at=referral.due_at)
    step.seen_at = now
    note(session, Event.REFERRAL_SEEN, actor, referral, step, now)


def accept_referral(session: Session, keystore: Keystore, reference: str, actor: Actor, now: datetime) -> None:
    """The service takes her. The unit stays held until she has arrived, or should have.

    Raises NotFoundError, MoveRefusedError.
    """
    referral = _for_provider(session, keystore, reference, actor, now)
    if referral.state is ReferralState.ACCEPTED:
        return
    step = _asked(referral)
    is_refuge = session.scalar(select(Service.kind).where(Service.id == step.service_id)) is ServiceKind.REFUGE
    due_at = now + (REFUGE_ARRIVAL if is_refuge else SERVICE_ARRIVAL)
    move(referral, ReferralState.ACCEPTED, Party.PROVIDER, now, position=step.position, due_at=due_at)
    step.state, step.answered_at, step.seen_at = StepState.ACCEPTED, now, step.seen_at or now
    if step.hold_id is not None and not keep_until(session, step.hold_id, due_at + ARRIVAL_GRACE, now):
        raise RefusedError("The space is not held any more: somebody has changed it. Phone the referrer.")
    for planned in planned_steps(referral):
        over(session, planned, StepState.ENDED, HoldOutcome.RELEASED, now, actor.reference)
    note(session, Event.REFERRAL_ACCEPTED, actor, referral, step, now)
    notices.tell_referrer(session, MessageKind.REFERRAL_ANSWERED, referral, step, now)


def decline_referral(
    session: Session,
    keystore: Keystore,
    reference: str,
    actor: Actor,
    declined_by: DeclinedBy,
    reason: DeclineReason,
    moment: Moment,
) -> None:
    """The service, or the survivor herself, says no. The unit is released in the same transaction; where the referrer
    asked for it, the next service of the plan is asked in it too.

    Raises NotFoundError, MoveRefusedError.
    """
    now = moment.now
    referral = _for_provider(session, keystore, reference, actor, now)
    step = _asked(referral)
    due_at = now + REFERRER_DECIDES_WITHIN
    move(referral, ReferralState.DECLINED, Party.PROVIDER, now, position=step.position, due_at=due_at)
    over(session, step, StepState.DECLINED, HoldOutcome.RELEASED, now, actor.reference)
    step.answered_at, step.declined_by, step.decline_reason = now, declined_by, reason
    step.seen_at = step.seen_at or now
    details = {"by": declined_by.value, "reason": reason.value}
    note(session, Event.REFERRAL_DECLINED, actor, referral, step, now, **details)
    session.flush()
    if not move_on(session, referral, moment):
        notices.tell_referrer(session, MessageKind.REFERRAL_ANSWERED, referral, step, now)


def record_arrival(
    session: Session, keystore: Keystore, reference: str, actor: Actor, now: datetime, *, arrived: bool
) -> None:
    """Whether she arrived: with that the referral has its outcome. The unit is occupied from now on, or open again.

    Both the service and the referrer may say it. Raises NotFoundError, MoveRefusedError.
    """
    referral, party = open_for(session, keystore, reference, actor, now)
    state = ReferralState.ARRIVED if arrived else ReferralState.DID_NOT_ARRIVE
    if referral.state is state:
        return
    step = asked_step(referral)
    unit_id = step.unit_id if step is not None and step.hold_id is not None else None
    conclude(session, keystore, referral, state, party, actor, now)
    if arrived and unit_id is not None:
        write_state(session, unit_id, UnitState.OCCUPIED, now, confirmed=party is Party.PROVIDER)


def move_on(session: Session, referral: Referral, moment: Moment) -> bool:
    """Ask the next service by itself, where the referrer asked for that and consent covers it; whether it was asked."""
    if not referral.moves_on or not planned_steps(referral):
        return False
    try:
        with session.begin_nested():
            step = ask_next(session, referral, Party.SYSTEM, SYSTEM, moment)
    except NobodyToAskError:
        session.refresh(referral, ["steps", "moves"])
        return False
    notices.tell_referrer(session, MessageKind.REFERRAL_MOVED_ON, referral, step, moment.now)
    return True


def _for_provider(session: Session, keystore: Keystore, reference: str, actor: Actor, now: datetime) -> Referral:
    referral, party = open_for(session, keystore, reference, actor, now)
    if party is not Party.PROVIDER:
        raise NotAllowedError("Only the service that was asked can do that.")
    return referral


def _asked(referral: Referral) -> ReferralStep:
    step = asked_step(referral)
    if step is None:
        raise MoveRefusedError(referral.state)
    return step
