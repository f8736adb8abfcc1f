"""Which rows that a sheet would add may be in the catalogue already, under another id."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from directory.catalogue.versions.models import ListingKind
from directory.editing.bulk.results import Likeness
from directory.editing.bulk.rows import Prepared
from directory.editing.duplicates import MOST_COMPARISONS, known_listings

_NOT_COMPARED = "The sheet adds too many rows to look whether each is there already. Look for this one by hand."


def likenesses_of(session: Session, kind: ListingKind, added: Sequence[Prepared]) -> dict[str, tuple[Likeness, ...]]:
    """What each of the rows to be added may be the same as, by id; nothing of units, whose rooms are called alike.

    Rows for which there is no time are told so in their notices.
    """
    known = known_listings(session, kind)
    # A sheet that adds thousands of rows to a full catalogue is compared as far as this reaches.
    reached = MOST_COMPARISONS // max(1, len(known.listings))
    for one in added[reached:]:
        one.notices.append(_NOT_COMPARED)
    return {
        one.id: tuple(Likeness(found.id, found.name, found.because) for found in known.like(one.texts, one.id))
        for one in added[:reached]
    }
