"""Ids for new listings: made of their names, and nobody else's."""

import re
import unicodedata

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.capacity.files import LISTING_TABLES
from directory.catalogue.versions.models import ListingKind
from directory.editing.models import Proposal, ProposalState

_LONGEST = 60
_LIVE = (ProposalState.PENDING, ProposalState.RETURNED)


def slug_of(name: str) -> str:
    """`name` in lower-case letters, digits and single hyphens, 60 characters at most; empty where nothing is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"['’]", "", plain)
    return re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST].strip("-")


def free_id(session: Session, kind: ListingKind, name: str, owner_id: str = "") -> str:
    """An id for a new listing that nothing has or is about to have. A unit's begins with its service's."""
    slug = slug_of(name) or kind.value
    wanted = slug_of(f"{owner_id} {slug}") if kind is ListingKind.UNIT else slug
    taken = taken_ids(session, kind)
    if wanted not in taken:
        return wanted
    return next(one for number in range(2, len(taken) + 3) if (one := f"{wanted}-{number}") not in taken)


def taken_ids(session: Session, kind: ListingKind) -> set[str]:
    """Every id that a listing has or had, and those of new ones that are proposed."""
    table = LISTING_TABLES[kind].table
    proposed = select(Proposal.listing_id).where(
        Proposal.kind == kind, Proposal.is_new.is_(True), Proposal.state.in_(_LIVE)
    )
    return {*session.scalars(select(table.c.id)), *session.scalars(proposed)}


def is_taken(session: Session, kind: ListingKind, listing_id: str) -> bool:
    """Whether a listing has or had this id."""
    table = LISTING_TABLES[kind].table
    return session.scalar(select(table.c.id).where(table.c.id == listing_id)) is not None
