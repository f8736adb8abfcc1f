"""What differs between two values of a field, word by word, so that a reader sees it without reading both twice."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, ADDED, REMOVED = "same", "added", "removed"
# Words with the space behind them: what is put together again is the text as it was.
_WORDS = re.compile(r"\S+\s*|\s+")
# Below this likeness two texts have so little in common that marks would only get in the way of reading.
_ALIKE = 0.3


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a value: `mark` says whether it stands in both values (`same`), or was `added` or `removed`."""

    text: str
    mark: str = SAME


@dataclass(frozen=True, slots=True)
class Shown:
    """A value as a page shows it: its pieces, each a line of its own where it `is_list`. None of them: it is empty."""

    pieces: tuple[Piece, ...] = ()
    is_list: bool = False


def shown(values: Sequence[str], *, is_list: bool = False) -> Shown:
    """A value by itself, without marks."""
    return Shown(tuple(Piece(value) for value in values if value), is_list)


def marked(before: Sequence[str], after: Sequence[str], *, is_list: bool = False) -> tuple[Shown, Shown]:
    """Both values, what only the first has marked as removed, what only the second has as added.

    A value is one text, or with `is_list` the items of a list, which are compared as wholes.
    """
    if is_list:
        kept = set(before) & set(after)
        return (
            Shown(tuple(Piece(item, SAME if item in kept else REMOVED) for item in before), True),
            Shown(tuple(Piece(item, SAME if item in kept else ADDED) for item in after), True),
        )
    old, new = " ".join(before), " ".join(after)
    return Shown(tuple(_pieces(old, new, REMOVED))), Shown(tuple(_pieces(new, old, ADDED)))


def _pieces(text: str, other: str, mark: str) -> Iterator[Piece]:
    """`text` in pieces, those that `other` does not have with `mark`."""
    own, others = _WORDS.findall(text), _WORDS.findall(other)
    matcher = SequenceMatcher(None, [word.strip() for word in own], [word.strip() for word in others], autojunk=False)
    if matcher.ratio() < _ALIKE:
        yield from [Piece(text, mark)] if text else []
        return
    at = 0
    for match in matcher.get_matching_blocks():
        if match.a > at:
            yield Piece("".join(own[at : match.a]), mark)
        if match.size:
            yield Piece("".join(own[match.a : match.a + match.size]))
        at = match.a + match.size
