"""What is shown of a table never gives back what is hidden in it (firewall, rule 8)."""

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.referrals import suppression
from directory.referrals.suppression import FEWEST, TOGETHER, Table, suppress

Counts = dict[tuple[str, str], int]
SMALL_TABLES = st.dictionaries(
    st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), st.integers(0, 9), min_size=1, max_size=9
)
TABLES = st.dictionaries(
    st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("tuvwxyz")),
    st.one_of(st.integers(0, 6), st.integers(0, 300)),
    min_size=1,
    max_size=40,
)


def fillings(table: Table) -> Iterator[Counts]:
    """Every way to fill the hidden cells of a small table that fits all that is shown: what somebody could work out."""
    hidden = [cell for cell, number in table.cells.items() if number is None]
    left_in_rows = {row: total - shown(table, row, 0) for row, total in table.row_totals.items()}
    left_in_columns = {column: total - shown(table, column, 1) for column, total in table.column_totals.items()}
    yield from _fill(hidden, left_in_rows, left_in_columns)


def shown(table: Table, name: str, axis: int) -> int:
    return sum(number or 0 for cell, number in table.cells.items() if cell[axis] == name)


def _fill(hidden: list[tuple[str, str]], rows: dict[str, int], columns: dict[str, int]) -> Iterator[Counts]:
    if not hidden:
        if not any(rows.values()) and not any(columns.values()):
            yield {}
        return
    (row, column), rest = hidden[0], hidden[1:]
    last_in_row = all(cell[0] != row for cell in rest)
    last_in_column = all(cell[1] != column for cell in rest)
    for number in range(min(rows[row], columns[column]) + 1):
        if (last_in_row and number != rows[row]) or (last_in_column and number != columns[column]):
            continue
        for others in _fill(rest, {**rows, row: rows[row] - number}, {**columns, column: columns[column] - number}):
            yield {(row, column): number, **others}


def given_back(table: Table) -> list[tuple[str, str]]:
    """The hidden cells that what is shown leaves only one number for."""
    possible: dict[tuple[str, str], set[int]] = {cell: set() for cell, number in table.cells.items() if number is None}
    for filling in fillings(table):
        for cell, number in filling.items():
            possible[cell].add(number)
        if all(len(numbers) > 1 for numbers in possible.values()):
            return []
    return [cell for cell, numbers in possible.items() if len(numbers) < 2]


def numbers_of(table: Table) -> list[int]:
    every = [*table.cells.values(), *table.row_totals.values(), *table.column_totals.values(), table.total]
    return [number for number in every if number is not None]


@given(SMALL_TABLES)
@settings(max_examples=150, deadline=None)
def test_nothing_hidden_can_be_worked_out(counts: Counts) -> None:
    assert given_back(suppress(counts)) == []


@given(TABLES)
@settings(max_examples=150, deadline=None)
def test_no_small_number_is_shown_and_what_is_shown_is_true(counts: Counts) -> None:
    table = suppress(counts)

    assert all(number >= FEWEST for number in numbers_of(table))
    for (row, column), number in table.cells.items():
        if number is not None and TOGETHER not in (row, column):
            assert number == counts[row, column]
    for row, total in table.row_totals.items():
        if row != TOGETHER:
            assert total == sum(number for cell, number in counts.items() if cell[0] == row)
    assert table.total in (None, sum(counts.values()))
    assert table.total == (sum(table.row_totals.values()) or None)
    assert table.total == (sum(table.column_totals.values()) or None)


@given(TABLES)
@settings(max_examples=100, deadline=None)
def test_every_hidden_cell_lies_on_a_rectangle_that_could_be_filled_otherwise(counts: Counts) -> None:
    """The proof itself, for tables too large to try every filling: four cells that can move without a total moving."""
    table = suppress(counts)
    rows, columns = _merged(counts, table)
    hidden = {cell for cell, number in table.cells.items() if number is None}

    for row, column in hidden:
        assert any(
            _can_move(rows, (row, column), (row, other_column), (other_row, column), (other_row, other_column))
            for other_row, other_column in itertools.product(table.rows, table.columns)
            if other_row != row
            and other_column != column
            and {(row, other_column), (other_row, column), (other_row, other_column)} <= hidden
        )
    assert columns == dict(table.column_totals)


def _merged(counts: Counts, table: Table) -> tuple[Counter[tuple[str, str]], dict[str, int]]:
    merged: Counter[tuple[str, str]] = Counter()
    for (row, column), number in counts.items():
        if number:
            merged[row if row in table.rows else TOGETHER, column if column in table.columns else TOGETHER] += number
    if not table.rows:
        return Counter(), {}
    columns: Counter[str] = Counter()
    for (_, column), number in merged.items():
        columns[column] += number
    return merged, dict(columns)


def _can_move(
    numbers: Mapping[tuple[str, str], int],
    cell: tuple[str, str],
    beside: tuple[str, str],
    below: tuple[str, str],
    across: tuple[str, str],
) -> bool:
    return (
        min(numbers.get(beside, 0), numbers.get(below, 0)) >= 1
        or min(numbers.get(cell, 0), numbers.get(across, 0)) >= 1
    )


def test_one_small_number_takes_three_others_with_it() -> None:
    table = suppress({("a", "x"): 3, ("a", "y"): 20, ("a", "z"): 50, ("b", "x"): 30, ("b", "y"): 40, ("b", "z"): 60})

    assert [cell for cell, number in table.cells.items() if number is None] == [
        ("a", "x"),
        ("a", "y"),
        ("b", "x"),
        ("b", "y"),
    ]
    assert (table.row_totals, table.total) == ({"a": 73, "b": 130}, 203)


def test_small_rows_are_put_together_without_saying_which() -> None:
    table = suppress({("a", "x"): 3, ("b", "x"): 40, ("c", "x"): 6, ("d", "x"): 1})

    assert table.row_totals == {"b": 40, TOGETHER: 10}
    assert min(table.row_totals.values()) >= FEWEST


def test_of_too_few_nothing_is_shown() -> None:
    assert suppress({("a", "x"): 4}) == Table((), (), {}, {}, {}, None)


@pytest.mark.parametrize("counts", [{("a", "x"): -1}, {(TOGETHER, "x"): 7}, {("a", TOGETHER): 7}])
def test_what_is_no_table_is_refused(counts: Counts) -> None:
    with pytest.raises(ValueError, match="A table of counts"):
        suppress(counts)


def test_the_checks_bite(monkeypatch: pytest.MonkeyPatch) -> None:
    small_among_large = {("a", "x"): 3, ("a", "y"): 20, ("b", "x"): 30, ("b", "y"): 40}
    nothing_to_move = {("a", "x"): 0, ("a", "y"): 0, ("a", "z"): 9, ("b", "x"): 5, ("b", "y"): 5, ("b", "z"): 9}

    monkeypatch.setattr(suppression, "_rectangles", _the_cell_alone)
    assert given_back(suppress(small_among_large)) == [("a", "x")]

    monkeypatch.setattr(suppression, "_rectangles", _any_rectangle)
    assert given_back(suppress(nothing_to_move))

    monkeypatch.setattr(suppression, "_to_put_together", _nothing)
    assert min(numbers_of(suppress({("a", "x"): 3, ("b", "x"): 40}))) < FEWEST


def _the_cell_alone(cell: tuple[str, str], *_others: object) -> Iterator[tuple[tuple[str, str], ...]]:
    """Hides the small cells and nothing else, as many tables in print do."""
    yield (cell,)


def _any_rectangle(
    cell: tuple[str, str], _number: object, rows: list[str], columns: list[str]
) -> Iterator[tuple[tuple[str, str], ...]]:
    """Whether or not its numbers can move."""
    for row, column in itertools.product(rows, columns):
        if row != cell[0] and column != cell[1]:
            yield cell, (cell[0], column), (row, cell[1]), (row, column)


def _nothing(_totals: object) -> frozenset[str]:
    return frozenset()
