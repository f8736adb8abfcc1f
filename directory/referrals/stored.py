"""Finding a referral for somebody who may see it, and bringing it up to the moment before anything is done with it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from directory.audit.events import Event
from directory.audit.log import record
from directory.capacity.holds.models import HoldOutcome
from directory.catalogue.models import Service
from directory.common.actor import SYSTEM, Actor
from directory.common.errors import NotFoundError
from directory.referrals.contact_keys import forget_contact
from directory.referrals.keystore import Keystore
from directory.referrals.lifecycle import move
from directory.referrals.models import Referral, ReferralStep
from directory.referrals.routing import asked_step, last_asked, over
from directory.referrals.turns import REFERRER_DECIDES_WITHIN, moves_of_time
from directory.referrals.vocabulary import Party, ReferralState, StepState

NO_SUCH = "There is no such referral."
_EVENTS = {
    ReferralState.WITHDRAWN: Event.REFERRAL_WITHDRAWN,
    ReferralState.EXPIRED: Event.REFERRAL_EXPIRED,
    ReferralState.ARRIVED: Event.REFERRAL_ARRIVED,
    ReferralState.DID_NOT_ARRIVE: Event.REFERRAL_DID_NOT_ARRIVE,
    ReferralState.CLOSED: Event.REFERRAL_CLOSED,
}


def load(session: Session, reference: str, *, lock: bool = False) -> Referral:
    """The referral of this reference with its steps and moves; locked until the transaction ends, where asked.

    Raises NotFoundError where there is none.
    """
    query = (
        select(Referral)
        .where(Referral.reference == reference)
        .options(selectinload(Referral.steps), selectinload(Referral.moves))
        .execution_options(populate_existing=True)
    )
    referral = session.scalars(query.with_for_update(of=Referral) if lock else query).one_or_none()
    if referral is None:
        raise NotFoundError(NO_SUCH)
    return referral


def party_of(session: Session, referral: Referral, actor: Actor) -> Party:
    """What this person is to the referral: who made it, or of the staff of the service that was asked last.

    Raises NotFoundError for everybody else, in the same words as where there is no such referral.
    """
    if actor.user_id is not None and referral.author_id == actor.user_id:
        return Party.REFERRER
    step = last_asked(referral)
    if step.sent_at is not None and actor.role == "provider" and actor.organisation_id is not None:
        owner = session.scalar(select(Service.organisation_id).where(Service.id == step.service_id))
        if owner == actor.organisation_id:
            return Party.PROVIDER
    raise NotFoundError(NO_SUCH)


def open_for(
    session: Session, keystore: Keystore, reference: str, actor: Actor, now: datetime
) -> tuple[Referral, Party]:
    """The referral, locked and up to the moment, and what the actor is to it.

    Raises NotFoundError for whoever has nothing to do with it.
    """
    referral = load(session, reference, lock=True)
    party = party_of(session, referral, actor)
    settle(session, keystore, referral, now)
    return referral, party


def settle(session: Session, keystore: Keystore, referral: Referral, now: datetime) -> bool:
    """Write down what time alone has done to the referral since anybody looked; whether it was anything."""
    moves = moves_of_time(referral.state, referral.due_at, now)
    for state, at in moves:
        if state is ReferralState.EXPIRED:
            _run_out(session, referral, at, now)
        else:
            conclude(session, keystore, referral, state, Party.SYSTEM, SYSTEM, now, ended_at=at)
    return bool(moves)


def conclude(
    session: Session,
    keystore: Keystore,
    referral: Referral,
    state: ReferralState,
    party: Party,
    actor: Actor,
    now: datetime,
    *,
    ended_at: datetime | None = None,
) -> None:
    """Bring a referral to an outcome: what is held for it ends, and the safe contact is destroyed.

    `ended_at` is when it came to that, where it is written down later. Raises MoveRefusedError where it cannot come to
    that now.
    """
    step = last_asked(referral)
    had_ended = referral.ended_at is not None
    position = step.position if step.sent_at is not None else None
    move(referral, state, party, ended_at or now, position=position)
    if not had_ended:
        placed = state is ReferralState.ARRIVED
        for one in referral.steps:
            if one.state in (StepState.WAITING, StepState.ACCEPTED, StepState.PLANNED):
                outcome = HoldOutcome.PLACED if placed else HoldOutcome.RELEASED
                over(session, one, StepState.ENDED, outcome, now, actor.reference)
        forget_contact(session, keystore, referral, now)
    note(session, _EVENTS[state], actor, referral, step, now)
    session.flush()


def _run_out(session: Session, referral: Referral, due: datetime, now: datetime) -> None:
    """Nobody answered by the deadline. It counts as having happened then, whenever it is written down."""
    step = asked_step(referral)
    assert step is not None, "a referral that was sent has asked somebody"  # noqa: S101
    move(
        referral,
        ReferralState.EXPIRED,
        Party.SYSTEM,
        due,
        position=step.position,
        due_at=due + REFERRER_DECIDES_WITHIN,
    )
    over(session, step, StepState.EXPIRED, HoldOutcome.EXPIRED, now, SYSTEM.reference)
    record(session, Event.REFERRAL_EXPIRED, SYSTEM.reference, now, referral=referral.reference, service=step.service_id)
    session.flush()


def note(
    session: Session,
    event: Event,
    actor: Actor,
    referral: Referral,
    step: ReferralStep,
    now: datetime,
    **details: str,
) -> None:
    """Tell the audit trail what was done with a referral, by its reference and the service of the step."""
    record(session, event, actor.reference, now, referral=referral.reference, service=step.service_id, **details)
