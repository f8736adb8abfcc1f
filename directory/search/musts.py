"""The musts of a search, each under its own name (design section 4), over the whole catalogue at once.

Written once, they serve twice: a match is where all of them hold; a near miss is where all but one do. They fail
closed: a condition that meets an unknown value is not met.
"""

import enum
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from directory.capacity.availability import Moment
from directory.capacity.queries import read_spaces
from directory.catalogue.vocabulary import AcceptsNrpf, WideArea
from directory.places.distance import miles_to_each
from directory.places.lookup import Place
from directory.search.criteria import Criteria, Preference
from directory.search.index import CatalogueIndex, catalogue_index
from directory.search.postings import Mask, Measures, Postings


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


Musts = dict[Must, Mask]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, put to the catalogue at one moment: all that matching and ranking look at.

    `service_miles` are exact miles from the place asked to a service's public postcode, else to its borough's centre;
    `unit_miles` to a unit's borough's centre; NaN where they cannot be known. `available`, `fresh` and `offerable` are
    the database's answers, one entry a unit.
    """

    criteria: Criteria
    moment: Moment
    index: CatalogueIndex
    offerable: Mask
    available: Mask
    fresh: Mask
    service_miles: Measures
    unit_miles: Measures
    open_now: Mask


def put(session: Session, criteria: Criteria, moment: Moment) -> Asked:
    """Put a question to the catalogue: read what is open, free and how far everything is."""
    index = catalogue_index(session)
    spaces = read_spaces(session, moment)
    fresh = index.units.mask(spaces.fresh)
    service_miles, unit_miles = _distances(criteria.near, index)
    return Asked(
        criteria=criteria,
        moment=moment,
        index=index,
        offerable=index.offerable(session, moment),
        available=fresh | index.units.mask(spaces.to_confirm),
        fresh=fresh,
        service_miles=service_miles,
        unit_miles=unit_miles,
        open_now=index.open_at(moment.now),
    )


def _distances(place: Place | None, index: CatalogueIndex) -> tuple[Measures, Measures]:
    """Miles to each service (its public postcode, else its borough's centre) and to each unit (its borough's centre).

    Nothing nearer than a borough is known of a secret place, so no number of questions can tell more.
    """
    services, units, boroughs = index.services, index.units, index.boroughs
    service_miles = np.full(len(services.ids), np.nan)
    unit_miles = np.full(len(units.ids), np.nan)
    if place is None:
        return service_miles, unit_miles
    latitudes = np.array([borough.latitude for borough in boroughs.values()])
    longitudes = np.array([borough.longitude for borough in boroughs.values()])
    centres = dict(
        zip(boroughs, miles_to_each(place.latitude, place.longitude, latitudes, longitudes).tolist(), strict=True)
    )
    for miles, postings in ((service_miles, services.boroughs), (unit_miles, units.boroughs)):
        for code, rows in postings.rows.items():
            miles[rows] = centres.get(code, np.nan)
    exact = miles_to_each(place.latitude, place.longitude, services.latitude, services.longitude)
    return np.where(np.isnan(exact), service_miles, exact), unit_miles


def unit_may_be_offered(asked: Asked) -> Mask:
    """What a refuge's unit must be before anything else is asked of it: these are never near misses."""
    units = asked.index.units
    return (
        asked.index.services.is_refuge[units.service] & asked.offerable & _not_avoided(units.boroughs, asked.criteria)
    )


def service_may_be_offered(asked: Asked) -> Mask:
    """The same for services of other kinds, which are matched as a whole."""
    services = asked.index.services
    return ~services.is_refuge & _not_avoided(services.boroughs, asked.criteria)


def _not_avoided(boroughs: Postings, criteria: Criteria) -> Mask:
    """In none of the boroughs to avoid; where any is to be avoided, an unknown borough is not known to be another."""
    if not criteria.avoid:
        return np.ones(boroughs.size, dtype=bool)
    return boroughs.having_any(boroughs.rows.keys() - criteria.avoid)


def units_outright(asked: Asked) -> Mask:
    """Units that take the household without any further funding.

    Asked for a place that does not depend on public funds: a ring-fenced unit, or one of a service that takes such
    households. Not asked: every unit without a ring-fence, since a ring-fenced one takes only those households.
    """
    units = asked.index.units
    if not asked.criteria.nrpf:
        return ~units.ringfenced
    return units.ringfenced | services_outright(asked)[units.service]


def services_outright(asked: Asked) -> Mask:
    """Services, as a whole, that take the household without any further funding."""
    accepts = asked.index.services.accepts_nrpf
    return accepts.having(AcceptsNrpf.YES) if asked.criteria.nrpf else np.ones(accepts.size, dtype=bool)


def services_if_funded(asked: Asked) -> Mask:
    """Services that take such a household if somebody pays: a conditional match, always shown apart."""
    accepts = asked.index.services.accepts_nrpf
    return accepts.having(AcceptsNrpf.IF_FUNDED) if asked.criteria.nrpf else np.zeros(accepts.size, dtype=bool)


def unit_musts(asked: Asked) -> Musts:
    """What the question demands of one refuge unit, in the order in which a near miss names it."""
    criteria, units = asked.criteria, asked.index.units
    musts = {must: mask[units.service] for must, mask in _shared_musts(asked).items()}
    if criteria.access:
        musts[Must.ACCESS] = _all_of(units.access, criteria.access)
    household = criteria.household
    if household is not None:
        fits = (
            (units.max_adults >= household.adults)
            & (units.max_children >= len(household.children))
            & (units.bedspaces >= household.people)
        )
        if household.oldest_boy is not None:
            fits &= units.boys_max_age >= household.oldest_boy
        musts[Must.HOUSEHOLD] = fits
    if criteria.near is not None:
        musts[Must.NOT_LOCAL] = ~units.not_from.having_any(criteria.near.borough_codes)
    if criteria.within is not None:
        musts[Must.AREA] = asked.unit_miles <= criteria.within
    if criteria.space:
        musts[Must.SPACE] = asked.available
    return musts


def service_musts(asked: Asked) -> Musts:
    """What the question demands of a service that is not a refuge. It is not tested for the household."""
    criteria, services = asked.criteria, asked.index.services
    musts = _shared_musts(asked)
    if criteria.access:
        musts[Must.ACCESS] = _all_of(services.access, criteria.access)
    if criteria.near is not None:
        covered = services.areas.having_any(areas_of(criteria.near))
        musts[Must.AREA] = covered | (asked.service_miles <= criteria.within) if criteria.within else covered
    if criteria.space:
        units = asked.index.units
        units_payable = services_if_funded(asked)[units.service] & ~units.ringfenced
        has_space = np.zeros(len(services.ids), dtype=bool)
        has_space[units.service[asked.available & (units_outright(asked) | units_payable)]] = True
        musts[Must.SPACE] = has_space
    return musts


def areas_of(place: Place) -> list[str]:
    """The areas a service may cover so that it covers this place: its boroughs, London, its country's, the UK."""
    areas = [*place.borough_codes, WideArea.UK.value]
    if place.borough_codes:
        areas.append(WideArea.LONDON.value)
    if place.country == "england":
        areas.append(WideArea.ENGLAND.value)
    return areas


def _shared_musts(asked: Asked) -> Musts:
    """What is demanded of the service itself, refuge or not."""
    criteria, services = asked.criteria, asked.index.services
    musts: Musts = {}
    if criteria.needs:
        musts[Must.NEED] = np.logical_and.reduce([services.needs.having_any(answers) for answers in criteria.needs])
    if criteria.gender is not None:
        musts[Must.GENDER] = services.genders.having(criteria.gender)
    if criteria.age is not None:
        musts[Must.AGE] = (services.min_age <= criteria.age) & (services.max_age >= criteria.age)
    if criteria.open_now:
        musts[Must.OPEN] = asked.open_now
    if criteria.kinds:
        musts[Must.KIND] = services.kinds.having_any(criteria.kinds)
    chosen: dict[Preference, tuple[Must, bool, Callable[[Asked], Mask]]] = {
        Preference.LANGUAGE: (Must.LANGUAGE, bool(criteria.languages), speaks),
        Preference.COMMUNITY: (Must.COMMUNITY, bool(criteria.communities), knows_community),
        Preference.BY_AND_FOR: (Must.BY_AND_FOR, criteria.by_and_for, is_by_and_for),
    }
    for preference, (must, is_asked, mask) in chosen.items():
        if preference in criteria.musts and is_asked:
            musts[must] = mask(asked)
    return musts


def _all_of(postings: Postings, codes: frozenset[str]) -> Mask:
    mask: Mask = postings.count(codes) == len(codes)
    return mask


def speaks(asked: Asked) -> Mask:
    """The service talks to people in one of the languages asked."""
    return asked.index.services.languages.having_any(asked.criteria.languages)


def knows_community(asked: Asked) -> Mask:
    """One of the communities asked is named on the service or on its organisation."""
    services, communities = asked.index.services, asked.criteria.communities
    return services.communities.having_any(communities) | services.organisation_communities.having_any(communities)


def is_by_and_for(asked: Asked) -> Mask:
    """The organisation is 'by and for'; and for one of the communities asked, where one is."""
    services, communities = asked.index.services, asked.criteria.communities
    if not communities:
        return services.by_and_for
    return services.by_and_for & services.organisation_communities.having_any(communities)
