"""How names are compared: what counts as the same name, and what as a slip of the finger. Pure text."""

import re
import unicodedata
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from directory.places.elsewhere import NOT_SLIPS

_APOSTROPHES = re.compile(r"['’‘`´ʼ]")
_WORD = re.compile(r"[a-z0-9]+")
_SAME_WORD = {"saint": "st"}
# Words that people leave out or put in without meaning another place.
_FILLERS = frozenset({"and", "of", "on", "the", "upon"})
# Words that say what sort of thing a name is, not which one.
_TITLES = frozenset({"borough", "city", "corporation", "council", "lb", "london", "rb", "royal"})

SUGGESTION_CUT_OFF = 0.6
MOST_SUGGESTIONS = 5


def words_of(text: str) -> list[str]:
    """The words of `text` as they are compared: lower case, no accents or apostrophes, "&" as "and"."""
    plain = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text).replace("&", " and ").replace("+", " and "))
    bare = "".join(character for character in plain if not unicodedata.combining(character)).casefold()
    return [_SAME_WORD.get(word, word) for word in _WORD.findall(bare)]


def key_of(text: str) -> str:
    """`text` as names are compared: its words, one after another without spaces ("King's Cross": "kingscross")."""
    return "".join(words_of(text))


def loose_key(words: Iterable[str]) -> str:
    """The words without those people leave out: "kensingtonchelsea" of Kensington and Chelsea."""
    return "".join(word for word in words if word not in _FILLERS)


def without_titles(words: list[str]) -> list[str]:
    """The words that name the place: "hackney" of London Borough of Hackney; empty where nothing else is said."""
    return [word for word in words if word not in _TITLES and word not in _FILLERS]


def slips_allowed(key: str) -> int:
    """How many letters may be wrong in a name of this length for it to be corrected without asking.

    In short names one wrong letter makes another place (Lee, Kew, Bow), so those are only ever suggested. Two are
    allowed from nine letters on: in shorter ones they join real places (Brighton and Brixton, Dartford and Deptford).
    """
    if len(key) < 5:
        return 0
    return 1 if len(key) < 9 else 2


def slips_of(key: str, known: Iterable[str]) -> list[str]:
    """The known keys that `key` is most likely a slip of: all of those at the smallest distance, if that is allowed.

    Distance is Damerau-Levenshtein's in its optimal string alignment form: letters wrong, missing, added or swapped
    with the next. Slips hardly ever spare the rest and change the first letter, so that one has to be right. Names
    of real places elsewhere (Harlow, a letter from Harrow) are no slips.
    """
    allowed = slips_allowed(key)
    if not allowed or key in NOT_SLIPS:
        return []
    hits = process.extract(key, list(known), scorer=OSA.distance, score_cutoff=allowed, limit=None)
    near = [(name, distance) for name, distance, _ in hits if _begins_alike(key, name)]
    best = min((distance for _, distance in near), default=0)
    return [name for name, distance in near if distance == best]


def similar(key: str, known: Iterable[str]) -> list[str]:
    """Up to five known keys that look like `key` or contain it, the most similar first: for "did you mean"."""
    names = list(known)
    if len(key) < 2:
        return []
    containing = [name for name in names if len(key) >= 4 and key in name]
    hits = process.extract(
        key, names, scorer=OSA.normalized_similarity, score_cutoff=SUGGESTION_CUT_OFF, limit=MOST_SUGGESTIONS
    )
    return list(dict.fromkeys([*sorted(containing, key=len), *(name for name, _, _ in hits)]))[:MOST_SUGGESTIONS]


def _begins_alike(typed: str, name: str) -> bool:
    return typed[0] == name[0] or typed[:2] == name[1::-1]
