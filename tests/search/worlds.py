"""Small random catalogues and questions as plain data: hypothesis draws them, database and reference read them.

The alphabets are tiny on purpose, so that almost every example has matches, near misses and everything between.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.orm import Session

from directory.capacity.holds.models import Hold
from directory.capacity.models import RingFence, Unit, UnitNotFrom, UnitState, unit_access_features
from directory.capacity.overdue import DueSubject, UnansweredReminders
from directory.catalogue.models import (
    AccessFeature,
    Community,
    Need,
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
from directory.catalogue.vocabulary import AcceptsNrpf, Gender, ListingStatus, LocationDisclosure, ServiceKind
from tests import factories

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)

HACKNEY, EALING, CITY, BROMLEY = "E09000012", "E09000009", "E09000001", "E09000006"
BOROUGHS = [HACKNEY, EALING, CITY, BROMLEY]
# Real postcodes' coordinates are the gazetteer's business; these lie in Hackney, Ealing and Manchester.
POINTS = [("E8 3PN", 51.5423, -0.0651), ("UB1 3AJ", 51.5117, -0.3752), ("M1 1AE", 53.4794, -2.2453)]
PARENT_OF = {"abuse": None, "honour": "abuse", "forced": "honour", "housing": None}
COMMUNITIES = ["deaf", "latin", "somali"]
FEATURES = ["step-free", "lift", "hoist"]
LANGUAGES = ["bn", "es", "so"]
# Sunday, two in the morning: open exactly where this says so.
HOURS = {"24/7": True, "Mo-Fr 09:00-17:00": False, "Su 00:00-06:00": True, "": False}
PLACES = ["Hackney", "E8 3", "UB1", "Ealing", "City of London", "M1 1", "EH1 1", "SE1"]
CONFIRMED = [timedelta(hours=1), timedelta(hours=30), timedelta(hours=72), timedelta(hours=72, seconds=1), None]
HOLDS = [timedelta(microseconds=1), timedelta(0), timedelta(hours=2)]
CONTRACTS = [
    (None, None),
    (TODAY, None),
    (TODAY + timedelta(days=1), None),
    (None, TODAY),
    (None, TODAY + timedelta(days=1)),
]


@dataclass(frozen=True)
class UnitData:
    """A unit as the catalogue file has it."""

    id: str
    borough: str | None
    bedspaces: int
    max_adults: int
    max_children: int
    boys_max_age: int | None
    ringfenced: bool
    access: frozenset[str]
    not_from: frozenset[str]
    contract: tuple[date | None, date | None]
    state: str
    confirmed: timedelta | None
    # How long from now until the hold on it runs out, or ran out without anybody having tidied it away.
    held: timedelta | None


@dataclass(frozen=True)
class ServiceData:
    """A service with its organisation's part and its units."""

    id: str
    kind: str
    status: str
    organisation_status: str
    by_and_for: bool
    organisation_communities: frozenset[str]
    communities: frozenset[str]
    needs: frozenset[str]
    languages: frozenset[str]
    genders: frozenset[str]
    ages: tuple[int | None, int | None]
    accepts_nrpf: str | None
    areas: frozenset[str]
    point: tuple[str, float, float] | None
    borough: str | None
    access: frozenset[str]
    hours: str
    units: tuple[UnitData, ...]
    # How many reminders it has not answered, of its units and of its listing.
    unanswered: tuple[int, int] = (0, 0)


def mostly(usual: Any, *others: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from([usual] * 3 + list(others))


def some(of: list[str], least: int = 0, most: int = 3) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(of), min_size=least, max_size=most)


@st.composite
def unit_data(draw: st.DrawFn, name: str) -> UnitData:
    state = draw(mostly("open", "occupied", "closed"))
    return UnitData(
        id=name,
        borough=draw(st.sampled_from([None, None, *BOROUGHS])),
        bedspaces=draw(st.integers(1, 5)),
        max_adults=draw(st.integers(1, 2)),
        max_children=draw(st.integers(0, 4)),
        boys_max_age=draw(st.sampled_from([None, None, 0, 11, 14])),
        ringfenced=draw(st.booleans()),
        access=draw(some(FEATURES)),
        not_from=draw(some(BOROUGHS, 0, 1)),
        contract=draw(mostly((None, None), *CONTRACTS)),
        state=state,
        confirmed=draw(mostly(CONFIRMED[0], *CONFIRMED)),
        held=draw(mostly(None, *HOLDS)) if state == "open" else None,
    )


@st.composite
def service_data(draw: st.DrawFn, number: int) -> ServiceData:
    kind = draw(st.sampled_from(["refuge", "refuge", "advocacy", "helpline"]))
    point = draw(st.sampled_from([None, *POINTS])) if kind != "refuge" else None
    count = draw(st.integers(0, 4)) if kind == "refuge" else draw(mostly(0, 1))
    return ServiceData(
        id=f"s{number}",
        kind=kind,
        status=draw(mostly("published", "draft", "withdrawn")),
        organisation_status=draw(mostly("published", "suspended")),
        by_and_for=draw(st.booleans()),
        organisation_communities=draw(some(COMMUNITIES, 0, 2)),
        communities=draw(some(COMMUNITIES, 0, 1)),
        needs=draw(some(list(PARENT_OF), 1)),
        languages=draw(some(LANGUAGES, 0, 2)),
        genders=draw(some(["woman", "man", "non_binary"], 0)),
        ages=draw(st.sampled_from([(None, None), (16, None), (None, 25), (18, 30)])),
        accepts_nrpf=draw(st.sampled_from(["yes", "no", "if_funded", None])),
        areas=draw(some([*BOROUGHS, "london", "england", "uk"], 0, 2)),
        point=point,
        borough=draw(st.sampled_from([*BOROUGHS, None])),
        access=draw(some(FEATURES)),
        hours=draw(st.sampled_from(list(HOURS))),
        units=tuple(draw(unit_data(f"s{number}-u{index}")) for index in range(count)),
        unanswered=draw(st.sampled_from([(0, 0), (0, 0), (2, 0), (3, 0), (1, 3)])),
    )


worlds = st.integers(1, 7).flatmap(lambda size: st.tuples(*(service_data(number) for number in range(size))))

questions = st.fixed_dictionaries(
    {},
    optional={
        "near": st.sampled_from(PLACES),
        "avoid": st.lists(st.sampled_from(BOROUGHS), max_size=2),
        "adults": st.integers(1, 3),
        "child": st.lists(st.sampled_from(["0f", "4f", "4m", "11m", "13m", "17f"]), max_size=3),
        "gender": st.sampled_from(["woman", "man", "non_binary"]),
        "age": st.sampled_from([16, 17, 18, 25, 26, 40]),
        "need": st.lists(st.sampled_from(list(PARENT_OF)), max_size=2),
        "language": st.lists(st.sampled_from(LANGUAGES), max_size=2),
        "community": st.lists(st.sampled_from(COMMUNITIES), max_size=2),
        "by_and_for": st.booleans(),
        "access": st.lists(st.sampled_from(FEATURES), max_size=2),
        "nrpf": st.booleans(),
        "space": mostly(False, True),
        "open": mostly(False, True),
        "kind": st.lists(st.sampled_from(["refuge", "advocacy", "helpline"]), max_size=2),
        "must": st.lists(st.sampled_from(["language", "community", "by_and_for"]), max_size=3),
        "prefer_distance": st.sampled_from(["near", "far", "any"]),
        "within": st.sampled_from([0.5, 2, 7.5, 15, 300]),
    },
).map(lambda question: question if "near" in question else {k: v for k, v in question.items() if k != "within"})


def insert_terms(session: Session) -> None:
    """The terms that worlds are made of; taxonomies that are there already are left alone."""
    for code, parent in PARENT_OF.items():
        session.add(Need(code=code, name=code.capitalize(), parent_code=parent))
        session.flush()
    session.add_all(Community(code=code, name=code.capitalize()) for code in COMMUNITIES)
    session.add_all(AccessFeature(code=code, name=code.capitalize()) for code in FEATURES)
    session.flush()


def insert_world(session: Session, world: tuple[ServiceData, ...]) -> None:
    """Write a world into the database, in bulk."""
    session.execute(insert(Organisation), [_organisation_row(one) for one in world])
    session.execute(insert(Service), [_service_row(one) for one in world])
    _list(session, organisation_communities, "organisation_id", "community_code", world, "organisation_communities")
    _list(session, service_needs, "service_id", "need_code", world, "needs")
    _list(session, service_communities, "service_id", "community_code", world, "communities")
    _list(session, service_access_features, "service_id", "feature_code", world, "access")
    _list(session, ServiceLanguage, "service_id", "language", world, "languages")
    _list(session, ServiceGender, "service_id", "gender", world, "genders")
    _list(session, ServiceArea, "service_id", "area", world, "areas")
    _remind(session, world)
    units = [(one, unit) for one in world for unit in one.units]
    if units:
        session.execute(insert(Unit), [_unit_row(one, unit) for one, unit in units])
    _hold(session, [(one.id, unit) for one, unit in units if unit.held is not None])
    of_units = [unit for _, unit in units]
    _list(session, unit_access_features, "unit_id", "feature_code", of_units, "access")
    _list(session, UnitNotFrom, "unit_id", "borough_code", of_units, "not_from")
    session.flush()


def _remind(session: Session, world: tuple[ServiceData, ...]) -> None:
    for one in world:
        for subject, count in zip(DueSubject, one.unanswered, strict=True):
            if count:
                session.add(
                    UnansweredReminders(service_id=one.id, subject=subject, count=count, first_at=NOW, last_on=TODAY)
                )
    session.flush()


def _hold(session: Session, held: list[tuple[str, UnitData]]) -> None:
    if not held:
        return
    holder = factories.user(session).id
    for number, (service_id, unit) in enumerate(held):
        ends = NOW + (unit.held or timedelta(0))
        session.add(
            Hold(
                id=f"{number:016}",
                unit_id=unit.id,
                service_id=service_id,
                held_by=holder,
                held_at=ends - timedelta(hours=3),
                expires_at=ends,
                idempotency_key=f"{number:064}",
            )
        )
    session.flush()


def _list(session: Session, table: Any, owner: str, column: str, rows: Any, attribute: str) -> None:
    values = [
        {owner: row.id, column: Gender(value) if column == "gender" else value}
        for row in rows
        for value in sorted(getattr(row, attribute))
    ]
    if values:
        session.execute(insert(table), values)


def _organisation_row(one: ServiceData) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.id,
        "by_and_for": one.by_and_for,
        "status": ListingStatus(one.organisation_status),
    }


def _service_row(one: ServiceData) -> dict[str, Any]:
    postcode, latitude, longitude = one.point or (None, None, None)
    return {
        "id": one.id,
        "organisation_id": one.id,
        "name": one.id,
        "kind": ServiceKind(one.kind),
        "min_age": one.ages[0],
        "max_age": one.ages[1],
        "accepts_nrpf": AcceptsNrpf(one.accepts_nrpf) if one.accepts_nrpf else None,
        "location_disclosure": LocationDisclosure.PUBLIC if one.point else LocationDisclosure.SECRET,
        "postcode": postcode,
        "latitude": latitude,
        "longitude": longitude,
        "borough_code": one.borough,
        "hours": one.hours,
        "status": ListingStatus(one.status),
    }


def _unit_row(one: ServiceData, unit: UnitData) -> dict[str, Any]:
    return {
        "id": unit.id,
        "service_id": one.id,
        "borough_code": unit.borough,
        "bedspaces": unit.bedspaces,
        "max_adults": unit.max_adults,
        "max_children": unit.max_children,
        "boys_max_age": unit.boys_max_age,
        "ringfence": RingFence.NRPF if unit.ringfenced else RingFence.NONE,
        "active_from": unit.contract[0],
        "active_until": unit.contract[1],
        "state": UnitState(unit.state),
        "confirmed_at": NOW - unit.confirmed if unit.confirmed is not None else None,
    }
