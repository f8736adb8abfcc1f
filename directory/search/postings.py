"""Which rows carry which code: the lists behind a search, as arrays of row numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select
from sqlalchemy.orm import Session

Mask = NDArray[np.bool_]
Numbers = NDArray[np.int64]
Measures = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Postings:
    """Which of `size` rows carry each code."""

    size: int
    rows: dict[str, Numbers]

    def having(self, code: str) -> Mask:
        """The rows that carry `code`."""
        return self.having_any((code,))

    def having_any(self, codes: Iterable[str]) -> Mask:
        """The rows that carry at least one of `codes`."""
        mask = np.zeros(self.size, dtype=bool)
        for code in codes:
            found = self.rows.get(code)
            if found is not None:
                mask[found] = True
        return mask

    def count(self, codes: Iterable[str]) -> Numbers:
        """How many of `codes` each row carries."""
        counts = np.zeros(self.size, dtype=np.int64)
        for code in codes:
            found = self.rows.get(code)
            if found is not None:
                counts[found] += 1
        return counts


def by_word(values: Sequence[str | None]) -> Postings:
    """Rows by the one word that each carries; those without a word carry nothing."""
    rows: dict[str, list[int]] = {}
    for number, value in enumerate(values):
        if value is not None:
            rows.setdefault(str(value), []).append(number)
    return Postings(len(values), {word: np.array(found, dtype=np.int64) for word, found in rows.items()})


def read_postings(
    session: Session, pairs: Select[*tuple[Any, ...]], rows_of: dict[str, list[int]], size: int
) -> Postings:
    """From pairs (owner, code) to the rows that carry each code; owners that are not shown are left out."""
    rows: dict[str, list[int]] = {}
    for owner, code in session.execute(pairs):
        rows.setdefault(str(code), []).extend(rows_of.get(owner, ()))
    return Postings(size, {code: np.array(found, dtype=np.int64) for code, found in rows.items()})
