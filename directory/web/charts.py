"""Small charts: pure functions that give what `components/charts.html` draws as SVG, with the same figures as a table.

Every chart is 320 units wide, about a phone, so that its text is as large there as the page's. What colour tells, a
pattern, a shape or words tell too. A chart's id begins the ids within it: each chart of a page needs another one.
The picture illustrates; the table says all of it, also what is hidden or not known.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from directory.places.lookup import BoroughFact
from directory.web.chart_facts import (
    Amount,
    Bar,
    BarChart,
    BarGroup,
    DataTable,
    Frame,
    LegendEntry,
    Line,
    Marker,
    Number,
    RangeChart,
    RangeEntry,
    RangeRow,
    Tick,
    Tile,
    TileMap,
    TileValue,
    TrendChart,
)

LINE = 20
_LONGEST_LABEL, _LONGEST_LINE, _LONGEST_IN_TILE = 34, 40, 5
_BAR_MOST, _BAR_LINE = 176, 24
_TRACK_BEGINS, _TRACK_WIDTH, _RANGE_ROW = 8, 304, 72
_PLOT_LEFT, _PLOT_WIDTH, _PLOT_HEIGHT = 60, 240, 120
_TILE = 40
NOT_ON_THE_MAP = "not known"


def bar_chart(
    chart_id: str,
    title: str,
    description: str,
    entries: Sequence[tuple[str, Sequence[Amount]]],
    *,
    label: str,
    series: Sequence[str],
    top: Number | None = None,
) -> BarChart:
    """Bars for each of `entries`: a label, and an amount for each of `series` (one, two or three names).

    `label` heads the table's first column. `top` is where the scale ends, else a round number above the largest value.
    """
    end = _end(top, (one for _, amounts in entries for one in amounts))
    legend = _legend(series) if len(series) > 1 else ()
    y = _below(legend)
    groups = []
    for name, amounts in entries:
        bars = (
            Bar(index, y + LINE + index * _BAR_LINE, _part(one.value, end, _BAR_MOST), one.short)
            for index, one in enumerate(amounts)
        )
        groups.append(BarGroup(cut(name), y + 15, tuple(bars)))
        y += LINE + len(amounts) * _BAR_LINE + 10
    table = DataTable((label, *series), tuple((name, *(one.text for one in amounts)) for name, amounts in entries))
    return BarChart(Frame(chart_id, title, description, y, table), legend, tuple(groups))


def range_chart(
    chart_id: str,
    title: str,
    description: str,
    entries: Sequence[RangeEntry],
    *,
    label: str,
    own: str = "",
    unit: str = "",
    top: Number | None = None,
) -> RangeChart:
    """Where the figures of groups lie: lowest, median and highest. `own` says what the diamond is, where there is one.

    `label` heads the table's first column; `unit` stands at the end of the scale; `top` as in `bar_chart`.
    """
    end = _end(top, (one for entry in entries for one in (entry.highest, entry.own) if one is not None))
    legend = _legend(("From the lowest to the highest", "Median", *([own] if own else [])))
    y = _below(legend)
    rows, lines = [], []
    for entry in entries:
        figures = (entry.lowest, entry.median, entry.highest)
        begins, median, ends = (_track(one.value, end) for one in figures)
        mine = entry.own.value if entry.own is not None else None
        rows.append(
            RangeRow(
                label=cut(entry.label),
                y=y,
                begins=begins,
                ends=ends,
                median=median,
                own=None if mine is None else _track(mine, end),
                text=cut(" – ".join(one.short for one in figures), _LONGEST_LINE),
            )
        )
        own_cell = [entry.own.text if entry.own else "none"] if own else []
        lines.append((entry.label, str(entry.services), *(one.text for one in figures), *own_cell))
        y += _RANGE_ROW
    head = (label, "Services", "Lowest", "Median", "Highest", *([own] if own else []))
    frame = Frame(chart_id, title, description, y + LINE, DataTable(head, tuple(lines)))
    return RangeChart(frame, legend, tuple(rows), f"{plain(end)} {unit}".rstrip())


def trend_chart(
    chart_id: str,
    title: str,
    description: str,
    quarters: Sequence[str],
    series: Sequence[tuple[str, Sequence[Amount]]],
    *,
    unit: str = "",
    top: Number | None = None,
) -> TrendChart:
    """How figures went over `quarters` (`2026-Q2`, oldest first). `series`, at most three: a name, an amount for each.

    Neighbours are joined; where no series has a value there is a cross, so that a gap is not taken for nought. `unit`
    stands above the scale.
    """
    end = _end(top, (one for _, amounts in series for one in amounts))
    step = _PLOT_WIDTH / max(1, len(quarters) - 1)
    places = [round(_PLOT_LEFT + step * at, 1) for at in range(len(quarters))]
    missing = [place for at, place in enumerate(places) if all(one[at].value is None for _, one in series)]
    names = tuple(name for name, _ in series)
    legend = _legend((*names, *(["Nothing to show"] if missing else [])))
    begins = _below(legend) + (LINE + 6 if unit else 6)
    bottom = begins + _PLOT_HEIGHT
    rows = tuple((quarter, *(one[at].text for _, one in series)) for at, quarter in enumerate(quarters))
    return TrendChart(
        frame=Frame(chart_id, title, description, bottom + 2 * LINE + 6, DataTable(("Quarter", *names), rows)),
        legend=legend,
        unit=unit,
        lines=tuple(_line(index, amounts, places, end, bottom) for index, (_, amounts) in enumerate(series)),
        across=tuple(_quarter_ticks(quarters, places)),
        up=tuple(Tick(bottom - _PLOT_HEIGHT * part, plain(end * part)) for part in (0, 0.5, 1)),
        missing=tuple(missing),
        top=begins,
        bottom=bottom,
    )


def tile_map(
    chart_id: str,
    title: str,
    description: str,
    values: Mapping[str, TileValue],
    boroughs: Iterable[BoroughFact],
    *,
    label: str = "Figure",
    levels: Sequence[str] = (),
) -> TileMap:
    """London's boroughs as tiles, each with its value; one without a value has level 0 and says so.

    `boroughs` are those of `places.lookup.all_boroughs`; `label` heads the table's second column; `levels` says what
    the patterns 0 to 4 mean, for as many as are used. Raises ValueError for a level that there is not.
    """
    nothing = TileValue(NOT_ON_THE_MAP, 0)
    tiles, rows = [], []
    for borough in sorted(boroughs, key=lambda one: one.name):
        found = values.get(borough.code, nothing)
        if not 0 <= found.level <= 4:
            raise ValueError(f"A level is from 0 to 4, not {found.level}.")
        tiles.append(
            Tile(
                name=borough.name,
                abbreviation=ABBREVIATIONS.get(borough.code, borough.name[:3]),
                x=borough.grid_column * _TILE,
                y=borough.grid_row * _TILE,
                level=found.level,
                text=found.short or (found.text if len(found.text) <= _LONGEST_IN_TILE else ""),
            )
        )
        rows.append((f"{borough.name} ({tiles[-1].abbreviation})", found.text))
    bottom = max((tile.y + _TILE for tile in tiles), default=0)
    legend = tuple(LegendEntry(level, text, bottom + 28 + level * 24) for level, text in enumerate(levels))
    frame = Frame(
        chart_id, title, description, bottom + 12 + len(legend) * 24, DataTable(("Borough", label), tuple(rows))
    )
    return TileMap(frame, legend, tuple(tiles))


def scale_end(values: Iterable[Number]) -> float:
    """A round number that no value exceeds: a digit, but 7 and 9, times a power of ten; 1 for nothing at all."""
    largest = max((float(value) for value in values), default=0)
    power = 1.0
    while largest > 10 * power:
        power *= 10
    return next((step * power for step in (1, 2, 3, 4, 5, 6, 8, 10) if step * power >= largest), 1.0)


def cut(text: str, longest: int = _LONGEST_LABEL) -> str:
    """`text` as far as it fits into a chart's width, in bold if need be."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def plain(value: Number) -> str:
    """A number without noughts behind its point: `2,500`, `0.5`."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def _end(top: Number | None, amounts: Iterable[Amount]) -> float:
    return float(top) if top else scale_end(one.value for one in amounts if one.value is not None)


def _part(value: Number | None, end: float, length: int) -> float:
    """Its share of `length`; what is larger than the scale fills it."""
    return 0 if value is None else round(min(1.0, max(0.0, float(value) / end)) * length, 1)


def _track(value: Number | None, end: float) -> float:
    return round(_TRACK_BEGINS + _part(value, end, _TRACK_WIDTH), 1)


def _legend(texts: Sequence[str]) -> tuple[LegendEntry, ...]:
    return tuple(LegendEntry(index, cut(text), 15 + index * LINE) for index, text in enumerate(texts))


def _below(legend: Sequence[LegendEntry]) -> int:
    return len(legend) * LINE + 10 if legend else 0


def _line(series: int, amounts: Sequence[Amount], places: Sequence[float], end: float, bottom: int) -> Line:
    stretches: list[list[Marker]] = [[]]
    for place, one in zip(places, amounts, strict=True):
        if one.value is None:
            stretches.append([])
        else:
            stretches[-1].append(Marker(place, round(bottom - _part(one.value, end, _PLOT_HEIGHT), 1)))
    joined = (" ".join(f"{one.x},{one.y}" for one in stretch) for stretch in stretches if len(stretch) > 1)
    return Line(series, tuple(joined), tuple(one for stretch in stretches for one in stretch))


def _quarter_ticks(quarters: Sequence[str], places: Sequence[float]) -> Iterator[Tick]:
    """`Q2` at each quarter, and its year below the first one of it."""
    parts = [quarter.partition("-") for quarter in quarters]
    for at, (place, (year, _, short)) in enumerate(zip(places, parts, strict=True)):
        is_first = at == 0 or parts[at - 1][0] != year
        # Two years beside each other would run into each other; the second one tells the first.
        is_alone = at == 0 and len(parts) > 1 and parts[1][0] != year
        yield Tick(place, short, year if is_first and not is_alone else "")


# As "Squared London" abbreviates them, so that no two are alike.
ABBREVIATIONS = {
    f"E090000{number:02}": short
    for number, short in enumerate(
        (
            *("Cty", "Bar", "Brn", "Bxl", "Brt", "Brm", "Cmd", "Crd", "Elg", "Enf", "Grn"),
            *("Hck", "Hms", "Hgy", "Hrw", "Hvg", "Hdn", "Hns", "Isl", "Kns", "Kng", "Lam"),
            *("Lsh", "Mrt", "Nwm", "Rdb", "Rch", "Swr", "Stn", "Tow", "Wth", "Wns", "Wst"),
        ),
        1,
    )
}
