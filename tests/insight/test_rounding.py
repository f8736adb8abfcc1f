"""Rounded counts, and the attempt to get the hidden ones back from everything that is shown."""

import itertools
from collections import defaultdict
from collections.abc import Iterable

import pytest

from directory.insight import rounding
from directory.insight.rounding import FEW, Rounded, RoundedTable, narrow, round_tables, rounded

ROWS, COLUMNS = ("a", "b"), ("x", "y")
CELLS = list(itertools.product(ROWS, COLUMNS))
Shown = tuple[object, ...]


@pytest.mark.parametrize(
    ("count", "text", "low", "high"),
    [
        (0, "fewer than 5", 0, 4),
        (4, "fewer than 5", 0, 4),
        (5, "5", 5, 7),
        (7, "5", 5, 7),
        (8, "10", 8, 12),
        (12, "10", 8, 12),
        (13, "15", 13, 17),
        (1_234, "1,235", 1_233, 1_237),
    ],
)
def test_rounded_to_fives(count: int, text: str, low: int, high: int) -> None:
    assert rounded(count) == Rounded(low, high)
    assert rounded(count).text == text
    assert low <= count <= high


def test_nothing_is_counted_below_nought() -> None:
    with pytest.raises(ValueError, match="nought"):
        rounded(-1)


def shown(numbers: Iterable[int], months: tuple[int, ...] = ()) -> tuple[dict[str, RoundedTable] | None, Shown]:
    """What is shown of four cells, with a second table of the same counts in one row; and all its texts."""
    cells = dict(zip(CELLS, numbers, strict=True))
    whole = {("all", column): sum(cells[row, column] for row in ROWS) for column in COLUMNS}
    shown_months = [rounded(month) for month in months]
    tables = round_tables({"first": ((ROWS, COLUMNS), cells), "second": ((("all",), COLUMNS), whole)}, shown_months)
    if tables is None:
        return None, (None, *shown_months)
    texts = [
        figure
        for table in tables.values()
        for figures in (table.cells, table.row_totals, table.column_totals, {"": table.total})
        for figure in figures.values()
    ]
    return tables, (*texts, *shown_months)


# All numbers that are small, and all that are shown as five: whatever looks alike is among the worlds.
NUMBERS = tuple(range(8))


def worlds_by_what_is_shown() -> dict[Shown, list[tuple[int, ...]]]:
    found: defaultdict[Shown, list[tuple[int, ...]]] = defaultdict(list)
    for numbers in itertools.product(NUMBERS, repeat=4):
        found[shown(numbers)[1]].append(numbers)
    return found


def told(worlds: dict[Shown, list[tuple[int, ...]]]) -> list[tuple[tuple[int, ...], int]]:
    """Small numbers that whoever sees a page, and knows how it was made, can tell: (a world, the cell's position)."""
    return [
        (alike[0], at)
        for alike in worlds.values()
        for at in range(4)
        if alike[0][at] < 5 and len({world[at] for world in alike}) == 1
    ]


def test_no_small_number_can_be_told_from_all_that_is_shown() -> None:
    """Every table with numbers up to seven: of those that look alike, each small cell could be another number."""
    assert told(worlds_by_what_is_shown()) == []


def test_that_attack_bites(monkeypatch: pytest.MonkeyPatch) -> None:
    """Totals that are only rounded by themselves are not enough: four and four below a total near ten."""
    monkeypatch.setattr(rounding, "_pieces", lambda *_: [rounded(0), *(rounded(number) for number in range(5, 40, 5))])

    assert ((0, 0, 4, 4), 2) in told(worlds_by_what_is_shown())


@pytest.mark.parametrize("months", [(8, 0, 0), (5, 5, 5), (30, 0, 0)])
def test_tables_that_contradict_what_is_shown_already_are_not_shown(months: tuple[int, ...]) -> None:
    """Months are parts of the same whole: they can tell small cells before any total does."""
    tables, _ = shown((0, 0, 4, 4), months)

    if tables is not None:
        low, high = sum(rounded(one).low for one in months), sum(rounded(one).high for one in months)
        assert tables["first"].total.low <= high
        assert tables["first"].total.high >= low


def test_a_total_is_a_range_where_rounding_would_tell() -> None:
    tables, _ = shown((4, 4, 40, 40))

    assert tables is not None
    first = tables["first"]
    assert first.cells["a", "x"] == FEW
    assert first.row_totals["a"].text == "5 to 8"
    assert first.row_totals["b"].text == "80"


def test_narrowing_is_what_pencil_and_paper_find() -> None:
    whole, x, y, z = ("whole",), ("x",), ("y",), ("z",)
    bounds = {whole: Rounded(8, 12), x: FEW, y: FEW, z: Rounded(0, 0)}

    found = narrow(bounds, [(whole, [x, y, z])])

    assert found == {whole: Rounded(8, 8), x: Rounded(4, 4), y: Rounded(4, 4), z: Rounded(0, 0)}


def test_parts_of_a_row() -> None:
    tables = round_tables({"only": ((("a",), ("x", "y", "z")), {("a", "x"): 20, ("a", "y"): 3, ("a", "z"): 11})})

    assert tables is not None
    table = tables["only"]
    assert table.row_totals["a"].text == "33 to 38"  # 38 alone would tell that the small one is four
    assert table.part_of_row("a", ["x"]).text == "20"
    assert table.part_of_row("a", ["x", "y"]).text == "18 to 26"
    assert table.part_of_row("a", []).text == "fewer than 5"
    assert table.row_without("a", ["x"]).text == "11 to 16"


def test_a_whole_london_is_worked_out_and_adds_up() -> None:
    """Thirteen needs, six sizes of household and fourteen columns, as the page has them."""
    rows, bands, columns = tuple("abcdefghijklm"), tuple("123456"), tuple("ABCDEFGHIJKLMN")
    needs = {(row, column): (7 * at + 3 * to) % 9 for at, row in enumerate(rows) for to, column in enumerate(columns)}
    sizes = {
        (band, column): sum(needs[row, column] for row in rows[at::6])
        for at, band in enumerate(bands)
        for column in columns
    }

    tables = round_tables({"needs": ((rows, columns), needs), "sizes": ((bands, columns), sizes)})

    assert tables is not None
    for name, counts in (("needs", needs), ("sizes", sizes)):
        for row, total in tables[name].row_totals.items():
            number = sum(counts[row, column] for column in columns)
            assert total.low <= number <= total.high
            assert total.high - total.low <= 8
