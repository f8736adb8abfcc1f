"""Text as the rules read it: Latin letters without accents, plain digits and signs, disguises taken off.

Each character remembers where it stood in the original, so that findings can be shown there.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Letters of other alphabets that pass for Latin ones inside a Latin word.
_LOOK_ALIKES = str.maketrans(
    "аеорсухіјѕԁһӏьвнкмтгпАВЕКМНОРСТУХІЈЅԌԚԜҮαβεικνορτυχωηγΑΒΕΖΗΙΚΜΝΟΡΤΥΧабд",
    "aeopcyxijsdhlbbhkmtrnABEKMHOPCTYXIJSGQWYabeikvoptuxwnyABEZHIKMNOPTYXa6d",
)
_SIGNS = {
    **dict.fromkeys("‘’‚‛′`´ʼʹ＇", "'"),
    **dict.fromkeys("“”„«»″", '"'),
    **dict.fromkeys("·•․∙・⋅", "."),
    **dict.fromkeys("⁄∕／", "/"),
    **dict.fromkeys("−‒–—―", "-"),
    **dict.fromkeys("\u2028\u2029\x85\r", "\n"),
    **dict.fromkeys("\t\v\f", " "),
    "µ": "u",
    "№": "no",
}
# "Latin small letter l with stroke", "Latin letter small capital v", "negative squared Latin capital letter a".
_LETTER = re.compile(
    r"LATIN (?:CAPITAL |SMALL )?LETTER (?:SMALL CAPITAL |DOTLESS |LONG |OPEN |SCRIPT |TURNED |REVERSED |SHARP )?"
    r"([A-Z]{1,2})(?: WITH .*)?$"
)
_UNREADABLE = {"Cc", "Cs", "Co", "Cn"}
_FLAG = range(0x1F1E6, 0x1F200)


@dataclass(frozen=True, slots=True)
class Plain:
    """`text` and `lower` are equally long; character i came from `origins[i]` of the original.

    `foreign` are spans of letters outside Latin and of what cannot be read at all; `flags` of flag emoji.
    """

    text: str
    lower: str
    origins: tuple[int, ...] | range
    foreign: tuple[tuple[int, int], ...] = ()
    flags: tuple[tuple[int, int], ...] = ()


def normalise(original: str) -> Plain:
    """`original` as the rules read it. Never fails: what it cannot read it names as foreign."""
    if original.isascii() and original.replace("\n", " ").isprintable():
        return Plain(original, original.lower(), range(len(original)))
    characters: list[str] = []
    origins: list[int] = []
    for index, character in enumerate(original):
        plain = _plain(character)
        characters.extend(plain)
        origins.extend([index] * len(plain))
    read, foreign = _read_words(characters)
    lower = "".join(one.lower() if len(one.lower()) == 1 else one for one in read)
    flags = [index for index, one in enumerate(characters) if ord(one) in _FLAG]
    return Plain("".join(read), lower, tuple(origins), tuple(foreign), tuple((at, at + 1) for at in flags))


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    """One character's plain form: none, one or several characters."""
    if character in _SIGNS:
        return _SIGNS[character]
    if character.isascii():
        return character
    kept = []
    for part in unicodedata.normalize("NFKD", character):
        category = unicodedata.category(part)
        if category in {"Cf", "Mn", "Me"}:
            continue
        if category == "Nd":
            kept.append(str(unicodedata.digit(part)))
        elif category == "Zs":
            kept.append(" ")
        elif category == "Pd":
            kept.append("-")
        else:
            kept.append(_SIGNS.get(part) or _latin(part))
    return "".join(kept)


def _latin(character: str) -> str:
    if character.isascii():
        return character
    letter = _LETTER.search(unicodedata.name(character, ""))
    if not letter:
        return character
    return letter[1] if unicodedata.category(character) in {"Lu", "So"} else letter[1].lower()


def _read_words(characters: list[str]) -> tuple[list[str], list[tuple[int, int]]]:
    """The characters with look-alikes read as Latin, and the spans that stay foreign.

    A word that mixes alphabets is a disguise and is read; a word wholly in another alphabet is foreign.
    """
    read = list(characters)
    foreign = []
    start = 0
    while start < len(characters):
        end = start + 1
        if characters[start].isalpha():
            while end < len(characters) and characters[end].isalpha():
                end += 1
            word = "".join(characters[start:end])
            if not _is_latin(word):
                mapped = word.translate(_LOOK_ALIKES)
                read[start:end] = mapped
                if not (_is_latin(mapped) and any(one.isascii() for one in word)):
                    foreign.append((start, end))
        elif characters[start] != "\n" and unicodedata.category(characters[start]) in _UNREADABLE:
            foreign.append((start, end))
        start = end
    return read, foreign


def _is_latin(word: str) -> bool:
    return word.isascii() or all(unicodedata.name(one, "").startswith("LATIN") for one in word)
