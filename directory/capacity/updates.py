"""A provider says what a unit's state is. A held unit is never taken away silently: the provider is asked first."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update
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
from directory.capacity.overdue import reset_where_units_are_confirmed
from directory.catalogue.models import Service
from directory.common.actor import Actor
from directory.common.changes import LIVE_FACTS
from directory.common.clock import to_the_minute
from directory.common.errors import NotFoundError, RefusedError


class ChangedMeanwhileError(RefusedError):
    """Units are in another state than their provider was shown. `unit_ids` says which, in order."""

    def __init__(self, unit_ids: list[str]) -> None:
        self.unit_ids = unit_ids
        super().__init__("Somebody has changed a unit since you opened this page. Look again before you confirm.")


@dataclass(frozen=True, slots=True)
class UnitAnswer:
    """What a provider says of a unit: the state that she was shown, and the one that is true."""

    was: UnitState
    now_is: UnitState


@dataclass(frozen=True, slots=True)
class UnitChange:
    """A unit that was confirmed, in the state that it had before and has now."""

    unit_id: str
    service_id: str
    was: UnitState
    now_is: UnitState

    @property
    def changed(self) -> bool:
        """Whether it is in another state than before."""
        return self.was is not self.now_is


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
    if write_state(session, unit_id, state, now, confirmed=True, confirmed_by=actor.reference):
        record(session, Event.UNIT_STATE_CHANGED, actor.reference, now, service=service_id, state=state.value)
    reset_where_units_are_confirmed(session, [service_id], now)


def confirm_units(
    session: Session, service_ids: Collection[str], answers: Mapping[str, UnitAnswer], by: str, now: datetime
) -> list[UnitChange]:
    """Confirm units of these services, by id, changing those that are in another state now; returns them by id.

    `by` is who says so: an actor's reference, or a link's. The caller begins to write, and commits: all are confirmed,
    or none. A held unit may be confirmed as it is. Raises NotFoundError where one is no unit of these services;
    ChangedMeanwhileError where one is in another state than `was` says; UnitHeldError where a held one would be taken
    away; RefusedError where somebody held it at this very moment.
    """
    if not answers:
        return []
    asked = _these(answers, service_ids)
    # First of all: whoever asks about other people's units learns nothing of them, not even that one is held.
    if session.scalar(select(func.count()).select_from(Unit).where(*asked)) != len(answers):
        raise NotFoundError("There is no such unit among these.")
    end_expired(session, now, Hold.unit_id.in_(sorted(answers)))
    _refuse_held(session, answers, now)
    changes = _locked(session, asked, answers)
    confirmed = {"confirmed_at": to_the_minute(now), "confirmed_by": by}
    still_right = [one.unit_id for one in changes if not one.changed]
    if still_right:
        session.execute(update(Unit).where(Unit.id.in_(still_right)).values(confirmed), execution_options=LIVE_FACTS)
    for one in changes:
        if one.changed:
            write_state(session, one.unit_id, one.now_is, now, confirmed=True, confirmed_by=by)
            record(session, Event.UNIT_STATE_CHANGED, by, now, service=one.service_id, state=one.now_is.value)
    for service_id, units in sorted(Counter(one.service_id for one in changes).items()):
        record(session, Event.UNITS_CONFIRMED, by, now, service=service_id, units=units)
    reset_where_units_are_confirmed(session, {one.service_id for one in changes}, now)
    return changes


def write_state(
    session: Session, unit_id: str, state: UnitState, now: datetime, *, confirmed: bool, confirmed_by: str = ""
) -> bool:
    """Write a unit's state and its history; returns whether it was in another one. The unit is locked from here on.

    The history keeps the hour, and the confirmation the minute: to the microsecond, they would be those of the hold or
    the referral that ended in this transaction, whose link to the unit is cut (firewall, rule 3). For the same reason
    a unit that a referral has occupied is confirmed by nobody in particular. Raises RefusedError where somebody held
    the unit at this very moment, which the database does not let pass: roll back, and ask the provider again.
    """
    hour = now.replace(minute=0, second=0, microsecond=0)
    values: dict[str, object] = {"state": state}
    if confirmed:
        values |= {"confirmed_at": to_the_minute(now), "confirmed_by": confirmed_by}
    try:
        # Searches ask for states and confirmations anew every time: what they keep in memory stays true.
        session.execute(update(Unit).where(Unit.id == unit_id).values(values), execution_options=LIVE_FACTS)
    except IntegrityError as error:
        if HELD not in str(error.orig):
            raise
        raise RefusedError("Somebody has held this unit a moment ago. Look again before you change it.") from error
    # Asked after the lock is held: another member of staff may have changed the state since this began.
    return unit_id in record_states(session, {unit_id: state.value}, hour)


def _refuse_held(session: Session, answers: Mapping[str, UnitAnswer], now: datetime) -> None:
    """Refuse to take away a unit that somebody holds; the holds on the others are left alone."""
    leaving = sorted(unit_id for unit_id, answer in answers.items() if answer.now_is is not UnitState.OPEN)
    hold = session.execute(
        select(Hold.expires_at, Hold.for_referral)
        .where(Hold.unit_id.in_(leaving), live(now))
        .order_by(Hold.id)
        .with_for_update()
    ).first()
    if hold is not None:
        raise UnitHeldError(hold.expires_at, for_referral=hold.for_referral)


def _these(answers: Mapping[str, UnitAnswer], service_ids: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    return Unit.id.in_(sorted(answers)), Unit.service_id.in_(sorted(service_ids)), Unit.removed_at.is_(None)


def _locked(
    session: Session, asked: Sequence[ColumnElement[bool]], answers: Mapping[str, UnitAnswer]
) -> list[UnitChange]:
    """The units as they are now, locked in the order of their ids, so that two who confirm at once wait in line."""
    query = select(Unit.id, Unit.service_id, Unit.state).where(*asked).order_by(Unit.id)
    rows = session.execute(query.with_for_update()).all()
    changed_meanwhile = [row.id for row in rows if row.state is not answers[row.id].was]
    if changed_meanwhile or len(rows) < len(answers):
        raise ChangedMeanwhileError(changed_meanwhile)
    return [UnitChange(row.id, row.service_id, row.state, answers[row.id].now_is) for row in rows]


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
