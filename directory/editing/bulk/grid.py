"""From cells as they stand in a file to a sheet: where its header is, which rows and columns hold anything."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from directory.common.sheets_safe import as_it_was
from directory.common.text import squeeze, unusable_characters
from directory.editing.bulk.sheet import (
    MAX_COLUMNS,
    MAX_ROWS,
    CellNote,
    Sheet,
    SheetRow,
    UnreadableSheetError,
    letter_of,
)

# Titles, dates and logos stand above the header of many a spreadsheet, seldom more than this.
HEADER_WITHIN = 20
LONGEST_CELL = 32_767

Known = Callable[[str], bool]
"""Whether a header is one that the catalogue knows."""


@dataclass(slots=True)
class Grid:
    """The cells of a file that hold anything, by row number (from 1) and column (from 0)."""

    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    notices: dict[tuple[int, int], str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    cells: int = 0

    def put(self, row: int, column: int, text: str) -> None:
        """Keep one cell. Raises UnreadableSheetError where there are too many."""
        text = text.strip()
        if not text:
            return
        self._count()
        self.rows.setdefault(row, {})[column] = text

    def fail(self, row: int, column: int, message: str) -> None:
        """Keep what is wrong with one cell. Raises as `put` does: a small file has room for millions of these."""
        self._count()
        self.errors[row, column] = message

    def _count(self) -> None:
        self.cells += 1
        if self.cells > MAX_ROWS * MAX_COLUMNS:
            raise UnreadableSheetError("The sheet holds more cells than can be read. Split it into several files.")


def make_sheet(grid: Grid, known: Known) -> Sheet:
    """The sheet in a grid. Raises UnreadableSheetError where there is none, or too much of it."""
    header_row = _header_row(grid, known)
    numbers = [number for number in sorted(grid.rows) if number > header_row]
    # A cell that holds an error and nothing else makes its row count, though it has no text.
    numbers = sorted({*numbers, *(row for row, _ in grid.errors if row > header_row)})
    if not numbers:
        raise UnreadableSheetError("There are no rows below the header. Fill in at least one.")
    if len(numbers) > MAX_ROWS:
        raise UnreadableSheetError(f"The sheet has {len(numbers):,} rows; {MAX_ROWS:,} can be read at once. Split it.")
    places = _places(grid, header_row, numbers)
    position = {place: number for number, place in enumerate(places)}
    header = grid.rows.get(header_row, {})
    errors = dict(grid.errors)
    rows = tuple(SheetRow(number, _texts(number, grid.rows.get(number, {}), places, errors)) for number in numbers)
    return Sheet(
        headers=tuple(_heading(header.get(place, "")) for place in places),
        letters=tuple(letter_of(place) for place in places),
        rows=rows,
        errors=_notes(errors, header_row, position),
        notices=_notes(grid.notices, header_row, position),
        remarks=tuple(grid.remarks),
    )


def _header_row(grid: Grid, known: Known) -> int:
    """The row, among the first, that holds most headers that are known; the first of several."""
    first = sorted(grid.rows)[:HEADER_WITHIN]
    if not first:
        raise UnreadableSheetError("There is nothing in it. Choose another file, or another worksheet.")
    scores = {number: sum(known(text) for text in set(grid.rows[number].values())) for number in first}
    best = max(scores.values())
    if best:
        return next(number for number in first if scores[number] == best)
    # Nothing is known: a title stands alone in its row, a header does not.
    return next((number for number in first if len(grid.rows[number]) > 1), first[0])


def _places(grid: Grid, header_row: int, numbers: Sequence[int]) -> list[int]:
    """The columns that hold anything, from the header on."""
    used = set(grid.rows.get(header_row, {}))
    for number in numbers:
        used |= grid.rows.get(number, {}).keys()
    used |= {column for row, column in grid.errors if row > header_row}
    if len(used) > MAX_COLUMNS:
        raise UnreadableSheetError(f"The sheet has {len(used)} columns; {MAX_COLUMNS} can be read. Delete some.")
    return sorted(used)


def _texts(
    number: int, cells: Mapping[int, str], places: Sequence[int], errors: dict[tuple[int, int], str]
) -> tuple[str, ...]:
    texts = []
    for place in places:
        text = as_it_was(cells.get(place, ""))
        if len(text) > LONGEST_CELL:
            errors[number, place] = f"The cell has {len(text):,} characters; {LONGEST_CELL:,} is the most."
            text = text[:100]
        elif unusable_characters(text):
            errors[number, place] = "The cell holds a control character, which cannot be kept. Type the text again."
            text = _usable(text)
        texts.append(text)
    return tuple(texts)


def _heading(text: str) -> str:
    return squeeze(_usable(as_it_was(text)))[:200]


def _usable(text: str) -> str:
    return "".join(character for character in text if not unusable_characters(character))


def _notes(notes: Mapping[tuple[int, int], str], header_row: int, position: Mapping[int, int]) -> tuple[CellNote, ...]:
    return tuple(
        CellNote(row, position[column], message)
        for (row, column), message in sorted(notes.items())
        if row > header_row and column in position
    )
