"""The catalogue as arrays, kept in memory between searches: what a question is compared with, thousands at a time.

It holds what changes only when somebody changes it: who is published, what they do, how large units are, which may be
offered today. Which of them have space is asked of the database in every search, with the one definition. The index is
built anew as soon as the catalogue's change mark is another, and after MAX_AGE_SECONDS in any case.
"""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import repeat
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import Engine, Select, func, select
from sqlalchemy.orm import Session

from directory.capacity.availability import Moment
from directory.capacity.models import RingFence, Unit, UnitNotFrom, unit_access_features
from directory.capacity.overdue import RANKED_LAST_FROM, UnansweredReminders
from directory.capacity.queries import read_withheld
from directory.catalogue.hours import is_open
from directory.catalogue.models import (
    Organisation,
    PerformanceFigure,
    Service,
    ServiceArea,
    ServiceGender,
    ServiceLanguage,
    organisation_communities,
    service_access_features,
    service_communities,
    service_needs,
)
from directory.catalogue.vocabulary import ListingStatus, ServiceKind
from directory.common.changes import current_mark
from directory.places.lookup import BoroughFact, all_boroughs
from directory.search.postings import Mask, Measures, Numbers, Postings, by_word, read_postings

RESPONSE_MEASURE = "median_response_minutes"
MAX_AGE_SECONDS = 60.0
NO_LIMIT = 1_000


@dataclass(frozen=True, slots=True)
class ServiceIndex:
    """The published services of published organisations, by id: one entry each in every array.

    Ages are years, without a limit 0 and NO_LIMIT; coordinates are those of a public postcode, else NaN; `verified_on`
    counts days as dates do (0: never). `not_confirmed` has been asked three times in vain. What is unknown carries no
    code.
    """

    ids: list[str]
    is_refuge: Mask
    latitude: Measures
    longitude: Measures
    min_age: Numbers
    max_age: Numbers
    verified_on: Numbers
    not_confirmed: Mask
    by_and_for: Mask
    response_minutes: Measures
    kinds: Postings
    boroughs: Postings
    hours: Postings
    accepts_nrpf: Postings
    needs: Postings
    communities: Postings
    organisation_communities: Postings
    access: Postings
    languages: Postings
    genders: Postings
    areas: Postings


@dataclass(frozen=True, slots=True)
class UnitIndex:
    """The units of those services, by id. `service` is the position of the unit's service in the other index."""

    ids: list[str]
    position: dict[str, int]
    service: Numbers
    boroughs: Postings
    bedspaces: Numbers
    max_adults: Numbers
    max_children: Numbers
    boys_max_age: Numbers
    ringfenced: Mask
    access: Postings
    not_from: Postings

    def mask(self, unit_ids: list[str]) -> Mask:
        """The rows of these units; those that are not shown (of drafts, or added just now) are left out."""
        rows = np.fromiter(map(self.position.get, unit_ids, repeat(-1)), dtype=np.int64, count=len(unit_ids))
        mask = np.zeros(len(self.ids), dtype=bool)
        mask[rows[rows >= 0]] = True
        return mask


@dataclass(frozen=True, slots=True)
class CatalogueIndex:
    """Both indexes, as they were at one change mark, and the boroughs by code."""

    services: ServiceIndex
    units: UnitIndex
    boroughs: dict[str, BoroughFact]
    _offerable: dict[date, Mask] = field(default_factory=dict)
    _open: dict[datetime, Mask] = field(default_factory=dict)

    def offerable(self, session: Session, moment: Moment) -> Mask:
        """The units that may be offered. That changes with the catalogue, which makes a new index, and at midnight."""
        if moment.today not in self._offerable:
            self._offerable[moment.today] = ~self.units.mask(read_withheld(session, moment))
        return self._offerable[moment.today]

    def open_at(self, now: datetime) -> Mask:
        """The services known to be open at `now`, worked out once a minute: hours change on the minute."""
        minute = now.replace(second=0, microsecond=0)
        if minute not in self._open:
            hours = self.services.hours
            self._open[minute] = hours.having_any(text for text in hours.rows if is_open(text, minute))
        return self._open[minute]


@dataclass(frozen=True, slots=True)
class _Kept:
    mark: str
    built_at: float
    index: CatalogueIndex


_kept: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()
_building = threading.Lock()


def catalogue_index(session: Session, tick: Callable[[], float] = time.monotonic) -> CatalogueIndex:
    """The index of the catalogue as `session` sees it.

    Inside a transaction that has itself changed the catalogue it is built for that transaction alone.
    """
    mark = current_mark(session)
    if mark is None:
        return build_index(session)
    engine = session.connection().engine
    kept = _still_true(engine, mark, tick())
    if kept is None:
        with _building:  # one thread builds, the others wait for it rather than build the same
            kept = _still_true(engine, mark, tick())
            if kept is None:
                kept = _Kept(mark, tick(), build_index(session))
                _kept[engine] = kept
    return kept.index


def _still_true(engine: Engine, mark: str, now: float) -> _Kept | None:
    kept = _kept.get(engine)
    return kept if kept is not None and kept.mark == mark and now - kept.built_at < MAX_AGE_SECONDS else None


def build_index(session: Session) -> CatalogueIndex:
    """Read the whole catalogue: a fixed number of statements, however large it is."""
    services = _services(session)
    boroughs = {borough.code: borough for borough in all_boroughs(session)}
    return CatalogueIndex(services, _units(session, services), boroughs)


def _services(session: Session) -> ServiceIndex:
    # Ordered here, because databases differ in how they order text.
    rows = sorted(session.execute(_published_services()), key=lambda row: row[0])
    ids, kinds, boroughs, latitudes, longitudes, hours, least, most, accepts, verified, by_and_for, owners = _columns(
        rows, 12
    )
    size, response = len(ids), _response_minutes(session)
    at = {service_id: [number] for number, service_id in enumerate(ids)}
    of_owner: dict[str, list[int]] = {}
    for number, owner in enumerate(owners):
        of_owner.setdefault(owner, []).append(number)
    return ServiceIndex(
        ids=list(ids),
        is_refuge=np.array([kind == ServiceKind.REFUGE for kind in kinds], dtype=bool),
        latitude=_measures(latitudes),
        longitude=_measures(longitudes),
        min_age=_numbers(least, 0),
        max_age=_numbers(most, NO_LIMIT),
        verified_on=np.array([day.toordinal() if day else 0 for day in verified], dtype=np.int64),
        not_confirmed=_not_confirmed(session, ids),
        by_and_for=np.array(by_and_for, dtype=bool),
        response_minutes=_measures([response.get(service_id) for service_id in ids]),
        kinds=by_word(kinds),
        boroughs=by_word(boroughs),
        hours=by_word(hours),
        accepts_nrpf=by_word(accepts),
        needs=read_postings(session, select(service_needs), at, size),
        communities=read_postings(session, select(service_communities), at, size),
        organisation_communities=read_postings(session, select(organisation_communities), of_owner, size),
        access=read_postings(session, select(service_access_features), at, size),
        languages=read_postings(session, select(ServiceLanguage.service_id, ServiceLanguage.language), at, size),
        genders=read_postings(session, select(ServiceGender.service_id, ServiceGender.gender), at, size),
        areas=read_postings(session, select(ServiceArea.service_id, ServiceArea.area), at, size),
    )


def _not_confirmed(session: Session, ids: Sequence[str]) -> Mask:
    """Those that have left as many reminders unanswered as make them the last, of their units or of their listing."""
    query = select(UnansweredReminders.service_id).where(UnansweredReminders.count >= RANKED_LAST_FROM)
    silent = set(session.scalars(query))
    return np.array([service_id in silent for service_id in ids], dtype=bool)


def _response_minutes(session: Session) -> dict[str, Any]:
    """How quickly each service answered in its last quarter that has a figure."""
    figures = session.execute(
        select(PerformanceFigure.service_id, PerformanceFigure.value)
        .where(PerformanceFigure.measure == RESPONSE_MEASURE, PerformanceFigure.value.is_not(None))
        .order_by(PerformanceFigure.period)
    )
    return {row.service_id: row.value for row in figures}


def _published_services() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Service.id,
            Service.kind,
            Service.borough_code,
            Service.latitude,
            Service.longitude,
            Service.hours,
            Service.min_age,
            Service.max_age,
            Service.accepts_nrpf,
            Service.verified_on,
            Organisation.by_and_for,
            Organisation.id,
        )
        .join(Organisation, Organisation.id == Service.organisation_id)
        .where(Service.status == ListingStatus.PUBLISHED, Organisation.status == ListingStatus.PUBLISHED)
    )


def _units(session: Session, services: ServiceIndex) -> UnitIndex:
    number_of = {service_id: number for number, service_id in enumerate(services.ids)}
    found = session.execute(
        select(
            Unit.id,
            Unit.service_id,
            func.coalesce(Unit.borough_code, Service.borough_code),
            Unit.bedspaces,
            Unit.max_adults,
            Unit.max_children,
            Unit.boys_max_age,
            Unit.ringfence,
        ).join(Service, Service.id == Unit.service_id)
    )
    rows = sorted((row for row in found if row[1] in number_of), key=lambda row: row[0])
    ids, owners, boroughs, bedspaces, adults, children, boys, ringfences = _columns(rows, 8)
    at = {unit_id: [number] for number, unit_id in enumerate(ids)}
    size = len(ids)
    return UnitIndex(
        ids=list(ids),
        position={unit_id: number for number, unit_id in enumerate(ids)},
        service=np.array([number_of[owner] for owner in owners], dtype=np.int64),
        boroughs=by_word(boroughs),
        bedspaces=_numbers(bedspaces, 0),
        max_adults=_numbers(adults, 0),
        max_children=_numbers(children, 0),
        boys_max_age=_numbers(boys, NO_LIMIT),
        ringfenced=np.array([ringfence == RingFence.NRPF for ringfence in ringfences], dtype=bool),
        access=read_postings(session, select(unit_access_features), at, size),
        not_from=read_postings(session, select(UnitNotFrom.unit_id, UnitNotFrom.borough_code), at, size),
    )


def _columns(rows: Sequence[Any], width: int) -> Iterable[tuple[Any, ...]]:
    return zip(*rows, strict=True) if rows else [()] * width


def _numbers(values: Iterable[int | None], empty: int) -> Numbers:
    return np.array([empty if value is None else value for value in values], dtype=np.int64)


def _measures(values: Iterable[Any]) -> Measures:
    return np.array([np.nan if value is None else float(value) for value in values], dtype=np.float64)
