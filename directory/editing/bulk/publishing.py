"""Publishing through a sheet demands what publishing demands everywhere, told of many rows at once."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from directory.capacity.files import LISTING_TABLES
from directory.capacity.holdings import belongings
from directory.catalogue.files.edits import texts_of
from directory.catalogue.files.stored import load_stored
from directory.catalogue.versions.models import ListingKind
from directory.catalogue.vocabulary import ListingStatus, ServiceKind
from directory.editing.columns import label_of
from directory.editing.completeness import lacks

_BATCH = 2_000


def lacking(session: Session, kind: ListingKind, rows: Mapping[str, Mapping[str, str]]) -> dict[str, list[str]]:
    """What listings that would be published lack, by id: the labels of the columns to fill. Complete ones are left out.

    `rows` maps ids to the texts of the columns that the sheet has; the others stay as they are.
    """
    if kind is ListingKind.UNIT:
        return {}
    kept = _kept(session, kind, list(rows))
    published = _published_organisations(session) if kind is ListingKind.SERVICE else frozenset[str]()
    found: dict[str, list[str]] = {}
    for listing_id, texts in rows.items():
        values = kept.get(listing_id, {}) | dict(texts)
        labels = [one.label for one in lacks(kind, values)]
        if kind is ListingKind.SERVICE:
            if values["kind"] == ServiceKind.REFUGE and not belongings(session, kind, listing_id):
                labels.append(label_of(kind, "units"))
            if values["organisation_id"] not in published:
                labels.append("a published organisation")
        if labels:
            found[listing_id] = [label[:1].lower() + label[1:] for label in labels]
    return found


def _kept(session: Session, kind: ListingKind, ids: Sequence[str]) -> dict[str, dict[str, str]]:
    table = LISTING_TABLES[kind]
    kept: dict[str, dict[str, str]] = {}
    for start in range(0, len(ids), _BATCH):
        stored = load_stored(session, table, ids=ids[start : start + _BATCH])
        kept |= {key[0]: texts_of(table, row.values) for key, row in stored.items()}
    return kept


def _published_organisations(session: Session) -> frozenset[str]:
    stored = load_stored(session, LISTING_TABLES[ListingKind.ORGANISATION])
    return frozenset(
        key[0] for key, row in stored.items() if not row.removed and row.values["status"] == ListingStatus.PUBLISHED
    )
