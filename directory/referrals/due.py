"""What time asks for: nudges, escalations, next steps, endings. `run-due` does it; nothing waits for it to be true.

Everything here may be done twice, or late, or by two at once, and comes to the same. Each referral has a transaction of
its own, so that one that goes wrong holds up no other.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from directory.audit.events import Event
from directory.capacity.availability import Moment
from directory.capacity.holds.retention import forget_holds
from directory.common.actor import SYSTEM
from directory.common.errors import NotFoundError
from directory.extensions import begin_writing
from directory.messaging.kinds import MessageKind
from directory.referrals import notices
from directory.referrals.answering import move_on
from directory.referrals.contact_keys import destroy_leftover_keys
from directory.referrals.keystore import Keystore
from directory.referrals.models import Referral, ReferralStep
from directory.referrals.retention import KEPT, forget, to_forget
from directory.referrals.routing import asked_step, last_asked
from directory.referrals.stored import conclude, load, note, settle
from directory.referrals.vocabulary import Party, ReferralState, StepState

CLOSES_AFTER = timedelta(days=7)
"""A referral with an outcome that nobody has closed closes by itself."""
_CAME_TO_SOMETHING = (ReferralState.ARRIVED, ReferralState.DID_NOT_ARRIVE, ReferralState.WITHDRAWN)


@dataclass(slots=True)
class DueReport:
    """How much was done, and the referrals with which something went wrong, with the error's type."""

    settled: int = 0
    moved_on: int = 0
    nudged: int = 0
    escalated: int = 0
    forgotten: int = 0
    keys_destroyed: int = 0
    failed: list[str] = field(default_factory=list)


def do_what_is_due(new_session: Callable[[], Session], keystore: Keystore, moment: Moment) -> DueReport:
    """Do all that is due at the moment, each referral in a transaction of its own."""
    report = DueReport()
    with new_session() as session:
        references = list(session.scalars(_due(moment.now)))
    for reference in references:
        _each(new_session, reference, report, lambda session, one: _bring_up(session, keystore, one, moment, report))
    with new_session() as session:
        old = to_forget(session, moment.now)
    for reference in old:
        _each(new_session, reference, report, lambda session, one: _forget(session, keystore, one, moment.now, report))
    with new_session() as session:
        begin_writing(session)
        forget_holds(session, moment.now - KEPT)
        session.commit()
    with new_session() as session:
        report.keys_destroyed = destroy_leftover_keys(session, keystore, moment.now)
    return report


def _each(
    new_session: Callable[[], Session], reference: str, report: DueReport, do: Callable[[Session, Referral], None]
) -> None:
    with new_session() as session:
        try:
            begin_writing(session)
            do(session, load(session, reference, lock=True))
            session.commit()
        except NotFoundError:  # somebody else has forgotten it meanwhile
            session.rollback()
        except Exception as error:  # one referral must not hold up the others; it is named, and tried again next time
            session.rollback()
            report.failed.append(f"{reference} ({type(error).__name__})")


def _due(now: datetime) -> Select[str]:
    """The references of referrals with which something may have to be done."""
    step = ReferralStep
    nudge = and_(step.state == StepState.WAITING, step.nudged_at.is_(None), step.half_time <= now)
    unescalated = and_(step.state == StepState.EXPIRED, step.escalated_at.is_(None))
    waiting_steps = select(step.referral_id).where(or_(nudge, unescalated))
    return (
        select(Referral.reference)
        .where(
            or_(
                Referral.due_at <= now,
                Referral.id.in_(waiting_steps),
                and_(Referral.state.in_(_CAME_TO_SOMETHING), Referral.ended_at <= now - CLOSES_AFTER),
            )
        )
        .order_by(Referral.due_at, Referral.id)
    )


def _bring_up(session: Session, keystore: Keystore, referral: Referral, moment: Moment, report: DueReport) -> None:
    now = moment.now
    report.settled += settle(session, keystore, referral, now)
    for step in referral.steps:
        if step.state is StepState.EXPIRED and step.escalated_at is None:
            _escalate(session, referral, step, now)
            report.escalated += 1
    if referral.state is ReferralState.EXPIRED and move_on(session, referral, moment):
        report.moved_on += 1
    _nudge(session, referral, now, report)
    if referral.state is ReferralState.ACCEPTED and referral.due_at is not None and referral.due_at <= now:
        notices.tell_service(session, MessageKind.ARRIVAL_DUE, referral, last_asked(referral), now)
        notices.tell_referrer(session, MessageKind.ARRIVAL_DUE, referral, last_asked(referral), now)
    ended = referral.ended_at
    if referral.state in _CAME_TO_SOMETHING and ended is not None and ended <= now - CLOSES_AFTER:
        conclude(session, keystore, referral, ReferralState.CLOSED, Party.SYSTEM, SYSTEM, now)
        report.settled += 1


def _escalate(session: Session, referral: Referral, step: ReferralStep, now: datetime) -> None:
    """The service did not answer in time: its second contact and the referrer are told."""
    step.escalated_at = now
    notices.tell_second_contact(session, referral, step, now)
    notices.tell_referrer(session, MessageKind.REFERRAL_UNANSWERED_REFERRER, referral, step, now)
    note(session, Event.REFERRAL_ESCALATED, SYSTEM, referral, step, now)


def _nudge(session: Session, referral: Referral, now: datetime, report: DueReport) -> None:
    """Half the time has gone: the service is reminded, once."""
    step = asked_step(referral)
    if step is None or step.state is not StepState.WAITING or step.nudged_at is not None:
        return
    if step.half_time is not None and step.half_time <= now:
        step.nudged_at = now
        notices.tell_service(session, MessageKind.REFERRAL_NUDGE, referral, step, now)
        note(session, Event.REFERRAL_NUDGED, SYSTEM, referral, step, now)
        report.nudged += 1


def _forget(session: Session, keystore: Keystore, referral: Referral, now: datetime, report: DueReport) -> None:
    forget(session, keystore, referral, now)
    report.forgotten += 1
