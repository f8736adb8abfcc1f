"""Counts as they may be shown: rounded to fives, small ones without a number, totals that do not give those back.

Rounded totals and parts together can still tell a small part: two parts below five with a total near ten are four and
four. So totals are shown one after another, each as one of a few ranges: those of rounding to fives, put together where
one of them, with all that is shown already, would narrow a small number to fewer than `LEAST_DOUBT`. The ranges follow
from what is shown already and never from the number itself, so that they tell nothing either; and to add numbers up
gives back no more than they said.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

FEWEST = 5
STEP = 5
LEAST_DOUBT = 3
"""A small number must remain one of at least so many."""
_ROUNDS = 60


@dataclass(frozen=True, slots=True)
class Rounded:
    """A count as it may be shown: `low` to `high` is all that it says, both included."""

    low: int
    high: int

    @property
    def is_small(self) -> bool:
        """Fewer than five; it may be none."""
        return self.high < FEWEST

    @property
    def text(self) -> str:
        """`fewer than 5`; `15` for what lies within 13 to 17; `5 to 12` where rounding alone would tell too much."""
        if self.is_small:
            return "fewer than 5"
        nearest = STEP * ((self.high + STEP // 2) // STEP)
        for middle in (nearest, nearest - STEP):
            around = _around(middle)
            if around.low <= self.low and self.high <= around.high:
                return f"{middle:,}"
        return self.as_range

    @property
    def as_range(self) -> str:
        """`0 to 4`, or `2`: for what was reckoned from rounded counts."""
        return f"{self.low:,}" if self.low == self.high else f"{self.low:,} to {self.high:,}"

    @property
    def level(self) -> int:
        """For maps and marks: 0 for small ones, then 1 to 4 for about 5, 10, 20 and 40 or more."""
        return 0 if self.is_small else sum(self.low + self.high >= 2 * least for least in (1, 8, 18, 38))


FEW = Rounded(0, FEWEST - 1)


def rounded(count: int) -> Rounded:
    """The nearest five; below five no number at all. Raises ValueError for a negative number."""
    if count < 0:
        raise ValueError("Nothing is counted below nought.")
    return _around(STEP * ((count + STEP // 2) // STEP)) if count >= FEWEST else FEW


def sum_of(parts: Iterable[Rounded]) -> Rounded:
    """What rounded counts say of their sum."""
    found = list(parts)
    return Rounded(sum(one.low for one in found), sum(one.high for one in found))


@dataclass(frozen=True, slots=True)
class RoundedTable:
    """Rounded counts by row and column, every row and column with its total; all of them are always there."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], Rounded]
    row_totals: Mapping[str, Rounded]
    column_totals: Mapping[str, Rounded]
    total: Rounded

    def part_of_row(self, row: str, columns: Iterable[str]) -> Rounded:
        """What the table says of some columns of a row."""
        return sum_of(self.cells[row, column] for column in columns)

    def row_without(self, row: str, columns: Iterable[str]) -> Rounded:
        """What the table says of a row without some columns: by the other cells, and by its total without these."""
        left_out = set(columns)
        rest = self.part_of_row(row, (column for column in self.columns if column not in left_out))
        whole, taken = self.row_totals[row], self.part_of_row(row, left_out)
        return Rounded(max(rest.low, whole.low - taken.high), min(rest.high, whole.high - taken.low))


Counts = Mapping[tuple[str, str], int]
Axes = tuple[Sequence[str], Sequence[str]]
_Key = tuple[str, ...]
_Bounds = dict[_Key, Rounded]
_Sum = tuple[_Key, list[_Key]]
_WHOLE: _Key = ("whole",)


def round_tables(
    tables: Mapping[str, tuple[Axes, Counts]], months: Sequence[Rounded] = ()
) -> dict[str, RoundedTable] | None:
    """Tables of the same counts with the same columns, as they may be shown beside each other.

    `months` are what is shown of the parts of the whole already. A table's `axes` name its rows and its columns, which
    all tables share. None where already the cells of the tables would tell a small number of each other.
    """
    cells: dict[_Key, int] = {
        (name, row, column): counts.get((row, column), 0)
        for name, ((rows, columns), counts) in tables.items()
        for row in rows
        for column in columns
    }
    sums = _sums(tables, months)
    known: _Bounds = {key: rounded(count) for key, count in cells.items()}
    known |= {("month", str(at)): month for at, month in enumerate(months)}
    small = [key for key in cells if known[key].is_small]
    totals = {whole: sum(cells[part] for part in parts) for whole, parts in sums if parts[0] in cells}
    totals[_WHOLE] = max((sum(counts.values()) for _, counts in tables.values()), default=0)
    most = sum(one.high for one in known.values())
    known = narrow(known | dict.fromkeys(totals, Rounded(0, most)), sums)
    if not _leaves_doubt(known, small):
        return None
    shown: _Bounds = {key: rounded(count) for key, count in cells.items()}
    for key, number in totals.items():
        pieces = _pieces(key, known, sums, small)
        shown[key] = next(piece for piece in pieces if piece.low <= number <= piece.high)
        known = narrow(known | {key: shown[key]}, sums)
    return {name: _table(name, axes, shown) for name, (axes, _) in tables.items()}


def narrow(bounds: Mapping[_Key, Rounded], sums: Iterable[_Sum]) -> _Bounds:
    """What is left of each number's bounds, given that in each of `sums` the parts add up to the whole."""
    found, checks = dict(bounds), list(sums)
    for _ in range(_ROUNDS):
        before = dict(found)
        for whole, parts in checks:
            low, high = sum(found[part].low for part in parts), sum(found[part].high for part in parts)
            known = found[whole]
            if low > known.low or high < known.high:
                known = found[whole] = Rounded(max(known.low, low), min(known.high, high))
            if known.low == low and known.high == high:
                continue
            for part in parts:
                one = found[part]
                least, most = known.low - high + one.high, known.high - low + one.low
                if least > one.low or most < one.high:
                    found[part] = Rounded(max(one.low, least), min(one.high, most))
        if found == before:
            break
    return found


def _sums(tables: Mapping[str, tuple[Axes, Counts]], months: Sequence[Rounded]) -> list[_Sum]:
    """What adds up to what: rows, then columns, which all tables share, then everything."""
    sums: list[_Sum] = []
    across: list[_Sum] = [(_WHOLE, [("month", str(at)) for at in range(len(months))])] if months else []
    for name, ((rows, columns), _) in tables.items():
        sums += [((name, row), [(name, row, column) for column in columns]) for row in rows]
        across += [(("column", column), [(name, row, column) for row in rows]) for column in columns]
        across.append((_WHOLE, [(name, row) for row in rows]))
        across.append((_WHOLE, [("column", column) for column in columns]))
    return sums + across


def _pieces(key: _Key, known: _Bounds, sums: list[_Sum], small: Sequence[_Key]) -> list[Rounded]:
    """The ranges of which one is shown of a total: whichever it is, no small number is told too closely."""
    pieces = list(_grid(known[key]))
    at = 0
    while at < len(pieces) and len(pieces) > 1:
        if _leaves_doubt(narrow(known | {key: pieces[at]}, sums), small):
            at += 1
            continue
        first = max(0, at - 1) if at == len(pieces) - 1 else at
        pieces[first : first + 2] = [Rounded(pieces[first].low, pieces[first + 1].high)]
        at = first
    return pieces


def _grid(bounds: Rounded) -> Iterable[Rounded]:
    """The ranges of rounding to fives within some bounds."""
    low = bounds.low
    while low <= bounds.high:
        high = min(bounds.high, rounded(low).high)
        yield Rounded(low, high)
        low = high + 1


def _leaves_doubt(known: _Bounds, small: Iterable[_Key]) -> bool:
    return all(known[key].high - known[key].low + 1 >= LEAST_DOUBT for key in small)


def _around(middle: int) -> Rounded:
    return Rounded(max(FEWEST, middle - STEP // 2), middle + STEP // 2)


def _table(name: str, axes: Axes, shown: _Bounds) -> RoundedTable:
    rows, columns = tuple(axes[0]), tuple(axes[1])
    return RoundedTable(
        rows=rows,
        columns=columns,
        cells={(row, column): shown[name, row, column] for row in rows for column in columns},
        row_totals={row: shown[name, row] for row in rows},
        column_totals={column: shown["column", column] for column in columns},
        total=shown[_WHOLE],
    )
