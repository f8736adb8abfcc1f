"""Hiding small numbers in a table with totals, so that nothing that is shown gives one back (firewall, rule 8).

A table has rows, columns, a total for each of them and one for all. Three steps, each of which can be checked by hand:

1. Rows whose total is small are put together in one row, columns likewise, until what is put together is not small.
   Nobody is told which those are: with their names, five that are five together would each be one.
2. Every cell under the limit is hidden.
3. A hidden cell is safe when it lies on a corner of a rectangle of hidden cells whose numbers could be one more and one
   less in turn: no row, column or total would be another, so nobody can tell. Where it lies on none, the rectangle that
   hides the fewest people more is hidden too.

Both hidden kinds look the same: whoever sees a gap does not know whether it is small or only keeps another one. What
stands here is proved for one table; two tables that overlap (two stretches of time, say) can be subtracted from each
other, so only tables that do not overlap may be published.
"""

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

FEWEST = 5
"""A number below this is not shown."""
TOGETHER = "together"
"""The row or column of those that are not shown on their own."""


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers that may be shown. A cell that is None is hidden; `rows` and `columns` say in which order they stand.

    The last of each may be `TOGETHER`: all those that are not shown on their own. Nothing at all is shown, no row and
    no total, where fewer than `FEWEST` are counted in all.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], int | None]
    row_totals: Mapping[str, int]
    column_totals: Mapping[str, int]
    total: int | None


Counts = Mapping[tuple[str, str], int]
_Cell = tuple[str, str]


def suppress(counts: Counts) -> Table:
    """The table of `counts` (by row and column; what is missing is nought) as it may be shown.

    Rows and columns of nothing but noughts are left out. Raises ValueError for a negative number, or a row or column
    that is called `TOGETHER`.
    """
    if any(count < 0 for count in counts.values()) or any(TOGETHER in cell for cell in counts):
        raise ValueError("A table of counts has numbers from nought up, and no row or column of its own named so.")
    rows, columns = _sums(counts, 0), _sums(counts, 1)
    if sum(rows.values()) < FEWEST:
        return Table((), (), {}, {}, {}, None)
    pooled_rows, pooled_columns = _to_put_together(rows), _to_put_together(columns)
    merged: Counter[_Cell] = Counter()
    for (row, column), count in counts.items():
        if count:
            merged[TOGETHER if row in pooled_rows else row, TOGETHER if column in pooled_columns else column] += count
    row_totals, column_totals = _sums(merged, 0), _sums(merged, 1)
    hidden = _hidden(merged, list(row_totals), list(column_totals))
    cells = {cell: None if cell in hidden else merged[cell] for cell in itertools.product(row_totals, column_totals)}
    total = sum(row_totals.values())
    return Table(tuple(row_totals), tuple(column_totals), cells, row_totals, column_totals, total)


def _sums(counts: Counts, axis: int) -> dict[str, int]:
    """The totals by row (axis 0) or column (1), in the order of their names, `TOGETHER` last; none that is nought."""
    sums: Counter[str] = Counter()
    for cell, count in counts.items():
        sums[cell[axis]] += count
    return {name: sums[name] for name in sorted(sums, key=lambda name: (name == TOGETHER, name)) if sums[name]}


def _to_put_together(totals: Mapping[str, int]) -> frozenset[str]:
    """The small ones, with the next larger ones until they are not small together; so they are at least two."""
    by_size = sorted(totals, key=lambda name: (totals[name], name))
    count = sum(totals[name] < FEWEST for name in by_size)
    while 0 < sum(totals[name] for name in by_size[:count]) < FEWEST:
        count += 1
    return frozenset(by_size[:count])


def _hidden(counts: Counts, rows: list[str], columns: list[str]) -> set[_Cell]:
    """The cells to hide: the small ones, and what keeps each of them from being worked out."""
    every = list(itertools.product(rows, columns))
    # With one row or one column the totals are the cells, and none of them is small.
    if len(rows) == 1 or len(columns) == 1:
        return set()
    number = {cell: counts.get(cell, 0) for cell in every}
    hidden = {cell for cell in every if number[cell] < FEWEST}
    safe: set[_Cell] = set()
    while exposed := sorted(hidden - safe):
        cell = exposed[0]
        rectangle = min(_rectangles(cell, number, rows, columns), key=lambda corners: _price(corners, number, hidden))
        hidden.update(rectangle)
        safe.update(rectangle)
    return hidden


def _rectangles(
    cell: _Cell, number: Mapping[_Cell, int], rows: Iterable[str], columns: Iterable[str]
) -> Iterable[tuple[_Cell, _Cell, _Cell, _Cell]]:
    """The rectangles with `cell` at a corner, in which numbers can move without any total being another.

    There always is one: the totals of the cell's row and column are not small, so that where it is small itself there
    are others in both that can give one away.
    """
    row, column = cell
    for other_row, other_column in itertools.product(rows, columns):
        if other_row == row or other_column == column:
            continue
        beside, below, across = (row, other_column), (other_row, column), (other_row, other_column)
        if min(number[beside], number[below]) >= 1 or min(number[cell], number[across]) >= 1:
            yield cell, beside, below, across


def _price(
    corners: Iterable[_Cell], number: Mapping[_Cell, int], hidden: set[_Cell]
) -> tuple[int, int, tuple[_Cell, ...]]:
    """How many more cells, and how many people in them, are hidden by hiding these; names decide between equals."""
    more = [cell for cell in corners if cell not in hidden]
    return len(more), sum(number[cell] for cell in more), tuple(corners)
