"""Numbers that lead back to a person or her case: national insurance, NHS, police, passport and the like."""

import re
from collections.abc import Iterator

from directory.screening.dates import full_dates
from directory.screening.numbers import runs
from directory.screening.page import Page, Span, overlaps
from directory.screening.phones import is_phone

_GAP = r"[\s.\-_/]{0,2}"
# By their shape alone, in any case of letters.
_SHAPES = (
    rf"(?<![a-z0-9])[a-ceghj-prstw-z][a-ceghj-nprstw-z]{_GAP}\d{_GAP}\d{_GAP}\d{_GAP}\d{_GAP}\d{_GAP}\d{_GAP}[a-d](?"
    rf"![a-z0-9])",
    rf"(?<![a-z0-9])qq{_GAP}\d\d{_GAP}\d\d{_GAP}\d\d{_GAP}[a-d]?(?![a-z0-9])",
    r"(?<![a-z0-9])\d{2,4}\s?/\s?\d{3,7}\s?[a-z](?![a-z0-9])",  # PNC
    r"(?<![a-z0-9/])\d{4,8}\s?/\s?(?:\d\d|20\d\d)(?![\d/])",  # crime and CRIS references
    r"(?<![a-z0-9])\d{1,5}\s?/\s?\d{1,2}\s?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"\s?\d{2,4}(?![a-z0-9])",  # CAD
    r"(?<![a-z0-9])\d{0,2}[a-z]{1,3}\s?/\s?\d{3,7}\s?/\s?\d{2,4}(?![a-z0-9])",  # custody
    r"(?<![a-z0-9])(?:[a-z9]{5}\d{6}[a-z0-9]{4,7})(?![a-z0-9])",  # driving licence
    r"(?<![a-z0-9])[a-z]{2}\d{2}\s?[a-hj-z]{3}(?![a-z0-9])",  # number plate
    r"(?<![a-z0-9])[a-z]{1,3}[\s-]?\d{6,10}(?:/\d{1,2})?(?![a-z0-9])",  # Home Office, residence permit, passport
    r"(?<![a-z0-9])(?=[a-z0-9]*\d)(?=[a-z0-9]*[a-z])(?:[a-z]*\d){4,}[a-z]+\d*[a-z0-9]*(?<!am)(?<!pm)(?<!hrs)(?<!th)("
    r"?<!yrs)(?<!ml)(?<!mg)(?<!hours)(?<!mah)(?<!gb)(?<!sq)(?<!ft)(?<!s)(?![a-z0-9:])",
    r"(?<![a-z0-9])[a-z]{1,4}[-/ ]?\d{2,}[-/]\d{3,}(?![a-z0-9])|(?<![a-z0-9])\d{2}[a-z]{1,2}\d{5,}\w*",
    r"(?<![a-z0-9])(?:pc|dc|ds|di|ps|pcso|wpc|sgt|sergeant|constable|officer|cid|dci|insp"
    r"|inspector)\s?#?\d{2,6}\s?[a-z]{0,3}(?![a-z0-9])",
    r"(?<![a-z0-9])\d{2,5}\s?(?:ne|nw|se|sw|ea|ce|cn|cw|sn|as|aw|na|sx|ht|qk|je|cp|mo|md|tw|ps)(?=\s*(?:$|[,.;)]|on"
    r" duty|attending))(?<!\d\dne)",
)
# A label, then something with digits.
_LABELS = (
    r"n\.?\s?h\.?\s?s\.?(?!\s(?:staff|trust|england|111|services?|dentist|talking))|nino|n\.?i\.?(?=\W*(?:no|num|#"
    r"|:|is|[a-z]{2}\s?\d))|nat(?:ional)? ins(?:urance)?|insurance|"
    r"crime(?: ref(?:erence)?)?|crime report|cris|crn|cad|pnc(?:id)?|cro|custody(?: record| ref| no)?|passport|brp"
    r"|ho|home office|hospital|patient|mrn|"
    r"case(?: ref(?:erence)?)?|collar|shoulder|warrant|badge|urn|athena|niche|connect|merlin|driving licen[cs]e"
    r"|licen[cs]e|payroll|student|prison|prisoner|"
    r"council tax|nass|arc|uan|gwf|cas|cos|reference|ref|refs|police(?: ref(?:erence)?| report)?|log|incident(?:"
    r" log)?|op(?:eration)? name|account|acc|acct|sort code|share code|"
    r"id(?: card| no| number)?|identity(?: card)?|permit|visa|social security|tax|utr|claim|uc(?: claim)?|report"
    r"|chs|investigation|occurrence|intel|reg|plate|vrm|card|file|client|customer|booking|marac|serial|certificate"
    r"|birth cert\w*|marriage cert\w*"
)
_FILL = (
    r"(?:[\s:.#\-=(]|\b(?:number|num|no|nos|nr|ref|reference|id|is|was|code|record|card|report|the|it's|its|her|his"
    r"|with|under|as|reads|ending(?: in)?|ends(?: in)?|starting|starts|given|quote|recorded)\b)*"
)
_VALUE = r"(?P<value>(?=[a-z0-9/\-]*\d)[a-z0-9]+(?:[/\-][a-z0-9]+)*(?:\s(?=[\d/])[a-z0-9/\-]+)*)"
_LABELLED = re.compile(rf"(?<![a-z0-9])(?:{_LABELS}){_FILL}{_VALUE}")
_SHAPED = re.compile("|".join(_SHAPES))
# What else has such a shape: dates with words, opening hours, sizes, dosages.
_NO_NUMBER = re.compile(
    r"\d{1,4}\s?(?:am|pm|hrs?|hours?|mg|ml|mcg|kg|cm|weeks?|wks?|months?|mths?|days?|years?|yrs?|yo|mins?|minutes?"
    r"|miles?|mi|km|beds?|adults?|kids?|children|x)\b|(?:19|20)\d\d(?!\d)$"
)
_FOLLOWED = re.compile(
    r"\s*(?:am|pm|hrs?|hours?|weeks?|wks?|months?|days?|years?|yrs?|mins?|minutes?|miles?|times|beds?|adults?|kids?"
    r"|children|people|women|st|nd|rd|th|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|:\d|%|-?\s?\d{1,2}\s?(?:am"
    r"|pm))"
)
_SHORT_LABEL = re.compile(
    r"(?:report|client|claim|case|card|log|hospital|police|student|patient|connect|arc|cos|cas|tax|file|op|marac"
    r"|incident|reg|permit|visa|ref\w*|id|booking|account|plate|insurance|crime|uc|custody|ho|home office|nhs"
    r"|n\.?h\.?s\.?|niche|investigation|warrant)\b"
)
_HELPLINES = {"999", "101", "111", "112", "119"}


def find(page: Page) -> Iterator[Span]:
    """Where `page` holds a number that leads back to a person or a case."""
    for match in _SHAPED.finditer(page.lower):
        if not _NO_NUMBER.fullmatch(match[0]) and not _is_postcode(match[0]):
            yield match.span()
    for match in _LABELLED.finditer(page.lower):
        if _counts(page, match):
            yield match.span()
    for run in runs(page):
        if not is_phone(page, run) and (_is_health_number(run.digits) or _is_long(run.pieces, run.spoken)):
            yield run.span


def _counts(page: Page, match: re.Match[str]) -> bool:
    """Whether a labelled value is an identifier and no time, count or year."""
    value = str(match["value"])
    digits = sum(one.isdigit() for one in value)
    start, end = match.span("value")
    if (
        overlaps((start, end), [*page.organisations, *(span for span, _ in full_dates(page))])
        or _NO_NUMBER.fullmatch(value)
        or value in _HELPLINES
    ):
        return False
    if _FOLLOWED.match(page.lower, end) or page.lower[start - 1 : start] == "£":
        return False
    label = page.lower[match.start() : start]
    if re.match(r"(?:referral|our)\b", page.lower[max(0, match.start() - 9) : match.start()].strip()):
        return False
    says_number = re.search(r"\b(?:no|num|number|nos|ref|refs|reference|id|code|record)\b|#", label)
    if _SHORT_LABEL.match(label):
        return digits >= (3 if says_number else 4)
    return digits >= 2


def _is_postcode(value: str) -> bool:
    return bool(re.fullmatch(r"[a-z]{1,2}\d[a-z\d]?\s?\d[a-z]{2}", value))


def _is_health_number(digits: str) -> bool:
    """Ten digits whose last one checks the others (modulus 11)."""
    if len(digits) != 10:
        return False
    check = 11 - sum(int(digit) * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    return check % 11 == int(digits[9])


def _is_long(pieces: tuple[str, ...], spoken: bool) -> bool:
    """Seven digits or more in at most five pieces, or spelt out one by one."""
    digits = "".join(pieces)
    together = len(pieces) <= 5 and max(map(len, pieces)) >= 3
    return len(digits) >= 7 and (
        together or (len(digits) >= 8 and (spoken or all(len(piece) == 1 for piece in pieces)))
    )
