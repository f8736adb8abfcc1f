"""The musts of a search as SQL conditions, each under its own name (design section 4).

Written once, they serve twice: a match is where all of them hold; a near miss is where all but one do. They fail
closed: a condition that meets an unknown value is not met.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from directory.capacity.availability import Moment, offerable, space_available
from directory.capacity.models import RingFence, Unit, UnitNotFrom, unit_access_features
from directory.catalogue.hours import state_now
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
from directory.catalogue.vocabulary import AcceptsNrpf, ListingStatus, ServiceKind, WideArea
from directory.places.distance import miles_between
from directory.places.lookup import BoroughFact, Place
from directory.search.criteria import Criteria, Preference

Condition = ColumnElement[bool]


class Must(enum.StrEnum):
    """A condition that a near miss may have failed. None of them tells anything about a ring-fence."""

    NEED = "need"
    HOUSEHOLD = "household"
    NOT_LOCAL = "not_from"
    ACCESS = "access"
    GENDER = "gender"
    AGE = "age"
    AREA = "area"
    SPACE = "space"
    OPEN = "open"
    KIND = "kind"
    LANGUAGE = "language"
    COMMUNITY = "community"
    BY_AND_FOR = "by_and_for"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the conditions need to know besides the question: where boroughs are, and which services are reachable.

    `boroughs_within` and `services_within` are None where no distance was given; the latter holds the ids of
    services whose public postcode lies within it. `open_hours` is None where open services were not asked for.
    """

    boroughs: Mapping[str, BoroughFact]
    boroughs_within: frozenset[str] | None = None
    services_within: frozenset[str] | None = None
    open_hours: frozenset[str] | None = None


def look_around(
    session: Session, criteria: Criteria, boroughs: Mapping[str, BoroughFact], now: datetime
) -> Surroundings:
    """Answer what SQL cannot: exact great-circle distances, and which opening hours are open at `now`."""
    within_boroughs, within_services, open_hours = None, None, None
    if criteria.near is not None and criteria.within is not None:
        place, limit = criteria.near, criteria.within
        within_boroughs = frozenset(
            borough.code
            for borough in boroughs.values()
            if miles_from(place, borough.latitude, borough.longitude) <= limit
        )
        within_services = _public_services_within(session, place, limit)
    if criteria.open_now:
        hours = session.scalars(select(Service.hours).where(Service.status == ListingStatus.PUBLISHED).distinct())
        open_hours = frozenset(text for text in hours if state_now(text, now).open)
    return Surroundings(boroughs, within_boroughs, within_services, open_hours)


def miles_from(place: Place, latitude: float, longitude: float) -> float:
    """Miles in a straight line from the place asked."""
    return miles_between(place.latitude, place.longitude, latitude, longitude)


def _public_services_within(session: Session, place: Place, miles: float) -> frozenset[str]:
    # A degree of latitude is never less than 68.7 miles long: a first cut that loses nobody and needs no arithmetic.
    degrees = miles / 68.7
    rows = session.execute(
        select(Service.id, Service.latitude, Service.longitude).where(
            Service.status == ListingStatus.PUBLISHED,
            Service.kind != ServiceKind.REFUGE,
            Service.latitude.between(place.latitude - degrees, place.latitude + degrees),
        )
    )
    return frozenset(
        service_id
        for service_id, latitude, longitude in rows
        if latitude is not None and longitude is not None and miles_from(place, latitude, longitude) <= miles
    )


def published() -> Condition:
    """Both the service and its organisation are published."""
    return and_(Service.status == ListingStatus.PUBLISHED, Organisation.status == ListingStatus.PUBLISHED)


def unit_borough() -> ColumnElement[str | None]:
    """The borough that counts for a unit: its own, else its service's."""
    return func.coalesce(Unit.borough_code, Service.borough_code)


def nrpf_outright(criteria: Criteria, *, of_unit: bool) -> Condition:
    """The place takes, without any further funding, a household that asks not to depend on public funds.

    Not asked: everything but a ring-fenced unit, which takes households without public funds only.
    """
    ringfenced = Unit.ringfence == RingFence.NRPF
    if not criteria.nrpf:
        return ~ringfenced if of_unit else Service.id == Service.id
    accepts = Service.accepts_nrpf == AcceptsNrpf.YES
    return or_(ringfenced, accepts) if of_unit else accepts


def nrpf_if_funded() -> Condition:
    """The place takes such a household if somebody pays: a conditional match, always shown apart."""
    return Service.accepts_nrpf == AcceptsNrpf.IF_FUNDED


def unit_is_a_candidate(criteria: Criteria, moment: Moment) -> Condition:
    """What a refuge's unit must be before anything else is asked of it: these are never near misses."""
    parts = [published(), Service.kind == ServiceKind.REFUGE, offerable(moment)]
    if criteria.avoid:
        parts.append(unit_borough().not_in(criteria.avoid))
    return and_(*parts)


def service_is_a_candidate(criteria: Criteria) -> Condition:
    """The same for services of other kinds, which are matched as a whole."""
    parts = [published(), Service.kind != ServiceKind.REFUGE]
    if criteria.avoid:
        parts.append(Service.borough_code.not_in(criteria.avoid))
    return and_(*parts)


def unit_musts(criteria: Criteria, around: Surroundings, moment: Moment) -> dict[Must, Condition]:
    """What the question demands of one refuge unit."""
    musts = _shared_musts(criteria, around)
    if criteria.access:
        musts[Must.ACCESS] = and_(
            *(
                Unit.id.in_(select(unit_access_features.c.unit_id).where(unit_access_features.c.feature_code == code))
                for code in sorted(criteria.access)
            )
        )
    household = criteria.household
    if household is not None:
        musts[Must.HOUSEHOLD] = and_(
            Unit.max_adults >= household.adults,
            Unit.max_children >= len(household.children),
            Unit.bedspaces >= household.people,
            *([_boys_allowed(household.oldest_boy)] if household.oldest_boy is not None else []),
        )
    if criteria.near is not None and criteria.near.borough_codes:
        musts[Must.NOT_LOCAL] = ~exists().where(
            UnitNotFrom.unit_id == Unit.id, UnitNotFrom.borough_code.in_(criteria.near.borough_codes)
        )
    if around.boroughs_within is not None:
        musts[Must.AREA] = unit_borough().in_(around.boroughs_within)
    if criteria.space:
        musts[Must.SPACE] = space_available(moment)
    return musts


def _boys_allowed(oldest: int) -> Condition:
    return or_(Unit.boys_max_age.is_(None), Unit.boys_max_age >= oldest)


def service_musts(criteria: Criteria, around: Surroundings, moment: Moment) -> dict[Must, Condition]:
    """What the question demands of a service that is not a refuge. It is not tested for the household."""
    musts = _shared_musts(criteria, around)
    if criteria.access:
        features = service_access_features.c
        musts[Must.ACCESS] = and_(
            *(
                Service.id.in_(select(features.service_id).where(features.feature_code == code))
                for code in sorted(criteria.access)
            )
        )
    if criteria.near is not None:
        musts[Must.AREA] = or_(_covers(criteria.near), _lies_within(around))
    if criteria.space:
        musts[Must.SPACE] = exists().where(
            Unit.service_id == Service.id, space_available(moment), nrpf_outright(criteria, of_unit=True)
        )
    return musts


def _covers(place: Place) -> Condition:
    areas = [*place.borough_codes, WideArea.UK.value]
    if place.borough_codes:
        areas.append(WideArea.LONDON.value)
    if place.country == "england":
        areas.append(WideArea.ENGLAND.value)
    return Service.id.in_(select(ServiceArea.service_id).where(ServiceArea.area.in_(areas)))


def _lies_within(around: Surroundings) -> Condition:
    if around.boroughs_within is None or around.services_within is None:
        return Service.id != Service.id
    return or_(
        and_(Service.postcode.is_(None), Service.borough_code.in_(around.boroughs_within)),
        Service.id.in_(around.services_within),
    )


def _shared_musts(criteria: Criteria, around: Surroundings) -> dict[Must, Condition]:
    """What is demanded of the service itself, refuge or not, in the order in which a near miss names it."""
    musts: dict[Must, Condition] = {}
    if criteria.needs:
        needs = service_needs.c
        musts[Must.NEED] = and_(
            *(
                Service.id.in_(select(needs.service_id).where(needs.need_code.in_(answers)))
                for answers in criteria.needs
            )
        )
    if criteria.gender is not None:
        musts[Must.GENDER] = exists().where(
            ServiceGender.service_id == Service.id, ServiceGender.gender == criteria.gender
        )
    if criteria.age is not None:
        musts[Must.AGE] = and_(
            or_(Service.min_age.is_(None), Service.min_age <= criteria.age),
            or_(Service.max_age.is_(None), Service.max_age >= criteria.age),
        )
    if around.open_hours is not None:
        musts[Must.OPEN] = Service.hours.in_(around.open_hours)
    if criteria.kinds:
        musts[Must.KIND] = Service.kind.in_(criteria.kinds)
    return musts | _chosen_musts(criteria)


def _chosen_musts(criteria: Criteria) -> dict[Must, Condition]:
    """The preferences that the question turned into musts, where there is something to prefer."""
    musts: dict[Must, Condition] = {}
    if Preference.LANGUAGE in criteria.musts and criteria.languages:
        musts[Must.LANGUAGE] = speaks(criteria)
    if Preference.COMMUNITY in criteria.musts and criteria.communities:
        musts[Must.COMMUNITY] = knows_community(criteria)
    if Preference.BY_AND_FOR in criteria.musts and criteria.by_and_for:
        musts[Must.BY_AND_FOR] = is_by_and_for(criteria)
    return musts


def speaks(criteria: Criteria) -> Condition:
    """The service talks to people in one of the languages asked."""
    return exists().where(ServiceLanguage.service_id == Service.id, ServiceLanguage.language.in_(criteria.languages))


def knows_community(criteria: Criteria) -> Condition:
    """One of the communities asked is named on the service or on its organisation."""
    on_service = service_communities.c
    return or_(
        exists().where(on_service.service_id == Service.id, on_service.community_code.in_(criteria.communities)),
        _organisation_is_of(criteria),
    )


def is_by_and_for(criteria: Criteria) -> Condition:
    """The organisation is 'by and for'; and for one of the communities asked, where one is."""
    if not criteria.communities:
        return Organisation.by_and_for.is_(True)
    return and_(Organisation.by_and_for.is_(True), _organisation_is_of(criteria))


def _organisation_is_of(criteria: Criteria) -> Condition:
    of_organisation = organisation_communities.c
    return exists().where(
        of_organisation.organisation_id == Organisation.id, of_organisation.community_code.in_(criteria.communities)
    )
