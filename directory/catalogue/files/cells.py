"""The kinds of cells that catalogue files have: how each is read, checked and written (design section 3).

Every reader gets tidied text (`tidy`) that is not empty, and raises CellError with a sentence for the file's author.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

import isodate

from directory.catalogue.files.description import Cell, Value
from directory.catalogue.files.errors import CellError
from directory.common.clock import LONDON
from directory.common.text import unusable_characters

LONGEST_ID = 80
# A provider's clock may run ahead of ours by a little; a confirmation from tomorrow is a mistake.
CLOCK_TOLERANCE = timedelta(minutes=5)

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_IDENTIFIER = re.compile(r"[A-Za-z0-9]+([-_.][A-Za-z0-9]+)*")
_MEASURE = re.compile(r"[a-z][a-z0-9]*([_-][a-z0-9]+)*")
_PERIOD = re.compile(r"(19|20)[0-9]{2}-Q[1-4]")
_DECIMAL = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,100})?")
# What the database keeps of a figure.
_SMALLEST_STEP, _TOO_LARGE = Decimal("0.001"), 10**9
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# A day, or a day and a time, in any form that ISO 8601 has for them; whether it exists, the parser says.
_INSTANT = re.compile(r"(19|20)[0-9]{2}[0-9W-]{4,6}([T ][0-9:]{2,8}([.,][0-9]{1,9})?(Z|[+-][0-9:]{2,6})?)?")
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_EARLIEST_DAY = date(1900, 1, 1)


def tidy(text: str) -> str:
    """A cell's text as it is kept: composed characters (NFC), `\\n` for line ends, no space around it.

    Raises CellError for control characters and halves of characters, which no database or page can carry.
    """
    # Nearly every cell is plain text on one line, which needs no look at each character.
    if text.isascii() and text.isprintable():
        return text.strip()
    if unusable_characters(text):
        raise CellError("It holds a control character, which cannot be kept. Type the text again.")
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _line(text: str, _now: datetime) -> str:
    if "\n" in text or "\t" in text:
        raise CellError("Write it on one line, without tabs.")
    return text


def _paragraphs(text: str, _now: datetime) -> str:
    return text


def _id_matching(pattern: re.Pattern[str], message: str, example: str) -> Callable[[str, datetime], str]:
    def read(text: str, _now: datetime) -> str:
        if len(text) > LONGEST_ID:
            raise CellError(f"An id has at most {LONGEST_ID} characters; this one has {len(text)}.")
        if not pattern.fullmatch(text):
            raise CellError(message, [example])
        return text

    return read


def _matching(pattern: re.Pattern[str], message: str, example: str) -> Callable[[str, datetime], str]:
    def read(text: str, _now: datetime) -> str:
        if not pattern.fullmatch(text):
            raise CellError(message, [example])
        return text

    return read


def _day(text: str, _now: datetime) -> date:
    try:
        if not _DATE.fullmatch(text):
            raise ValueError(text)
        day = date.fromisoformat(text)
    except ValueError:
        raise CellError("It is not a date. Write year, month and day with hyphens.", ["2026-04-01"]) from None
    # The day before a contract's end must be a date as well, which the first day of all has not.
    if day < _EARLIEST_DAY:
        raise CellError("It lies too far back to be right.", ["2026-04-01"])
    return day


def _decimal(text: str, _now: datetime) -> Decimal:
    if not _DECIMAL.fullmatch(text):
        raise CellError(_NO_FIGURE, ["42", "3.5"])
    rounded = Decimal(text).quantize(_SMALLEST_STEP, ROUND_HALF_EVEN)
    if abs(rounded) >= _TOO_LARGE:
        raise CellError(_NO_FIGURE, ["42", "3.5"])
    # Adding nothing turns -0 into 0, which is what the database would give back.
    return rounded + 0


_NO_FIGURE = "It is not a number with up to nine digits before the decimal point."


def _write_decimal(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _moment(text: str, now: datetime) -> datetime:
    moment = _before(text, now) if text.startswith(("P", "-P", "+P")) else _absolute(text)
    if moment > now + CLOCK_TOLERANCE:
        raise CellError("It lies in the future; nobody can have confirmed anything then.", _MOMENTS)
    if moment < _EARLIEST:
        raise CellError("It lies too far back to be right.", _MOMENTS)
    return moment


_MOMENTS = ("2026-11-22T02:00:00Z", "-PT2H")


def _before(text: str, now: datetime) -> datetime:
    try:
        moment: datetime = now + isodate.parse_duration(text)
    except (isodate.ISO8601Error, ValueError, OverflowError, ArithmeticError):
        raise CellError("It is not an ISO 8601 duration back from the import.", _MOMENTS) from None
    return moment


def _absolute(text: str) -> datetime:
    try:
        if not _INSTANT.fullmatch(text):
            raise ValueError(text)
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CellError("It is neither an ISO 8601 time nor a duration back from the import.", _MOMENTS) from None
    if moment.tzinfo is None:
        return _in_london(moment)
    return moment.astimezone(UTC)


def _in_london(wall: datetime) -> datetime:
    """The instant of a time without a zone: London's, unless the clocks make it ambiguous or skip it."""
    first, second = (wall.replace(tzinfo=LONDON, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first != second:
        raise CellError("The clocks changed then: say which time is meant by its zone.", [f"{wall.isoformat()}Z"])
    return first


def _write_moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def choice_of(words: Sequence[str]) -> Cell:
    """One word of a fixed vocabulary; an empty cell is no word."""
    allowed = tuple(str(word) for word in words)

    def read(text: str, _now: datetime) -> str:
        if text not in allowed:
            raise CellError("It is not one of the words that this column knows.", allowed)
        return text

    return Cell(read, str, None)


def whole_number(low: int, high: int) -> Cell:
    """A whole number in digits, from `low` to `high`, both allowed; an empty cell is None."""

    def read(text: str, _now: datetime) -> int:
        # Ten digits are more than any column takes, and keep a hostile million of them from being converted.
        if text.isascii() and text.isdigit() and len(text) <= 10 and low <= int(text) <= high:
            return int(text)
        raise CellError(f"It must be a whole number from {low} to {high}.", [f"{low} to {high}"])

    return Cell(read, str, None)


def _yes_or_no(text: str, _now: datetime) -> bool:
    if text not in ("yes", "no"):
        raise CellError("Say yes or no, in lower case.", ["yes", "no"])
    return text == "yes"


def list_of(item: Cell) -> Cell:
    """Items with `;` between them; spaces around them and empty ones are ignored, one that stands twice counts once.

    The value is sorted, so that the same items in another order are no change.
    """

    def read(text: str, now: datetime) -> Value:
        items: set[str] = set()
        for part in text.split(";"):
            if not part.strip():
                continue
            try:
                items.add(str(item.read(part.strip(), now)))
            except CellError as error:
                raise CellError(error.message, error.allowed, error.value or part.strip()) from None
        return tuple(sorted(items))

    return Cell(read, ";".join, ())


def optional(cell: Cell) -> Cell:
    """The same kind of cell where empty means that there is no value, rather than empty text."""
    return Cell(cell.read, cell.write, None)


LINE = Cell(_line)
PARAGRAPHS = Cell(_paragraphs)
SLUG = Cell(
    _id_matching(_SLUG, "Use lower-case letters a to z, digits, and single hyphens between them.", "rose-house")
)
IDENTIFIER = Cell(
    _id_matching(
        _IDENTIFIER,
        "Use letters a to z, digits, and single hyphens, underscores or full stops between them.",
        "rose-house",
    )
)
YES_NO = Cell(_yes_or_no, lambda value: "yes" if value else "no", None)
DAY = Cell(_day, date.isoformat, None)
MOMENT = Cell(_moment, _write_moment, None)
DECIMAL = Cell(_decimal, _write_decimal, None)
PERIOD = Cell(_matching(_PERIOD, "It is not a calendar quarter.", "2026-Q2"))
MEASURE = Cell(
    _matching(_MEASURE, "Use lower-case words with underscores or hyphens between them.", "referrals_received")
)
# Of a code only the shape is left to the list that it must be in.
CODE = Cell(_line)
# Never in a file: filled in from other columns.
DEGREES = Cell(lambda text, _now: text, str, None)
