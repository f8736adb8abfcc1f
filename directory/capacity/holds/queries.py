"""Reading holds. To their holder a hold names its service, never its unit: that would tell what was needed."""

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from directory.capacity.holds.live import going_on, live
from directory.capacity.holds.models import Hold, HoldOutcome
from directory.capacity.models import Unit
from directory.catalogue.models import Organisation, Service
from directory.common.errors import NotFoundError


class HoldState(enum.StrEnum):
    """What a hold is at some moment, whether or not somebody has tidied it away since it ran out."""

    LIVE = "live"
    RELEASED = "released"
    EXPIRED = "expired"
    ENDED_BY_PROVIDER = "ended_by_provider"
    PLACED = "placed"


@dataclass(frozen=True, slots=True)
class HoldFact:
    """A hold as its holder sees it."""

    id: str
    service_id: str
    service_name: str
    organisation_name: str
    phone: str
    professional_phone: str
    held_at: datetime
    expires_at: datetime
    extended: bool
    for_referral: bool
    state: HoldState

    @property
    def is_live(self) -> bool:
        """Whether the space is kept."""
        return self.state is HoldState.LIVE

    @property
    def can_extend(self) -> bool:
        """Whether it may still be extended."""
        return self.is_live and not self.extended and not self.for_referral


def read_hold(session: Session, hold_id: str, user_id: int, now: datetime) -> HoldFact:
    """One hold of this person.

    Raises NotFoundError where there is none of this id, or it is somebody else's.
    """
    row = session.execute(_facts().where(Hold.id == hold_id, Hold.held_by == user_id)).one_or_none()
    if row is None:
        raise NotFoundError("There is no such hold.")
    return _fact(row, now)


def holds_of(session: Session, user_id: int, now: datetime, over_since: datetime) -> list[HoldFact]:
    """This person's holds: live ones by the time that they run out, then those that were over after `over_since`."""
    recently = or_(going_on() & (Hold.expires_at > over_since), Hold.ended_at > over_since)
    rows = session.execute(_facts().where(Hold.held_by == user_id, or_(live(now), recently)))
    facts = [_fact(row, now) for row in rows]
    over = sorted((one for one in facts if not one.is_live), key=lambda one: (one.held_at, one.id), reverse=True)
    return [*sorted((one for one in facts if one.is_live), key=lambda one: (one.expires_at, one.id)), *over]


@dataclass(frozen=True, slots=True)
class UnitHold:
    """A live hold as the unit's own staff see it: until when, and whether a referral waits for their answer."""

    hold_id: str
    unit_id: str
    until: datetime
    for_referral: bool


def live_holds(session: Session, now: datetime, of_units: ColumnElement[bool]) -> dict[str, UnitHold]:
    """The live holds on the units that meet `of_units`, by unit id."""
    rows = session.execute(
        select(Hold.id, Hold.unit_id, Hold.expires_at, Hold.for_referral)
        .join(Unit, Unit.id == Hold.unit_id)
        .where(live(now), of_units)
    )
    return {row.unit_id: UnitHold(row.id, row.unit_id, row.expires_at, row.for_referral) for row in rows}


def _facts() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Hold.id,
            Hold.service_id,
            Service.name.label("service_name"),
            Organisation.name.label("organisation_name"),
            Service.phone,
            Service.professional_phone,
            Hold.held_at,
            Hold.expires_at,
            Hold.extended_at,
            Hold.for_referral,
            Hold.ended_at,
            Hold.outcome,
        )
        .join(Service, Service.id == Hold.service_id)
        .join(Organisation, Organisation.id == Service.organisation_id)
    )


def _fact(row: Any, now: datetime) -> HoldFact:
    return HoldFact(
        id=row.id,
        service_id=row.service_id,
        service_name=row.service_name,
        organisation_name=row.organisation_name,
        phone=row.phone,
        professional_phone=row.professional_phone,
        held_at=row.held_at,
        expires_at=row.expires_at,
        extended=row.extended_at is not None,
        for_referral=row.for_referral,
        state=_state(row.outcome, row.expires_at, now),
    )


def _state(outcome: HoldOutcome | None, expires_at: datetime, now: datetime) -> HoldState:
    if outcome is not None:
        return HoldState(outcome.value)
    return HoldState.LIVE if expires_at > now else HoldState.EXPIRED


def owned(hold_id: str, user_id: int | None) -> ColumnElement[bool]:
    """The hold of this id, where it is this person's."""
    return and_(Hold.id == hold_id, Hold.held_by == user_id)
