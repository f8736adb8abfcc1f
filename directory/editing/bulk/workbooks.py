"""Reading Excel workbooks (.xlsx). Nothing in them is run: of a formula, the value is read that Excel last kept."""

import io
import re
import warnings
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from openpyxl import load_workbook  # type: ignore[import-untyped]
from openpyxl.utils.escape import unescape  # type: ignore[import-untyped]
from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser  # type: ignore[import-untyped]

from directory.editing.bulk.delimited import error_words
from directory.editing.bulk.grid import Grid
from directory.editing.bulk.sheet import MAX_COLUMNS, MAX_ROWS, UnreadableSheetError, letter_of

# A sheet of 20,000 rows as people fill them takes about 40 MB once it is unpacked.
LARGEST_UNPACKED = 96 * 1024 * 1024
MOST_PARTS = 2_000
_BROKEN = "The workbook cannot be read; it may be damaged. Open it in your spreadsheet program and save it anew."
_FORMULA = "The cell has a formula; the value that the spreadsheet last kept of it was taken."
_NO_VALUE = (
    "The cell has a formula and no value was kept of it. Open the file in your spreadsheet program and save it, or "
    "type the value."
)
_MERGED = "The cell is part of a merged one, and has got its value."


@dataclass(slots=True)
class _Cell:
    """One cell of a worksheet."""

    row: int
    column: int
    value: Any
    is_error: bool
    has_formula: bool


class _Parser(WorkSheetParser):  # type: ignore[misc]
    """The library's own, which also tells where a formula stands: it is looked for, never read."""

    def parse_cell(self, element: Any) -> Any:
        """One cell, as the library has it, and whether it has a formula."""
        cell = super().parse_cell(element)
        cell["formula"] = element.find(FORMULA_TAG) is not None
        return cell


def read_workbook(content: bytes) -> Grid:
    """The cells of the first visible worksheet that holds anything.

    Raises UnreadableSheetError for what is no workbook, or one that would not fit into memory once it is unpacked.
    """
    _refuse_bombs(content)
    try:
        with warnings.catch_warnings():
            # The library warns of what it leaves out (charts, rules): nothing of that is read here.
            warnings.simplefilter("ignore")
            return _read(content)
    except UnreadableSheetError:
        raise
    except Exception as error:  # whatever a damaged or hostile file makes the library do
        raise UnreadableSheetError(_BROKEN) from error


def _refuse_bombs(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise UnreadableSheetError(_BROKEN) from error
    # What the archive says of its sizes binds whoever unpacks it: zipfile reads no more than that.
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise UnreadableSheetError("The workbook is too large once it is unpacked. Save its one sheet as CSV.")
    if any(part.flag_bits & 0x1 for part in parts):
        raise UnreadableSheetError("The file is protected with a password. Save it without one.")
    if "content.xml" in names and "mimetype" in names:
        raise UnreadableSheetError("OpenDocument files (.ods) cannot be read. Save it as .xlsx or CSV.")
    if not any(name.startswith("xl/") for name in names):
        raise UnreadableSheetError("This archive is no Excel workbook. Choose a .xlsx or a .csv file.")


def _read(content: bytes) -> Grid:
    workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        visible = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
        for sheet in visible:
            grid = _grid(workbook, sheet)
            if grid.rows:
                if len(workbook.worksheets) > 1:
                    grid.remarks.append(f"The worksheet “{sheet.title}” was read, and no other.")
                return grid
    finally:
        workbook.close()
    return Grid()


def _grid(workbook: Any, sheet: Any) -> Grid:
    grid = Grid()
    with workbook._archive.open(sheet._worksheet_path) as source:
        # The library's own reading makes up every empty cell within what a sheet claims to be its size.
        parser = _Parser(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=workbook.epoch,
            date_formats=workbook._date_formats,
            timedelta_formats=workbook._timedelta_formats,
        )
        for number, row in parser.parse():
            _take_row(grid, number, row)
            if len(grid.rows) > 2 * MAX_ROWS:
                raise UnreadableSheetError(f"The sheet has more than {MAX_ROWS:,} rows. Split it.")
    _fill_merged(grid, parser.merged_cells)
    return grid


def _take_row(grid: Grid, number: int, row: list[dict[str, Any]]) -> None:
    filled = 0
    for found in row:
        cell = _Cell(number, found["column"] - 1, found["value"], found["data_type"] == "e", found["formula"])
        _take(grid, cell)
        filled += found["value"] is not None
    if filled > 3 * MAX_COLUMNS:
        raise UnreadableSheetError(f"The sheet has more than {MAX_COLUMNS} columns. Delete some.")


def _take(grid: Grid, cell: _Cell) -> None:
    place = (cell.row, cell.column)
    if cell.is_error:
        grid.fail(*place, error_words(str(cell.value), letter_of(cell.column), cell.row))
    elif cell.has_formula and cell.value is None:
        grid.fail(*place, _NO_VALUE)
    elif cell.value is not None:
        grid.put(*place, text_of(cell.value))
        if cell.has_formula:
            grid.notices[place] = _FORMULA


def text_of(value: Any) -> str:
    """A cell's value as text: dates and times in ISO 8601, `yes` and `no`, whole numbers without a point."""
    if isinstance(value, str):
        return str(unescape(value)).replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(timespec="seconds")
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    if isinstance(value, timedelta):
        return str(value)
    return value.isoformat() if isinstance(value, date) else str(value)


_RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")


def _fill_merged(grid: Grid, merged: Any) -> None:
    """Give every row of a cell that was merged downwards its value: that is what it says of each of them."""
    for item in getattr(merged, "mergeCell", None) or ():
        match = _RANGE.fullmatch(str(item.ref))
        if not match or match[1] != match[3]:
            continue  # merged sideways: a title, or a cell that takes more room
        column, first, last = _place_of(match[1]), int(match[2]), int(match[4])
        text = grid.rows.get(first, {}).get(column)
        if not text:
            continue
        for row in range(first + 1, min(last, first + MAX_ROWS) + 1):
            # A row in which nothing else stands is no row of the sheet, only room below it.
            if grid.rows.get(row) and column not in grid.rows[row]:
                grid.put(row, column, text)
                grid.notices[row, column] = _MERGED


def _place_of(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
