"""The firewall, rule 6: refuge addresses never enter.

Finds what would tell where a service is in text that people write: postcodes and parts of them, streets, coordinates.
In descriptions it errs towards refusing; the author can say the same without the place. A name may be whatever a house
was called ("Willow Grove"), but no address.
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


# What numbers count, rather than houses: "24 Hour Helpline Lane", "The 12 Steps Way", "near N1, 5 beds".
_COUNTED = (
    r"(?i:hours?|hrs?|minutes?|weeks?|months?|years?|steps?|sessions?|beds?|bedrooms?|bedspaces|rooms?|adults?|women"
    r"|children|people|families|households|places|spaces)(?![\w'’])"
)
_NUMBER = (
    r"(?<![\w.:/£#-])[0-9]{1,4}\s?[A-Za-z]?(?:\s?[-/–]\s?[0-9]{1,4}[A-Za-z]?)?\s*,?\s+"
    rf"(?!\s|{_COUNTED})"
)
_NAME = rf"(?!(?i:{'|'.join(_NO_NAMES)})\s)[A-ZÀ-Þ][\w'’.-]*\s+"

_POSTCODE = re.compile(r"(?<![A-Za-z0-9])([A-Za-z]{1,2}[0-9][A-Za-z0-9]?)[\s\-_.]*([0-9])([A-Za-z]{2})(?![A-Za-z0-9])")
# Parts of a postcode count as they are written: capital letters, a space before the sector's digit.
_SECTOR = re.compile(rf"(?<!\w)([A-Z]{{1,2}}[0-9][A-Z0-9]?)\s([0-9])(?!\w|[.:]\w|\s{_COUNTED})")
_OUTCODE = re.compile(r"(?<!\w)[A-Z]{1,2}[0-9][A-Z0-9]?(?!\w)")
# "Room E2", "English level B1": labels of something else.
_LABELLED = re.compile(
    r"\b(?:rooms?|flats?|units?|beds?|bedrooms?|apartments?|studios?|blocks?|floors?|levels?|grades?|bands?|english|esol)"
    r"[\s:]+(?:[A-Z][0-9](?:\s*[,/&-]\s*|\s(?:and|or|to)\s))*$",
    re.IGNORECASE,
)
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

# What no house is called by choice: in a name too these are streets, with or without a number.
_PLAIN_STREET = re.compile(
    rf"\b(?:{_NAME}){{1,3}}(?:{_capitals(('road', 'rd', 'street', 'avenue', 'ave', 'crescent'))})\b(?![-'’])"
)


@dataclass(frozen=True, slots=True)
class Location:
    """Something in a text that tells where a place is: what it is called, and the words themselves."""

    what: str
    words: str


@dataclass(frozen=True, slots=True)
class KnownPostcodes:
    """The postcode sectors ("E8 3") and outcodes ("E8") that mean a place when they stand in a text.

    Empty where no gazetteer is loaded: then whatever looks like a full postcode counts as one.
    """

    sectors: frozenset[str] = frozenset()
    outcodes: frozenset[str] = frozenset()


NO_POSTCODES = KnownPostcodes()


def find_location(
    text: str, *, streets: bool, names: Iterable[str] = (), postcodes: KnownPostcodes = NO_POSTCODES
) -> Location | None:
    """The first thing in `text` that tells a place more precisely than its borough, or None.

    Full postcodes, numbered streets, coordinates and map links are always looked for; with `streets` (for secret
    services) also a street's name alone, and those parts of `postcodes` that stand in it. `names` are passed over
    there: those of organisations and of the service itself, which may sound like streets and are told anyway.
    """
    found = _find_postcode(text, NO_POSTCODES) or _find_precise(text)
    if found or not streets:
        return found
    text = _without(text, [*names, *(named for name in names for named in _NAMED_STREET.findall(name))])
    named = _NAMED_STREET.search(text)
    if named:
        return Location("street's name", named[0])
    return _find_part(text, postcodes, outcodes=True)


def find_location_in_name(
    name: str, *, names: Iterable[str] = (), postcodes: KnownPostcodes = NO_POSTCODES
) -> Location | None:
    """The same for a service's name: "Willow Grove" is a house's chosen name, "12 Willow Grove" an address.

    `names` are those of organisations; `postcodes` are given for secret services.
    """
    found = _find_postcode(name, NO_POSTCODES) or _find_precise(name)
    rest = _without(name, names)
    return found or _find_street(rest) or _find_part(rest, postcodes, outcodes=True)


def find_location_in_label(label: str, *, postcodes: KnownPostcodes = NO_POSTCODES) -> Location | None:
    """The same for the name of a unit: "B1 2FL" is a flat, as long as there is no such postcode."""
    found = _find_postcode(label, postcodes) or _find_precise(label) or _find_street(label)
    return found or _find_part(label, postcodes, outcodes=False)


def find_location_in_id(identifier: str, *, postcodes: KnownPostcodes = NO_POSTCODES) -> Location | None:
    """The same for an id or the part of an e-mail address before the @: `12-acacia-road` tells as much as the words.

    Parts of postcodes are not looked for: `rose-e8-3` is the third room in the house E8 of some list.
    """
    words = re.sub(r"[-_.+]+|(?<=[a-z0-9])(?=[A-Z][a-z])", " ", identifier).title()
    return _find_postcode(words, postcodes) or _find_precise(words) or _find_street(words)


def _find_street(text: str) -> Location | None:
    found = _PLAIN_STREET.search(text)
    return Location("street's name", found[0]) if found else None


def _find_postcode(text: str, postcodes: KnownPostcodes) -> Location | None:
    for match in _POSTCODE.finditer(text):
        sector = f"{match[1]} {match[2]}".upper()
        if not _ORDINAL.search(match[0]) and (not postcodes.sectors or sector in postcodes.sectors):
            return Location("full postcode", match[0])
    return None


def _find_precise(text: str) -> Location | None:
    for what, pattern in _PRECISE:
        found = pattern.search(text)
        if found:
            return Location(what, found[0].strip())
    return None


def _find_part(text: str, postcodes: KnownPostcodes, *, outcodes: bool) -> Location | None:
    for match in _SECTOR.finditer(text):
        if f"{match[1]} {match[2]}" in postcodes.sectors:
            return Location("postcode sector", match[0])
    for match in _OUTCODE.finditer(text) if outcodes else ():
        if match[0] in postcodes.outcodes and not _LABELLED.search(text[: match.start()]):
            return Location("postcode district", match[0])
    return None


def _without(text: str, names: Iterable[str]) -> str:
    for name in names:
        text = re.sub(re.escape(name), " , ", text, flags=re.IGNORECASE)
    return text
