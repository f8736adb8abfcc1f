"""Which column of a sheet is which column of the catalogue: suggested, chosen by hand, and remembered."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rapidfuzz import fuzz, process
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.capacity.files import LISTING_TABLES
from directory.catalogue.versions.models import ListingKind
from directory.common.errors import FieldProblem, InvalidInputError
from directory.editing.bulk.grid import Known
from directory.editing.bulk.sheet import Sheet
from directory.editing.bulk.synonyms import SYNONYMS
from directory.editing.columns import label_of
from directory.editing.models import RememberedHeader

LEFT_OUT = ""
# So alike must a header be to one that is known: a slip of the keyboard, no other word.
_ALIKE = 88
_LONGEST_HEADER = 120
_NOT_A_WORD = re.compile(r"[^\w]+|_+")
Columns = tuple[str, ...]
"""For each column of a sheet the catalogue's, or LEFT_OUT."""


@dataclass(frozen=True, slots=True)
class CatalogueColumn:
    """A column that a sheet can have: its name in files, what people call it, and whether it must be filled."""

    name: str
    label: str
    required: bool


def catalogue_columns(kind: ListingKind) -> list[CatalogueColumn]:
    """Every column of a kind, in the order of the files."""
    return [CatalogueColumn(one.name, label_of(kind, one.name), one.required) for one in LISTING_TABLES[kind].in_file]


def normalise(header: str) -> str:
    """A header as it is compared and remembered: lower case, no punctuation, single spaces."""
    plain = unicodedata.normalize("NFKC", header).casefold().replace("'", "").replace("’", "").replace("&", " and ")
    return _NOT_A_WORD.sub(" ", plain).strip()[:_LONGEST_HEADER]


def known_headers(session: Session, kind: ListingKind) -> Known:
    """A function that says of a header whether it is one that this kind's sheets have."""
    known = {*_named(kind), *_remembered(session, kind)}
    return lambda text: normalise(text) in known


def suggest(session: Session, kind: ListingKind, sheet: Sheet) -> Columns:
    """The catalogue's column for each of the sheet's: the same name, else what it was the last time, else a usual
    other name, else a similar one. Each at most once; what nothing fits is left out."""
    named, remembered = _named(kind), _remembered(session, kind)
    headers = [normalise(header) for header in sheet.headers]
    ranked = sorted(_candidates(headers, kind, named, remembered))
    chosen: dict[int, str] = {}
    for _rank, place, column in ranked:
        if place not in chosen and (column == LEFT_OUT or column not in chosen.values()):
            chosen[place] = column
    return tuple(chosen.get(place, LEFT_OUT) for place in range(len(headers)))


def check_columns(kind: ListingKind, sheet: Sheet, columns: Sequence[str]) -> None:
    """Refuse a choice that cannot be used. Raises InvalidInputError; its problems name `column-<place>`, or nothing."""
    known = {column.name: column.label for column in catalogue_columns(kind)}
    problems: list[FieldProblem] = []
    first: dict[str, int] = {}
    for place, column in enumerate(columns):
        if column not in {*known, LEFT_OUT}:
            problems.append(FieldProblem(f"column-{place}", "Choose a column from the list."))
        elif column and column in first:
            message = f"{known[column]} is column {sheet.letters[first[column]]} already. Choose it once."
            problems.append(FieldProblem(f"column-{place}", message))
        elif column:
            first[column] = place
    if not {"id", "name"} & first.keys():
        message = "Say which column holds the id or the name: without one of them no row can be found."
        problems.insert(0, FieldProblem("", message))
    elif len(first) == 1:
        problems.insert(0, FieldProblem("", "Say of at least one more column what it is: so far nothing would change."))
    if problems:
        raise InvalidInputError(problems)


def remember(session: Session, kind: ListingKind, sheet: Sheet, columns: Sequence[str], now: datetime) -> None:
    """Keep what each header was, for the next sheet that has it; the caller commits."""
    for header, column in zip(sheet.headers, columns, strict=True):
        words = normalise(header)
        if not words:
            continue
        row = session.get(RememberedHeader, (kind, words))
        if row is None:
            session.add(RememberedHeader(kind=kind, header=words, column=column, used_at=now))
        else:
            row.column, row.used_at = column, now
    session.flush()


def _candidates(
    headers: Sequence[str], kind: ListingKind, named: Mapping[str, str], remembered: Mapping[str, str]
) -> Iterator[tuple[tuple[float, float], int, str]]:
    """What each header might be, with how sure that is (less is surer)."""
    own = {normalise(column.name): column.name for column in LISTING_TABLES[kind].in_file}
    order = {words: float(position) for position, words in enumerate(named)}
    for place, words in enumerate(headers):
        if not words:
            continue
        if words in own:
            yield (0, 0), place, own[words]
        if words in remembered:
            yield (1, 0), place, remembered[words]
        if words in named:
            yield (2, order[words]), place, named[words]
        elif words not in remembered:
            for match, score, _ in process.extract(words, list(named), scorer=fuzz.ratio, limit=3, score_cutoff=_ALIKE):
                yield (3, 100 - score), place, named[match]


def _named(kind: ListingKind) -> dict[str, str]:
    """Every usual header of a kind, normalised, with its column; the first of several that claim it."""
    named: dict[str, str] = {}
    for column in LISTING_TABLES[kind].in_file:
        for header in (column.name, label_of(kind, column.name)):
            named.setdefault(normalise(header), column.name)
    for column in LISTING_TABLES[kind].in_file:
        for header in SYNONYMS[kind].get(column.name, ()):
            named.setdefault(normalise(header), column.name)
    return named


def _remembered(session: Session, kind: ListingKind) -> dict[str, str]:
    rows = session.execute(
        select(RememberedHeader.header, RememberedHeader.column).where(RememberedHeader.kind == kind)
    )
    known = {column.name for column in LISTING_TABLES[kind].in_file} | {LEFT_OUT}
    return {header: column for header, column in rows if column in known}
