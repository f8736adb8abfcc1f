"""A programme as a commissioner types it, read and checked field by field."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from directory.capacity.contracts.facts import DAY, MOST_BEDSPACES, MOST_UNITS, ProgrammeFacts, is_reserved, problems_in
from directory.catalogue.files import cells
from directory.catalogue.files.errors import CellError
from directory.catalogue.telling_names import telling_words
from directory.common.dates import as_date
from directory.common.errors import FieldProblem, InvalidInputError
from directory.common.text import squeeze, unusable_characters

LONGEST_CODE, LONGEST_NAME = 60, 200
_NUMBERS = re.compile(r"([0-9]{1,2})[/. -]([0-9]{1,2})[/. -]([0-9]{4})")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EARLIEST, _LATEST = date(2000, 1, 1), date(2099, 12, 31)
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ProgrammeTexts:
    """A programme as it is typed into a form; the contract's days are its first and its last."""

    code: str
    name: str
    units: str
    bedspaces: str
    ringfenced_units: str
    first_day: str
    last_day: str


def texts_of(programme: ProgrammeFacts) -> ProgrammeTexts:
    """What a form is filled with."""
    return ProgrammeTexts(
        code=programme.code,
        name=programme.name,
        units=str(programme.units),
        bedspaces=str(programme.bedspaces),
        ringfenced_units=str(programme.ringfenced_units),
        first_day=as_date(programme.active_from) if programme.active_from else "",
        last_day=as_date(programme.last_day) if programme.last_day else "",
    )


_FIELDS = {"active_from": "first_day", "active_until": "last_day"}


def read_texts(texts: ProgrammeTexts, code: str | None = None) -> ProgrammeFacts:
    """The programme that is meant; `code` where it has one already.

    Raises InvalidInputError naming fields of ProgrammeTexts, in their order.
    """
    problems: list[FieldProblem] = []
    # Of numbers that could not be read nothing more is said.
    units = _number(problems, "units", texts.units, MOST_UNITS)
    bedspaces = _number(problems, "bedspaces", texts.bedspaces, MOST_BEDSPACES)
    ringfenced = _number(problems, "ringfenced_units", texts.ringfenced_units, MOST_UNITS)
    last_day = _day(problems, "last_day", texts.last_day)
    programme = ProgrammeFacts(
        code=_code(problems, texts.code) if code is None else code,
        name=_name(problems, texts.name),
        units=units or 0,
        bedspaces=(units or 0) if bedspaces is None or units is None else bedspaces,
        ringfenced_units=0 if ringfenced is None or units is None else ringfenced,
        active_from=_day(problems, "first_day", texts.first_day),
        active_until=last_day + DAY if last_day else None,
    )
    known_wrong = {problem.field for problem in problems}
    for problem in problems_in(programme.values | {"code": programme.code}):
        field = _FIELDS.get(problem.column, problem.column)
        if field not in known_wrong:
            problems.append(FieldProblem(field, problem.message.removesuffix("."), problem.allowed))
    if problems:
        order = list(ProgrammeTexts.__slots__)
        raise InvalidInputError(sorted(problems, key=lambda problem: order.index(problem.field)))
    return programme


def usable_code(code: str) -> bool:
    """Whether a programme can have this code. What units name may be anything that is no telling word."""
    problems: list[FieldProblem] = []
    return _code(problems, code) == code and not problems and not telling_words(code) and not is_reserved(code)


def _code(problems: list[FieldProblem], text: str) -> str:
    text = text.strip()
    try:
        if not text:
            raise CellError("Enter the code")
        if len(text) > LONGEST_CODE:
            raise CellError(f"The code must be {LONGEST_CODE} characters or fewer; it has {len(text)}")
        cells.IDENTIFIER.read(text, _ANY_TIME)
    except CellError as error:
        problems.append(FieldProblem("code", error.message.removesuffix("."), error.allowed))
    return text


def _name(problems: list[FieldProblem], text: str) -> str:
    text = squeeze(text)
    if not text:
        problems.append(FieldProblem("name", "Enter the name"))
    elif len(text) > LONGEST_NAME:
        problems.append(
            FieldProblem("name", f"The name must be {LONGEST_NAME} characters or fewer; it has {len(text)}")
        )
    elif unusable_characters(text):
        problems.append(FieldProblem("name", "The name holds a character that cannot be kept: type it again"))
    return text


def _number(problems: list[FieldProblem], field: str, text: str, most: int) -> int | None:
    text = text.strip().replace(",", "")
    if text.isascii() and text.isdigit() and len(text) <= 9 and int(text) <= most:
        return int(text)
    problems.append(FieldProblem(field, f"Enter a whole number from 0 to {most:,}", (f"0 to {most}",)))
    return None


def _day(problems: list[FieldProblem], field: str, text: str) -> date | None:
    text = squeeze(text)
    if not text:
        return None
    day = _read_day(text)
    if day is None or not _EARLIEST <= day <= _LATEST:
        problems.append(FieldProblem(field, "Enter a date, such as 31 March 2028", ("31 March 2028", "31/3/2028")))
        return None
    return day


def _read_day(text: str) -> date | None:
    try:
        if _ISO.fullmatch(text):
            return date.fromisoformat(text)
        numbers = _NUMBERS.fullmatch(text)
        if numbers:
            return date(int(numbers[3]), int(numbers[2]), int(numbers[1]))
    except ValueError:
        return None
    for pattern in ("%d %B %Y", "%d %b %Y"):
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
    return None
