"""Reading a folder of catalogue files: bytes to rows of text, with what is wrong about their form."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from directory.catalogue.files.description import FileTable
from directory.catalogue.files.errors import Refusals
from directory.common.errors import RefusedError

# Ten times the largest catalogue that is planned for. Reading more would only exhaust the machine.
LARGEST_FILE = 64 * 1024 * 1024
TAXONOMIES = "taxonomies/"
# So many letters wrong make a slip; more make another name.
MOST_SLIPS = 2


@dataclass(frozen=True, slots=True)
class RawTable:
    """A file's header, and its rows with their number as a spreadsheet counts; every row is as long as the header."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, list[str]], ...]


def find_files(folder: Path, tables: Sequence[FileTable]) -> dict[str, Path]:
    """Where each known file is. A folder that holds the taxonomies' files directly is read as a taxonomies folder.

    Raises RefusedError when `folder` is no folder or holds none of the known files.
    """
    if not folder.is_dir():
        raise RefusedError(f"{folder} is not a folder.")
    found: dict[str, Path] = {}
    for table in tables:
        places = [folder / table.file]
        if table.file.startswith(TAXONOMIES):
            places.append(folder / table.file.removeprefix(TAXONOMIES))
        existing = [place for place in places if place.exists()]
        if existing:
            found[table.file] = existing[0]
    if not found:
        known = ", ".join(table.file for table in tables)
        raise RefusedError(f"{folder} holds no catalogue files. Known files are: {known}.")
    return found


def refuse_misspelt_files(folder: Path, tables: Sequence[FileTable], refusals: Refusals) -> None:
    """A file whose name is nearly that of a catalogue file would be left out without a word: say so instead.

    Other files, such as a README or a copy called services2.csv, are nobody's business.
    """
    known = {Path(table.file).name for table in tables}
    subfolder = folder / TAXONOMIES
    for place in (folder, subfolder) if subfolder.is_dir() else (folder,):
        for path in sorted(place.glob("*.[cC][sS][vV]")):
            if path.name in known or path.stem[-1:].isdigit():
                continue
            close = process.extractOne(path.name.lower(), known, scorer=Levenshtein.distance, score_cutoff=MOST_SLIPS)
            if close:
                name = path.relative_to(folder).as_posix()
                refusals.add(name, f"It is not a catalogue file. Did you mean {close[0]}?", allowed=[close[0]])


def read_table(path: Path, table: FileTable, refusals: Refusals) -> RawTable | None:
    """A file's header and rows, or None when it cannot be read at all; what is wrong is added to `refusals`."""
    text = _text(path, table.file, refusals)
    if text is None:
        return None
    records = _records(text, table.file, refusals)
    first = next(records, None)
    if first is None or not any(cell.strip() for cell in first[1]):
        refusals.add(table.file, "The first row must name the columns.", row=1, allowed=_names(table))
        return None
    header = tuple(cell.strip() for cell in first[1])
    sound = _check_header(header, table, refusals)
    rows = tuple(_whole_rows(records, len(header), table.file, refusals))
    return RawTable(header, rows) if sound else None


def _text(path: Path, file: str, refusals: Refusals) -> str | None:
    try:
        if path.stat().st_size > LARGEST_FILE:
            refusals.add(file, f"It is larger than {LARGEST_FILE // 1024 // 1024} MB. Split the import.")
            return None
        content = path.read_bytes()
    except OSError as error:
        refusals.add(file, f"It cannot be read: {error.strerror}.")
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        refusals.add(
            file,
            f"It is not UTF-8: line {line} holds bytes of another encoding. Save it as “CSV UTF-8”.",
            row=line,
            allowed=["UTF-8"],
        )
        return None


def _records(text: str, file: str, refusals: Refusals) -> Iterator[tuple[int, list[str]]]:
    """The records of a CSV file with their number. Reading stops at the first that is not CSV."""
    number = 0
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        number += 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            refusals.add(file, f"The file cannot be read from here on: {error}. Check the quotation marks.", row=number)
            return
        yield number, record


def _whole_rows(
    records: Iterator[tuple[int, list[str]]], width: int, file: str, refusals: Refusals
) -> Iterator[tuple[int, list[str]]]:
    for number, cells in records:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > width and any(cell.strip() for cell in cells[width:]):
            extra = ", ".join(cell for cell in cells[width:] if cell.strip())
            message = f"The row has {len(cells)} cells, the header {width}. A cell with a comma needs quotation marks."
            refusals.add(file, message, row=number, value=extra)
            # Its id is read all the same, so that rows that refer to it are not called wrong as well.
            yield number, cells[:width]
        elif len(cells) < width:
            message = (
                f"The row has {len(cells)} cells, the header {width}. Write an empty cell where there is no value."
            )
            refusals.add(file, message, row=number)
        else:
            yield number, cells[:width]


def _check_header(header: tuple[str, ...], table: FileTable, refusals: Refusals) -> bool:
    known = _names(table)
    before = refusals.count
    for position, name in enumerate(header):
        if not name:
            refusals.add(table.file, f"Column {position + 1} has no name.", row=1, allowed=known)
        elif name in header[:position]:
            refusals.add(table.file, "The column stands there twice.", row=1, column=name, value=name)
        elif name not in known:
            close = [match[0] for match in process.extract(name.lower(), known, limit=1, score_cutoff=60)]
            meant = f" Did you mean {close[0]}?" if close else ""
            message = f"There is no such column in {table.file}.{meant}"
            refusals.add(table.file, message, row=1, column=name, value=name, allowed=close or known)
    for column in table.in_file:
        if column.required and column.name not in header:
            refusals.add(table.file, "The column is missing and must be there.", row=1, column=column.name)
    return refusals.count == before


def _names(table: FileTable) -> list[str]:
    return [column.name for column in table.in_file]
