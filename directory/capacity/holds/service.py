"""What becomes of a hold: extended once, released, kept for a referral, swept. Each begins to write; callers commit."""

from datetime import datetime

from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from directory.audit.events import Event
from directory.audit.log import record
from directory.capacity.availability import Moment
from directory.capacity.holds.ending import end_expired, end_holds
from directory.capacity.holds.errors import ExtendedOnceError, HoldKeptByReferralError, HoldOverError
from directory.capacity.holds.live import live
from directory.capacity.holds.making import HoldTerms
from directory.capacity.holds.models import Hold, HoldOutcome
from directory.capacity.holds.queries import owned
from directory.common.actor import Actor
from directory.common.errors import NotFoundError


def extend_hold(session: Session, hold_id: str, actor: Actor, moment: Moment, terms: HoldTerms) -> datetime:
    """Let a live hold begin anew, once; returns when it runs out now.

    Raises NotFoundError for another person's, HoldOverError, HoldKeptByReferralError, ExtendedOnceError.
    """
    row = _locked(session, hold_id, actor)
    if row.ended_at is not None or row.expires_at <= moment.now:
        raise HoldOverError
    if row.for_referral:
        raise HoldKeptByReferralError
    if row.extended_at is not None:
        raise ExtendedOnceError
    until: datetime = max(moment.now + terms.lasts, row.expires_at)
    session.execute(update(Hold).where(Hold.id == hold_id).values(expires_at=until, extended_at=moment.now))
    record(session, Event.HOLD_EXTENDED, actor.reference, moment.now, hold=hold_id, service=row.service_id)
    return until


def release_hold(session: Session, hold_id: str, actor: Actor, now: datetime) -> None:
    """Give a space back. Releasing what is over already is no error: it is not held, which is what was wanted.

    Raises NotFoundError for another person's hold, HoldKeptByReferralError for one that a referral needs.
    """
    row = _locked(session, hold_id, actor)
    if row.ended_at is not None or row.expires_at <= now:
        return
    if row.for_referral:
        raise HoldKeptByReferralError
    end_holds(session, Hold.id == hold_id, HoldOutcome.RELEASED, now, actor.reference)


def sweep_holds(session: Session, now: datetime) -> int:
    """Tidy away every hold whose time is up; returns how many. None of them has counted since it ran out."""
    return end_expired(session, now)


def unit_of_live_hold(session: Session, hold_id: str, actor: Actor, now: datetime) -> tuple[str, str]:
    """The unit and the service that this person holds, by their ids. For referrals; never to be shown.

    Raises HoldOverError when the hold is over, HoldKeptByReferralError when a referral has it already.
    """
    row = _locked(session, hold_id, actor)
    if row.unit_id is None or row.expires_at <= now:
        raise HoldOverError
    if row.for_referral:
        raise HoldKeptByReferralError
    return row.unit_id, row.service_id


def keep_for_referral(session: Session, unit_id: str, holder_id: int, until: datetime, now: datetime) -> str | None:
    """Make this person's live hold on the unit one of a referral, which lasts until `until`; its id, or None."""
    mine = Hold.unit_id == unit_id, Hold.held_by == holder_id, live(now), Hold.for_referral.is_(False)
    kept: str | None = session.execute(
        update(Hold).where(*mine).values(for_referral=True, expires_at=until).returning(Hold.id)
    ).scalar_one_or_none()
    return kept


def keep_until(session: Session, hold_id: str, until: datetime, now: datetime) -> bool:
    """Let a referral's live hold last until `until`; False where it is over."""
    statement = update(Hold).where(Hold.id == hold_id, live(now)).values(expires_at=until).returning(Hold.id)
    return session.execute(statement).scalar_one_or_none() is not None


def end_for_referral(session: Session, hold_id: str, outcome: HoldOutcome, now: datetime, actor_reference: str) -> None:
    """End a referral's hold. Where its time was up before, it has expired, whatever the referral came to."""
    if not end_expired(session, now, Hold.id == hold_id):
        end_holds(session, Hold.id == hold_id, outcome, now, actor_reference)


def _locked(session: Session, hold_id: str, actor: Actor) -> Row[*tuple[object, ...]]:
    query = select(
        Hold.unit_id, Hold.service_id, Hold.expires_at, Hold.extended_at, Hold.ended_at, Hold.for_referral
    ).where(owned(hold_id, actor.user_id))
    row = session.execute(query.with_for_update()).one_or_none()
    if row is None:
        raise NotFoundError("There is no such hold.")
    return row
