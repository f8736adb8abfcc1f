"""A search from question to answer: what matches, in which order, then one page of it read in full.

The number of SQL statements does not grow with what is found.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from directory.capacity.availability import Moment
from directory.common.paging import Paging
from directory.places.lookup import Place
from directory.search.criteria import Criteria
from directory.search.details import Match, Shown, read_matches
from directory.search.matching import find_matches, find_near_misses
from directory.search.musts import put
from directory.search.pathways import find_pathways
from directory.search.ranking import rank

MOST_NEAR_MISSES = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found. `total` counts `results` over all pages; the other lists come on page 1 alone, and hold the
    best, at most as many as a page has.

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
    asked = put(session, criteria, moment)
    matches = find_matches(asked)
    ranking = rank(asked, matches.outright)
    paging = criteria.paging
    lists = [Shown(ranking.part((paging.page - 1) * paging.per_page, paging.per_page), matches.outright)]
    if paging.page == 1:
        lists.append(Shown(rank(asked, matches.if_funded).part(0, paging.per_page), matches.if_funded))
        if not len(ranking):
            nearly = find_near_misses(asked).without_services(matches.if_funded.service)
            lists.append(Shown(rank(asked, nearly).part(0, MOST_NEAR_MISSES), nearly, is_near_miss=True))
    results, conditional, near_misses = (*read_matches(session, asked, *lists), (), ())[:3]
    pathways: tuple[Match, ...] = ()
    if not len(ranking) and paging.page == 1:
        pathways = find_pathways(session, asked, {match.service.id for match in (*conditional, *near_misses)})
    return Answer(len(ranking), paging, criteria.near, results, conditional, near_misses, pathways)
