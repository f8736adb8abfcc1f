"""Phone numbers, in digits or words, of this country or any other."""

import re
from collections.abc import Iterator

from directory.screening.numbers import Run, runs
from directory.screening.page import Page, Span

_LABEL = re.compile(
    r"(?:\b(?:call|ring|rang|text|txt|tel|telephone|phone|ph|mob|mobile|landline|number|numbers|no|cell|contact"
    r"|whats ?app|wa|viber|signal|voicemail|msg|message|on|dial|bell|fone|moby|digits|sms|facetime)\b[^\n\d]{0,25}"
    r"|\bt:|\bm:|☎)\s*$"
)
_OTHER_LABEL = re.compile(
    r"(?:nhs|crime|ref|reference|cad|cris|passport|ni|nino|custody|pnc|case|log|urn|hospital|brp|account|booking"
    r"|room|collar|shoulder|warrant|insurance|home office|ho|police|officer|incident|report)\W*(?:no|num|number|id"
    r"|ref|is|\W)*$"
)


def find(page: Page) -> Iterator[Span]:
    """Where `page` holds a phone number."""
    for run in runs(page):
        if is_phone(page, run):
            yield run.span


def is_phone(page: Page, run: Run) -> bool:
    """Whether a run of digits is a phone number rather than another number or none."""
    digits, before = run.digits, page.before(run.span[0])
    if _OTHER_LABEL.search(before) and not digits.startswith(("07", "02", "01", "+", "44")):
        return False
    if run.plus:
        return 8 <= len(digits) <= 16
    if digits.startswith("00") and len(digits) >= 10:
        return True
    if digits.startswith("0"):
        return 10 <= len(digits) <= 12 or (digits.startswith("07") and 8 <= len(digits) <= 13) or _labelled(run, before)
    if digits.startswith(("44", "7")) and 10 <= len(digits) <= 13 and not _looks_like_health_number(run):
        return True
    return _labelled(run, before)


def _labelled(run: Run, before: str) -> bool:
    single = all(len(piece) == 1 for piece in run.pieces)
    return 6 <= len(run.digits) <= 15 and (len(run.pieces) < 4 or single or run.spoken) and bool(_LABEL.search(before))


def _looks_like_health_number(run: Run) -> bool:
    return tuple(map(len, run.pieces)) == (3, 3, 4)
