"""Reading units for those who look for a space. What a unit is funded for is not among the facts: it cannot leak."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, SQLColumnExpression, and_, bindparam, case, func, select
from sqlalchemy.orm import Session

from directory.capacity.availability import AnyMoment, Moment, offerable, space_available
from directory.capacity.freshness import UnitStatus, freshness_of
from directory.capacity.holds.live import held as is_held
from directory.capacity.models import Unit, UnitNotFrom, unit_access_features
from directory.catalogue.models import AccessFeature, Organisation, Service
from directory.catalogue.vocabulary import ListingStatus

# One parameter for a whole list: a statement with hundreds of separate ones takes longer to write than to answer.
_THESE: BindParameter[Any] = bindparam("these", expanding=True)


@dataclass(frozen=True, slots=True)
class UnitFact:
    """A unit as somebody looking for a space sees it. Boroughs are codes; `access` holds names of features."""

    id: str
    service_id: str
    name: str
    borough_code: str | None
    bedspaces: int
    max_adults: int
    max_children: int
    boys_max_age: int | None
    available: bool
    status: UnitStatus
    confirmed_at: datetime | None
    access: tuple[str, ...]
    not_from: tuple[str, ...]

    @property
    def confirm_by_phone(self) -> bool:
        """Whether a phone call must come before a promise."""
        return self.status in {UnitStatus.CONFIRM_BY_PHONE, UnitStatus.NOT_CONFIRMED}


def read_units(session: Session, moment: Moment, condition: ColumnElement[bool]) -> list[UnitFact]:
    """The units that meet `condition` (which may speak of Unit, Service and Organisation): those with space first.

    Three statements, however many units.
    """
    rows = _rows(session, moment, condition, {})
    ids = [row[0] for row in rows]
    features, not_from = _features(session, ids), _not_from(session, ids)
    return [_fact(row, features[row[0]], not_from[row[0]], moment) for row in rows]


def units_in_brief(session: Session, unit_ids: list[str], moment: Moment) -> list[UnitFact]:
    """The same for units by their ids, in one statement: without `access` and `not_from`, which results do not show."""
    return [_fact(row, (), (), moment) for row in _rows(session, moment, Unit.id.in_(_THESE), {"these": unit_ids})]


def _rows(
    session: Session, moment: Moment, condition: ColumnElement[bool], parameters: dict[str, Any]
) -> Sequence[Any]:
    available = space_available(moment).label("available")
    return session.execute(
        select(
            Unit.id,
            Unit.service_id,
            Unit.name,
            func.coalesce(Unit.borough_code, Service.borough_code),
            Unit.bedspaces,
            Unit.max_adults,
            Unit.max_children,
            Unit.boys_max_age,
            available,
            Unit.state,
            Unit.confirmed_at,
            is_held(moment.now),
        )
        .join(Service, Service.id == Unit.service_id)
        .join(Organisation, Organisation.id == Service.organisation_id)
        .where(condition)
        .order_by(Unit.service_id, available.desc(), Unit.confirmed_at.desc().nulls_last(), Unit.id),
        parameters,
    ).all()


def _fact(row: Any, access: tuple[str, ...], not_from: tuple[str, ...], moment: Moment) -> UnitFact:
    unit_id, service_id, name, borough_code, bedspaces, adults, children, boys, available, state, confirmed, held = row
    freshness = freshness_of(
        available=bool(available), held=bool(held), state=state, confirmed_at=confirmed, moment=moment
    )
    return UnitFact(
        id=unit_id,
        service_id=service_id,
        name=name or unit_id,
        borough_code=borough_code,
        bedspaces=bedspaces,
        max_adults=adults,
        max_children=children,
        boys_max_age=boys,
        available=bool(available),
        status=freshness.status,
        confirmed_at=freshness.confirmed_at,
        access=access,
        not_from=not_from,
    )


def units_of(session: Session, service_id: str, moment: Moment) -> list[UnitFact]:
    """The units of one service that may be shown: neither closed nor outside their contract."""
    return read_units(session, moment, and_(Unit.service_id == service_id, offerable(moment)))


def shown_to_searchers(moment: AnyMoment) -> ColumnElement[bool]:
    """A unit that may be shown, of a published service of a published organisation."""
    return and_(
        offerable(moment),
        Service.status == ListingStatus.PUBLISHED,
        Organisation.status == ListingStatus.PUBLISHED,
    )


def _features(session: Session, unit_ids: list[str]) -> dict[str, tuple[str, ...]]:
    listed = unit_access_features.c
    rows = session.execute(
        select(listed.unit_id, AccessFeature.name)
        .join(AccessFeature, AccessFeature.code == listed.feature_code)
        .where(listed.unit_id.in_(_THESE))
        .order_by(AccessFeature.name),
        {"these": unit_ids},
    )
    return _grouped(rows)


def _not_from(session: Session, unit_ids: list[str]) -> dict[str, tuple[str, ...]]:
    rows = session.execute(
        select(UnitNotFrom.unit_id, UnitNotFrom.borough_code)
        .where(UnitNotFrom.unit_id.in_(_THESE))
        .order_by(UnitNotFrom.borough_code),
        {"these": unit_ids},
    )
    return _grouped(rows)


def _grouped(rows: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    grouped: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for owner, value in rows:
        grouped[owner] += (value,)
    return grouped


@dataclass(frozen=True, slots=True)
class Spaces:
    """The units with space available at one moment, by id: confirmed lately (`fresh`), or to be confirmed by phone."""

    fresh: list[str]
    to_confirm: list[str]


def read_spaces(session: Session, moment: Moment) -> Spaces:
    """Ask the one definition about every unit at once: one statement, answered from an index."""
    is_fresh = Unit.confirmed_at >= moment.fresh_since
    fresh, to_confirm = session.execute(
        select(_ids(case((is_fresh, Unit.id))), _ids(case((~is_fresh, Unit.id)))).where(space_available(moment))
    ).one()
    return Spaces(_listed(fresh), _listed(to_confirm))


def read_withheld(session: Session, moment: Moment) -> list[str]:
    """The units that may not be offered on the moment's London date, by id: closed, or outside their contract."""
    return _listed(session.scalar(select(_ids(Unit.id)).where(~offerable(moment))))


def _ids(column: SQLColumnExpression[Any]) -> ColumnElement[Any]:
    # One long text is read a few times faster than thousands of rows; ids hold no semicolon.
    return func.aggregate_strings(column, ";")


def _listed(text: str | None) -> list[str]:
    return text.split(";") if text else []
