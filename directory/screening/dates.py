"""Dates of birth: labelled ones, and full dates too long ago to be anything else in a note."""

import re
from collections.abc import Iterable, Iterator

from directory.screening.page import Page, Span

# A full date this many years back is hardly an incident or an appointment.
YEARS_BACK = 12
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_ORDINAL = (
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth"
    r"|fifteenth|"
    r"sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth|(?:twenty|thirty)[ -](?:first|second|third"
    r"|fourth|fifth|sixth|seventh|eighth|ninth))"
)
_DAY = rf"(?:(?:0?[1-9]|[12]\d|3[01])\s?(?:st|nd|rd|th)?|{_ORDINAL})"
_SEP = r"\s?[./\\|-]\s?"
_NUMERIC = (
    rf"(?<![\d/£.-])(?:0?[1-9]|[12]\d|3[01])(?:{_SEP}(?:0?[1-9]|[12]\d|3[01]){_SEP}|\s(?:0?[1-9]"
    rf"|1[0-2])\s)(?P<y1>(?:19|20)?\d\d)(?![\d/])"
)
_ISO = r"(?<!\d)(?P<y2>(?:19|20)\d\d)\s?[./\\ -]\s?(?:0?[1-9]|1[0-2])\s?[./\\ -]\s?(?:0?[1-9]|[12]\d|3[01])(?!\d)"
_DAY_MONTH = (
    rf"(?<![\w£]){_DAY}\s?(?:of\s)?[./ -]?\s?{_MONTH}\.?,?[./ -]?\s?(?:of\s)?'?(?P<y3>(?:19|20)\d\d"
    rf"|\d\d(?!\s?[:.]?\d|\s?(?:am|pm)))(?!\w)"
)
_MONTH_DAY = rf"(?<!\w){_MONTH}\.?\s(?:the\s)?{_DAY},?\s'?(?P<y4>(?:19|20)\d\d)(?!\w)"
_COMPACT = (
    r"(?<!\d)(?:(?P<y5>19\d\d|20[0-2]\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]"
    r"|1[0-2])(?P<y6>19\d\d|20[0-2]\d))(?!\d)"
)
_FULL = re.compile("|".join((_NUMERIC, _ISO, _DAY_MONTH, _MONTH_DAY, _COMPACT)), re.IGNORECASE)
_NUMBER_WORD = r"(?:nineteen|ninety|eighty|seventy|sixty|fifty|forty|two thousand|oh)"
_SOME_DATE = rf"(?:\d|{_MONTH}\b|{_ORDINAL}\b|{_NUMBER_WORD}\b)"
_LABEL = re.compile(
    rf"(?<![a-z])(?:d\s?[./]?\s?o\s?[./]?\s?b|dobs?|date\s+of\s+birth|dates\s+of\s+birth|birth\s?-?dates?"
    rf"|d\.?of\.?b)(?![a-z])[^\n]{{0,25}}?(?={_SOME_DATE})"
    r"|(?<![a-z])(?:birth\s?-?days?|bday|b'day)(?![a-z])[^\n]{0,25}?(?=\d)",
)
# "Born" with a day or a year; "born 3 weeks ago", "born at 34 weeks" and "born in March" tell only an age.
_BORN = re.compile(
    rf"(?<![a-z])(?:born|b\.|birth)(?:\s+(?:on|in|the|around|about|back))*[\s:]+(?:(?:19|20)\d\d\b|'\d\d\b"
    rf"|\d\d?(?:st|nd|rd|th)?(?:\sof)?\s{_MONTH}\b|{_MONTH}\s(?:the\s)?\d|{_ORDINAL}\s(?:of\s)?{_MONTH}\b"
    rf"|\d\d?\s?[./-]\s?\d\d?(?:\s?[./-]\s?\d+)?(?!\s*(?:weeks?|wks?|months?|lb|kg|days?))|(?:in\s)?nineteen\s\w+"
    rf"|{_MONTH}\s'?(?:19|20)?\d\d\b)",
)
# A full date straight after a relative: "son 3/4/19", "daughter (12.05.17)".
_OF_CHILD = re.compile(
    r"\b(?:son|daughter|child(?:ren)?|kids?|baby|boy|girl|male|female|client|victim|mum|mother|she|her|twins?|aged?"
    r"|year old|yo|newborn|infant|toddler)\s?\d?\s?[,:(\-]*\s?$"
)
_INCIDENT = re.compile(
    r"(?:due|edd|incident|offence|appointment|appt|court|hearing|since|until|till|expires?|on|from|by|dated)\s?:?\s?$"
)


def find(page: Page) -> Iterator[Span]:
    """Where `page` holds a date of birth."""
    for pattern in (_LABEL, _BORN):
        for match in pattern.finditer(page.lower):
            yield match.start(), min(len(page.lower), match.end() + (1 if pattern is _LABEL else 0))
    for span, year in full_dates(page):
        before = page.before(span[0])
        is_child = _OF_CHILD.search(before) and not _INCIDENT.search(before)
        if year <= page.this_year - YEARS_BACK or (is_child and year <= page.this_year):
            yield span


def full_dates(page: Page) -> Iterable[tuple[Span, int]]:
    """Every full date in `page` and its year, with two digits read as the latest year that is not to come."""
    return page.once("dates", _full_dates)


def _full_dates(page: Page) -> Iterator[tuple[Span, int]]:
    for match in _FULL.finditer(page.lower):
        written = next(year for year in match.groupdict().values() if year)
        year = int(written)
        if year < 100:
            year += 2000 if year <= page.this_year % 100 + 2 else 1900
        yield match.span(), year
