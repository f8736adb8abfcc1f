"""Preferences: which match comes first, and why. Pure: rows in, points and sentences out.

The weights stand in one table with a reason each. They are points added up; ties break by the service's id, so the
same question gets the same order.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from directory.capacity.availability import Moment
from directory.catalogue.hours import state_now
from directory.places.distance import describe_miles
from directory.search.candidates import Candidate
from directory.search.criteria import Criteria, PreferDistance

LISTING_REVIEW = timedelta(days=90)
QUICK_MINUTES = 60
SLOW_MINUTES = 24 * 60


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
}
"""Points at most (for `scarce`: for each feature), by reason code."""

_SPACE, _LANGUAGE, _COMMUNITY, _BY_AND_FOR, _DISTANCE, _RESPONSIVENESS, _FRESHNESS, _OPEN, _SCARCE = (
    weight.points for weight in WEIGHTS.values()
)

MOST_SPARE_FEATURES = 4


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is offered, or stands where it stands. `weight` is the points it added, 0 for a must."""

    code: str
    text: str
    weight: float


CODES = tuple(WEIGHTS)


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with its points in the order of CODES, and how far it is in exact miles (None: unknown)."""

    candidate: Candidate
    points: tuple[float, ...]
    miles: float | None

    @property
    def score(self) -> float:
        """All points together, to one decimal."""
        return round(sum(self.points), 1)


@dataclass(slots=True)
class Ranking:
    """Scores candidates for one question at one moment; `miles_of` gives a candidate's distance, None if unknown."""

    criteria: Criteria
    moment: Moment
    miles_of: Callable[[Candidate], float | None]
    _open: dict[str, bool | None] = field(default_factory=dict)

    def order(self, candidates: Iterable[Candidate]) -> list[Scored]:
        """The best row of each service, best service first; equal ones by id."""
        scored = [self.score(candidate) for candidate in candidates]
        scored.sort(key=_sort_key)
        best: dict[str, Scored] = {}
        for one in scored:
            best.setdefault(one.candidate.service_id, one)
        return list(best.values())

    def score(self, candidate: Candidate) -> Scored:
        """Points for each preference that this candidate meets, wholly or in part, in the order of CODES."""
        miles = self.miles_of(candidate)
        points = (
            _SPACE if candidate.available else 0.0,
            _LANGUAGE if candidate.language else 0.0,
            _COMMUNITY if candidate.community else 0.0,
            _BY_AND_FOR if candidate.by_and_for else 0.0,
            self._distance_points(miles),
            _response_points(candidate.response_minutes),
            self._freshness_points(candidate),
            _OPEN if self._is_open(candidate.hours) else 0.0,
            _SCARCE * min(candidate.spare_features, MOST_SPARE_FEATURES),
        )
        return Scored(candidate, points, miles)

    def _is_open(self, hours: str) -> bool | None:
        # A catalogue has a few dozen different opening hours and thousands of services.
        if hours not in self._open:
            self._open[hours] = state_now(hours, self.moment.now).open
        return self._open[hours]

    def _distance_points(self, miles: float | None) -> float:
        """Falls to a half at 5 miles: near enough for a bus; or, where far is safer, rises to a half there."""
        prefer = self.criteria.prefer_distance
        if miles is None or prefer == PreferDistance.ANY:
            return 0.0
        near = 1 / (1 + miles / 5)
        return round(_DISTANCE * (near if prefer == PreferDistance.NEAR else 1 - near), 1)

    def _freshness_points(self, candidate: Candidate) -> float:
        if not candidate.is_refuge:
            verified_on = candidate.verified_on
            is_recent = verified_on is not None and verified_on >= self.moment.today - LISTING_REVIEW
            return _FRESHNESS / 2 if is_recent else 0.0
        confirmed_at = candidate.confirmed_at
        if confirmed_at is None or confirmed_at < self.moment.counts_since:
            return 0.0
        return _FRESHNESS if confirmed_at >= self.moment.fresh_since else _FRESHNESS / 2


def _sort_key(scored: Scored) -> tuple[float, str, str]:
    candidate = scored.candidate
    return (-scored.score, candidate.service_id, candidate.borough_code or "")


def _response_points(minutes: float | None) -> float:
    if minutes is None or minutes >= SLOW_MINUTES:
        return 0.0
    return _RESPONSIVENESS if minutes <= QUICK_MINUTES else _RESPONSIVENESS / 2


def explain(scored: Scored, criteria: Criteria, moment: Moment) -> list[Reason]:
    """The sentences for a candidate's points, most points first."""
    candidate = scored.candidate
    points = {code: weight for code, weight in zip(CODES, scored.points, strict=True) if weight}
    texts = {
        "space": "Space available now",
        "language": "Speaks a language asked for",
        "community": "Knows the community asked for",
        "by_and_for": "Run by and for the community" if criteria.communities else "A ‘by and for’ organisation",
        "distance": _distance_text(scored.miles),
        "responsiveness": "Usually answers within the hour"
        if points.get("responsiveness") == _RESPONSIVENESS
        else "Usually answers within a day",
        "freshness": _freshness_text(candidate, moment),
        "open": "Open now",
        "scarce": "Has scarce access features that others may need",
    }
    reasons = [Reason(code, texts[code], weight) for code, weight in points.items()]
    return sorted(reasons, key=lambda reason: (-reason.weight, reason.code))


def _distance_text(miles: float | None) -> str:
    text = describe_miles(miles) if miles is not None else ""
    return text[:1].upper() + text[1:]


def _freshness_text(candidate: Candidate, moment: Moment) -> str:
    if not candidate.is_refuge:
        return "Listing checked in the last 90 days"
    is_fresh = candidate.confirmed_at is not None and candidate.confirmed_at >= moment.fresh_since
    return "Confirmed in the last day" if is_fresh else "Confirmed, but more than a day ago"
