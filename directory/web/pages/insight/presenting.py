"""Insight in charts and sentences."""

from collections.abc import Iterable, Mapping, Sequence

from flask import url_for

from directory.capacity.utilisation import BedspaceNights
from directory.insight.coverage import Catalogue
from directory.insight.demand import QuarterDemand
from directory.insight.gaps import Gap, per_residents
from directory.insight.periods import Period
from directory.insight.rounding import FEWEST
from directory.insight.unmet_tables import MonthCount, UnmetQuarter
from directory.places.lookup import BoroughFact
from directory.web.chart_facts import Amount, BarChart, TileMap, TileValue
from directory.web.charts import bar_chart, tile_map
from directory.web.pages.insight.contexts import Choice, QuarterView

_NIGHTS = ("Occupied", "Empty", "Closed", "Not known")
_TILE_LIMIT = 5


def services_map(catalogue: Catalogue, boroughs: Sequence[BoroughFact], residents: Mapping[str, int]) -> TileMap:
    """Local services for each 100,000 residents."""
    rates = {code: per_residents(count, residents.get(code, 0)) for code, count in catalogue.local_services().items()}
    limits = _quarters([rate for rate in rates.values() if rate])
    values = {}
    for code, rate in rates.items():
        if rate is None:
            continue
        level = 0 if not rate else 1 + sum(rate > limit for limit in limits)
        values[code] = TileValue(f"{rate:,.1f}", level, f"{rate:.1f}" if rate < 100 else f"{rate:.0f}")
    begins = (0.1, *(limit + 0.1 for limit in limits))[: len(limits)]
    ranges = [f"{low:.1f} to {high:.1f}" for low, high in zip(begins, limits, strict=True)]
    words = ("None", *ranges, f"More than {limits[-1]:.1f}") if limits else ("None",)
    return tile_map(
        "map-services",
        "Local services for each 100,000 residents",
        "London's boroughs as tiles: the darker, the more services of its own a borough has for its residents.",
        values,
        boroughs,
        label="Local services for each 100,000 residents",
        levels=words,
    )


def unmet_map(found: UnmetQuarter, boroughs: Sequence[BoroughFact]) -> TileMap | None:
    """Searches in vain by BCU: all boroughs of a BCU have its number, as no smaller area is shown."""
    if found.needs is None:
        return None
    totals = found.needs.column_totals
    values = {}
    for borough in boroughs:
        total = totals[borough.police_area]
        short = "" if total.is_small else total.text
        values[borough.code] = TileValue(
            f"{total.text} in {borough.police_area}", total.level, short if len(short) <= _TILE_LIMIT else ""
        )
    return tile_map(
        "map-unmet",
        f"Searches that found nothing, by BCU, {found.quarter.label}",
        "London's boroughs as tiles; each shows the number of its whole BCU. The darker, the more searches.",
        values,
        boroughs,
        label="Searches in its BCU",
        levels=("Fewer than 5", "About 5", "About 10 or 15", "About 20 to 35", "About 40 or more"),
    )


def need_map(gaps: Iterable[Gap], name: str, boroughs: Sequence[BoroughFact]) -> TileMap:
    """Who covers one need, by borough."""
    values = {}
    for gap in gaps:
        cover = gap.cover
        level = 0 if cover.is_gap else 1 + sum(cover.local >= least for least in (1, 2, 4))
        words = "nobody" if cover.is_gap else f"{cover.local} local, {cover.wide} for all of London or more"
        values[gap.borough.code] = TileValue(words, level, "none" if cover.is_gap else str(cover.services))
    return tile_map(
        "map-need",
        f"Services by borough: {name}",
        "London's boroughs as tiles, each with the number of services that cover it. The darker, the more local ones.",
        values,
        boroughs,
        label="Services",
        levels=(
            "Nobody",
            "Only services for all of London or more",
            "1 local service",
            "2 or 3 local services",
            "4 or more local services",
        ),
    )


def months_chart(months: Sequence[MonthCount]) -> BarChart | None:
    """All of London by month; None without any month."""
    if not months:
        return None
    return bar_chart(
        "months",
        "Searches that found nothing, all of London",
        "One bar for each month that is over, rounded to fives.",
        [(one.month.label, [Amount(one.count.text, None if one.count.is_small else one.count.low)]) for one in months],
        label="Month",
        series=["Searches"],
    )


def quarter_view(found: QuarterDemand) -> QuarterView:
    """One quarter of demand and capacity."""
    groups = (("Other units", found.other), ("Ring-fenced units", found.ringfenced))
    entries = [
        (f"{name}: {label.lower()}", [_amount(number)])
        for name, capacity in groups
        for label, number in zip(_NIGHTS, _numbers(capacity.nights), strict=True)
    ]
    code = found.quarter.code.lower()
    return QuarterView(
        label=found.quarter.label,
        chart=bar_chart(
            f"nights-{code}",
            f"Bedspace-nights of refuges, {found.quarter.label}",
            "Bars for nights that were occupied, empty, closed or not known: ring-fenced units and others apart.",
            entries,
            label="Nights",
            series=["Bedspace-nights"],
        ),
        referrals=_referrals(found),
        households="not shown" if found.households is None else f"{found.households.as_range} (from rounded counts)",
    )


def quarter_choices(quarters: Iterable[Period], chosen: str) -> tuple[Choice, ...]:
    """Links to the other quarters."""
    return tuple(
        Choice(one.label, None if one.code == chosen else url_for("insight.unmet", quarter=one.code))
        for one in quarters
    )


def capacity_rows(quarters: Iterable[QuarterDemand]) -> list[tuple[str, ...]]:
    """The same as a file has it, one line for each quarter and group of units."""
    rows = []
    for found in quarters:
        for name, capacity in (("not ring-fenced", found.other), ("ring-fenced", found.ringfenced)):
            numbers = _numbers(capacity.nights)
            units = "not shown" if capacity.units is None else str(capacity.units)
            texts = ["" if number is None else str(number) for number in numbers]
            households = found.households.as_range if found.households else ""
            rows.append((found.quarter.code, name, units, *texts, _referrals(found), households))
    return rows


CAPACITY_HEAD = (
    *("quarter", "units_are", "units", "occupied_nights", "empty_nights", "closed_nights", "nights_not_known"),
    *("referrals_received_by_refuges", "searches_in_vain_for_a_household"),
)


def _numbers(nights: BedspaceNights | None) -> tuple[int | None, ...]:
    return (nights.occupied, nights.open, nights.closed, nights.unknown) if nights else (None,) * len(_NIGHTS)


def _amount(number: int | None) -> Amount:
    if number is None:
        return Amount(f"not shown: fewer than {FEWEST} units are ring-fenced, or are not")
    return Amount(f"{number:,}", number)


def _referrals(found: QuarterDemand) -> str:
    return "not final yet" if found.referrals is None else f"{found.referrals:,} or more"


def _quarters(rates: Sequence[float]) -> list[float]:
    """Three limits between four groups of about the same size; fewer where values are the same."""
    ordered = sorted(rates)
    return sorted({ordered[len(ordered) * part // 4 - 1] for part in (1, 2, 3) if len(ordered) * part // 4})
