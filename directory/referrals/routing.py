"""Asking one service after another: the plan of a referral, its deadlines, and what becomes of each step.

A step that asks a refuge holds a unit for as long as the refuge may take to answer. A unit that went meanwhile is
replaced by one like it of the same service; where there is none, the step is skipped.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.audit.events import Event
from directory.audit.log import record
from directory.capacity.availability import Moment
from directory.capacity.holds.errors import SpaceGoneError
from directory.capacity.holds.making import hold_for_referral
from directory.capacity.holds.models import HoldOutcome
from directory.capacity.holds.service import end_for_referral, keep_for_referral
from directory.capacity.replacing import Party as People
from directory.capacity.replacing import units_in_place_of
from directory.catalogue.models import Organisation, Service
from directory.catalogue.vocabulary import ListingStatus, ServiceKind
from directory.common.actor import Actor
from directory.common.errors import NotFoundError, RefusedError
from directory.messaging.kinds import MessageKind
from directory.referrals.deadlines import half_time, response_deadline
from directory.referrals.lifecycle import move
from directory.referrals.models import Referral, ReferralStep
from directory.referrals.notices import service_addresses, tell_service
from directory.referrals.vocabulary import ChildBand, Party, ReferralState, StepState

OVER = frozenset({StepState.DECLINED, StepState.EXPIRED, StepState.SKIPPED, StepState.ENDED})


class NobodyToAskError(RefusedError):
    """No service of the plan is left that could be asked now."""

    def __init__(self) -> None:
        super().__init__("None of the chosen services can be asked any more. Search again, or phone them.")


def asked_step(referral: Referral) -> ReferralStep | None:
    """The step whose service has been asked, or has accepted; there is at most one."""
    return next((step for step in referral.steps if step.state in (StepState.WAITING, StepState.ACCEPTED)), None)


def last_asked(referral: Referral) -> ReferralStep:
    """The step that was asked last; of a referral that was never sent, the first."""
    asked = [step for step in referral.steps if step.sent_at is not None]
    return asked[-1] if asked else referral.steps[0]


def planned_steps(referral: Referral) -> list[ReferralStep]:
    """The steps that have not had their turn, in order."""
    return [step for step in referral.steps if step.state is StepState.PLANNED]


def ask_next(session: Session, referral: Referral, party: Party, actor: Actor, moment: Moment) -> ReferralStep:
    """Ask the next service of the plan that can be asked; steps before it whose unit went are skipped.

    Where she has agreed to the first service alone, no other is asked in its place. Raises NobodyToAskError where none
    is left: nothing is changed then, once the caller has rolled back.
    """
    planned = planned_steps(referral)
    for step in planned if referral.consent_covers_plan else planned[:1]:
        if _ask(session, referral, step, party, actor, moment):
            return step
        over(session, step, StepState.SKIPPED, HoldOutcome.RELEASED, moment.now, "system")
    raise NobodyToAskError


def over(
    session: Session, step: ReferralStep, state: StepState, outcome: HoldOutcome, now: datetime, actor_reference: str
) -> None:
    """End a step: its hold is ended and its link to the unit is cut, in the same transaction."""
    if step.hold_id is not None:
        end_for_referral(session, step.hold_id, outcome, now, actor_reference)
    step.state, step.hold_id, step.unit_id = state, None, None


def _ask(session: Session, referral: Referral, step: ReferralStep, party: Party, actor: Actor, moment: Moment) -> bool:
    service = _service(session, step.service_id)
    if service is None or not service_addresses(session, step.service_id):
        return False
    now = moment.now
    is_refuge = service.kind is ServiceKind.REFUGE
    deadline = response_deadline(
        now, is_refuge=is_refuge, target_minutes=service.response_target_minutes, hours=service.hours
    )
    if step.unit_id is not None:
        author = Actor(referral.author_id, actor.role)
        held = _hold(session, referral, step.unit_id, author, deadline, moment, party)
        if held is None:
            return False
        step.unit_id, step.hold_id = held
    step.state, step.sent_at, step.deadline = StepState.WAITING, now, deadline
    step.half_time = half_time(now, deadline, is_refuge=is_refuge, hours=service.hours)
    was_sent = referral.sent_at is not None
    referral.sent_at = referral.sent_at or now
    move(referral, ReferralState.SENT, party, now, position=step.position, due_at=deadline)
    event = Event.REFERRAL_MOVED_ON if was_sent else Event.REFERRAL_SENT
    record(session, event, actor.reference, now, referral=referral.reference, service=step.service_id)
    tell_service(session, MessageKind.REFERRAL_RECEIVED, referral, step, now)
    return True


def _hold(
    session: Session, referral: Referral, unit_id: str, author: Actor, until: datetime, moment: Moment, party: Party
) -> tuple[str, str] | None:
    """Hold the unit, or one in its place; the unit and the hold by their ids, or None where there is none.

    A hold that the author has made is used only where it is the author who asks: what is held by hand when a plan moves
    on by itself may be meant for somebody else.
    """
    if author.user_id is None:
        return None
    if party is Party.REFERRER:
        mine = keep_for_referral(session, unit_id, author.user_id, until, moment.now)
        if mine is not None:
            return unit_id, mine
    for one in (unit_id, *units_in_place_of(session, unit_id, people_of(referral), moment)):
        try:
            with session.begin_nested():
                return one, hold_for_referral(session, one, author, until, moment)
        except (SpaceGoneError, NotFoundError):
            continue
    return None


def people_of(referral: Referral) -> People:
    """The household of a referral, as units are matched with it."""
    bands = [ChildBand(word) for word in referral.children]
    return People(
        adults=referral.adults,
        children=len(bands),
        oldest_boy=max((band.oldest for band in bands if band.is_boy), default=None),
        access=referral.access_features,
    )


def _service(session: Session, service_id: str) -> Service | None:
    """The service, where it is published and so is its organisation; both stay so until this transaction ends.

    Else a commissioner could withdraw it at this very moment, and both would find nothing wrong.
    """
    return session.scalar(
        select(Service)
        .join(Organisation, Organisation.id == Service.organisation_id)
        .where(
            Service.id == service_id,
            Service.status == ListingStatus.PUBLISHED,
            Organisation.status == ListingStatus.PUBLISHED,
        )
        .with_for_update(read=True, of=(Service, Organisation))
    )
