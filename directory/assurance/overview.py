"""Everything that auditors ask for on one page: figures of the whole, each with what it means and where it is from."""

from sqlalchemy.orm import Session

from directory.assurance.catalogue_items import CATALOGUE
from directory.assurance.integrity_items import INTEGRITY
from directory.assurance.items import NOT_ASKED, Failed, Figure, Item, Overview, Promise, Section, tried
from directory.assurance.publication_items import PUBLICATION
from directory.assurance.referral_items import REFERRALS
from directory.assurance.sharing_items import SHARING
from directory.capacity.availability import Moment

SECTIONS: tuple[tuple[str, tuple[Promise, ...]], ...] = (
    ("Editions", PUBLICATION),
    ("The catalogue", CATALOGUE),
    ("Referrals", REFERRALS),
    ("Information sharing", SHARING),
    ("Integrity", INTEGRITY),
)


def overview(session: Session, moment: Moment, failed: Failed, *, check: bool = False) -> Overview:
    """All items at the moment; with `check`, the long checks too, which read everything that was ever written.

    A source that fails is said to have failed, and `failed` is told of its error. Raises OperationalError where the
    database cannot be reached. It changes nothing; the session's transaction may be given up on the way.
    """

    def figure(promise: Promise) -> Figure:
        return tried(session, promise, moment, failed) if check or not promise.long else NOT_ASKED

    sections = tuple(
        Section(title, tuple(Item(promise, figure(promise)) for promise in promises)) for title, promises in SECTIONS
    )
    return Overview(sections, moment.now, check)
