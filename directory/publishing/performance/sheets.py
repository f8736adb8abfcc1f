"""Reading a sheet of performance figures: a row for each figure, or a column for each measure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from directory.catalogue.files import cells
from directory.catalogue.files.checking import close_codes
from directory.catalogue.files.errors import CellError as UnreadableCellError
from directory.editing.bulk.columns import normalise
from directory.editing.bulk.sheet import Sheet, SheetRow
from directory.editing.bulk.sheets import read_sheet
from directory.publishing.performance.facts import Measure, MeasureUnit
from directory.publishing.performance.measures import measure, measures

SERVICE, PERIOD, MEASURE, VALUE = "service_id", "period", "measure", "value"
LEFT_OUT = frozenset({"service name", "organisation", "organisation name", "organisation id", "measure name", "unit"})
"""Columns that people read, and this does not."""
_HEADERS = {
    "service id": SERVICE,
    "service": SERVICE,
    "period": PERIOD,
    "quarter": PERIOD,
    "measure": MEASURE,
    "measure code": MEASURE,
    "value": VALUE,
    "figure": VALUE,
}
_LONG, _WIDE = {SERVICE, PERIOD, MEASURE, VALUE}, {SERVICE, PERIOD}
_PERIOD_WORDS = re.compile(r"(?i)(?:q([1-4])[ /-]*((?:19|20)\d\d)|((?:19|20)\d\d)[ /-]*q([1-4]))")
_THOUSANDS = re.compile(r"\d{1,3}([,\u00a0\u202f ]\d{3})+(\.\d+)?")
_COMMA = re.compile(r"\d+,\d+")
_WHOLE = {MeasureUnit.REFERRALS, MeasureUnit.HOUSEHOLDS, MeasureUnit.PEOPLE}
_FIRST_PERIOD = "2000-Q1"
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CellError:
    """Something wrong with one cell. `column` is its letter and header (`D value`), empty where the row is meant; `row`
    is None where the sheet is. `value` is what was found, `allowed` what would be right or comes close.
    """

    row: int | None
    column: str
    value: str
    message: str
    allowed: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The error as one line."""
        where = ", ".join(part for part in (f"row {self.row}" if self.row else "", self.column) if part)
        value = f" “{self.value}”:" if self.value else ""
        allowed = f" Allowed: {', '.join(self.allowed)}." if self.allowed else ""
        return f"{where or 'The sheet'}:{value} {self.message}{allowed}"


@dataclass(frozen=True, slots=True)
class SheetFigure:
    """A figure as a sheet says it, with the cells in which it stands. `value` is None for one that is not known."""

    row: int
    column: str
    service_id: str
    service_column: str
    period: str
    period_column: str
    measure: str
    value: Decimal | None
    text: str


@dataclass(frozen=True, slots=True)
class PerformanceSheet:
    """What could be read, and what is wrong with the rest."""

    figures: tuple[SheetFigure, ...]
    errors: tuple[CellError, ...]


def read_performance_sheet(content: bytes, filename: str) -> PerformanceSheet:
    """The figures in a CSV file or Excel workbook, told apart by what is in it, whatever `filename` says.

    Long: `service_id`, `period`, `measure`, `value`, in which an empty value is a figure that is not known. Wide:
    `service_id`, `period` and a column for each measure, by its code or name; there, empty cells say nothing. Nothing
    is compared with the catalogue yet. Raises UnreadableSheetError, with what to do instead, for what is no sheet.
    """
    del filename  # names lie
    sheet = read_sheet(content, lambda text: _meaning(text) is not None or normalise(text) in LEFT_OUT)
    return _Reader(sheet).read()


def _meaning(header: str) -> str | None:
    """What a header stands for: one of the four columns, or a measure's code."""
    plain = normalise(header)
    if plain in _HEADERS:
        return _HEADERS[plain]
    return next((one.code for one in measures() if plain in (normalise(one.code), normalise(one.name))), None)


class _Reader:
    """Reads one sheet, and collects what is wrong with it."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.columns = [
            f"{letter} {header}".strip() for letter, header in zip(sheet.letters, sheet.headers, strict=True)
        ]
        self.places: dict[str, int] = {}
        self.errors: list[CellError] = []
        self.figures: list[SheetFigure] = []
        self.unreadable = {(note.row, note.column) for note in sheet.errors}

    def read(self) -> PerformanceSheet:
        for note in self.sheet.errors:
            self.errors.append(CellError(note.row, self.columns[note.column], "", note.message))
        if self._understand():
            for row in self.sheet.rows:
                self._row(row)
        return PerformanceSheet(tuple(self.figures), tuple(self.errors))

    def _understand(self) -> bool:
        """Whether every column is known and the needed ones are there."""
        for place, header in enumerate(self.sheet.headers):
            self._understand_header(place, header)
        found = self.places.keys()
        if MEASURE in found or VALUE in found:
            beyond = sorted(found - _LONG)
            if beyond:
                text = (
                    "The sheet has columns both for measures and their values, and for single measures. Use one form."
                )
                self.errors.append(CellError(None, self.columns[self.places[beyond[0]]], "", text))
            needed = _LONG
        else:
            needed = _WIDE
            if not found - _WIDE:
                text = "There is no column of figures: add `measure` and `value`, or one column for each measure."
                self.errors.append(CellError(None, "", "", text, tuple(one.code for one in measures())))
        for name in sorted(needed - found):
            self.errors.append(CellError(None, "", "", f"There is no column {name}.", (name,)))
        return not any(error.row is None for error in self.errors)

    def _understand_header(self, place: int, header: str) -> None:
        meaning = _meaning(header)
        if meaning is None:
            if normalise(header) not in LEFT_OUT:
                known = [*_LONG, *(one.code for one in measures())]
                text = "This column is not known." if header else "This column has no header."
                self._wrong(None, place, header, text, close_codes(header, known))
        elif meaning in self.places:
            self._wrong(None, place, header, f"Column {self.columns[self.places[meaning]]} is the same.")
        else:
            self.places[meaning] = place

    def _row(self, row: SheetRow) -> None:
        service = row.cells[self.places[SERVICE]]
        if not service and (row.number, self.places[SERVICE]) not in self.unreadable:
            self._wrong(row.number, self.places[SERVICE], "", "The cell is empty and must be filled.")
        period = self._take(row, self.places[PERIOD], _period)
        if MEASURE in self.places:
            code = self._take(row, self.places[MEASURE], _code)
            if code:
                self._figure(row, self.places[VALUE], service, period, code)
            return
        for code, place in self.places.items():
            if code not in _WIDE and row.cells[place]:
                self._figure(row, place, service, period, code)

    def _figure(self, row: SheetRow, place: int, service: str, period: str | None, code: str) -> None:
        """Read one figure; its cell is looked at even where its service or quarter cannot be read."""
        if (row.number, place) in self.unreadable:
            return
        text, value = row.cells[place], None
        one = measure(code)
        assert one is not None, "only known measures get here"  # noqa: S101
        try:
            value = read_value(one, text) if text else None
        except UnreadableCellError as error:
            self._wrong(row.number, place, text, error.message, error.allowed)
            return
        if service and period:
            columns = (self.columns[self.places[SERVICE]], self.columns[self.places[PERIOD]])
            self.figures.append(
                SheetFigure(row.number, self.columns[place], service, columns[0], period, columns[1], code, value, text)
            )

    def _take(self, row: SheetRow, place: int, read: Callable[[str], str]) -> str | None:
        text = row.cells[place]
        if (row.number, place) in self.unreadable:
            return None
        try:
            return read(text)
        except UnreadableCellError as error:
            self._wrong(row.number, place, text, error.message, error.allowed)
            return None

    def _wrong(
        self, row: int | None, place: int, value: str, message: str, allowed: tuple[str, ...] | list[str] = ()
    ) -> None:
        shortened = value if len(value) <= 120 else f"{value[:119]}…"
        self.errors.append(CellError(row, self.columns[place], shortened, message, tuple(allowed)))


def _period(text: str) -> str:
    if not text:
        raise UnreadableCellError("The cell is empty and must be filled.", ["2026-Q2"])
    try:
        period = str(cells.PERIOD.read(text, _ANY_TIME))
    except UnreadableCellError as error:
        meant = _PERIOD_WORDS.fullmatch(text)
        allowed = [f"{meant[2] or meant[3]}-Q{meant[1] or meant[4]}"] if meant else error.allowed
        raise UnreadableCellError(error.message, allowed) from None
    if period < _FIRST_PERIOD:
        raise UnreadableCellError("This quarter is too long ago.", [f"{_FIRST_PERIOD} or later"])
    return period


def _code(text: str) -> str:
    if not text:
        raise UnreadableCellError("The cell is empty and must be filled.")
    meaning = _meaning(text)
    if meaning is None or measure(meaning) is None:
        raise UnreadableCellError("There is no such measure.", close_codes(text, [one.code for one in measures()]))
    return meaning


def read_value(one: Measure, text: str) -> Decimal:
    """A figure of a measure, as a number with a point. Raises the catalogue's CellError with what is wrong and right.

    Nothing is guessed: `1,200` is twelve hundred here and a little more than one elsewhere.
    """
    if text.endswith("%"):
        raise UnreadableCellError("Leave the per cent sign out.", [text.rstrip("% ")])
    if _THOUSANDS.fullmatch(text):
        raise UnreadableCellError("Write the number without separators.", [re.sub(r"[^\d.]", "", text)])
    if _COMMA.fullmatch(text):
        raise UnreadableCellError("Write a point before decimals.", [text.replace(",", ".")])
    if text.startswith("<"):
        raise UnreadableCellError("Write the number itself: small ones are hidden wherever figures are shown.")
    value = cells.DECIMAL.read(text, _ANY_TIME)
    assert isinstance(value, Decimal), "what this cell reads is a number"  # noqa: S101
    if value < 0:
        raise UnreadableCellError("It is less than nought.")
    if one.unit in _WHOLE and value != value.to_integral_value():
        raise UnreadableCellError(f"It must be a whole number: it counts {one.unit.value}.")
    if one.unit is MeasureUnit.PERCENT and value > 100:
        raise UnreadableCellError("It is more than a hundred per cent.", ["0 to 100"])
    if one.unit is MeasureUnit.PERCENT and 0 < value < 1:
        raise UnreadableCellError("It looks like a part of one. Write per cent.", [cells.DECIMAL.text(100 * value)])
    return value
