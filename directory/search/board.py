"""The bed board: every space there is now, or those that one household could be offered."""

from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from directory.capacity.availability import Moment
from directory.capacity.models import Unit
from directory.capacity.queries import UnitFact, read_units, shown_to_searchers
from directory.catalogue.models import Organisation, Service
from directory.places.lookup import BoroughFact, all_boroughs
from directory.search.criteria import Criteria
from directory.search.matching import WHOLE, find_matches
from directory.search.musts import put


@dataclass(frozen=True, slots=True)
class BoardService:
    """The service whose unit stands on the board, and how to phone it."""

    id: str
    name: str
    organisation_name: str
    phone: str
    professional_phone: str


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One unit on the board."""

    unit: UnitFact
    service: BoardService


@dataclass(frozen=True, slots=True)
class BoroughRows:
    """A borough's tile on the map and its units; those with space stand first."""

    borough: BoroughFact
    rows: tuple[BoardRow, ...]

    @property
    def available(self) -> int:
        """How many units have space available."""
        return sum(row.unit.available for row in self.rows)

    @property
    def available_bedspaces(self) -> int:
        """How many bedspaces these units have."""
        return sum(row.unit.bedspaces for row in self.rows if row.unit.available)


@dataclass(frozen=True, slots=True)
class Board:
    """All boroughs, by name, each with its units; and the units whose borough is not known."""

    boroughs: tuple[BoroughRows, ...]
    elsewhere: tuple[BoardRow, ...]

    @property
    def available(self) -> int:
        """How many units have space available, everywhere."""
        return sum(borough.available for borough in self.boroughs) + sum(row.unit.available for row in self.elsewhere)

    @property
    def available_bedspaces(self) -> int:
        """How many bedspaces these units have."""
        return sum(borough.available_bedspaces for borough in self.boroughs) + sum(
            row.unit.bedspaces for row in self.elsewhere if row.unit.available
        )


def bed_board(session: Session, criteria: Criteria | None, moment: Moment) -> Board:
    """The board for one household; or, without criteria, every unit that may be shown, whatever it is funded for.

    With criteria the rules of the search apply, the ring-fence among them: both give the same answer to the same need.
    """
    boroughs = all_boroughs(session)
    condition = shown_to_searchers(moment)
    if criteria is not None:
        asked = put(session, criteria, moment)
        fitting = [asked.index.units.ids[unit] for unit in find_matches(asked).outright.unit.tolist() if unit != WHOLE]
        condition = and_(condition, Unit.id.in_(fitting))
    units = read_units(session, moment, condition)
    services = _services(session, {unit.service_id for unit in units})
    by_borough: dict[str | None, list[BoardRow]] = {}
    for unit in sorted(units, key=lambda unit: (not unit.available, unit.service_id)):
        by_borough.setdefault(unit.borough_code, []).append(BoardRow(unit, services[unit.service_id]))
    return Board(
        boroughs=tuple(
            BoroughRows(borough, tuple(by_borough.get(borough.code, ())))
            for borough in sorted(boroughs, key=lambda borough: borough.name)
        ),
        elsewhere=tuple(by_borough.get(None, ())),
    )


def _services(session: Session, ids: set[str]) -> dict[str, BoardService]:
    rows = session.execute(
        select(Service.id, Service.name, Organisation.name, Service.phone, Service.professional_phone)
        .join(Organisation, Organisation.id == Service.organisation_id)
        .where(Service.id.in_(ids))
    )
    return {row[0]: BoardService(*row) for row in rows}
