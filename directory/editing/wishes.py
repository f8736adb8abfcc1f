"""What a proposal wishes, field by field, and how a newer one takes older ones in. Pure: no database."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Said:
    """What one person (by the number of their account) wanted a field to say, and what they saw it say."""

    by: int
    was: str
    wanted: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What a field is to say. `others` is what other people had wished for it, oldest first: newer wishes win, but
    whoever reviews them sees what they win against."""

    mine: Said
    others: tuple[Said, ...] = ()

    @property
    def everything(self) -> tuple[Said, ...]:
        """All that was said of the field, oldest first."""
        return (*self.others, self.mine)


Wishes = dict[str, Wish]


def fold(newer: Mapping[str, Wish], older: Iterable[Mapping[str, Wish]]) -> Wishes:
    """The wishes of a newer proposal with those of older ones, oldest first, taken in.

    Fields that it does not touch join it as they are. In those that it touches its own wish stands; what other people
    had wished for them is kept beside it, what the same person had wished before is not.
    """
    folded: Wishes = {}
    for wishes in (*older, newer):
        for column, wish in wishes.items():
            folded[column] = _over(folded[column], wish) if column in folded else wish
    return folded


def without(wishes: Mapping[str, Wish], person: int) -> Wishes:
    """What is left of `wishes` when one person takes theirs back: the last that somebody else said of each field."""
    left: Wishes = {}
    for column, wish in wishes.items():
        said = [one for one in wish.everything if one.by != person]
        if said:
            left[column] = Wish(said[-1], tuple(said[:-1]))
    return left


def _over(before: Wish, wish: Wish) -> Wish:
    """`wish` in place of `before`."""
    said = [*before.everything, *wish.others]
    others = tuple(one for one in said if one.by not in {wish.mine.by, *(other.by for other in wish.others)})
    return replace(wish, others=(*others, *wish.others))


def written(wishes: Mapping[str, Wish]) -> str:
    """Wishes as a proposal keeps them."""
    return json.dumps(
        {column: [[said.by, said.was, said.wanted] for said in wish.everything] for column, wish in wishes.items()},
        ensure_ascii=False,
        sort_keys=True,
    )


def read(text: str) -> Wishes:
    """What `written` wrote."""
    return {column: _wish([Said(*one) for one in said]) for column, said in json.loads(text).items()}


def _wish(said: list[Said]) -> Wish:
    return Wish(said[-1], tuple(said[:-1]))
