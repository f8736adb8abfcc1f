"""A sheet that somebody uploads, once it is read: a header, rows of text, and what is to be said of single cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from directory.common.errors import RefusedError

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 100


class UnreadableSheetError(RefusedError):
    """A file that is no sheet, or one that cannot be read; the message says what to do instead."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row: its number in the spreadsheet (the first line is 1), and one text for each column of the sheet."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CellNote:
    """Something to say of one cell: the row's number, the column's place in the sheet, and a sentence."""

    row: int
    column: int
    message: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was read. `headers` (empty where a column has none) and `letters` name the columns, empty ones left out.

    `errors` are cells that hold nothing usable, `notices` those that were read otherwise than they look, `remarks`
    sentences about the whole sheet.
    """

    headers: tuple[str, ...]
    letters: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    errors: tuple[CellNote, ...] = ()
    notices: tuple[CellNote, ...] = ()
    remarks: tuple[str, ...] = ()

    def samples(self, column: int, most: int = 3) -> list[str]:
        """The first different texts of a column that are not empty."""
        found: dict[str, None] = {}
        for row in self.rows:
            if row.cells[column]:
                found[row.cells[column]] = None
                if len(found) == most:
                    break
        return list(found)


def as_json(sheet: Sheet) -> dict[str, Any]:
    """A sheet in words that JSON has."""
    return {
        "headers": sheet.headers,
        "letters": sheet.letters,
        "rows": [[row.number, *row.cells] for row in sheet.rows],
        "errors": [[note.row, note.column, note.message] for note in sheet.errors],
        "notices": [[note.row, note.column, note.message] for note in sheet.notices],
        "remarks": sheet.remarks,
    }


def from_json(content: Mapping[str, Any]) -> Sheet:
    """The sheet that `as_json` was given."""
    return Sheet(
        headers=tuple(content["headers"]),
        letters=tuple(content["letters"]),
        rows=tuple(SheetRow(number, tuple(cells)) for number, *cells in content["rows"]),
        errors=_notes(content["errors"]),
        notices=_notes(content["notices"]),
        remarks=tuple(content["remarks"]),
    )


def _notes(content: Sequence[Sequence[Any]]) -> tuple[CellNote, ...]:
    return tuple(CellNote(row, column, message) for row, column, message in content)


def letter_of(place: int) -> str:
    """What a spreadsheet calls the column at `place`, counted from 0: `A`, `Z`, `AA`."""
    letters = ""
    number = place + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
