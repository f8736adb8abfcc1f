"""Where to turn when nothing matches: helplines, housing and immigration advice that commissioners keep as listings.

They are asked for little: that they are for this person's gender and reach the place. What they cannot promise is said
on the page beside them; an honest number to ring is better than an empty page.
"""

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy.orm import Session

from directory.catalogue.vocabulary import ServiceKind
from directory.search.criteria import Criteria
from directory.search.details import Match, Shown, read_matches
from directory.search.matching import find_matches
from directory.search.musts import Asked
from directory.search.ranking import rank

PATHWAY_KINDS = frozenset({ServiceKind.HELPLINE, ServiceKind.HOUSING_ADVICE, ServiceKind.IMMIGRATION_ADVICE})
MOST_PATHWAYS = 8


def find_pathways(session: Session, asked: Asked, shown_already: Collection[str]) -> tuple[Match, ...]:
    """Published services of the kinds that help on, for this person's gender, reaching the place asked."""
    criteria = asked.criteria
    simple = replace(
        asked,
        criteria=Criteria(
            near=criteria.near, gender=criteria.gender, languages=criteria.languages, kinds=PATHWAY_KINDS
        ),
    )
    found = find_matches(simple).outright
    ranked = rank(simple, found).part(0, MOST_PATHWAYS + len(shown_already))
    fresh = [one for one in ranked if asked.index.services.ids[one.service] not in shown_already]
    return read_matches(session, simple, Shown(fresh[:MOST_PATHWAYS], found))[0]
