"""What a postcode looks like, whole or in part. Pure text: whether one exists is the gazetteer's to say.

A full postcode is an outcode, a space, a digit and two letters ("E8 3PN"); its sector is the outcode and that digit
("E8 3"). Outcodes have six shapes (A9, A99, A9A, AA9, AA99, AA9A), as the Royal Mail's Programmers' Guide lists them.
"""

import re
import unicodedata
from dataclasses import dataclass
from itertools import product

# NPT is the old outcode of Newport, which the sector file still holds.
OUTCODE_PATTERN = r"(?:[A-Z]{1,2}[0-9][A-Z0-9]?|NPT)"
POSTCODE_SHAPE = re.compile(rf"{OUTCODE_PATTERN} [0-9][A-Z]{{2}}")
SECTOR_SHAPE = re.compile(rf"{OUTCODE_PATTERN} [0-9]")

_FULL = re.compile(rf"({OUTCODE_PATTERN})([0-9][A-Z]{{2}})")
_CUT_SHORT = re.compile(rf"({OUTCODE_PATTERN}) ?([0-9])[A-Z]")
_SEPARATORS = re.compile(r"[^A-Z0-9]+")
_OUTCODE_SHAPES = ("A9", "A99", "A9A", "AA9", "AA99", "AA9A")
# What a hand or an eye confuses, by what the position asks for: 9 a digit, A a letter.
_LOOKALIKES = {
    "9": {"O": "0", "I": "1", "L": "1", "Z": "2", "S": "5", "B": "8"},
    "A": {"0": "O", "1": "IL", "2": "Z", "5": "S", "8": "B", "I": "L", "L": "I"},
}
_LONGEST = 7
MOST_SLIPS = 2


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a text as a postcode or a part of one. `outcode` is always there, the rest where it was given."""

    outcode: str
    sector: str | None = None
    postcode: str | None = None
    slips: int = 0

    @property
    def kind(self) -> str:
        """`postcode`, `sector` or `outcode`: the most exact part there is."""
        if self.postcode:
            return "postcode"
        return "sector" if self.sector else "outcode"

    @property
    def name(self) -> str:
        """The most exact part there is, written as the gazetteer writes it."""
        return self.postcode or self.sector or self.outcode


def normalise_postcode(text: str) -> str | None:
    """`text` as the gazetteer writes a full postcode (upper case, one space), or None when it has not that shape.

    Case and spacing are forgiven, nothing else is: "e83pn" gives "E8 3PN", "E8 3PO!" gives None.
    """
    match = _FULL.fullmatch("".join(text.split()).upper())
    return f"{match[1]} {match[2]}" if match else None


def plain_parts(text: str) -> list[str]:
    """`text` in upper case, cut into its runs of Latin letters and digits."""
    upper = unicodedata.normalize("NFKC", text).upper()
    return [part for part in _SEPARATORS.split(upper) if part]


def readings(text: str) -> list[Reading]:
    """Every way to read `text` as a postcode or part of one, the likeliest first; none where it is something else.

    Look-alikes (O and 0, I or l and 1, S and 5) are put right where the position tells; `slips` counts them. At most
    two: beyond that it is no slip.
    Without a space "E11" is read as an outcode before it is read as sector E1 1; with one it is a sector only.
    """
    parts = plain_parts(text)
    joined = "".join(parts)
    if not 2 <= len(joined) <= _LONGEST or joined.isalpha() or joined.isdigit():
        return []
    found = [*_full(joined), *_partial(parts, joined)]
    return sorted((reading for reading in found if reading.slips <= MOST_SLIPS), key=lambda reading: reading.slips)


def cut_short(text: str) -> str | None:
    """The sector of a postcode whose last letter is missing ("E8 3P" gives "E8 3"), else None."""
    match = _CUT_SHORT.fullmatch(" ".join(plain_parts(text)))
    return f"{match[1]} {match[2]}" if match else None


def area_of(outcode: str) -> str:
    """The letters an outcode begins with: "SW" of "SW1A"."""
    return outcode.rstrip("0123456789") if outcode.isalpha() else re.split(r"[0-9]", outcode, maxsplit=1)[0]


def _full(joined: str) -> list[Reading]:
    if len(joined) < 5:
        return []
    return [
        Reading(outcode, f"{outcode} {incode[0]}", f"{outcode} {incode}", slips + more)
        for incode, slips in _as_shape(joined[-3:], "9AA")
        for outcode, more in _outcodes(joined[:-3])
    ]


def _partial(parts: list[str], joined: str) -> list[Reading]:
    sectors = [
        Reading(outcode, f"{outcode} {digit}", slips=slips + more)
        for outcode, slips in _outcodes(joined[:-1])
        for digit, more in _as_shape(joined[-1], "9")
    ]
    # A single digit on its own after an outcode can only be a sector's: "E1 1" is not E11.
    if len(parts) > 1 and len(parts[-1]) == 1 and sectors:
        return sectors
    return [*(Reading(outcode, slips=slips) for outcode, slips in _outcodes(joined)), *sectors]


def _outcodes(text: str) -> list[tuple[str, int]]:
    """The outcodes `text` may mean, each with how many characters had to be put right."""
    shapes = (shape for shape in _OUTCODE_SHAPES if len(shape) == len(text))
    found = dict(fitted for shape in shapes for fitted in _as_shape(text, shape))
    return list(found.items()) if text != "NPT" else [(text, 0)]


def _as_shape(text: str, shape: str) -> list[tuple[str, int]]:
    """`text` with look-alikes exchanged so that it fits `shape` (A letter, 9 digit); empty where it cannot fit."""
    options: list[str] = []
    for character, wanted in zip(text, shape, strict=True):
        fits = character.isdigit() if wanted == "9" else character.isalpha()
        options.append((character if fits else "") + _LOOKALIKES[wanted].get(character, ""))
    return [("".join(choice), sum(a != b for a, b in zip(choice, text, strict=True))) for choice in product(*options)]
