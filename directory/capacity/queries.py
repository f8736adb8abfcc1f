"""Reading units for those who look for a space. What a unit is funded for is not among the facts: it cannot leak."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, case, func, select
from sqlalchemy.orm import Session

from directory.capacity.availability import Moment, offerable, space_available
from directory.capacity.freshness import UnitStatus, freshness_of
from directory.capacity.models import Unit, UnitNotFrom, unit_access_features
from directory.catalogue.models import AccessFeature, Organisation, Service
from directory.catalogue.vocabulary import ListingStatus


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
    available = space_available(moment).label("available")
    rows = session.execute(
        select(Unit, func.coalesce(Unit.borough_code, Service.borough_code), available)
        .join(Service, Service.id == Unit.service_id)
        .join(Organisation, Organisation.id == Service.organisation_id)
        .where(condition)
        .order_by(Unit.service_id, available.desc(), Unit.confirmed_at.desc().nulls_last(), Unit.id)
    ).all()
    ids = [unit.id for unit, *_ in rows]
    features, not_from = _features(session, ids), _not_from(session, ids)
    facts = []
    for unit, borough_code, is_available in rows:
        freshness = freshness_of(
            available=bool(is_available), state=unit.state, confirmed_at=unit.confirmed_at, moment=moment
        )
        facts.append(
            UnitFact(
                id=unit.id,
                service_id=unit.service_id,
                name=unit.name or unit.id,
                borough_code=borough_code,
                bedspaces=unit.bedspaces,
                max_adults=unit.max_adults,
                max_children=unit.max_children,
                boys_max_age=unit.boys_max_age,
                available=bool(is_available),
                status=freshness.status,
                confirmed_at=freshness.confirmed_at,
                access=features[unit.id],
                not_from=not_from[unit.id],
            )
        )
    return facts


def units_of(session: Session, service_id: str, moment: Moment) -> list[UnitFact]:
    """The units of one service that may be shown: neither closed nor outside their contract."""
    return read_units(session, moment, and_(Unit.service_id == service_id, offerable(moment)))


def shown_to_searchers(moment: Moment) -> ColumnElement[bool]:
    """A unit that may be shown, of a published service of a published organisation."""
    return and_(
        offerable(moment),
        Service.status == ListingStatus.PUBLISHED,
        Organisation.status == ListingStatus.PUBLISHED,
    )


def _features(session: Session, unit_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    listed = unit_access_features.c
    rows = session.execute(
        select(listed.unit_id, AccessFeature.name)
        .join(AccessFeature, AccessFeature.code == listed.feature_code)
        .where(listed.unit_id.in_(list(unit_ids)))
        .order_by(AccessFeature.name)
    )
    return _grouped(rows)


def _not_from(session: Session, unit_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    rows = session.execute(
        select(UnitNotFrom.unit_id, UnitNotFrom.borough_code)
        .where(UnitNotFrom.unit_id.in_(list(unit_ids)))
        .order_by(UnitNotFrom.borough_code)
    )
    return _grouped(rows)


def _grouped(rows: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    grouped: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for owner, value in rows:
        grouped[owner] += (value,)
    return grouped


@dataclass(frozen=True, slots=True)
class Offers:
    """What may be offered at one moment, by unit ids: never `withheld`; with space, confirmed lately or a while ago."""

    withheld: list[str]
    fresh: list[str]
    to_confirm: list[str]


def read_offers(session: Session, moment: Moment) -> Offers:
    """Ask the one definition about every unit at once: two statements answered from an index, a row each."""
    is_fresh = Unit.confirmed_at >= moment.fresh_since
    fresh, to_confirm = session.execute(
        select(_ids(case((is_fresh, Unit.id))), _ids(case((~is_fresh, Unit.id)))).where(space_available(moment))
    ).one()
    withheld = session.scalar(select(_ids(Unit.id)).where(~offerable(moment)))
    return Offers(_listed(withheld), _listed(fresh), _listed(to_confirm))


def _ids(column: SQLColumnExpression[Any]) -> ColumnElement[Any]:
    # One long text is read a few times faster than thousands of rows; ids hold no semicolon.
    return func.aggregate_strings(column, ";")


def _listed(text: str | None) -> list[str]:
    return text.split(";") if text else []
