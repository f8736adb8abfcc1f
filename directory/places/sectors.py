"""Postcodes, sectors and outcodes as the gazetteer has them."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from statistics import fmean

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.places.elsewhere import NOT_COVERED
from directory.places.models import Postcode, PostcodeSector, SectorBorough
from directory.places.postcodes import Reading, area_of
from directory.places.results import Place, PlaceNotFoundError


@dataclass(frozen=True, slots=True)
class _Sector:
    sector: str
    outcode: str
    latitude: float
    longitude: float
    country: str
    borough_codes: tuple[str, ...]


def place_of(session: Session, found: Sequence[Reading]) -> Place | None:
    """The first of the readings that exists, as a place; two statements at most.

    A full postcode that is not in the table is placed by its sector: under its own name in London, under the
    sector's elsewhere, where sectors are all we know.
    """
    if not found:
        return None
    known = _postcodes(session, [reading.postcode for reading in found if reading.postcode])
    exact = next((reading for reading in found if reading.postcode in known), None)
    if exact and exact is found[0]:
        return known[exact.name]
    sectors = _sectors_of(session, {reading.outcode for reading in found})
    for reading in found:
        place = known.get(reading.name) or _by_sectors(reading, sectors.get(reading.outcode, []))
        if place:
            return place
    return None


def no_such_postcode(session: Session, reading: Reading) -> PlaceNotFoundError:
    """What to say about a text of a postcode's shape that does not exist; one statement."""
    area = area_of(reading.outcode)
    if area in NOT_COVERED:
        return PlaceNotFoundError(
            f"{reading.name} is a postcode of {NOT_COVERED[area]}, which we do not cover: places here are in Great "
            "Britain. Give a borough, a district or a postcode of London, or a postcode elsewhere in Great Britain.",
            [],
        )
    begun = select(PostcodeSector.outcode).where(PostcodeSector.outcode.startswith(area)).distinct()
    outcodes = {outcode for outcode in session.scalars(begun) if area_of(outcode) == area}
    what = {"postcode": "postcode", "sector": "postcode sector", "outcode": "postcode district"}[reading.kind]
    if reading.outcode in outcodes:
        return PlaceNotFoundError(
            f"There is no {what} {reading.name}. Check it, or use its first half, {reading.outcode}.", [reading.outcode]
        )
    if not outcodes:
        return PlaceNotFoundError(f"There is no {what} {reading.name}: no postcode begins with {area}.", [])
    nearest = sorted(outcodes, key=lambda outcode: (abs(_number(outcode) - _number(reading.outcode)), outcode))
    return PlaceNotFoundError(f"There is no {what} {reading.name}. Check its first half.", nearest[:3])


def nearest_sector(session: Session, latitude: float, longitude: float, squeeze: float) -> Place | None:
    """The sector whose centre is nearest to a point, in degrees; a degree of longitude counts `squeeze` of latitude."""
    north, east = PostcodeSector.latitude - latitude, (PostcodeSector.longitude - longitude) * squeeze
    nearest = select(PostcodeSector.sector, PostcodeSector.outcode).order_by(north * north + east * east).limit(1)
    row = session.execute(nearest).one_or_none()
    return place_of(session, [Reading(row.outcode, row.sector)]) if row else None


def _postcodes(session: Session, wanted: list[str]) -> dict[str, Place]:
    if not wanted:
        return {}
    columns = (Postcode.postcode, Postcode.latitude, Postcode.longitude, Postcode.borough_code)
    rows = session.execute(select(*columns).where(Postcode.postcode.in_(wanted)))
    return {
        name: Place(name, "postcode", latitude, longitude, (code,), "england")
        for name, latitude, longitude, code in rows
    }


def _sectors_of(session: Session, outcodes: Iterable[str]) -> dict[str, list[_Sector]]:
    """The sectors of each outcode, with their boroughs, most of it first."""
    columns = (
        PostcodeSector.sector,
        PostcodeSector.outcode,
        PostcodeSector.latitude,
        PostcodeSector.longitude,
        PostcodeSector.country,
        SectorBorough.borough_code,
    )
    rows = session.execute(
        select(*columns)
        .outerjoin(SectorBorough, SectorBorough.sector == PostcodeSector.sector)
        .where(PostcodeSector.outcode.in_(sorted(outcodes)))
        .order_by(PostcodeSector.sector, SectorBorough.position)
    )
    found: dict[str, list[_Sector]] = defaultdict(list)
    for (name, outcode, latitude, longitude, country), listed in groupby(rows, key=itemgetter(0, 1, 2, 3, 4)):
        codes = tuple(row[5] for row in listed if row[5])
        found[outcode].append(_Sector(name, outcode, latitude, longitude, country, codes))
    return found


def _by_sectors(reading: Reading, sectors: list[_Sector]) -> Place | None:
    """A place from the sectors of its outcode: that of the reading, or for an outcode all of them."""
    if reading.sector is None:
        return _outcode_place(reading.outcode, sectors) if sectors else None
    own = next((sector for sector in sectors if sector.sector == reading.sector), None)
    if own is None:
        return None
    in_london = bool(reading.postcode and own.borough_codes)
    return Place(
        reading.name if in_london else own.sector,
        "postcode" if in_london else "sector",
        own.latitude,
        own.longitude,
        own.borough_codes,
        own.country,
    )


def _outcode_place(outcode: str, sectors: list[_Sector]) -> Place:
    """An outcode: the mean of its sectors' centres, and their boroughs, those that most sectors list first."""
    listed = Counter(code for sector in sectors for code in sector.borough_codes)
    rank = Counter[str]()
    for sector in sectors:
        rank.update({code: position for position, code in enumerate(sector.borough_codes)})
    # Equal counts go by how far up the sectors list the borough, then by code, so that the order never changes.
    boroughs = sorted(listed, key=lambda code: (-listed[code], rank[code] / listed[code], code))
    countries = Counter(sector.country for sector in sectors)
    return Place(
        outcode,
        "outcode",
        fmean(sector.latitude for sector in sectors),
        fmean(sector.longitude for sector in sectors),
        tuple(boroughs),
        min(countries, key=lambda country: (-countries[country], country)),
    )


def _number(outcode: str) -> int:
    digits = re.search(r"[0-9]+", outcode)
    return int(digits[0]) if digits else 0
