"""The next best spaces, for somebody whom somebody else was faster than: at once, and each as quick to hold."""

from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.capacity.availability import Moment
from directory.capacity.models import Unit
from directory.catalogue.models import Organisation, Service
from directory.catalogue.vocabulary import AcceptsNrpf, ListingStatus
from directory.common.errors import NotFoundError
from directory.common.paging import Paging
from directory.places.distance import miles_to_each
from directory.search.criteria import Criteria
from directory.search.details import Match, Shown, read_matches
from directory.search.index import CatalogueIndex
from directory.search.matching import WHOLE, Options, find_matches
from directory.search.musts import Asked, put, unit_may_be_offered
from directory.search.postings import Mask, Measures, Postings
from directory.search.ranking import Ranked, rank

MOST = 3


@dataclass(frozen=True, slots=True)
class UnitService:
    """The service that a unit belongs to, which may be named where the unit may not."""

    id: str
    name: str


def service_of_unit(session: Session, unit_id: str) -> UnitService:
    """The service of a unit, whatever has become of the unit itself. Raises NotFoundError where none is listed."""
    row = session.execute(
        select(Service.id, Service.name)
        .join(Unit, Unit.service_id == Service.id)
        .join(Organisation, Organisation.id == Service.organisation_id)
        .where(
            Unit.id == unit_id,
            Service.status == ListingStatus.PUBLISHED,
            Organisation.status == ListingStatus.PUBLISHED,
        )
    ).one_or_none()
    if row is None:
        raise NotFoundError("There is no such space.")
    return UnitService(row.id, row.name)


def next_best(
    session: Session, criteria: Criteria | None, lost_unit_id: str, moment: Moment, most: int = MOST
) -> list[Match]:
    """What could be held instead of a unit that has gone: at most `most` services, each with its units that have space.

    With `criteria` it is the answer to the same question. Without them it is what would suit everybody whom the lost
    unit would have suited. Neither depends on what the lost unit is funded for, so neither tells it.
    """
    if criteria is None:
        return _for_anybody(session, lost_unit_id, moment, most)
    asked = put(session, replace(criteria, space=True, paging=Paging()), moment)
    found = find_matches(asked).outright
    keep = (found.unit != WHOLE) & (found.unit != asked.index.units.position.get(lost_unit_id, WHOLE))
    options = Options(found.service[keep], found.unit[keep])
    (matches,) = read_matches(session, asked, Shown(rank(asked, options).part(0, most), options))
    return list(matches)


def _for_anybody(session: Session, lost_unit_id: str, moment: Moment, most: int) -> list[Match]:
    """Without the question nobody knows whether public funds matter: it was used and forgotten.

    Were the funding of the lost unit looked at, a unit for households without recourse would be followed by others of
    its kind, and the offer would tell the ring-fence. So only what is right either way is offered: units without a
    ring-fence, of services that take people without recourse too.
    """
    asked = put(session, Criteria(space=True), moment)
    units = asked.index.units
    lost = units.position.get(lost_unit_id)
    if lost is None:
        return []
    takes_anybody = asked.index.services.accepts_nrpf.having(AcceptsNrpf.YES)[units.service] & ~units.ringfenced
    fitting = unit_may_be_offered(asked) & asked.available & takes_anybody & _no_narrower(asked, lost)
    fitting[lost] = False
    rows = np.flatnonzero(fitting)
    miles = _miles_from(asked.index, lost)[rows]
    # Rows stand in the order of ids, which decides between equals; NaN, a borough that is not known, sorts last, and
    # so do, as in searches, services that have left three reminders unanswered.
    not_confirmed = asked.index.services.not_confirmed[units.service[rows]]
    nearest_first = rows[np.lexsort((miles, not_confirmed))]
    options = Options(units.service[nearest_first], nearest_first)
    best = dict(zip(options.service.tolist()[::-1], options.unit.tolist()[::-1], strict=True))
    ranked = [Ranked(service, best[service], {}, None) for service in dict.fromkeys(options.service.tolist())]
    (matches,) = read_matches(session, asked, Shown(ranked[:most], options))
    return list(matches)


def _no_narrower(asked: Asked, lost: int) -> Mask:
    """The units that shut out nobody whom the lost one would have taken, as far as what they say tells."""
    units, services = asked.index.units, asked.index.services
    mine = units.service[lost]
    serves = (services.min_age <= services.min_age[mine]) & (services.max_age >= services.max_age[mine])
    for gender in _codes_of(services.genders, mine):
        serves = serves & services.genders.having(gender)
    kept_out = units.not_from.rows.keys() - _codes_of(units.not_from, lost)
    narrower: Mask = (
        serves[units.service]
        & (units.bedspaces >= units.bedspaces[lost])
        & (units.max_adults >= units.max_adults[lost])
        & (units.max_children >= units.max_children[lost])
        & (units.boys_max_age >= units.boys_max_age[lost])
        & ~units.not_from.having_any(kept_out)
    )
    return narrower


def _codes_of(postings: Postings, row: int) -> set[str]:
    return {code for code, rows in postings.rows.items() if row in rows}


def _miles_from(index: CatalogueIndex, lost: int) -> Measures:
    """Miles from the centre of the lost unit's borough to that of each unit's; NaN where one is not known."""
    miles = np.full(len(index.units.ids), np.nan)
    here = next((index.boroughs[code] for code in _codes_of(index.units.boroughs, lost)), None)
    if here is None:
        return miles
    for code, rows in index.units.boroughs.rows.items():
        there = index.boroughs[code]
        centre = np.array([there.latitude]), np.array([there.longitude])
        miles[rows] = miles_to_each(here.latitude, here.longitude, *centre)
    return miles
