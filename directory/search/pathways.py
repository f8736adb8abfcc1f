"""Where to turn when nothing matches: helplines, housing and immigration advice that commissioners keep as listings.

They are asked for little: that they are for this person's gender and reach the place. What they cannot promise is said
on the page beside them; an honest number to ring is better than an empty page.
"""

from collections.abc import Collection

from sqlalchemy.orm import Session

from directory.capacity.availability import Moment
from directory.catalogue.vocabulary import ServiceKind
from directory.search.candidates import find_candidates
from directory.search.conditions import Surroundings
from directory.search.criteria import Criteria
from directory.search.details import Details, Match
from directory.search.ranking import Ranking

PATHWAY_KINDS = frozenset({ServiceKind.HELPLINE, ServiceKind.HOUSING_ADVICE, ServiceKind.IMMIGRATION_ADVICE})
MOST_PATHWAYS = 8


def find_pathways(
    session: Session, criteria: Criteria, around: Surroundings, moment: Moment, shown_already: Collection[str]
) -> tuple[Match, ...]:
    """Published services of the kinds that help on, for this person's gender, reaching the place asked."""
    simple = Criteria(near=criteria.near, gender=criteria.gender, languages=criteria.languages, kinds=PATHWAY_KINDS)
    anywhere = Surroundings(around.boroughs)
    found = find_candidates(session, simple, anywhere, moment)
    ranking = Ranking(simple, moment, lambda _candidate: None)
    best = ranking.order([row for row in found if row.service_id not in shown_already])[:MOST_PATHWAYS]
    details = Details(session, simple, anywhere, moment)
    details.load((), (), best)
    return details.matches(best)
