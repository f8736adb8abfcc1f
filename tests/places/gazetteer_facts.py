"""What the gazetteer's files say, read plainly, to hold the lookup against."""

import csv
import lzma
from collections import Counter

from directory.paths import SEED_DATA
from directory.places.matching import key_of

FOLDER = SEED_DATA / "gazetteer"


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one of the gazetteer's files."""
    path = FOLDER / name
    with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


BOROUGHS = rows("boroughs.csv")
PLACES = rows("london_places.csv")
SECTORS = rows("postcode_sectors.csv")
# Every 499th of 279,157: a number that is no multiple of a block's size, so that all kinds come up.
SOME_POSTCODES = rows("london_postcodes.csv.xz")[::499]

OUTCODES = sorted({row["sector"].split()[0] for row in SECTORS})
BOROUGH_NAMES = {row["code"]: row["name"] for row in BOROUGHS}
SHARED = {key for key, count in Counter(key_of(row["name"]) for row in PLACES).items() if count > 1}
BOROUGH_KEYS = {key_of(name) for name in BOROUGH_NAMES.values()}
