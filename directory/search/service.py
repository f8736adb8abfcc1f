"""A search from question to answer: candidates by SQL, their order by ranking, then one page read in full.

The number of SQL statements does not grow with what is found.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from directory.capacity.availability import Moment
from directory.common.paging import Paging
from directory.places.lookup import BoroughFact, Place, all_boroughs
from directory.search.candidates import Candidate, find_candidates
from directory.search.conditions import Surroundings, look_around, miles_from
from directory.search.criteria import Criteria
from directory.search.details import Details, Match
from directory.search.pathways import find_pathways
from directory.search.ranking import Ranking, Scored

MOST_CONDITIONAL = 100
MOST_NEAR_MISSES = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found. `total` counts `results` over all pages; the other lists come on page 1 alone.

    Near misses, and the pathways that always exist, come where nothing matches.
    """

    total: int
    paging: Paging
    place: Place | None
    results: tuple[Match, ...]
    conditional: tuple[Match, ...]
    near_misses: tuple[Match, ...]
    pathways: tuple[Match, ...]


def search(session: Session, criteria: Criteria, moment: Moment) -> Answer:
    """Answer one question. Reads only; nothing of the question is kept."""
    boroughs = {borough.code: borough for borough in all_boroughs(session)}
    around = look_around(session, criteria, boroughs, moment.now)
    ranking = Ranking(criteria, moment, _distance_from(criteria, boroughs))
    found = find_candidates(session, criteria, around, moment)
    results = ranking.order([candidate for candidate in found if not candidate.if_funded])
    page = criteria.paging.slice(results)
    conditional: Sequence[Scored] = ()
    near_misses: Sequence[Scored] = ()
    pathways: tuple[Match, ...] = ()
    if criteria.paging.page == 1:
        outright = {scored.candidate.service_id for scored in results}
        conditional = ranking.order([row for row in found if row.if_funded and row.service_id not in outright])[
            :MOST_CONDITIONAL
        ]
        if not results:
            near_misses = _near_misses(session, criteria, around, moment, ranking, conditional)
            shown = {scored.candidate.service_id for scored in (*conditional, *near_misses)}
            pathways = find_pathways(session, criteria, around, moment, shown)
    reader = Details(session, criteria, around, moment)
    reader.load(page, conditional, near_misses)
    return Answer(
        total=len(results),
        paging=criteria.paging,
        place=criteria.near,
        results=reader.matches(page),
        conditional=reader.matches(conditional),
        near_misses=reader.matches(near_misses),
        pathways=pathways,
    )


def _near_misses(
    session: Session,
    criteria: Criteria,
    around: Surroundings,
    moment: Moment,
    ranking: Ranking,
    conditional: Sequence[Scored],
) -> Sequence[Scored]:
    shown_already = {scored.candidate.service_id for scored in conditional}
    nearly = find_candidates(session, criteria, around, moment, near_misses=True)
    return ranking.order([row for row in nearly if row.service_id not in shown_already])[:MOST_NEAR_MISSES]


def _distance_from(criteria: Criteria, boroughs: Mapping[str, BoroughFact]) -> Callable[[Candidate], float | None]:
    """How far a candidate is: from a public postcode, else from its borough's centre; a refuge always from the latter.

    Nothing nearer than a borough is known of a secret place, so no number of questions can tell more.
    """
    place = criteria.near
    if place is None:
        return lambda _candidate: None
    centres = {code: miles_from(place, borough.latitude, borough.longitude) for code, borough in boroughs.items()}

    def miles_of(candidate: Candidate) -> float | None:
        if candidate.latitude is not None and candidate.longitude is not None and not candidate.is_refuge:
            return miles_from(place, candidate.latitude, candidate.longitude)
        return centres.get(candidate.borough_code) if candidate.borough_code else None

    return miles_of
