"""From what somebody types to a place: the one way in for search, import, API and command line.

Nothing that was asked for is kept: there is no cache here, and no log.
"""

import unicodedata
from dataclasses import replace

from sqlalchemy.orm import Session

from directory.common.errors import DomainError
from directory.common.text import squeeze
from directory.places.elsewhere import OUTSIDE_LONDON, TOO_WIDE
from directory.places.matching import similar, words_of
from directory.places.names import (
    BOROUGH_CODE,
    borough_facts,
    borough_place,
    corrected_name,
    exact_borough,
    exact_name,
    load_names,
    named_places,
    only,
    suggested_names,
)
from directory.places.postcodes import Reading, cut_short, normalise_postcode, plain_parts, readings
from directory.places.results import AmbiguousPlaceError, BoroughFact, Place, PlaceKind, PlaceNotFoundError
from directory.places.sectors import no_such_postcode, place_of

__all__ = [
    "AmbiguousPlaceError",
    "BoroughFact",
    "Place",
    "PlaceKind",
    "PlaceNotFoundError",
    "all_boroughs",
    "find_borough",
    "find_place",
    "locate_postcode",
    "normalise_postcode",
]

LONGEST_TEXT = 200
LONGEST_SHOWN = 60
WHAT_WE_UNDERSTAND = (
    "Give a postcode (E8 3PN) or the beginning of one (E8 3, E8), a London borough or a London district; "
    "outside London, a postcode."
)


def find_place(session: Session, text: str) -> Place:
    """The place that `text` means: a postcode, sector, outcode, borough (name or code) or district of London.

    Case, spacing, accents and punctuation do not matter. A borough's name means the borough. Slips of the finger are
    put right where only one place is likely, and `corrected_from` then holds what was typed. Outside London places
    are known by postcode sector. Four small statements at most.

    Raises AmbiguousPlaceError with the choices where several places are meant equally, PlaceNotFoundError with a
    sentence that helps and suggestions where none is, and DomainError while no gazetteer is loaded.
    """
    typed = _shown(text)
    if not typed:
        raise PlaceNotFoundError(f"Say which place. {WHAT_WE_UNDERSTAND}", [])
    if len(text) > LONGEST_TEXT:
        raise PlaceNotFoundError(f"That is too long for a place. {WHAT_WE_UNDERSTAND}", [])
    if BOROUGH_CODE.fullmatch(code := "".join(plain_parts(text))):
        return borough_place(_borough_by_code(session, code))
    found = readings(text)
    place = place_of(session, found)
    if place is None:
        _refuse_postcode(session, text, found)
        return place_of(session, _postcode_within(text)) or _find_name(session, text, typed)
    slips = next((reading.slips for reading in found if place.name in (reading.name, reading.sector)), 0)
    return replace(place, corrected_from=typed) if slips else place


def find_borough(session: Session, text: str) -> BoroughFact:
    """The borough of that name or code, in any case, with or without its titles; slips are not put right.

    Raises PlaceNotFoundError with similar names as suggestions, and DomainError while no gazetteer is loaded.
    """
    code = "".join(plain_parts(text))
    if BOROUGH_CODE.fullmatch(code):
        return _borough_by_code(session, code)
    boroughs = _boroughs_by_key(session)
    words = words_of(text) if len(text) <= LONGEST_TEXT else []
    fact = exact_borough(words, boroughs)
    if fact is None:
        alike = [boroughs[key].name for key in similar("".join(words), boroughs)]
        raise PlaceNotFoundError(f"“{_shown(text)}” is no London borough.", alike)
    return fact


def all_boroughs(session: Session) -> list[BoroughFact]:
    """The 33 boroughs in the order of their names. Raises DomainError while no gazetteer is loaded."""
    facts = borough_facts(session)
    if not facts:
        raise DomainError("The gazetteer is not loaded: run `support-directory places load seed_data/gazetteer`.")
    return facts


def locate_postcode(session: Session, postcode: str) -> Place | None:
    """Where a full postcode is: from the table, else by its sector; None where it is no postcode we know.

    Only case and spacing are forgiven: this is for files, where a slip should be reported, not guessed away.
    """
    name = normalise_postcode(postcode)
    if name is None:
        return None
    outcode, _, incode = name.partition(" ")
    return place_of(session, [Reading(outcode, f"{outcode} {incode[0]}", name)])


def _borough_by_code(session: Session, code: str) -> BoroughFact:
    for fact in all_boroughs(session):
        if fact.code == code:
            return fact
    raise PlaceNotFoundError(f"There is no London borough with the code {code}.", [])


def _postcode_within(text: str) -> list[Reading]:
    """The postcode at the end of an address or name ("Peckham SE15"), or at its beginning; read strictly.

    There has to be a word beside it, longer than the end of a postcode where that is the place for one, or a spoilt
    postcode ("E8 3PNX") would pass for its own beginning.
    """
    parts = plain_parts(text)
    for some, rest, shortest in (
        (parts[-2:], parts[:-2], 3),
        (parts[-1:], parts[:-1], 3),
        (parts[:2], parts[2:], 4),
        (parts[:1], parts[1:], 4),
    ):
        if any(part.isalpha() and len(part) >= shortest for part in rest):
            found = [reading for reading in readings(" ".join(some)) if not reading.slips]
            if found:
                return found
    return []


def _refuse_postcode(session: Session, text: str, found: list[Reading]) -> None:
    """Say what is wrong where `text` can only have been meant as a postcode."""
    sure = [reading for reading in found if not reading.slips]
    if sure:
        all_boroughs(session)
        raise no_such_postcode(session, sure[0])
    if sector := cut_short(text):
        raise PlaceNotFoundError(f"That postcode lacks its last letter. Complete it, or use {sector}.", [sector])


def _find_name(session: Session, text: str, typed: str) -> Place:
    """A borough or district by name: two small statements where it is written as we write it, else one more."""
    boroughs = _boroughs_by_key(session)
    words = words_of(text)
    key = "".join(words)
    if fact := boroughs.get(key):
        return borough_place(fact)
    if found := named_places(session, boroughs, key).get(key):
        return only(found)
    if key in TOO_WIDE:
        raise PlaceNotFoundError(f"{typed} is too wide to search from: give a borough, a district or a postcode.", [])
    names = load_names(session, boroughs)
    if found := exact_name(words, names):
        return only(found)
    if key in OUTSIDE_LONDON:
        raise PlaceNotFoundError(
            f"{typed} is outside London, where we know places by postcode only: give a postcode, or its first half.", []
        )
    if found := corrected_name(words, names):
        return only([replace(place, corrected_from=typed) for place in found])
    raise PlaceNotFoundError(f"We know no place called “{typed}”. {WHAT_WE_UNDERSTAND}", suggested_names(words, names))


def _boroughs_by_key(session: Session) -> dict[str, BoroughFact]:
    return {"".join(words_of(fact.name)): fact for fact in all_boroughs(session)}


def _shown(text: str) -> str:
    """`text` as a page or terminal can show it: no control, formatting or broken characters, at most 60."""
    printable = "".join(
        " " if unicodedata.category(character).startswith("C") else character for character in text[:LONGEST_TEXT]
    )
    return squeeze(printable)[:LONGEST_SHOWN]
