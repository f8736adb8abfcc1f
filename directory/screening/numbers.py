"""Runs of digits as people write or say them: "07700 900 123", "oh seven seven double oh", "o77oo 9oo123"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from directory.screening.dates import full_dates
from directory.screening.page import Page, Span, overlaps

_SPOKEN = {
    "zero": "0",
    "oh": "0",
    "nought": "0",
    "o": "0",
    "nil": "0",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
    "ten": "10",
    "eleven": "11",
    "twelve": "12",
    "twenty": "2",
    "thirty": "3",
    "forty": "4",
    "fourty": "4",
    "fifty": "5",
    "sixty": "6",
    "seventy": "7",
    "eighty": "8",
    "ninety": "9",
    "hundred": "00",
    "thousand": "000",
    "sevn": "7",
    "fiv": "5",
    "fore": "4",
    "niner": "9",
    "nin": "9",
}
_TIMES = {"double": 2, "dbl": 2, "triple": 3, "treble": 3}
_WORDS = "|".join(sorted({*_SPOKEN, *_TIMES}, key=len, reverse=True))
_ATOM = re.compile(
    r"(?P<plus>\+)|(?<![a-z])(?P<digits>[0-9oil]*[0-9][0-9oil]*(?![a-z])|[0-9]+)"
    rf"|(?<![a-z])(?P<word>{_WORDS})(?![a-z])"
)
_LETTERS_FOR_DIGITS = str.maketrans("oil", "011")
_GAP = re.compile(r"[\s.\-()_*~]{0,4}|\s*\(0\)\s*|\s*,\s?|\s*/\s?")
_MONEY_OR_TIME = re.compile(
    r"(?:£|\$|€)\s?[\d,.]+k?|(?<!\d)\d{1,2}[:.]\d\d\s?(?:am|pm|hrs)?(?!\d)|(?<!\d)\d{1,2}\s?(?:am|pm)\b"
    r"|(?<!\d)(?:[01]\d|2[0-3])[0-5]\d\s?(?:-|to|until|and|–)\s?(?:[01]\d|2[0-4])[0-5]\d(?!\d)|(?<!\d)(?:[01]\d"
    r"|2[0-3])[0-5]\d\s?(?:hrs?|hours)\b"
)


@dataclass(frozen=True, slots=True)
class Run:
    """Digits that belong together: where, what they are, whether a + stands before, and in how many pieces."""

    span: Span
    digits: str
    plus: bool
    pieces: tuple[str, ...]
    spoken: bool


def runs(page: Page) -> tuple[Run, ...]:
    """Every run of digits in `page` that is no date, time or price."""
    return page.once("runs", _runs)


def _runs(page: Page) -> Iterator[Run]:
    taken = [span for span, _ in full_dates(page)] + [match.span() for match in _MONEY_OR_TIME.finditer(page.lower)]
    run: list[tuple[Span, str, bool]] = []
    times = 1
    for match in _ATOM.finditer(page.lower):
        if overlaps(match.span(), taken):
            continue
        word = match["word"]
        if run and not _joins(page.lower[run[-1][0][1] : match.start()], run, match[0]):
            yield from _finished(run)
            run, times = [], 1
        if word in _TIMES:
            run.append((match.span(), "", True))
            times = _TIMES[word]
            continue
        value = "+" if match["plus"] else _SPOKEN[word] if word else match["digits"].translate(_LETTERS_FOR_DIGITS)
        run.append((match.span(), value * times, bool(word)))
        times = 1
    yield from _finished(run)


def _joins(gap: str, run: list[tuple[Span, str, bool]], following: str) -> bool:
    """Whether the next digits go on with this run. A comma or a slash joins only single digits or long groups."""
    if following == "+" or not _GAP.fullmatch(gap):
        return False
    if "," in gap or "/" in gap:
        last = run[-1][1]
        return (len(last) == 1 and len(following) == 1) or len(last) >= 4 or run[-1][2]
    return True


def _finished(run: list[tuple[Span, str, bool]]) -> Iterator[Run]:
    pieces = tuple(value for _, value, _ in run if value and value != "+")
    if pieces:
        span = run[0][0][0], run[-1][0][1]
        yield Run(span, "".join(pieces), run[0][1] == "+", pieces, any(spoken for _, _, spoken in run))
