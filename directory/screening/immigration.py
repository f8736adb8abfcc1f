"""Words about immigration status and public funds. "Status update", "annual leave" and "settled in" are none."""

import re
from collections.abc import Iterator

from directory.screening import lists
from directory.screening.disguises import nearest, spelt_out
from directory.screening.immigration_phrases import PHRASES
from directory.screening.immigration_words import STEMS, WORDS
from directory.screening.page import Page, Span, overlaps
from directory.screening.patterns import spaced

_FOUND = re.compile(
    rf"(?<![a-z0-9])(?:(?:{'|'.join(spaced(stem) for stem in STEMS)})[a-z]*"
    rf"|(?:{'|'.join(spaced(word) for word in WORDS)})(?![a-z0-9]))"
)
_PHRASES = tuple((tuple(hints.split()), re.compile(spaced(phrase))) for hints, phrase in PHRASES)
# Buildings that sound like an organisation's.
_ENFORCEMENT = re.compile(r"(?:lunar|becket|eaton) house")
# Words that the same letters begin, and what the same words mean elsewhere.
_INNOCENT = re.compile(
    r"(?:\d(?:st|nd|rd|th)|ground|gnd|grd|top|first|second|third|upper|lower|same)[\s-]+flr"
    r"|visa[\s-]+(?:debit|credit|card|electron|gift|bank)\w*(?:[\s-]+card)?|passport[\s-]+(?:photo|size)\w*"
    r"|(?:hospital|health|communication)[\s-]+passport"
    r"|financial[\s-]+settlement|divorce[\s-]+settlement|settlement[\s-]+(?:figure|agreement|money)"
    r"|court[\s-]+settlement|(?:drug|people)[\s-]+smuggl\w+(?=[\s-]+(?:ring|gang))"
    r"|smuggled[\s-]+(?:a|the|her|his)[\s-]+(?:phone|knife|dog|cat)|(?:data|email|system|computer"
    r"|it)[\s-]+migration|(?:her|his|the|their)[\s-]+(?:court|school|newspaper)[\s-]+papers?"
    r"|sponsored[\s-]+(?:walk|event|run)|in[\s-]+(?:aa|na|addiction|recovery)[\s-]+sponsor|(?:aa|na)[\s-]+sponsor"
    r"|ho[\s-]+ho"
)
# Whole words, found also where letters are pulled apart or misspelt.
_TELLING = (
    *(
        "immigration",
        "immigrant",
        "immigrants",
        "emigrated",
        "migrated",
        "asylum",
        "deported",
        "deport",
        "deportation",
        "deporting",
    ),
    *(
        "undocumented",
        "overstayer",
        "overstayed",
        "overstaying",
        "overstay",
        "recourse",
        "refugees",
        "sponsorship",
        "sponsor",
        "sponsored",
    ),
    *(
        "biometric",
        "citizenship",
        "naturalised",
        "naturalisation",
        "passport",
        "passports",
        "homeoffice",
        "settledstatus",
    ),
    *("indefinite leave", "nonrecourse", "norecourse", "publicfunds", "leavetoremain", "spousevisa", "destitution"),
)
_SHORT = {"nrpf", "visa", "visas", "ilr", "brp", "euss", "ddvc", "mvdac", "ukvi", "ddv", "ltr", "flr"}
_NO_MISSPELLING = lists.rule_words("immigration: no misspelling")


def find(page: Page) -> Iterator[Span]:
    """Where `page` speaks of immigration status or public funds."""
    innocent = [*page.organisations, *(match.span() for match in _INNOCENT.finditer(page.lower))]
    for match in _matches(page.lower):
        if not overlaps(match.span(), innocent) or _ENFORCEMENT.match(match[0]):
            yield match.span()
    for span, word in spelt_out(page):
        if _tells(word) and not overlaps(span, innocent):
            yield span
    for entry in page.words:
        if _misspelt(entry.base) and not overlaps((entry.start, entry.end), innocent):
            yield entry.start, entry.end


def _matches(text: str) -> Iterator[re.Match[str]]:
    yield from _FOUND.finditer(text)
    for hints, phrase in _PHRASES:
        if any(hint in text for hint in hints):
            yield from phrase.finditer(text)


def _tells(word: str) -> bool:
    if word in _SHORT or any(
        told in word for told in ("nrpf", "immigra", "asylum", "recourse", "deport", "undocument")
    ):
        return word not in _NO_MISSPELLING
    return word in _TELLING or (not word.isdigit() and _misspelt(word))


def _misspelt(word: str) -> bool:
    if len(word) < 6 or word in _NO_MISSPELLING or not word.isalpha():
        return word in {"asylm", "aslyum", "aslum", "asylu", "azylum"} and word.isalpha()
    if word in lists.ordinary_words() or word in lists.first_names():
        return False
    return nearest(word, _TELLING) is not None
