"""An organisation's own units, as its own staff see and keep them. Nobody else is shown these facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.capacity.availability import Moment, in_contract
from directory.capacity.holds.queries import UnitHold, live_holds
from directory.capacity.models import RingFence, Unit, UnitState
from directory.catalogue.models import Service
from directory.common.errors import NotFoundError

STATES = {state.value: state for state in UnitState}
"""What a provider can say of a unit, by its word, in the order in which it is offered."""


@dataclass(frozen=True, slots=True)
class OwnUnit:
    """A unit. `hold` is the live hold on it, if there is one; `is_due` that it has to be confirmed again.

    `confirmed_by` is a reference (`user-12`, `link-3`, `import`), empty where nobody knows.
    """

    id: str
    name: str
    service_id: str
    service_name: str
    bedspaces: int
    state: UnitState
    confirmed_at: datetime | None
    is_due: bool
    in_contract: bool
    ringfenced: bool
    hold: UnitHold | None
    confirmed_by: str = ""


def units_of_organisation(session: Session, organisation_id: str | None, moment: Moment) -> list[OwnUnit]:
    """Every unit of an organisation, by service and by name; two statements, however many units."""
    return _read(session, organisation_id, moment)


def own_unit(session: Session, organisation_id: str | None, unit_id: str, moment: Moment) -> OwnUnit:
    """One of them. Raises NotFoundError where the organisation has no such unit."""
    found = _read(session, organisation_id, moment, [unit_id])
    if not found:
        raise NotFoundError("Your organisation has no such unit.")
    return found[0]


def _read(
    session: Session, organisation_id: str | None, moment: Moment, these: Sequence[str] | None = None
) -> list[OwnUnit]:
    own = (Service.organisation_id == organisation_id) & Unit.removed_at.is_(None)
    if these is not None:
        own &= Unit.id.in_(these)
    rows = session.execute(
        select(
            Unit.id,
            Unit.name,
            Unit.service_id,
            Service.name.label("service_name"),
            Unit.bedspaces,
            Unit.state,
            Unit.confirmed_at,
            Unit.confirmed_by,
            in_contract(moment).label("in_contract"),
            Unit.ringfence,
        )
        .join(Service, Service.id == Unit.service_id)
        .where(own)
    ).all()
    held = live_holds(session, moment.now, Unit.id.in_([row.id for row in rows]))
    units = [
        OwnUnit(
            id=row.id,
            name=row.name or row.id,
            service_id=row.service_id,
            service_name=row.service_name,
            bedspaces=row.bedspaces,
            state=row.state,
            confirmed_at=row.confirmed_at,
            is_due=row.confirmed_at is None or row.confirmed_at < moment.fresh_since,
            in_contract=bool(row.in_contract),
            ringfenced=row.ringfence is not RingFence.NONE,
            hold=held.get(row.id),
            confirmed_by=row.confirmed_by,
        )
        for row in rows
    ]
    # Ordered here, because databases differ in how they order text.
    return sorted(units, key=lambda unit: (unit.service_name, unit.service_id, unit.name, unit.id))
