"""Whether anything at all meets a question outright: without reading, ranking or explaining what it is."""

from sqlalchemy.orm import Session

from directory.capacity.availability import Moment
from directory.search.criteria import Criteria
from directory.search.matching import find_matches
from directory.search.musts import put


def matches_nothing(session: Session, criteria: Criteria, moment: Moment) -> bool:
    """Whether the answer's `total` is nought. Reads only; nothing of the question is kept."""
    return not len(find_matches(put(session, criteria, moment)).outright.service)
