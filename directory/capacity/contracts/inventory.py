"""The live units of programmes, as a commissioner reads them. No hold is among the facts: it cannot be shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from directory.capacity.contracts.facts import DAY
from directory.capacity.models import RingFence, Unit, UnitState, UnitStatePeriod
from directory.catalogue.models import Organisation, Service
from directory.catalogue.vocabulary import ListingStatus


@dataclass(frozen=True, slots=True)
class ContractedUnit:
    """A unit that names a programme. `state` is what its provider says: a held unit is `open`.

    `state_since` is when that state began; None where the history does not know. `published`: its service and its
    organisation are, so that somebody can find it.
    """

    id: str
    name: str
    service_id: str
    service_name: str
    organisation_name: str
    programme: str
    bedspaces: int
    ringfenced: bool
    active_from: date | None
    active_until: date | None
    state: UnitState
    state_since: datetime | None
    confirmed_at: datetime | None
    published: bool

    @property
    def last_day(self) -> date | None:
        """The last London date of its contract."""
        return self.active_until - DAY if self.active_until else None

    def in_contract(self, day: date) -> bool:
        """Whether the unit's own dates cover this London date."""
        begun = self.active_from is None or self.active_from <= day
        return begun and (self.active_until is None or self.active_until > day)


@dataclass(frozen=True, slots=True)
class Inventory:
    """How many units, their bedspaces, and how many of the units are ring-fenced."""

    units: int = 0
    bedspaces: int = 0
    ringfenced_units: int = 0


def contracted_units(session: Session, which: ColumnElement[bool] | None = None) -> list[ContractedUnit]:
    """The units that name a programme and have not been removed (those of `which`), by service; one statement."""
    going_on = and_(UnitStatePeriod.unit_id == Unit.id, UnitStatePeriod.ended_at.is_(None))
    rows = session.execute(
        select(
            Unit.id,
            Unit.name,
            Unit.service_id,
            Service.name.label("service_name"),
            Organisation.name.label("organisation_name"),
            Unit.programme,
            Unit.bedspaces,
            Unit.ringfence,
            Unit.active_from,
            Unit.active_until,
            Unit.state,
            UnitStatePeriod.began_at,
            Unit.confirmed_at,
            Service.status.label("service_status"),
            Organisation.status.label("organisation_status"),
        )
        .join(Service, Service.id == Unit.service_id)
        .join(Organisation, Organisation.id == Service.organisation_id)
        .outerjoin(UnitStatePeriod, going_on)
        .where(Unit.removed_at.is_(None), Unit.programme != "", *(() if which is None else (which,)))
    )
    units = [
        ContractedUnit(
            id=row.id,
            name=row.name or row.id,
            service_id=row.service_id,
            service_name=row.service_name,
            organisation_name=row.organisation_name,
            programme=row.programme,
            bedspaces=row.bedspaces,
            ringfenced=row.ringfence is not RingFence.NONE,
            active_from=row.active_from,
            active_until=row.active_until,
            state=row.state,
            state_since=row.began_at,
            confirmed_at=row.confirmed_at,
            published=row.service_status == row.organisation_status == ListingStatus.PUBLISHED,
        )
        for row in rows
    ]
    # Ordered here, because databases differ in how they order text.
    return sorted(units, key=lambda unit: (unit.service_name, unit.service_id, unit.name, unit.id))


def inventory_of(units: Iterable[ContractedUnit]) -> Inventory:
    """The sums of these units."""
    listed = list(units)
    return Inventory(len(listed), sum(unit.bedspaces for unit in listed), sum(1 for unit in listed if unit.ringfenced))
