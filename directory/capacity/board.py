"""How many spaces there are now, by borough and by service: counts made by the database from the one definition."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, SQLColumnExpression, case, func, select
from sqlalchemy.orm import Session

from directory.capacity.availability import Moment, space_available
from directory.capacity.models import Unit
from directory.capacity.queries import shown_to_searchers
from directory.catalogue.models import Organisation, Service


@dataclass(frozen=True, slots=True)
class Tally:
    """Units that may be shown and their bedspaces; of these, with space available; of those, to confirm by phone."""

    units: int = 0
    bedspaces: int = 0
    available_units: int = 0
    available_bedspaces: int = 0
    confirm_by_phone_units: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.units + other.units,
            self.bedspaces + other.bedspaces,
            self.available_units + other.available_units,
            self.available_bedspaces + other.available_bedspaces,
            self.confirm_by_phone_units + other.confirm_by_phone_units,
        )


@dataclass(frozen=True, slots=True)
class ServiceTally:
    """The counts of one service."""

    id: str
    name: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class SpaceCounts:
    """The counts altogether, by borough code (units whose borough is not known are in no borough), and by service."""

    total: Tally
    by_borough: dict[str, Tally]
    by_service: tuple[ServiceTally, ...]


def count_spaces(session: Session, moment: Moment) -> SpaceCounts:
    """Count the units of published services, whatever they are funded for: no count tells which is which."""
    borough = func.coalesce(Unit.borough_code, Service.borough_code)
    by_borough = {
        row[0]: Tally(*row[1:])
        for row in session.execute(_counted(moment, borough).group_by(borough))
        if row[0] is not None
    }
    by_service = tuple(
        ServiceTally(row[0], row[1], Tally(*row[2:]))
        for row in session.execute(
            _counted(moment, Service.id, Service.name).group_by(Service.id, Service.name).order_by(Service.id)
        )
    )
    return SpaceCounts(sum((one.tally for one in by_service), Tally()), by_borough, by_service)


def _counted(moment: Moment, *by: SQLColumnExpression[Any]) -> Select[*tuple[Any, ...]]:
    available = space_available(moment)
    return (
        select(
            *by,
            func.count(),
            func.sum(Unit.bedspaces),
            _total(available, 1),
            _total(available, Unit.bedspaces),
            _total(available & (Unit.confirmed_at < moment.fresh_since), 1),
        )
        .select_from(Unit)
        .join(Service, Service.id == Unit.service_id)
        .join(Organisation, Organisation.id == Service.organisation_id)
        .where(shown_to_searchers(moment))
    )


def _total(condition: ColumnElement[bool], of: SQLColumnExpression[int] | int) -> ColumnElement[int]:
    return func.sum(case((condition, of), else_=0), type_=Integer())
