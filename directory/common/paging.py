"""Pages of a list, the same everywhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

DEFAULT_PER_PAGE = 20
MAX_PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page of how many rows: `page` counts from 1; a page past the end is empty, not an error."""

    page: int = 1
    per_page: int = DEFAULT_PER_PAGE

    def slice(self, rows: Sequence[T]) -> Sequence[T]:
        """The rows of this page."""
        first = (self.page - 1) * self.per_page
        return rows[first : first + self.per_page]

    def pages(self, total: int) -> int:
        """How many pages `total` rows fill; at least one."""
        return max(1, -(-total // self.per_page))
