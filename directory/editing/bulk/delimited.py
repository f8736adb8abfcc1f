"""Reading CSV files as programs all over the world write them: their encoding, their delimiter, their quotes."""

import csv
import io

from directory.common.sheets_safe import ERROR_WORDS
from directory.common.text import unusable_characters
from directory.editing.bulk.grid import HEADER_WITHIN, Grid, Known
from directory.editing.bulk.sheet import UnreadableSheetError, letter_of

_DELIMITERS = (",", ";", "\t")
_LOOKED_AT = 64 * 1024
_NO_TEXT = (
    "This is neither a spreadsheet (.xlsx) nor a text file (.csv). In your spreadsheet program choose “Save as”, and "
    "“Excel workbook (.xlsx)” or “CSV UTF-8”."
)


def read_delimited(content: bytes, known: Known) -> Grid:
    """The cells of a CSV file. Raises UnreadableSheetError for what is no text, and for quotes that do not match."""
    text = decode(content)
    if text.startswith("sep=") and len(text.partition("\n")[0].strip()) == 5:
        # Excel's own way of saying it, on a line which it does not show.
        first, _, text = text.partition("\n")
        delimiter = first.strip()[-1]
    else:
        delimiter = _delimiter(text, known)
    return _read(text, delimiter)


def decode(content: bytes) -> str:
    """The text of a file in UTF-8 or UTF-16 (by its mark), else in Windows-1252, in which Excel writes plain CSV.

    Raises UnreadableSheetError for what is no text.
    """
    has_mark = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if has_mark else ["utf-8-sig", "cp1252"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        beginning = text[:_LOOKED_AT]
        strange = sum(map(unusable_characters, beginning))
        # A control character or two is somebody's slip, which is told by cell. Many are another kind of file.
        if "\x00" not in beginning and strange * 100 <= len(beginning):
            return text
        break
    raise UnreadableSheetError(_NO_TEXT)


def _delimiter(text: str, known: Known) -> str:
    """The one with which most headers are known; where none is, the one that gives most cells in the same number."""
    beginning = text[:_LOOKED_AT]
    best, best_score = ",", (-1, -1)
    for delimiter in _DELIMITERS:
        # What is cut off in the middle, and quotes that do not match, are no reason not to look.
        records = csv.reader(io.StringIO(beginning, newline=""), delimiter=delimiter)
        rows: list[list[str]] = []
        try:
            rows += (row for _, row in zip(range(HEADER_WITHIN), records, strict=False))
        except csv.Error:
            continue
        score = (
            max((sum(map(known, set(row))) for row in rows), default=0),
            sum(len(row) > 1 for row in rows),
        )
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _read(text: str, delimiter: str) -> Grid:
    grid = Grid()
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            record = next(reader)
        except StopIteration:
            return grid
        except csv.Error:
            message = f"From row {number} on, the file cannot be read: quotation marks do not match."
            raise UnreadableSheetError(f"{message} Correct them, or save it as .xlsx.") from None
        for column, cell in enumerate(record):
            if cell.strip() in ERROR_WORDS:
                grid.fail(number, column, error_words(cell.strip(), letter_of(column), number))
            else:
                grid.put(number, column, cell)


def error_words(word: str, letter: str, row: int) -> str:
    """What is said of a cell in which a spreadsheet shows an error."""
    return f"{letter}{row} shows the error {word} in the spreadsheet. Correct it there, or type what it should say."
