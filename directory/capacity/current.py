"""What the catalogue says now of one listing or unit, in the shape in which it is edited."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from directory.capacity.files import LISTING_TABLES
from directory.catalogue.files.edits import texts_of
from directory.catalogue.files.stored import load_stored
from directory.catalogue.versions.models import ListingKind
from directory.catalogue.versions.reading import latest_number
from directory.catalogue.versions.replay import replay
from directory.common.errors import NotFoundError
from directory.common.text import unusable_characters


@dataclass(frozen=True, slots=True)
class CurrentListing:
    """A listing or unit as it is. `values` maps columns to texts as files write them, without what is live.

    `number` is that of its newest version, 0 where there is none; `service_id` is empty but for units.
    """

    kind: ListingKind
    id: str
    number: int
    values: Mapping[str, str]
    organisation_id: str
    service_id: str


def read_current(session: Session, kind: ListingKind, listing_id: str) -> CurrentListing:
    """What is said of it now. Raises NotFoundError for what is not there, or not any more."""
    values = _values(session, kind, listing_id)
    service_id = values["service_id"] if kind is ListingKind.UNIT else ""
    if kind is ListingKind.ORGANISATION:
        organisation_id = listing_id
    elif kind is ListingKind.SERVICE:
        organisation_id = values["organisation_id"]
    else:
        organisation_id = _values(session, ListingKind.SERVICE, service_id)["organisation_id"]
    number = latest_number(session, kind, listing_id)
    return CurrentListing(kind, listing_id, number, values, organisation_id, service_id)


def _values(session: Session, kind: ListingKind, listing_id: str) -> dict[str, str]:
    table = LISTING_TABLES[kind]
    askable = [] if unusable_characters(listing_id) else [listing_id]
    row = load_stored(session, table, ids=askable).get((listing_id,))
    if row is None or row.removed:
        raise NotFoundError(f"There is no such {table.noun}.")
    return texts_of(table, row.values, live=False)


def differences_from_history(session: Session) -> list[str]:
    """Where the catalogue is not what its history replays to, as `service rose-house: phone`; empty where all is well.

    What has no version has not been changed since the history is kept, and is not looked at.
    """
    replayed = replay(session)
    different = []
    for kind, table in LISTING_TABLES.items():
        stored = load_stored(session, table)
        for (of_kind, listing_id), expected in replayed.items():
            if of_kind is not kind:
                continue
            row = stored.get((listing_id,))
            held = texts_of(table, row.values, live=False) if row is not None and not row.removed else None
            if held == expected:
                continue
            columns = sorted(
                name for name in _columns(held, expected) if (held or {}).get(name) != (expected or {}).get(name)
            )
            what = ", ".join(columns) if held and expected else ("is missing" if expected else "should not be there")
            different.append(f"{kind.value} {listing_id}: {what}")
    return sorted(different)


def _columns(*rows: Mapping[str, str] | None) -> set[str]:
    """Every column that one of the rows has."""
    return {name for row in rows if row for name in row}
