"""Reading the gazetteer's files, and saying by file, row and column what is wrong with them."""

import csv
import hashlib
import lzma
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeVar

from directory.common.errors import FieldProblem, InvalidInputError
from directory.common.text import squeeze, unusable_characters
from directory.places.matching import key_of
from directory.places.postcodes import POSTCODE_SHAPE, SECTOR_SHAPE

# Part of the digest: raise it when the same files should give other rows (a change of `matching.key_of`).
FORMAT = "1"
MOST_PROBLEMS = 50

BOROUGHS = "boroughs.csv"
POSTCODES = "london_postcodes.csv.xz"
SECTORS = "postcode_sectors.csv"
PLACES = "london_places.csv"
COLUMNS = {
    BOROUGHS: ("code", "name", "latitude", "longitude", "police_area", "grid_row", "grid_column"),
    POSTCODES: ("postcode", "borough_code", "latitude", "longitude"),
    SECTORS: ("sector", "latitude", "longitude", "country", "borough_codes"),
    PLACES: ("name", "latitude", "longitude", "borough_code", "population"),
}
COUNTRIES = ("england", "scotland", "wales")

_BOROUGH_CODE = re.compile(r"E09[0-9]{6}")

BoroughRow = tuple[str, str, float, float, str, int, int]
PostcodeRow = tuple[str, str, float, float]
SectorRow = tuple[str, float, float, str, tuple[str, ...]]
PlaceRow = tuple[str, str, str, float, float, int | None]
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class GazetteerFiles:
    """The checked rows of a gazetteer folder, in the order of the files.

    Rows are plain tuples in the order of the files' columns, because there are 279,157 of one sort; a place has its
    key after its name, and its borough after that.
    """

    boroughs: list[BoroughRow]
    postcodes: list[PostcodeRow]
    sectors: list[SectorRow]
    places: list[PlaceRow]


class _BadValueError(Exception):
    def __init__(self, column: str, message: str, allowed: tuple[str, ...] = ()) -> None:
        self.column, self.message, self.allowed = column, message, allowed


def digest_of(folder: Path) -> str:
    """SHA-256 (64 hexadecimal characters) over the four files of `folder`.

    Raises InvalidInputError naming each file that is missing or cannot be read.
    """
    digest = hashlib.sha256(FORMAT.encode())
    problems = []
    for name in COLUMNS:
        try:
            content = (folder / name).read_bytes()
        except OSError as error:
            problems.append(FieldProblem(name, f"The file cannot be read: {error.strerror or error}."))
            continue
        digest.update(f"\n{name} {len(content)}\n".encode() + content)
    if problems:
        raise InvalidInputError(problems)
    return digest.hexdigest()


def read_gazetteer(folder: Path) -> GazetteerFiles:
    """Read and check the four files of `folder`.

    Raises InvalidInputError with one problem for each wrong value (at most fifty), its field saying file, row and
    column. Rows count as a spreadsheet counts them: the header is row 1.
    """
    problems: list[FieldProblem] = []
    boroughs = _read(folder / BOROUGHS, _borough_parser(), problems)
    codes = frozenset(row[0] for row in boroughs)
    if problems:  # Without the boroughs every other row would seem wrong too.
        raise InvalidInputError(problems)
    files = GazetteerFiles(
        boroughs,
        _read(folder / POSTCODES, _postcode_parser(codes), problems),
        _read(folder / SECTORS, _sector_parser(codes), problems),
        _read(folder / PLACES, _place_parser(codes), problems),
    )
    if problems:
        raise InvalidInputError(problems)
    return files


def _read(path: Path, parse: Callable[[list[str]], Row], problems: list[FieldProblem]) -> list[Row]:
    """The rows of one file, each through `parse`; what is wrong is added to `problems`."""
    rows: list[Row] = []
    columns = COLUMNS[path.name]
    number = 1
    try:
        with _open(path) as file:
            reader = csv.reader(file, strict=True)
            if tuple(next(reader, ())) != columns:
                problems.append(FieldProblem(f"{path.name} row 1", f"The header must be {','.join(columns)}.", columns))
                return rows
            for number, values in enumerate(reader, start=2):
                if len(values) == len(columns):
                    try:
                        rows.append(parse(values))
                        continue
                    except _BadValueError as bad:
                        where = f"{path.name} row {number} column {bad.column}"
                        problems.append(FieldProblem(where, bad.message, bad.allowed))
                elif values:
                    message = f"The row has {len(values)} values, not {len(columns)}."
                    problems.append(FieldProblem(f"{path.name} row {number}", message))
                if len(problems) >= MOST_PROBLEMS:
                    raise InvalidInputError(problems)
    except (OSError, EOFError, UnicodeDecodeError, csv.Error, lzma.LZMAError) as error:
        problems.append(FieldProblem(path.name, f"The file cannot be read after row {number}: {error}."))
        return rows
    if not rows and not problems:
        problems.append(FieldProblem(path.name, "The file has no rows."))
    return rows


@contextmanager
def _open(path: Path) -> Iterator[IO[str]]:
    if path.suffix == ".xz":
        with lzma.open(path, "rt", encoding="utf-8", newline="") as packed:
            yield packed
    else:
        with path.open(encoding="utf-8", newline="") as plain:
            yield plain


def _borough_parser() -> Callable[[list[str]], BoroughRow]:
    seen: dict[str, set[object]] = {"code": set(), "name": set(), "grid_row": set()}

    def parse(values: list[str]) -> BoroughRow:
        code, name, latitude, longitude, police_area, grid_row, grid_column = values
        if not _BOROUGH_CODE.fullmatch(code):
            raise _BadValueError("code", f"“{code}” is no borough code: E09 and six digits.")
        tile = _whole("grid_row", grid_row), _whole("grid_column", grid_column)
        row = (_text("name", name, 60), *_coordinates(latitude, longitude), _text("police_area", police_area, 60))
        _once(seen["code"], code, "code")
        _once(seen["name"], key_of(name), "name")
        _once(seen["grid_row"], tile, "grid_row")
        return code, *row, *tile

    return parse


def _postcode_parser(codes: frozenset[str]) -> Callable[[list[str]], PostcodeRow]:
    seen: set[object] = set()

    def parse(values: list[str]) -> PostcodeRow:
        postcode, code, latitude, longitude = values
        if not POSTCODE_SHAPE.fullmatch(postcode):
            raise _BadValueError("postcode", f"“{postcode}” is no postcode in upper case with one space.")
        _once(seen, postcode, "postcode")
        _known_borough(codes, code, "borough_code")
        return postcode, code, *_coordinates(latitude, longitude)

    return parse


def _sector_parser(codes: frozenset[str]) -> Callable[[list[str]], SectorRow]:
    seen: set[object] = set()

    def parse(values: list[str]) -> SectorRow:
        sector, latitude, longitude, country, listed = values
        if not SECTOR_SHAPE.fullmatch(sector):
            raise _BadValueError("sector", f"“{sector}” is no postcode sector in upper case with one space.")
        _once(seen, sector, "sector")
        if country not in COUNTRIES:
            raise _BadValueError("country", f"“{country}” is no country of Great Britain.", COUNTRIES)
        boroughs = tuple(listed.split(";")) if listed else ()
        for code in boroughs:
            _known_borough(codes, code, "borough_codes")
        if len(set(boroughs)) != len(boroughs):
            raise _BadValueError("borough_codes", "A borough is listed twice.")
        return sector, *_coordinates(latitude, longitude), country, boroughs

    return parse


def _place_parser(codes: frozenset[str]) -> Callable[[list[str]], PlaceRow]:
    seen: set[object] = set()

    def parse(values: list[str]) -> PlaceRow:
        name, latitude, longitude, code, population = values
        _known_borough(codes, code, "borough_code")
        key = key_of(_text("name", name, 80))
        _once(seen, (key, code), "name")
        people = _whole("population", population) if population else None
        return name, key, code, *_coordinates(latitude, longitude), people

    return parse


def _text(column: str, value: str, longest: int) -> str:
    if not value or value != squeeze(value) or len(value) > longest or unusable_characters(value) or not key_of(value):
        raise _BadValueError(column, f"Fill it with at most {longest} characters, without spaces around them.")
    return value


def _whole(column: str, value: str) -> int:
    if not value.isascii() or not value.isdigit() or len(value) > 9:
        raise _BadValueError(column, f"“{value}” is no whole number from 0.")
    return int(value)


def _coordinates(latitude: str, longitude: str) -> tuple[float, float]:
    try:
        north, east = float(latitude), float(longitude)
    except ValueError:
        raise _BadValueError("latitude", f"“{latitude}, {longitude}” are no degrees.") from None
    if not (49 <= north <= 61 and -9 <= east <= 2.5):  # Not true of NaN either.
        raise _BadValueError("latitude", f"{latitude}, {longitude} is not in Great Britain.")
    return north, east


def _known_borough(codes: frozenset[str], code: str, column: str) -> None:
    if code not in codes:
        raise _BadValueError(column, f"“{code}” is no borough of {BOROUGHS}.")


def _once(seen: set[object], value: object, column: str) -> None:
    if value in seen:
        raise _BadValueError(column, "The same stands in an earlier row.")
    seen.add(value)
