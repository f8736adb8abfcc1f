"""Small charts: their geometry, and what a page gets of them."""

import csv
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader

from directory.paths import SEED_DATA, TEMPLATES
from directory.places.lookup import BoroughFact
from directory.web.chart_facts import Amount, RangeEntry, TileValue
from directory.web.charts import (
    ABBREVIATIONS,
    bar_chart,
    cut,
    plain,
    range_chart,
    scale_end,
    tile_map,
    trend_chart,
)
from tests.support.html import Page, text_of

SVG = "{http://www.w3.org/2000/svg}"
HIDDEN, UNKNOWN = Amount("hidden: fewer than 5"), Amount("not known")
QUARTERS = ("2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3")


def minutes(value: int) -> Amount:
    """A figure as pages show it."""
    return Amount(f"{value} minutes", Decimal(value))


def boroughs() -> list[BoroughFact]:
    """London's boroughs, as the gazetteer has them."""
    with (SEED_DATA / "gazetteer" / "boroughs.csv").open(encoding="utf-8") as file:
        return [
            BoroughFact(row["code"], row["name"], 0, 0, "", int(row["grid_row"]), int(row["grid_column"]))
            for row in csv.DictReader(file)
        ]


def drawn(macro: str, chart: Any) -> Page:
    """A page that holds nothing but the chart."""
    source = f'<!DOCTYPE html>{{% from "components/charts.html" import {macro} %}}{{{{ {macro}(chart) }}}}'
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    return Page(environment.from_string(source).render(chart=chart))


@given(st.lists(st.integers(0, 10**7), max_size=5))
@settings(max_examples=30)
def test_a_scale_ends_at_a_round_number_that_nothing_exceeds(values: list[int]) -> None:
    end = scale_end(values)

    assert end >= max(values, default=1)
    assert float(f"{end:.0e}") == end


def test_a_trend_joins_neighbours_and_marks_what_is_missing() -> None:
    chart = trend_chart(
        "t",
        "Response time",
        "",
        QUARTERS,
        [("Own", [minutes(50), minutes(25), HIDDEN, minutes(0)]), ("Records", [HIDDEN, minutes(100), UNKNOWN, HIDDEN])],
    )

    own, records = chart.lines
    assert [len(points.split()) for points in own.stretches] == [2]
    assert [len(own.markers), len(records.markers), len(records.stretches)] == [3, 1, 0]
    assert own.markers[2].y == chart.bottom
    assert records.markers[0].y == chart.top
    assert len(chart.missing) == 1
    assert [entry.text for entry in chart.legend] == ["Own", "Records", "Nothing to show"]
    assert chart.frame.table.rows[2] == ("2026-Q2", "hidden: fewer than 5", "not known")
    # 2025 has one quarter only: its year would run into the next one's.
    assert [(tick.text, tick.below) for tick in chart.across] == [("Q4", ""), ("Q1", "2026"), ("Q2", ""), ("Q3", "")]


def test_a_trend_without_a_value_has_nothing_to_draw() -> None:
    chart = trend_chart("t", "Response time", "", QUARTERS[:1], [("Own", [HIDDEN])])

    assert not chart.has_values
    assert chart.across[0].below == "2025"


def test_a_range_lies_on_its_scale() -> None:
    highest = Amount("100 minutes", 100, "1 h 40 min")
    entry = RangeEntry("Refuge", 3, minutes(0), minutes(50), highest, own=minutes(25))
    other = RangeEntry("Advocacy", 4, minutes(10), minutes(10), minutes(10), own=HIDDEN)

    chart = range_chart("r", "By kind", "", [entry, other], label="Kind", own="This service", unit="minutes")

    first, second = chart.rows
    assert (first.begins, first.median, first.ends, first.own) == (8, 160, 312, 84)
    assert second.own is None
    assert first.text == "0 minutes – 50 minutes – 1 h 40 min"
    assert chart.top == "100 minutes"
    assert chart.frame.table.head == ("Kind", "Services", "Lowest", "Median", "Highest", "This service")
    assert chart.frame.table.rows[1][-1] == "hidden: fewer than 5"


def test_bars_have_the_words_of_their_figures_and_none_where_nothing_is_shown() -> None:
    chart = bar_chart(
        "b", "By kind", "", [("Refuge", [minutes(10), HIDDEN])], label="Kind", series=["Own", "Records"], top=20
    )

    (group,) = chart.groups
    assert [(bar.width, bar.text) for bar in group.bars] == [(88, "10 minutes"), (0, "hidden")]
    assert chart.frame.table.rows == (("Refuge", "10 minutes", "hidden: fewer than 5"),)


def test_the_map_has_every_borough_once_and_says_what_is_not_known() -> None:
    chart = tile_map("m", "Need", "", {"E09000012": TileValue("12 searches", 3, "12")}, boroughs(), levels=("None",))

    places = {(tile.x, tile.y) for tile in chart.tiles}
    hackney = next(tile for tile in chart.tiles if tile.name == "Hackney")
    assert len(places) == len(chart.tiles) == len({tile.abbreviation for tile in chart.tiles}) == 33
    assert (hackney.abbreviation, hackney.level, hackney.text) == ("Hck", 3, "12")
    assert ("Hackney (Hck)", "12 searches") in chart.frame.table.rows
    assert ("Barnet (Brn)", "not known") in chart.frame.table.rows
    assert set(ABBREVIATIONS) == {borough.code for borough in boroughs()}


def test_a_level_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="from 0 to 4"):
        tile_map("m", "Need", "", {"E09000012": TileValue("12", 5)}, boroughs())


def test_words_for_numbers_and_labels() -> None:
    assert [plain(2500.0), plain(0.5), plain(Decimal(35))] == ["2,500", "0.5", "35"]
    assert cut("x" * 40) == "x" * 33 + "…"


CHARTS = [
    ("bar_chart", bar_chart("c", "Bars", "Said", [("A", [minutes(1)] * 3)], label="Kind", series=["x", "y", "z"])),
    ("range_chart", range_chart("c", "Ranges", "Said", [RangeEntry("A", 3, *[minutes(1)] * 4)], label="K", own="Own")),
    ("trend_chart", trend_chart("c", "Trend", "Said", QUARTERS, [("x", [minutes(1), HIDDEN] * 2)] * 3)),
    ("tile_map", tile_map("c", "Map", "Said", {}, boroughs(), levels=("None", "A few"))),
]


@pytest.mark.parametrize(("macro", "chart"), CHARTS)
def test_every_picture_has_words_patterns_of_its_own_and_a_table(macro: str, chart: Any) -> None:
    page = drawn(macro, chart)

    svg = page.one(f"{SVG}svg")
    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == "c-title c-desc"
    assert [text_of(page.one(f"{SVG}title")), text_of(page.one(f"{SVG}desc"))] == [
        chart.frame.title,
        "Said The table below the picture has every figure.",
    ]
    assert len(page.all("tr")) == 1 + len(chart.frame.table.rows)
    used = {value[5:-1] for element in svg.iter() if (value := element.get("fill", "")).startswith("url(#")}
    defined = {pattern.get("id") for pattern in page.all(f"{SVG}pattern")}
    assert used <= defined
    assert all(name and name.startswith("c-") for name in defined)
    assert not [element for element in page.all() if "style" in element.attrib or element.tag == "style"]
