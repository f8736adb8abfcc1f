"""Boroughs and named places by what people call them."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.places.matching import loose_key, similar, slips_of, without_titles, words_of
from directory.places.models import Borough, NamedPlace
from directory.places.results import AmbiguousPlaceError, BoroughFact, Place, PlaceNotFoundError

BOROUGH_CODE = re.compile(r"E09[0-9]{6}")
# Words that turn a place's name into a council's ("Richmond Council"); "London" and "City" do not.
_COUNCIL_WORDS = frozenset({"borough", "corporation", "council", "lb", "rb", "royal"})
# "London Borough of Barking and Dagenham Council" has seven words.
_LONGEST_BOROUGH = 8
# What people call some boroughs, loosely keyed, and the key of the borough's own name.
_SHORT_NAMES = {
    "barking": "barkinganddagenham",
    "city": "cityoflondon",
    "hammersmith": "hammersmithandfulham",
    "hf": "hammersmithandfulham",
    "kensington": "kensingtonandchelsea",
    "kingston": "kingstonuponthames",
    "lbbd": "barkinganddagenham",
    "lbhf": "hammersmithandfulham",
    "lbth": "towerhamlets",
    "rbkc": "kensingtonandchelsea",
    "richmond": "richmonduponthames",
    "squaremile": "cityoflondon",
}


@dataclass(frozen=True, slots=True)
class Names:
    """The boroughs and places by key. `meant` is what a name means by itself: a borough before a place.

    `places` are the named places alone, so that "Bromley, Bromley" can mean the town and not the borough.
    """

    boroughs: dict[str, BoroughFact]
    meant: dict[str, list[Place]]
    places: dict[str, list[Place]]


def borough_facts(session: Session) -> list[BoroughFact]:
    """The boroughs by name; one statement."""
    columns = (
        Borough.code,
        Borough.name,
        Borough.latitude,
        Borough.longitude,
        Borough.police_area,
        Borough.grid_row,
        Borough.grid_column,
    )
    return [BoroughFact(*row) for row in session.execute(select(*columns).order_by(Borough.name))]


def borough_place(fact: BoroughFact) -> Place:
    """A borough as a place: its centre and itself."""
    return Place(fact.name, "borough", fact.latitude, fact.longitude, (fact.code,), "england")


def load_names(session: Session, boroughs: dict[str, BoroughFact]) -> Names:
    """All names there are, 340 of them, given the boroughs by key; one statement."""
    places = named_places(session, boroughs)
    told_apart = {
        "".join(words_of(place.name)): [place] for found in places.values() for place in found if "," in place.name
    }
    ruling = {key: [borough_place(fact)] for key, fact in boroughs.items()}
    return Names(boroughs, told_apart | places | ruling, places)


def named_places(session: Session, boroughs: dict[str, BoroughFact], key: str | None = None) -> dict[str, list[Place]]:
    """The named places of that key, or all, by key, in the order of their borough's name; one statement.

    Places that share their name, with each other or with a borough, carry their borough in it: "Hayes, Bromley".
    """
    called = {fact.code: fact.name for fact in boroughs.values()}
    query = select(NamedPlace.key, NamedPlace.name, NamedPlace.borough_code, NamedPlace.latitude, NamedPlace.longitude)
    rows = session.execute(query.where(NamedPlace.key == key) if key is not None else query)
    places: dict[str, list[Place]] = defaultdict(list)
    for place_key, name, code, latitude, longitude in sorted(rows, key=lambda row: (row[0], called[row[2]])):
        places[place_key].append(Place(name, "place", latitude, longitude, (code,), "england"))
    for place_key, found in places.items():
        if len(found) > 1 or place_key in boroughs:
            places[place_key] = [
                replace(place, name=f"{place.name}, {called[place.borough_codes[0]]}") for place in found
            ]
    return places


def exact_borough(words: list[str], boroughs: dict[str, BoroughFact]) -> BoroughFact | None:
    """The borough these words name, with or without its titles ("Royal Borough of"), "and" or "upon"."""
    by_loose_key = {loose_key(words_of(fact.name)): fact for fact in boroughs.values()}
    for key in (loose_key(words), "".join(without_titles(words))):
        fact = by_loose_key.get(key) or boroughs.get(_SHORT_NAMES.get(key, ""))
        if fact:
            return fact
    return None


def exact_name(words: list[str], names: Names) -> list[Place]:
    """The places these words mean, without correcting any; two or more where the name is shared."""
    if found := names.meant.get("".join(words)):
        return found
    if _COUNCIL_WORDS.intersection(words) and (fact := exact_borough(words, names.boroughs)):
        return [borough_place(fact)]
    return _loosely_named(words, names) or _loosely_named(without_titles(words), names) or _in_a_borough(words, names)


def _loosely_named(words: list[str], names: Names) -> list[Place]:
    """A name with an "and", "of", "on", "the" or "upon" too many or too few, or one of a borough's short names."""
    key = loose_key(words)
    if key in names.meant:
        return names.meant[key]
    for found in names.meant.values():
        if " " in found[0].name and loose_key(words_of(found[0].name)) == key:
            return found
    return names.meant.get(_SHORT_NAMES.get(key, ""), [])


def corrected_name(words: list[str], names: Names) -> list[Place]:
    """The places whose names these words are most likely a slip of; two or more where several are as likely."""
    for wording in (words, without_titles(words)):
        found = [place for key in slips_of("".join(wording), names.meant) for place in names.meant[key]]
        if found:
            return _distinct(found)
    for name, fact in _split_by_borough(words, names):
        within = {key: found for key, found in names.places.items() if _of_borough(found, fact)}
        if slips := slips_of("".join(name), within):
            return _distinct(place for key in slips for place in _of_borough(within[key], fact))
    return []


def suggested_names(words: list[str], names: Names) -> list[str]:
    """Up to five names to try instead: those standing among the words, then those that look or begin alike."""
    runs = [words[start:end] for start in range(len(words)) for end in range(len(words), start, -1)]
    said = [key for run in sorted(runs, key=len, reverse=True) if (key := "".join(run)) in names.meant]
    alike = similar("".join(words), names.meant)
    return list(dict.fromkeys(place.name for key in [*said, *alike] for place in names.meant[key]))[:5]


def only(found: list[Place]) -> Place:
    """The one place there is. Raises AmbiguousPlaceError where there are more."""
    if len(found) > 1:
        raise AmbiguousPlaceError(found)
    return found[0]


def _in_a_borough(words: list[str], names: Names) -> list[Place]:
    """A place and its borough: "Hayes, Bromley", "Hayes (Hillingdon)"."""
    for name, fact in _split_by_borough(words, names):
        if candidates := names.places.get("".join(name)):
            if found := _of_borough(candidates, fact):
                return found
            called = candidates[0].name.partition(",")[0]
            raise PlaceNotFoundError(
                f"We know no {called} in {fact.name}.", [*(place.name for place in candidates), fact.name]
            )
    return []


def _split_by_borough(words: list[str], names: Names) -> list[tuple[list[str], BoroughFact]]:
    first = max(0, len(words) - _LONGEST_BOROUGH - 1)
    splits = ((words[:cut], exact_borough(words[cut:], names.boroughs)) for cut in range(len(words) - 1, first, -1))
    return [(name, fact) for name, fact in splits if fact]


def _of_borough(places: Iterable[Place], fact: BoroughFact) -> list[Place]:
    return [place for place in places if fact.code in place.borough_codes]


def _distinct(places: Iterable[Place]) -> list[Place]:
    return list(dict.fromkeys(places))
