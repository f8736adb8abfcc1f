"""Words that people pull apart, misspell or write with digits: "n.r.p.f", "v i s a", "v1sa", "asylm"."""

import re
from collections.abc import Iterator
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from directory.screening.page import Page, Span

# Single letters with something between them, and words broken by signs.
_SPELT_OUT = re.compile(r"(?<![a-z0-9'])[a-z0-9](?:[\s.\-_*/|,]{1,3}[a-z0-9](?![a-z0-9])){2,}")
_BROKEN = re.compile(r"(?<![a-z0-9@.])[a-z0-9]+(?:[.\-_*|~^+]{1,2}[a-z0-9]+)+(?![a-z0-9@])|[a-z]+\*+[a-z]+")
_MIXED = re.compile(r"(?<![\w@.])(?=[a-z0-9@$!|]*[a-z])(?=[a-z0-9@$!|]*[0-9@$!|])[a-z0-9@$!|]{3,}(?!\w)")
_DIGITS_FOR_LETTERS = str.maketrans("013457@$!|", "oieastasil")
_SIGN = re.compile(r"[^a-z0-9]")


def spelt_out(page: Page) -> Iterator[tuple[Span, str]]:
    """Words that stand in the text pulled apart or with digits for letters: where, and which word it is."""
    for pattern in (_SPELT_OUT, _BROKEN):
        for match in pattern.finditer(page.lower):
            yield match.span(), _SIGN.sub("", match[0]).translate(_DIGITS_FOR_LETTERS)
    for match in _MIXED.finditer(page.lower):
        yield match.span(), match[0].rstrip("!").translate(_DIGITS_FOR_LETTERS)


def nearest(word: str, choices: tuple[str, ...]) -> str | None:
    """The one of `choices` that `word` is a misspelling of, or None.

    One slip (a letter more, less, other, or two swapped) from five letters on, two from nine; the first letter stays,
    or is swapped with the second.
    """
    if len(word) < 5:
        return None
    allowed = 2 if len(word) >= 9 else 1
    near = [
        one
        for length in range(len(word) - allowed, len(word) + allowed + 1)
        for one in _by_start_and_length(choices).get((word[0], length), ())
    ]
    found = process.extractOne(word, near, scorer=OSA.distance, score_cutoff=allowed)
    return str(found[0]) if found else None


@cache
def _by_start_and_length(choices: tuple[str, ...]) -> dict[tuple[str, int], list[str]]:
    found: dict[tuple[str, int], list[str]] = {}
    for choice in choices:
        for letter in set(choice[:2]):
            found.setdefault((letter, len(choice)), []).append(choice)
    return found
