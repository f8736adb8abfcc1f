"""The firewall, rule 3: the name of a unit, a programme or a refuge must not tell a ring-fence.

Officers see what a refuge is called, and histories keep it. A "NRPF room" would say of whoever stays there what nobody
may reconstruct. Ordinary names must pass: "Visage House" holds no visa.
"""

import re
import unicodedata

# Letters of an abbreviation may be pulled apart: "N.R.P.F", "n r p f", "N-R-P-F", "N1R2P3F".
_APART = r"[^a-z]*"
# Letters of a whole word too, but not by spaces, or "vis a vis" would be a visa.
_HYPHENATED = r"[^a-z\s]*"

# Found wherever they stand, as no ordinary word has these letters in a row.
_ANYWHERE = ("nrpf", "mvdac", "ddvc", "recourse", "immigra", "asylum", "destitut", "undocumented")
# Only as abbreviations of their own, as ordinary words may hold them.
_OWN_ABBREVIATIONS = ("ddv", "mvc", "nrf", "rpf", "ilr", "llr", "ltr")
# The beginnings of words and phrases, whatever ends them, with anything between their letters.
_BEGINNINGS = (
    *("ringfenc", "migrantvictim", "spousal", "overstay", "deport"),
    *("homeoffice", "publicfund", "nofund", "nonfund", "unfunded", "withoutfund", "leavetoremain", "insecurestatus"),
    *("precariousstatus", "statusless", "visastatus", "section17", "concession"),
)
# Whole words.
_WORDS = ("visa", "visas", "spouse", "s17")


def _pattern() -> re.Pattern[str]:
    parts = [_APART.join(word) for word in _ANYWHERE]
    parts += [rf"(?<![a-z]){_APART.join(word)}(?![a-z])" for word in _OWN_ABBREVIATIONS]
    parts += [rf"(?<![a-z]){_APART.join(word)}" for word in _BEGINNINGS]
    parts += [rf"(?<![a-z0-9]){_HYPHENATED.join(word)}(?![a-z0-9])" for word in _WORDS]
    return re.compile("|".join(f"(?:{part})" for part in parts))


_TELLING = _pattern()


def telling_words(name: str) -> str | None:
    """What in `name` tells of immigration status or a ring-fence, or None. Case, accents and separators are no
    disguise."""
    plain = "".join(
        character
        for character in unicodedata.normalize("NFKD", name).casefold()
        if not unicodedata.combining(character) and unicodedata.category(character) != "Cf"
    )
    found = _TELLING.search(plain)
    return found[0].strip() if found else None
