"""One service's figures over the quarters, and beside others of its kind."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from directory.publishing.performance.facts import (
    Measure,
    MeasureUnit,
    QuarterFigures,
    ServiceFigures,
    ShownState,
    Source,
)
from directory.publishing.performance.measures import measures
from directory.web.chart_facts import RangeChart, RangeEntry
from directory.web.charts import range_chart, trend_chart
from directory.web.pages.performance.contexts import FlagLine, Links, MeasureSection, ServicePerformancePage
from directory.web.pages.performance.presenting import TOP_PERCENT, range_entries, scale_top
from directory.web.pages.performance.words import DIRECTIONS, SOURCES, UNITS, amount, quarter_words, shown

Trend = Sequence[tuple[str, ServiceFigures]]
OWN = "This service"


def service_page(trend: Trend, newest: QuarterFigures, links: Links) -> ServicePerformancePage:
    """The page of a service. `trend` is not empty; `newest` holds all services of its last quarter, for comparing."""
    quarter, latest = trend[-1]
    known = measures()
    told = [one for one in known if _has_figure(trend, one)]
    return ServicePerformancePage(
        service_id=latest.service_id,
        name=latest.service_name,
        organisation=latest.organisation_name,
        kind=latest.kind.label,
        quarter=quarter_words(quarter),
        sections=tuple(_section(trend, measure) for measure in told),
        silent=tuple(one.name for one in known if one not in told),
        peers=tuple(_peer_charts(latest, newest, told)),
        flags=tuple(
            FlagLine(quarter_words(one), tuple(flag.text for flag in figures.flags))
            for one, figures in reversed(trend)
            if figures.flags
        ),
        links=links,
    )


def _has_figure(trend: Trend, measure: Measure) -> bool:
    """Whether any quarter has a figure that is drawn; hidden and unknown ones alone make no picture."""
    return any(
        shown(figures.of(source), measure.code).state is ShownState.SHOWN for _, figures in trend for source in Source
    )


def _section(trend: Trend, measure: Measure) -> MeasureSection:
    used = [
        source
        for source in Source
        if any(shown(figures.of(source), measure.code).state is not ShownState.UNKNOWN for _, figures in trend)
    ]
    quarter, latest = trend[-1]
    series = [
        (SOURCES[source], [amount(shown(figures.of(source), measure.code)) for _, figures in trend]) for source in used
    ]
    told = "; ".join(f"{SOURCES[source].lower()} {shown(latest.of(source), measure.code).text}" for source in used)
    apart = " They differ by more than a tenth." if measure.code in latest.disagreeing else ""
    return MeasureSection(
        measure=measure,
        direction=DIRECTIONS[measure.direction],
        latest=f"{quarter_words(quarter)}: {told}.{apart}",
        chart=trend_chart(
            f"trend-{measure.code.replace('_', '-')}",
            measure.name,
            f"{UNITS[measure.unit]} in each of {len(trend)} quarter{'' if len(trend) == 1 else 's'}, the newest one on "
            f"the right. {DIRECTIONS[measure.direction]}",
            [one for one, _ in trend],
            series,
            unit=UNITS[measure.unit].lower(),
            top=scale_top(measure),
        ),
    )


def _peer_charts(latest: ServiceFigures, newest: QuarterFigures, told: Sequence[Measure]) -> Iterator[RangeChart]:
    """A chart for each unit: measures of one unit share a scale."""
    alike = [service for service in newest.services if service.kind is latest.kind]
    for unit in MeasureUnit:
        entries = [entry for measure in told if measure.unit is unit for entry in _peer_entries(latest, alike, measure)]
        if entries:
            yield range_chart(
                f"peers-{unit.value}",
                f"{latest.kind.label} services: {UNITS[unit].lower()}",
                f"For each measure, a bar from the lowest to the highest shown figure of services of this kind in "
                f"{quarter_words(newest.quarter)}, with a stroke at the median and a diamond at this service’s own.",
                entries,
                label="Measure",
                own=OWN,
                unit=UNITS[unit].lower(),
                top=TOP_PERCENT if unit is MeasureUnit.PERCENT else None,
            )


def _peer_entries(latest: ServiceFigures, alike: Sequence[ServiceFigures], measure: Measure) -> Iterator[RangeEntry]:
    """At most one: of the service's own figures where it shows one, else of the directory's records."""
    own = {source: shown(latest.of(source), measure.code) for source in Source}
    source = next((one for one in Source if own[one].state is ShownState.SHOWN), None)
    if source is None:
        return
    for entry in range_entries({measure.name: alike}, measure, source):
        yield replace(entry, own=amount(own[source]))
