"""A provider says what a unit's state is. A held unit is never taken away silently: the provider is asked first."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from directory.audit.events import Event
from directory.audit.log import record
from directory.capacity.history import record_states
from directory.capacity.holds.ending import end_expired, end_holds
from directory.capacity.holds.errors import UnitHeldError
from directory.capacity.holds.live import HELD, live
from directory.capacity.holds.models import Hold, HoldOutcome
from directory.capacity.models import Unit, UnitState
from directory.catalogue.models import Service
from directory.common.actor import Actor
from directory.common.changes import LIVE_FACTS
from directory.common.errors import NotFoundError, RefusedError


def set_unit_state(
    session: Session,
    unit_id: str,
    state: UnitState,
    actor: Actor,
    now: datetime,
    *,
    end_hold: bool = False,
    held_until: datetime | None = None,
) -> None:
    """Record that the unit is in `state`, confirmed at `now` by its provider. The caller begins to write, and commits.

    `held_until` is when the hold that the provider was shown runs out: where it is given, only that hold is ended, not
    one that somebody else has made meanwhile. Raises NotFoundError where it is no unit of the actor's organisation;
    UnitHeldError where it is held and the provider has not said `end_hold` of this hold, or where the hold belongs to
    a referral, which has to be answered instead.
    """
    service_id = _own_unit(session, unit_id, actor)
    end_expired(session, now, Hold.unit_id == unit_id)
    hold = session.execute(
        select(Hold.expires_at, Hold.for_referral).where(Hold.unit_id == unit_id, live(now)).with_for_update()
    ).one_or_none()
    if hold is not None and state is not UnitState.OPEN:
        shown = held_until is None or held_until == hold.expires_at
        if hold.for_referral or not (end_hold and shown):
            raise UnitHeldError(hold.expires_at, for_referral=hold.for_referral)
        end_holds(session, Hold.unit_id == unit_id, HoldOutcome.ENDED_BY_PROVIDER, now, actor.reference)
    if write_state(session, unit_id, state, now, confirmed=True):
        record(session, Event.UNIT_STATE_CHANGED, actor.reference, now, service=service_id, state=state.value)


def write_state(session: Session, unit_id: str, state: UnitState, now: datetime, *, confirmed: bool) -> bool:
    """Write a unit's state and its history; returns whether it was in another one. The unit is locked from here on.

    The history keeps the hour, and the confirmation the minute: to the microsecond, they would be those of the hold or
    the referral that ended in this transaction, whose link to the unit is cut (firewall, rule 3). Raises RefusedError
    where somebody held the unit at this very moment, which the database does not let pass: roll back, and ask the
    provider again.
    """
    minute, hour = now.replace(second=0, microsecond=0), now.replace(minute=0, second=0, microsecond=0)
    values = {"state": state} | ({"confirmed_at": minute} if confirmed else {})
    try:
        # Searches ask for states and confirmations anew every time: what they keep in memory stays true.
        session.execute(update(Unit).where(Unit.id == unit_id).values(values), execution_options=LIVE_FACTS)
    except IntegrityError as error:
        if HELD not in str(error.orig):
            raise
        raise RefusedError("Somebody has held this unit a moment ago. Look again before you change it.") from error
    # Asked after the lock is held: another member of staff may have changed the state since this began.
    return unit_id in record_states(session, {unit_id: state.value}, hour)


def _own_unit(session: Session, unit_id: str, actor: Actor) -> str:
    """The id of the service that the unit belongs to."""
    service_id = session.scalar(
        select(Unit.service_id)
        .join(Service, Service.id == Unit.service_id)
        .where(Unit.id == unit_id, Unit.removed_at.is_(None), Service.organisation_id == actor.organisation_id)
    )
    if service_id is None:
        raise NotFoundError("Your organisation has no such unit.")
    return service_id
