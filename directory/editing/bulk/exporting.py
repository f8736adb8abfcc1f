"""The catalogue as one sheet for a spreadsheet program: uploading it again changes nothing, and nothing in it runs."""

import csv
import enum
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]
from openpyxl.styles import Font  # type: ignore[import-untyped]
from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]
from sqlalchemy.orm import Session

from directory.audit.events import Event
from directory.audit.log import record
from directory.capacity.files import LISTING_TABLES
from directory.catalogue.files.description import Column, FileTable, Key, Value
from directory.catalogue.files.plan import StoredRow
from directory.catalogue.files.stored import load_stored
from directory.catalogue.versions.models import ListingKind
from directory.common.actor import Actor
from directory.common.sheets_safe import harmless
from directory.editing.bulk.staging import require_bulk

# What Excel takes for a character by its number, and characters that XML cannot hold.
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)|[\ufffe\uffff]")
_WIDEST = 60


class SheetFormat(enum.StrEnum):
    """How a sheet is written."""

    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class Export:
    """A file to download: its bytes, and how many rows it has below the header."""

    content: bytes
    rows: int


def export_sheet(session: Session, kind: ListingKind, form: SheetFormat, actor: Actor, now: datetime) -> Export:
    """Every organisation, service or unit that is not removed, by id, with all its columns; the caller commits.

    That it was taken is recorded. Raises NotAllowedError for anybody but a commissioner.
    """
    require_bulk(actor)
    table = LISTING_TABLES[kind]
    rows = [[values[column.name] for column in table.in_file] for values in _values(session, kind)]
    content = _csv(table, rows) if form is SheetFormat.CSV else _xlsx(table, rows)
    record(session, Event.CATALOGUE_EXPORTED, actor.reference, now, kind=kind.value, rows=len(rows))
    return Export(content, len(rows))


def _values(session: Session, kind: ListingKind) -> Iterator[dict[str, Value]]:
    # What belongs to a removed owner counts as removed, so the owners are read first.
    stored: dict[Key, StoredRow] | None = None
    for one in ListingKind:
        stored = load_stored(session, LISTING_TABLES[one], stored)
        if one is kind:
            break
    for _, row in sorted((stored or {}).items()):
        if not row.removed:
            yield row.values


def _csv(table: FileTable, rows: list[list[Value]]) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([column.name for column in table.in_file])
    for row in rows:
        writer.writerow([harmless(_text(one, value)) for one, value in zip(table.in_file, row, strict=True)])
    # Excel takes a file without this mark for Windows-1252.
    return file.getvalue().encode("utf-8-sig")


def _xlsx(table: FileTable, rows: list[list[Value]]) -> bytes:
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(table.file.removesuffix(".csv").capitalize())
    sheet.freeze_panes = "B2"
    for place, column in enumerate(table.in_file, 1):
        longest = max((len(_text(column, row[place - 1])) for row in rows[:200]), default=0)
        sheet.column_dimensions[get_column_letter(place)].width = min(max(longest, len(column.name)) + 2, _WIDEST)
    sheet.append([_cell(sheet, column.name, bold=True) for column in table.in_file])
    for row in rows:
        sheet.append([_typed(sheet, one, value) for one, value in zip(table.in_file, row, strict=True)])
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def _typed(sheet: object, column: Column, value: Value) -> object:
    """A number as a number, a date as a date, all else as text: never as anything that is worked out."""
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, date) and not isinstance(value, datetime) and value.year >= 1901:
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = "yyyy-mm-dd"
        return cell
    text = _text(column, value)
    return _cell(sheet, harmless(text)) if text else None


def _cell(sheet: object, text: str, *, bold: bool = False) -> object:
    cell = WriteOnlyCell(sheet, _ESCAPED.sub(lambda match: f"_x{ord(match[0]):04X}_", text))
    # The library would take some texts for errors or formulas.
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _text(column: Column, value: Value) -> str:
    return column.cell.text(value)
