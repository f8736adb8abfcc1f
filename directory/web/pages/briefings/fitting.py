"""What fits on one page of A4: rows are measured in lines of the print style (static/print/briefing.css).

Letters are taken to be as wide as in the widest typeface that a machine may put there, so that a page never overflows;
some white at its foot is the price.
"""

import math
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")

ROW_LINES = 40
"""How many lines there are for rows, besides headings and what always stands on the page."""
SHARES = (10, 15, 15)
"""How many of them each list has at first: lines that answer day and night, refuges, by and for."""
# Widths in hundredths of the size of the type.
_NARROW, _USUAL, _WIDE, _WIDEST = 42, 64, 84, 105
_BREAKING = 1.15  # lines end before the words that do not fit any more


def lines_of(text: str, width: int) -> int:
    """How many lines `text` takes at most in a column as wide as `width` hundredths of the size of the type."""
    longest_word = max((_width(word) for word in text.split()), default=0)
    wanted = _width(text) * (_BREAKING if longest_word <= width else 1)
    return max(1, math.ceil(wanted / width))


def share_out(lists: Sequence[Sequence[T]], cost: Callable[[T], int]) -> tuple[int, ...]:
    """How many items of each list are shown, from its beginning; `cost` says how many lines one takes.

    Each list fills its own share; what is left of all of them goes to the first list that has more, then to the next.
    """
    shown = [0] * len(lists)
    left = 0
    for place, share in enumerate(SHARES):
        shown[place], unused = _fill(lists[place], 0, share, cost)
        left += unused
    left += ROW_LINES - sum(SHARES)
    for place, items in enumerate(lists):
        more, left = _fill(items, shown[place], left, cost)
        shown[place] += more
    return tuple(shown)


def words_that_fit(words: Sequence[str], lines: int, width: int) -> int:
    """How many of `words`, with a comma and a space behind each, fit into so many lines of that width."""
    used = 0
    for count, word in enumerate(words):
        used += _width(f"{word}, ")
        if used * _BREAKING > lines * width:
            return count
    return len(words)


def _fill(items: Sequence[T], start: int, lines: int, cost: Callable[[T], int]) -> tuple[int, int]:
    """How many items from `start` on fit into so many lines, and how many lines are left then."""
    count = 0
    for item in items[start:]:
        if cost(item) > lines:
            break
        lines -= cost(item)
        count += 1
    return count, lines


def _width(text: str) -> int:
    return sum(_letter(letter) for letter in text)


def _letter(letter: str) -> int:
    if letter in "ilj.,:;'|!I()[] ":
        return _NARROW
    if letter in "MW@%—…":
        return _WIDEST
    if letter.isascii() and not letter.isupper():
        return _USUAL
    return _WIDE if letter.isascii() or ord(letter) < 0x250 else _WIDEST
