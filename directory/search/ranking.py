"""Preferences: which match comes first, and why. Pure: facts in, points and sentences out.

The weights stand in one table with a reason each. They are points added up; ties break by the service's id, so the
same question gets the same order.
"""

from dataclasses import dataclass

import numpy as np

from directory.capacity.overdue import LISTING_REVIEW
from directory.places.distance import describe_miles
from directory.search.criteria import Criteria, PreferDistance
from directory.search.matching import WHOLE, Options
from directory.search.musts import Asked, is_by_and_for, knows_community, speaks
from directory.search.postings import Measures, Numbers

QUICK_MINUTES = 60
SLOW_MINUTES = 24 * 60
HALF_WAY_MILES = 5.0
MOST_SPARE_FEATURES = 4

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


@dataclass(frozen=True, slots=True)
class Weight:
    """How many points a preference is worth at most, and why that many."""

    points: float
    because: str


WEIGHTS: dict[str, Weight] = {
    "space": Weight(40, "A unit that can be held now is what most refuge referrals fail for: 40.6% for no capacity."),
    "language": Weight(25, "Being understood comes before everything that is said; it was asked for by name."),
    "community": Weight(20, "Survivors stay with services that know their community; it was asked for by name."),
    "by_and_for": Weight(15, "'By and for' services are trusted where statutory ones are feared (Safe to share?)."),
    "distance": Weight(15, "35.4% of failed referrals are declined by the survivor, often as too near or too far."),
    "responsiveness": Weight(10, "A service that answers within the hour saves a night; from last quarter's figures."),
    "freshness": Weight(10, "What was confirmed today is more likely to be true than what was confirmed in the week."),
    "open": Weight(8, "Somebody answers the phone now; less than the rest, because refuges answer referrals by day."),
    "scarce": Weight(-3, "Each scarce feature that nobody asked for: leave the adapted room to who needs it."),
    "not_confirmed": Weight(
        -200,
        "Asked three times, it has not said that this is true. More than all other points together, so that whatever "
        "else speaks for it, it stands behind every service that has.",
    ),
}
"""Points at most (for `scarce`: for each feature), by reason code."""

CODES = tuple(WEIGHTS)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is offered, or stands where it stands. `weight` is the points it added, 0 for a must."""

    code: str
    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Ranked:
    """One service in its place: its position in the index, that of its best unit (WHOLE: it is no refuge), its points
    by code, its exact miles (None: not known)."""

    service: int
    unit: int
    points: dict[str, float]
    miles: float | None

    @property
    def score(self) -> float:
        """All points together, to one decimal."""
        return round(sum(self.points.values()), 1)


@dataclass(frozen=True, slots=True)
class Ranking:
    """The services of some options in order, best first; a refuge stands where its best unit stands."""

    services: Numbers
    units: Numbers
    points: Measures
    miles: Measures

    def __len__(self) -> int:
        return len(self.services)

    def part(self, first: int, count: int) -> list[Ranked]:
        """The services from number `first` (0 is the best) on, at most `count`."""
        return [self._ranked(row) for row in range(first, min(first + count, len(self)))]

    def _ranked(self, row: int) -> Ranked:
        points = dict(zip(CODES, self.points[:, row].tolist(), strict=True))
        miles = float(self.miles[row])
        return Ranked(
            int(self.services[row]),
            int(self.units[row]),
            {code: weight for code, weight in points.items() if weight},
            None if np.isnan(miles) else miles,
        )


def rank(asked: Asked, options: Options) -> Ranking:
    """Score every option and put the services in order; equal ones stand by id."""
    miles = _miles(asked, options)
    points = _points(asked, options, miles)
    score = points.sum(axis=0).round(1)
    # The last key counts first. Positions follow the ids.
    order = np.lexsort((options.unit, options.service, -score))
    _, first = np.unique(options.service[order], return_index=True)
    best = order[np.sort(first)]
    return Ranking(options.service[best], options.unit[best], points[:, best], miles[best])


def _miles(asked: Asked, options: Options) -> Measures:
    """From a public postcode, else from the centre of the borough: for a refuge, of its unit's."""
    miles = asked.service_miles[options.service]
    of_unit = (options.unit != WHOLE) & np.isnan(asked.index.services.latitude[options.service])
    miles[of_unit] = asked.unit_miles[options.unit[of_unit]]
    return miles


def _points(asked: Asked, options: Options, miles: Measures) -> Measures:
    """A row of points for each of CODES, a column for each option."""
    services, criteria = asked.index.services, asked.criteria
    of_service = {
        "language": speaks(asked) if criteria.languages else None,
        "community": knows_community(asked) if criteria.communities else None,
        "by_and_for": is_by_and_for(asked) if criteria.by_and_for else None,
        "responsiveness": _response_shares(services.response_minutes),
        "freshness": (services.verified_on >= (asked.moment.today - LISTING_REVIEW).toordinal()) / 2,
        "open": asked.open_now,
        "not_confirmed": services.not_confirmed,
    }
    shares = np.zeros((len(CODES), len(options.service)))
    for code, share in of_service.items():
        if share is not None:
            shares[CODES.index(code)] = share[options.service]
    shares[CODES.index("distance")] = _distance_shares(miles, criteria.prefer_distance)
    is_unit = options.unit != WHOLE
    for code, share in _unit_shares(asked).items():
        shares[CODES.index(code), is_unit] = share[options.unit[is_unit]]
    weights = np.array([[weight.points] for weight in WEIGHTS.values()])
    points: Measures = (weights * shares).round(1)
    return points


def _unit_shares(asked: Asked) -> dict[str, Measures]:
    """What is told of a unit itself. How fresh a space is counts; that a full unit was confirmed lately does not."""
    spare = asked.index.units.access.count(SCARCE_FEATURES - asked.criteria.access)
    return {
        "space": asked.available.astype(float),
        "freshness": (asked.available.astype(float) + asked.fresh) / 2,
        "scarce": np.minimum(spare, MOST_SPARE_FEATURES).astype(float),
    }


def _distance_shares(miles: Measures, prefer: PreferDistance) -> Measures:
    """Falls to a half at five miles: near enough for a bus; or, where far is safer, rises to a half there."""
    if prefer == PreferDistance.ANY:
        return np.zeros_like(miles)
    near = 1 / (1 + miles / HALF_WAY_MILES)
    return np.nan_to_num(near if prefer == PreferDistance.NEAR else 1 - near, nan=0.0)


def _response_shares(minutes: Measures) -> Measures:
    """Whole within the hour, half within the day; nothing for what is slower or not known."""
    return (minutes <= QUICK_MINUTES) / 2 + (minutes < SLOW_MINUTES) / 2


def explain(ranked: Ranked, criteria: Criteria, *, is_refuge: bool) -> list[Reason]:
    """The sentences for a service's points, most points first."""
    points = ranked.points
    texts = {
        "space": "Space available now",
        "language": "Speaks a language asked for",
        "community": "Knows the community asked for",
        "by_and_for": "Run by and for the community" if criteria.communities else "A ‘by and for’ organisation",
        "distance": _distance_text(ranked.miles),
        "responsiveness": _whole(
            points, "responsiveness", "Usually answers within the hour", "Usually answers in a day"
        ),
        "freshness": _whole(points, "freshness", "Confirmed in the last day", "Confirmed, but more than a day ago")
        if is_refuge
        else "Listing checked in the last 90 days",
        "open": "Open now",
        "scarce": "Has scarce access features that others may need",
        "not_confirmed": "Not confirmed after three reminders: phone them",
    }
    reasons = [Reason(code, texts[code], weight) for code, weight in points.items()]
    return sorted(reasons, key=lambda reason: (-reason.weight, reason.code))


def _whole(points: dict[str, float], code: str, if_whole: str, if_part: str) -> str:
    return if_whole if points.get(code) == WEIGHTS[code].points else if_part


def _distance_text(miles: float | None) -> str:
    text = describe_miles(miles) if miles is not None else ""
    return text[:1].upper() + text[1:]
