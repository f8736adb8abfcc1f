"""Many postcodes at once, for imports: two queries for each few thousand, whatever their number."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.places.models import Postcode, PostcodeSector, SectorBorough

# Below the number of variables that either database takes in one statement.
_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class LocatedPostcode:
    """Where a full postcode is: WGS84 degrees, and London boroughs (one for a London postcode; several or none where
    only its sector is known)."""

    postcode: str
    latitude: float
    longitude: float
    borough_codes: tuple[str, ...]


def locate_postcodes(session: Session, postcodes: Iterable[str]) -> dict[str, LocatedPostcode]:
    """Where these postcodes (as `normalise_postcode` writes them) are, without those that the gazetteer does not know.

    One that is missing from the list of London postcodes resolves by its sector, as the gazetteer's README says.
    """
    wanted = sorted(set(postcodes))
    found: dict[str, LocatedPostcode] = {}
    for batch in _batches(wanted):
        for row in session.scalars(select(Postcode).where(Postcode.postcode.in_(batch))):
            found[row.postcode] = LocatedPostcode(row.postcode, row.latitude, row.longitude, (row.borough_code,))
    by_sector: defaultdict[str, list[str]] = defaultdict(list)
    for postcode in wanted:
        if postcode not in found:
            by_sector[postcode[:-2]].append(postcode)
    for batch in _batches(list(by_sector)):
        boroughs = _sector_boroughs(session, batch)
        for sector in session.scalars(select(PostcodeSector).where(PostcodeSector.sector.in_(batch))):
            for postcode in by_sector[sector.sector]:
                found[postcode] = LocatedPostcode(
                    postcode, sector.latitude, sector.longitude, tuple(boroughs[sector.sector])
                )
    return found


def _sector_boroughs(session: Session, sectors: list[str]) -> defaultdict[str, list[str]]:
    boroughs: defaultdict[str, list[str]] = defaultdict(list)
    query = select(SectorBorough.sector, SectorBorough.borough_code).where(SectorBorough.sector.in_(sectors))
    for sector, borough in session.execute(query.order_by(SectorBorough.sector, SectorBorough.position)):
        boroughs[sector].append(borough)
    return boroughs


def _batches(items: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(items), _BATCH):
        yield items[start : start + _BATCH]
