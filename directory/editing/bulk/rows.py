"""From the rows of a sheet to changes of the catalogue: which listing each row is, and what each cell says."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.capacity.files import LISTING_TABLES
from directory.catalogue.files.cells import LONGEST_ID
from directory.catalogue.files.edits import RowEdit
from directory.catalogue.versions.models import ListingKind
from directory.editing.bulk.columns import LEFT_OUT
from directory.editing.bulk.results import CellProblem
from directory.editing.bulk.sheet import Sheet, SheetRow
from directory.editing.bulk.values import convert
from directory.editing.bulk.vocabulary import Vocabulary, plain, read_vocabulary
from directory.editing.columns import label_of

_DRAFT = "draft"
_NO_STATUS = "It has no status, so it would be added as a draft."


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a sheet has each column of the catalogue."""

    kind: ListingKind
    sheet: Sheet
    places: Mapping[str, int]

    def problem(
        self, number: int, column: str, message: str, value: str = "", allowed: Sequence[str] = ()
    ) -> CellProblem:
        """Something wrong with what row `number` says of `column`, named as the sheet names it."""
        place = self.places.get(column)
        if place is None:
            return CellProblem("", label_of(self.kind, column) if column else "", value, message, tuple(allowed))
        header = self.sheet.headers[place]
        return CellProblem(f"{self.sheet.letters[place]}{number}", header, value, message, tuple(allowed))


@dataclass(slots=True)
class Prepared:
    """A row as a change. `id` is empty where it cannot be told which listing it is; `broken` columns hold nothing."""

    number: int
    id: str = ""
    name: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    problems: list[CellProblem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)

    def edit(self, kind: ListingKind) -> RowEdit:
        """What is to be written of it."""
        return RowEdit(kind, self.id, self.texts, number=self.number)


@dataclass(frozen=True, slots=True)
class _Known:
    """Listings of one kind: every id that is taken, those that are there with their name, and ids by owner and name."""

    taken: frozenset[str]
    names: Mapping[str, str]
    by_name: Mapping[tuple[str, str], Sequence[str]]


def layout_of(kind: ListingKind, sheet: Sheet, columns: Sequence[str]) -> Layout:
    """Where `sheet` has what, as `columns` say for each of its columns."""
    return Layout(kind, sheet, {column: place for place, column in enumerate(columns) if column != LEFT_OUT})


def prepare_rows(session: Session, layout: Layout, at: datetime, only: frozenset[int] | None = None) -> list[Prepared]:
    """Every row as a change (with `only`, those of these numbers). `at` is when the sheet was uploaded.

    Rows are found by their id; one without, by its name, among the listings of its owner where the sheet names one. A
    row that is found by neither is new, and gets an id from its name where it has none.
    """
    vocabulary, known = read_vocabulary(session), _read_known(session, layout.kind)
    broken: defaultdict[int, dict[int, str]] = defaultdict(dict)
    noted: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for note in layout.sheet.errors:
        broken[note.row][note.column] = note.message
    for note in layout.sheet.notices:
        noted[note.row][note.column] = note.message
    rows = [row for row in layout.sheet.rows if only is None or row.number in only]
    prepared = []
    for row in rows:
        one = _read_cells(layout, row, vocabulary, at, broken[row.number], noted[row.number])
        _identify(layout, one, known)
        prepared.append(one)
    if only is None:
        _refuse_twice(layout, prepared)
    return prepared


def _read_cells(
    layout: Layout,
    row: SheetRow,
    vocabulary: Vocabulary,
    at: datetime,
    broken: Mapping[int, str],
    noted: Mapping[int, str],
) -> Prepared:
    one = Prepared(row.number)
    for column, place in layout.places.items():
        if place in broken:
            one.problems.append(layout.problem(row.number, column, broken[place], row.cells[place]))
            one.broken.add(column)
            continue
        text = row.cells[place]
        cell = f"{layout.sheet.letters[place]}{row.number}"
        if place in noted and text:
            one.notices.append(f"{cell}: {noted[place]}")
        if text:
            converted = convert(column, text, vocabulary, at)
            text = converted.text
            if converted.notice:
                one.notices.append(f"{cell}: {converted.notice}")
        one.texts[column] = text
    return one


def _identify(layout: Layout, one: Prepared, known: _Known) -> None:
    """Say which listing a row is, and complete one that is new."""
    name, listing_id = one.texts.get("name", ""), one.texts.pop("id", "")
    if "id" in one.broken:
        return
    one.id = listing_id or _id_by_name(layout, one, name, known)
    one.name = name or known.names.get(one.id, "")
    if not one.id or one.id in known.names:
        return
    for column in LISTING_TABLES[layout.kind].in_file:
        if column.name != "id" and column.name not in one.broken:
            one.texts.setdefault(column.name, "")
    if one.texts.get("status") == "":
        one.texts["status"] = _DRAFT
        one.notices.append(_NO_STATUS)


def _id_by_name(layout: Layout, one: Prepared, name: str, known: _Known) -> str:
    """The id of the only listing of that name, or a new one; empty, with a problem, where neither can be."""
    if not name:
        if "name" not in one.broken:
            column = "name" if "name" in layout.places else "id"
            one.problems.append(layout.problem(one.number, column, "It has neither an id nor a name."))
        return ""
    owner_column = LISTING_TABLES[layout.kind].owner
    owner = one.texts.get(owner_column, "") if owner_column else ""
    found = known.by_name.get((owner, plain(name)), ())
    if len(found) == 1:
        return found[0]
    if found:
        message = "More than one has this name. Add a column with the id, which an export has."
        one.problems.append(layout.problem(one.number, "name", message, name, sorted(found)[:5]))
        return ""
    new = _new_id(name if layout.kind is not ListingKind.UNIT else f"{owner} {name}", known.taken)
    if not new:
        message = "No id can be made of this name. Add a column with an id, such as rose-house."
        one.problems.append(layout.problem(one.number, "name", message, name))
    return new


def _new_id(name: str, taken: frozenset[str]) -> str:
    letters = unicodedata.normalize("NFKD", name.replace("'", "").replace("’", "")).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", letters.lower()).strip("-")[: LONGEST_ID - 4].strip("-")
    if slug not in taken:
        return slug
    return next(f"{slug}-{number}" for number in range(2, len(taken) + 3) if f"{slug}-{number}" not in taken)


def _read_known(session: Session, kind: ListingKind) -> _Known:
    table = LISTING_TABLES[kind]
    owner = table.table.c[table.column(table.owner).field] if table.owner else None
    columns = [table.table.c.id, table.table.c.name, table.table.c.removed_at, *([owner] if owner is not None else [])]
    names: dict[str, str] = {}
    by_name: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    taken: set[str] = set()
    for listing_id, name, removed_at, *owners in session.execute(select(*columns)):
        taken.add(listing_id)
        if removed_at is not None:
            continue
        names[listing_id] = name
        # A sheet that does not say whose it is looks among all.
        for of in {"", *owners}:
            by_name[of, plain(name or "")].append(listing_id)
    return _Known(frozenset(taken), names, by_name)


def _refuse_twice(layout: Layout, prepared: Sequence[Prepared]) -> None:
    """Refuse rows that are the same listing: which of them is true, nobody could tell."""
    rows: defaultdict[str, list[Prepared]] = defaultdict(list)
    for one in prepared:
        if one.id:
            rows[one.id].append(one)
    for listing_id, same in rows.items():
        if len(same) > 1:
            numbers = ", ".join(str(one.number) for one in same)
            column = "id" if "id" in layout.places else "name"
            for one in same:
                message = f"The same one stands in the rows {numbers}. Leave only one of them."
                one.problems.append(layout.problem(one.number, column, message, listing_id))
                one.id = ""
