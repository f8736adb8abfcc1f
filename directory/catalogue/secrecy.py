"""The firewall, rule 6: refuge addresses never enter.

Finds what would tell where a service is in text that people write: postcodes, streets, coordinates. It errs towards
refusing; the author can say the same without the place.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

# After a number these make an address in any spelling: "12 acacia road".
_STREETS = ("road", "rd", "street", "avenue", "ave", "lane", "crescent", "cres", "mews", "boulevard", "alley")
# After a capitalised name these do too, without a number: "Mornington Crescent". In lower case they are gardens to sit
# in and minutes to drive.
_CAPITALISED = ("grove", "terrace", "gardens", "gdns", "drive", "square", "close", "villas", "embankment", "broadway")
# These need both a number and a capitalised name: "12 Acacia Court", but not "Green Park Women's Group".
_NUMBERED_ONLY = (
    *("st", "ln", "sq", "dr", "court", "place", "way", "walk", "row", "rise", "hill", "park", "green", "vale"),
    *("yard", "wharf", "estate", "mansions", "parade", "buildings", "gate", "common"),
)
# A sentence may begin with "The Street": that is no name of one.
_NO_NAMES = (
    *("the", "a", "an", "our", "your", "their", "its", "this", "that", "each", "every", "any", "no", "on", "in", "at"),
    *("by", "from", "to", "of", "off", "and", "or", "for", "with", "near", "across", "women", "we", "they"),
)


def _capitals(words: Iterable[str]) -> str:
    """A pattern for these words with a capital letter, or all in capitals."""
    return "|".join(f"{word.capitalize()}|{word.upper()}" for word in words)


_NUMBER = r"(?<![\w.:/£#-])[0-9]{1,4}\s?[A-Za-z]?(?:\s?[-/–]\s?[0-9]{1,4}[A-Za-z]?)?\s*,?\s+"
_NAME = rf"(?!(?i:{'|'.join(_NO_NAMES)})\s)[A-ZÀ-Þ][\w'’.-]*\s+"

_POSTCODE = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{1,2}[0-9][A-Za-z0-9]?[\s\-_.]*[0-9][A-Za-z]{2}(?![A-Za-z0-9])")
# "Room B1 2nd floor" has the shape of a postcode and is none.
_ORDINAL = re.compile(r"[0-9](st|nd|rd|th)$")
_PRECISE = (
    ("street address", re.compile(rf"{_NUMBER}(?:[\w'’.-]+\s+){{1,2}}(?:{'|'.join(_STREETS)})\b", re.IGNORECASE)),
    (
        "street address",
        re.compile(rf"{_NUMBER}(?:{_NAME}){{1,3}}(?:{_capitals((*_STREETS, *_CAPITALISED, *_NUMBERED_ONLY))})\b"),
    ),
    ("map coordinates", re.compile(r"\b5[0-9]\.[0-9]{3,}\D{1,6}-?[0-9]\.[0-9]{3,}")),
    ("map coordinates", re.compile(r"\b[TS][A-Z]\s?[0-9]{3,5}\s?[0-9]{3,5}\b")),
    (
        "map link",
        re.compile(r"///\w+\.\w+\.\w+|\b(?:maps\.|goo\.gl/maps|maps\.app|what3words|w3w\.co)\S*", re.IGNORECASE),
    ),
)
_NAMED_STREET = re.compile(rf"\b(?:{_NAME}){{1,3}}(?:{_capitals((*_STREETS, *_CAPITALISED))})\b(?![-'’])")


@dataclass(frozen=True, slots=True)
class Location:
    """Something in a text that tells where a place is: what it is called, and the words themselves."""

    what: str
    words: str


def find_location(text: str, *, streets: bool, names: Iterable[str] = ()) -> Location | None:
    """The first thing in `text` that tells a place more precisely than its borough, or None.

    Full postcodes, numbered streets, coordinates and map links are always looked for; with `streets` (for secret
    services) also a street's name alone. `names` are passed over: those of organisations, which may sound like
    streets and are public.
    """
    for match in _POSTCODE.finditer(text):
        if not _ORDINAL.search(match[0]):
            return Location("full postcode", match[0])
    for what, pattern in _PRECISE:
        found = pattern.search(text)
        if found:
            return Location(what, found[0].strip())
    if streets:
        for name in names:
            text = re.sub(re.escape(name), " , ", text, flags=re.IGNORECASE)
        named = _NAMED_STREET.search(text)
        if named:
            return Location("street's name", named[0])
    return None


def find_location_in_id(identifier: str, *, names: Iterable[str] = ()) -> Location | None:
    """The same for a kebab-case id: `12-acacia-road` and `mornington-crescent` tell as much as the words do."""
    spaced = identifier.replace("-", " ").title()
    return find_location(spaced, streets=True, names=names)
