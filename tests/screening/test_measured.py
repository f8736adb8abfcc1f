"""How well the screen tells what may be stored, on labelled sentences (`sentences/README.md`)."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from directory.screening.service import screen

SENTENCES = Path(__file__).parent / "sentences"
SETS = ("tuned", "kept_apart", "kept_apart_second", "kept_apart_third", "kept_apart_fourth", "kept_apart_fifth")
RECALL, PRECISION = 0.98, 0.95


class Sentence(NamedTuple):
    text: str
    kinds: frozenset[str]


class Measure(NamedTuple):
    recall: float
    precision: float

    @property
    def good(self) -> bool:
        return self.recall >= RECALL and self.precision >= PRECISION


def read(name: str) -> list[Sentence]:
    with (SENTENCES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [Sentence(row["text"], frozenset(filter(None, row["kinds"].split(";")))) for row in csv.DictReader(file)]


def measure(sentences: list[Sentence], blocks: Callable[[str], bool]) -> Measure:
    stopped = [sentence for sentence in sentences if blocks(sentence.text)]
    rightly = sum(bool(sentence.kinds) for sentence in stopped)
    return Measure(rightly / sum(bool(one.kinds) for one in sentences), rightly / len(stopped) if stopped else 1.0)


@pytest.mark.parametrize("name", SETS)
def test_what_may_not_be_stored_is_stopped_and_the_rest_passes(name: str) -> None:
    sentences = read(name)

    assert measure(sentences, lambda text: screen(text, this_year=2026).block).good, [
        sentence.text for sentence in sentences if screen(sentence.text, this_year=2026).block != bool(sentence.kinds)
    ]


@pytest.mark.parametrize("name", SETS)
def test_the_measure_bites(name: str) -> None:
    sentences = read(name)

    assert not measure(sentences, lambda _: False).good
    assert not measure(sentences, lambda _: True).good


@pytest.mark.parametrize("kind", sorted({kind for name in SETS for one in read(name) for kind in one.kinds}))
def test_each_kind_is_told_by_its_own_name(kind: str) -> None:
    """A person must be told what to write instead, so it is not enough that something was found."""
    with_kind = [one.text for name in SETS for one in read(name) if kind in one.kinds]
    found = [text for text in with_kind if kind in screen(text, this_year=2026).kinds]

    assert len(found) / len(with_kind) >= 0.95, sorted(set(with_kind) - set(found))


def test_no_sentence_stands_in_two_sets() -> None:
    texts = [sentence.text for name in SETS for sentence in read(name)]

    assert len(texts) == len(set(texts)) >= 400
