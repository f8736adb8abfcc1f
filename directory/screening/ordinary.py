"""Which words are ordinary English, in any of their forms, and which are slips of the pen."""

from functools import cache

from directory.screening import lists
from directory.screening.disguises import nearest

# No name that is not on the list ends so.
_ENDINGS = (
    *("tion", "sion", "tions", "ment", "ments", "ence", "ance", "ity", "ness", "ship", "ism", "ology", "ings", "able"),
    *("ible", "ious", "ical", "less", "ful", "graphy", "ague", "agues", "ities", "ances", "ences", "ology", "iatric"),
)


def is_ordinary(base: str) -> bool:
    """Whether a word, or what is left without its ending, is on the list of ordinary words."""
    words = lists.ordinary_words()
    if base in words or base.replace("'", "") in words:
        return True
    for ending, instead in (
        ("s", ""),
        ("es", ""),
        ("ies", "y"),
        ("ed", ""),
        ("ed", "e"),
        ("d", ""),
        ("ing", ""),
        ("ing", "e"),
        ("er", ""),
        ("er", "e"),
        ("ly", ""),
        ("ally", ""),
        ("ness", ""),
        ("'s", ""),
        ("n't", ""),
        ("able", ""),
        ("ment", ""),
        ("less", ""),
        ("ful", ""),
    ):
        if base.endswith(ending) and len(base) > len(ending) + 2 and base.removesuffix(ending) + instead in words:
            return True
    for beginning in ("un", "re", "non", "pre", "over", "dis", "mis", "under", "out"):
        if base.startswith(beginning) and len(base) > len(beginning) + 2 and base.removeprefix(beginning) in words:
            return True
    if len(base) >= 7 and base.endswith(_ENDINGS):
        return True
    return len(base) > 5 and any(base[:cut] in words and base[cut:] in words for cut in range(3, len(base) - 2))


@cache
def _long_words() -> tuple[str, ...]:
    return tuple(sorted(word for word in lists.ordinary_words() if len(word) >= 4))


def is_slip(base: str) -> bool:
    """Whether a word is likely an ordinary one misspelt."""
    return nearest(base, _long_words()) is not None
