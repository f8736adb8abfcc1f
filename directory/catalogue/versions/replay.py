"""Replaying the history: what the catalogue must say, if every change of it was written down."""

import json
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.catalogue.versions.models import ListingKind, ListingVersion

Replayed = dict[tuple[ListingKind, str], Mapping[str, str] | None]


def replay(session: Session) -> Replayed:
    """Every listing and unit of which there is a version, after all changes in their order; None where it was removed.

    Columns to texts, as the files write them, without what is true only for now.
    """
    replayed: Replayed = {}
    query = select(ListingVersion.kind, ListingVersion.listing_id, ListingVersion.removed, ListingVersion.content)
    for kind, listing_id, removed, content in session.execute(
        query.order_by(ListingVersion.change_id, ListingVersion.id).execution_options(yield_per=2_000)
    ):
        replayed[kind, listing_id] = None if removed else json.loads(content)
    return replayed
