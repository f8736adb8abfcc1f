"""The SQL of a search: narrow rows for everything that matches, in two statements however much matches.

A refuge is matched by its units, each on its own, and comes as one row per borough its fitting units are in; a
service of another kind is one row. Ranking then works on these rows, and only a page of them is read in full.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Float,
    Integer,
    Select,
    SQLColumnExpression,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from directory.capacity.availability import Moment, space_available
from directory.capacity.models import Unit, unit_access_features
from directory.catalogue.models import Organisation, PerformanceFigure, Service
from directory.catalogue.vocabulary import ServiceKind
from directory.search.conditions import (
    Must,
    Surroundings,
    is_by_and_for,
    knows_community,
    nrpf_if_funded,
    nrpf_outright,
    service_is_a_candidate,
    service_musts,
    speaks,
    unit_borough,
    unit_is_a_candidate,
    unit_musts,
)
from directory.search.criteria import Criteria

RESPONSE_MEASURE = "median_response_minutes"

# What few units have and somebody may wait for. A unit that has them is offered last to those who did not ask.
SCARCE_FEATURES = frozenset(
    {
        "adapted-bathroom",
        "assistance-dog",
        "carer-room",
        "flashing-alarms",
        "ground-floor-room",
        "hearing-loop",
        "hoist",
        "large-family",
        "mobility-scooter-storage",
        "pets-possible",
        "wheelchair-accessible-room",
    }
)


class Candidate(NamedTuple):
    """One service (for a refuge: its fitting units in one borough) with just what ranking looks at.

    `available` is how many fitting units have space; `confirmed_at` the latest confirmation among the fitting units;
    `spare_features` the fewest scarce features that one of them has and nobody asked for; `if_funded` is 1 for a
    conditional match; `failed` names the one must that a near miss did not meet.
    """

    service_id: str
    is_refuge: bool
    borough_code: str | None
    latitude: float | None
    longitude: float | None
    hours: str
    verified_on: date | None
    by_and_for: bool
    community: bool
    language: bool
    response_minutes: float | None
    available: int
    confirmed_at: datetime | None
    spare_features: int
    if_funded: int
    failed: str | None


def find_candidates(
    session: Session, criteria: Criteria, around: Surroundings, moment: Moment, *, near_misses: bool = False
) -> list[Candidate]:
    """Everything that matches outright or on condition; or, with `near_misses`, what fails exactly one must."""
    statements = [_refuges(criteria, around, moment, near_misses), _others(criteria, around, moment, near_misses)]
    if not near_misses and criteria.kinds:
        only = [ServiceKind.REFUGE in criteria.kinds, bool(criteria.kinds - {ServiceKind.REFUGE})]
        statements = [statement for statement, wanted in zip(statements, only, strict=True) if wanted]
    return [Candidate._make(row) for statement in statements for row in session.execute(statement)]


def _refuges(criteria: Criteria, around: Surroundings, moment: Moment, near_misses: bool) -> Select[*tuple[Any, ...]]:
    musts = unit_musts(criteria, around, moment)
    outright = nrpf_outright(criteria, of_unit=True)
    # Units are gathered by service and borough before anything else is read: they are many, and this needs little.
    gathered = (
        select(
            Unit.service_id,
            unit_borough().label("borough_code"),
            func.sum(case((space_available(moment), 1), else_=0)).label("available"),
            func.max(Unit.confirmed_at, type_=Unit.confirmed_at.type).label("confirmed_at"),
            func.min(_spare_unit_features(criteria)).label("spare_features"),
            _if_funded(criteria, outright),
            _failed(musts if near_misses else {}),
        )
        .join(Service, Service.id == Unit.service_id)
        .join(Organisation, Organisation.id == Service.organisation_id)
        .where(unit_is_a_candidate(criteria, moment), *_demands(criteria, musts, outright, near_misses))
        # By name: PostgreSQL does not take two copies of an expression with parameters for the same.
        .group_by(Unit.service_id, unit_borough(), "if_funded", "failed_must")
        .subquery()
    )
    columns = gathered.c
    return (
        _service_columns(criteria, columns.borough_code, is_refuge=True)
        .add_columns(
            columns.available, columns.confirmed_at, columns.spare_features, columns.if_funded, columns.failed_must
        )
        .select_from(gathered)
        .join(Service, Service.id == columns.service_id)
        .join(Organisation, Organisation.id == Service.organisation_id)
        .outerjoin(_LatestResponse, _latest_response_of_service())
    )


def _others(criteria: Criteria, around: Surroundings, moment: Moment, near_misses: bool) -> Select[*tuple[Any, ...]]:
    musts = service_musts(criteria, around, moment)
    outright = nrpf_outright(criteria, of_unit=False)
    return (
        _service_columns(criteria, Service.borough_code, is_refuge=False)
        .add_columns(
            literal(0),
            null(),
            literal(0),
            _if_funded(criteria, outright),
            _failed(musts if near_misses else {}),
        )
        .select_from(Service)
        .join(Organisation, Organisation.id == Service.organisation_id)
        .outerjoin(_LatestResponse, _latest_response_of_service())
        .where(service_is_a_candidate(criteria), *_demands(criteria, musts, outright, near_misses))
    )


_LatestResponse = aliased(PerformanceFigure)


def _service_columns(
    criteria: Criteria, borough: SQLColumnExpression[str | None], *, is_refuge: bool
) -> Select[*tuple[Any, ...]]:
    return select(
        Service.id,
        literal(is_refuge),
        borough,
        Service.latitude,
        Service.longitude,
        Service.hours,
        Service.verified_on,
        is_by_and_for(criteria) if criteria.by_and_for else literal(False),
        knows_community(criteria) if criteria.communities else literal(False),
        speaks(criteria) if criteria.languages else literal(False),
        cast(_LatestResponse.value, Float),
    )


def _latest_response_of_service() -> ColumnElement[bool]:
    """How quickly the service answered in the last quarter that has figures."""
    latest = (
        select(func.max(PerformanceFigure.period))
        .where(PerformanceFigure.measure == RESPONSE_MEASURE)
        .scalar_subquery()
    )
    return and_(
        _LatestResponse.service_id == Service.id,
        _LatestResponse.measure == RESPONSE_MEASURE,
        _LatestResponse.period == latest,
    )


def _if_funded(criteria: Criteria, outright: ColumnElement[bool]) -> ColumnElement[Any]:
    """1 for what would take the household only if somebody pays, 0 for what takes it outright."""
    if not criteria.nrpf:
        return literal(0, Integer).label("if_funded")
    return case((outright, 0), else_=1).label("if_funded")


def _demands(
    criteria: Criteria, musts: dict[Must, ColumnElement[bool]], outright: ColumnElement[bool], near_misses: bool
) -> list[ColumnElement[bool]]:
    if near_misses:
        # A near miss takes the household outright: one that failed on funding could tell a ring-fence.
        failures = sum((case((condition, 0), else_=1) for condition in musts.values()), start=literal(0, Integer))
        return [outright, failures == 1]
    accepted = or_(outright, nrpf_if_funded()) if criteria.nrpf else outright
    return [accepted, *musts.values()]


def _failed(musts: dict[Must, ColumnElement[bool]]) -> ColumnElement[Any]:
    """The first must that is not met (or whose facts are not known)."""
    whens = [case((condition, null()), else_=must.value) for must, condition in musts.items()]
    return func.coalesce(*whens, null(), null()).label("failed_must")


def _spare_unit_features(criteria: Criteria) -> ColumnElement[Any]:
    features = unit_access_features.c
    return (
        select(func.count())
        # The empty text keeps SQLite from looking up each scarce feature of each unit: a unit has few of any kind.
        .where(features.unit_id == Unit.id, (features.feature_code + "").in_(SCARCE_FEATURES - criteria.access))
        .correlate(Unit)
        .scalar_subquery()
    )


def fitting_units(
    criteria: Criteria,
    around: Surroundings,
    moment: Moment,
    service_ids: Iterable[str],
    *,
    if_funded: bool = False,
) -> ColumnElement[bool]:
    """The condition that picks, of these refuges' units, those that fit and may be offered."""
    ids = list(service_ids)
    if not ids:
        return false()
    outright = nrpf_outright(criteria, of_unit=True)
    funding = and_(nrpf_if_funded(), ~outright) if if_funded else outright
    return and_(
        Unit.service_id.in_(ids),
        unit_is_a_candidate(criteria, moment),
        funding,
        *unit_musts(criteria, around, moment).values(),
    )
