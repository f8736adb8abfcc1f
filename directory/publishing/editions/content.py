"""What goes into an edition: what is published on a London date, without anything that must not leave (section 2).

A fixed number of statements, however large the catalogue is. No time of day and no date of an import is in it, so the
same catalogue gives the same content on every database. A service's entry says how many units and bedspaces are in
contract; never which, for whom they are funded, or whether one is free.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, and_, func, select
from sqlalchemy.orm import Session

from directory.capacity.availability import Moment, in_contract
from directory.capacity.contracts.inventory import contracted_units, inventory_of
from directory.capacity.contracts.programmes import list_programmes
from directory.capacity.contracts.today import FEWEST_OF_EACH
from directory.capacity.models import Unit
from directory.catalogue.models import (
    Organisation,
    Service,
    ServiceArea,
    ServiceGender,
    ServiceLanguage,
    organisation_communities,
    service_access_features,
    service_communities,
    service_needs,
)
from directory.catalogue.vocabulary import ListingStatus, LocationDisclosure, ServiceKind
from directory.common.changes import current_mark
from directory.common.progress import Progress, no_progress
from directory.publishing.editions.facts import Entry
from directory.publishing.editions.performance_entries import Performance, read_performance
from directory.publishing.editions.vocabulary import EntryKind
from directory.publishing.performance.facts import QuarterFigures

BUILDING = "Reading the catalogue"
_STEPS = 6
_ATTEMPTS = 3
_SERVICE_LISTS: Mapping[str, tuple[Any, Any, Any]] = {
    "needs": (service_needs, service_needs.c.service_id, service_needs.c.need_code),
    "communities": (service_communities, service_communities.c.service_id, service_communities.c.community_code),
    "access_features": (
        service_access_features,
        service_access_features.c.service_id,
        service_access_features.c.feature_code,
    ),
    "languages": (ServiceLanguage, ServiceLanguage.service_id, ServiceLanguage.language),
    "genders": (ServiceGender, ServiceGender.service_id, ServiceGender.gender),
    "areas": (ServiceArea, ServiceArea.service_id, ServiceArea.area),
}
_Lists = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class _Capacity:
    """A refuge's units that are in contract."""

    units: int = 0
    bedspaces: int = 0


@dataclass(slots=True)
class _Catalogue:
    """What the statements found, before it is put together."""

    organisations: list[Row[Any]] = field(default_factory=list)
    organisation_communities: _Lists = field(default_factory=dict)
    services: list[Row[Any]] = field(default_factory=list)
    lists: dict[str, _Lists] = field(default_factory=dict)
    capacities: dict[str, _Capacity] = field(default_factory=dict)
    programmes: list[Entry] = field(default_factory=list)
    performance: Performance = field(default_factory=Performance)


@dataclass(frozen=True, slots=True)
class Built:
    """What an edition would hold, and the last final quarters as they were read for that, newest first."""

    entries: list[Entry]
    quarters: tuple[QuarterFigures, ...]


def build_entries(session: Session, moment: Moment, progress: Progress = no_progress) -> list[Entry]:
    """Everything that an edition of the moment's London date holds, by kind and id."""
    return build(session, moment, progress).entries


def build(session: Session, moment: Moment, progress: Progress = no_progress) -> Built:
    """The same, with what the checks ask of the performance data besides."""
    return _put_together(_read_whole(session, moment, progress), progress)


def build_listings(session: Session, moment: Moment) -> list[Entry]:
    """The same without performance data, which takes several times as long to read as all the rest."""
    return _put_together(_read(session, moment, no_progress, figures=False), no_progress).entries


def _put_together(found: _Catalogue, progress: Progress) -> Built:
    progress(BUILDING, 5, _STEPS)
    entries = [
        *(_organisation(row, found.organisation_communities) for row in found.organisations),
        *(_service(row, found) for row in found.services),
        *found.programmes,
        *found.performance.entries,
    ]
    progress(BUILDING, _STEPS, _STEPS)
    entries.sort(key=lambda entry: (entry.kind.value, entry.id))
    return Built(entries, found.performance.quarters)


def _read_whole(session: Session, moment: Moment, progress: Progress) -> _Catalogue:
    """The catalogue, all of it of one moment: read again where somebody has changed it meanwhile.

    SQLite's transactions see one moment anyway; PostgreSQL's statements see one each.
    """
    for _ in range(_ATTEMPTS - 1):
        mark = current_mark(session)
        found = _read(session, moment, progress)
        if current_mark(session) == mark:
            return found
    return _read(session, moment, progress)


def _read(session: Session, moment: Moment, progress: Progress, *, figures: bool = True) -> _Catalogue:
    found = _Catalogue()
    progress(BUILDING, 0, _STEPS)
    found.organisations = list(session.execute(select(*_ORGANISATION).where(_published(Organisation))))
    table = organisation_communities
    found.organisation_communities = _listed(session, table, table.c.organisation_id, table.c.community_code)
    progress(BUILDING, 1, _STEPS)
    found.services = list(
        session.execute(
            select(*_SERVICE)
            .join(Organisation, Organisation.id == Service.organisation_id)
            .where(_published(Service), _published(Organisation))
        )
    )
    progress(BUILDING, 2, _STEPS)
    found.lists = {name: _listed(session, *where) for name, where in _SERVICE_LISTS.items()}
    progress(BUILDING, 3, _STEPS)
    found.capacities = _capacities(session, moment)
    found.programmes = _programmes(session, moment.today)
    progress(BUILDING, 4, _STEPS)
    if figures:
        found.performance = read_performance(session, {row.id for row in found.services}, moment.now)
    return found


def _published(model: type[Organisation] | type[Service]) -> ColumnElement[bool]:
    return and_(model.status == ListingStatus.PUBLISHED, model.removed_at.is_(None))


_ORGANISATION = (
    Organisation.id,
    Organisation.name,
    Organisation.description,
    Organisation.by_and_for,
    Organisation.website,
    Organisation.phone,
    Organisation.email,
    Organisation.charity_number,
    Organisation.verified_on,
)
# What signed-in people alone may ring or write to is left out: an edition is printed, sent on and kept.
_SERVICE = (
    Service.id,
    Service.organisation_id,
    Organisation.name.label("organisation_name"),
    Organisation.by_and_for,
    Service.name,
    Service.kind,
    Service.description,
    Service.min_age,
    Service.max_age,
    Service.accepts_nrpf,
    Service.location_disclosure,
    Service.postcode,
    Service.borough_code,
    Service.hours,
    Service.phone,
    Organisation.website,
    Service.response_target_minutes,
    Service.verified_on,
)


def _listed(session: Session, table: Table | Any, owner: Any, item: Any) -> _Lists:
    """The items of every owner, each list sorted here: databases differ in how they order text."""
    items: defaultdict[str, list[str]] = defaultdict(list)
    for row in session.execute(select(owner, item).select_from(table)):
        items[row[0]].append(str(row[1]))
    for found in items.values():
        found.sort()
    return items


def _capacities(session: Session, moment: Moment) -> dict[str, _Capacity]:
    rows = session.execute(
        select(Unit.service_id, func.count(Unit.id), func.sum(Unit.bedspaces))
        .where(Unit.removed_at.is_(None), in_contract(moment))
        .group_by(Unit.service_id)
    )
    return {row[0]: _Capacity(int(row[1]), int(row[2])) for row in rows}


def _organisation(row: Row[Any], communities: _Lists) -> Entry:
    body = {
        "id": row.id,
        "name": row.name,
        "description": row.description,
        "by_and_for": bool(row.by_and_for),
        "communities": communities.get(row.id, []),
        "website": row.website,
        "phone": row.phone,
        "email": row.email,
        "charity_number": row.charity_number,
        "verified_on": _date(row.verified_on),
    }
    return Entry(EntryKind.ORGANISATION, row.id, body)


def _service(row: Row[Any], found: _Catalogue) -> Entry:
    is_refuge = row.kind is ServiceKind.REFUGE
    capacity = found.capacities.get(row.id, _Capacity())
    is_public = row.location_disclosure is LocationDisclosure.PUBLIC
    body = {
        "id": row.id,
        "organisation_id": row.organisation_id,
        "organisation_name": row.organisation_name,
        "by_and_for": bool(row.by_and_for),
        "name": row.name,
        "kind": row.kind.value,
        "description": row.description,
        "min_age": row.min_age,
        "max_age": row.max_age,
        "accepts_nrpf": row.accepts_nrpf.value if row.accepts_nrpf else None,
        "location_disclosure": row.location_disclosure.value,
        "postcode": row.postcode if is_public else None,
        "borough": row.borough_code,
        "hours": row.hours,
        "phone": row.phone,
        "website": row.website,
        "response_target_minutes": row.response_target_minutes,
        "verified_on": _date(row.verified_on),
        "units": capacity.units if is_refuge else None,
        "bedspaces": capacity.bedspaces if is_refuge else None,
        **{name: items.get(row.id, []) for name, items in found.lists.items()},
    }
    return Entry(EntryKind.SERVICE, row.id, body)


def _programmes(session: Session, day: date) -> list[Entry]:
    """The contracts that have not ended, in total: what was commissioned, and what people can find of it on `day`.

    How many units are ring-fenced is told of the contract alone, which no unit changes. Of those in the directory it
    would tell which: where two editions differ by one house and one ring-fenced unit, that unit is the house's.
    """
    live = defaultdict(list)
    for unit in contracted_units(session):
        if unit.published and unit.in_contract(day):
            live[unit.programme].append(unit)
    entries = []
    for programme in list_programmes(session):
        if programme.ended_by(day):
            continue
        sums = inventory_of(live[programme.code])
        body = {
            "code": programme.code,
            "name": programme.name,
            "units": programme.units,
            "bedspaces": programme.bedspaces,
            "ringfenced_units": _told(programme.ringfenced_units, programme.units),
            "live_units": sums.units,
            "live_bedspaces": sums.bedspaces,
        }
        entries.append(Entry(EntryKind.PROGRAMME, programme.code, body))
    return entries


def _told(ringfenced: int, units: int) -> int | None:
    """How many of a programme's units are ring-fenced; None where so few are, or are not, that it tells of a house.

    Firewall, rule 3: a small programme is one refuge, and its number would be that refuge's.
    """
    enough = ringfenced >= FEWEST_OF_EACH and units - ringfenced >= FEWEST_OF_EACH
    return ringfenced if enough or ringfenced == 0 else None


def _date(value: date | None) -> str | None:
    return value.isoformat() if value else None
