"""A quarter's figures as its pages show them: by service, by kind and by borough."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from directory.publishing.performance.facts import (
    Measure,
    MeasureUnit,
    QuarterFigures,
    ServiceFigures,
    Shown,
    ShownState,
    Source,
)
from directory.publishing.performance.measures import measures
from directory.publishing.performance.reading import peers
from directory.publishing.performance.wording import as_shown
from directory.web.chart_facts import Amount, DataTable, RangeChart, RangeEntry
from directory.web.charts import range_chart
from directory.web.pages.performance.choosing import Choice
from directory.web.pages.performance.contexts import ServiceLine
from directory.web.pages.performance.words import NO_BOROUGH, SOURCES, UNITS, brief_time, quarter_words, shown

CSV_COLUMNS = (
    *("quarter", "service_id", "service", "organisation", "kind", "borough"),
    *("measure", "measure_name", "source", "figure", "what_to_know"),
)
GroupOf = Callable[[ServiceFigures], str]
TOP_PERCENT = 100


def columns(choice: Choice) -> tuple[str, ...]:
    """The heads of the columns that hold figures."""
    return tuple(SOURCES[source] for source in choice.sources)


def service_lines(figures: QuarterFigures, choice: Choice) -> tuple[list[ServiceLine], int]:
    """The services asked for that have a figure, be it a hidden one, and how many have none at all."""
    asked = [service for service in figures.services if choice.takes(service)]
    code = choice.measure.code
    told = [service for service in asked if any(_is_known(service, code, source) for source in choice.sources)]
    return [_service_line(service, choice) for service in told], len(asked) - len(told)


def _service_line(service: ServiceFigures, choice: Choice) -> ServiceLine:
    code = choice.measure.code
    disagree = code in service.disagreeing
    notes = [flag.text for flag in service.flags]
    if disagree and choice.source is not None:
        # With one source asked for, the other one is told where it says something else.
        other = next(source for source in Source if source is not choice.source)
        notes.insert(0, f"{SOURCES[other]}: {shown(service.of(other), code).text}.")
    return ServiceLine(
        id=service.service_id,
        name=service.service_name,
        organisation=service.organisation_name,
        kind=service.kind.label,
        figures=tuple(shown(service.of(source), code).text for source in choice.sources),
        notes=tuple(notes),
        disagree=disagree,
    )


def _is_known(service: ServiceFigures, code: str, source: Source) -> bool:
    return shown(service.of(source), code).state is not ShownState.UNKNOWN


def london_table(london: Mapping[str, Shown]) -> DataTable | None:
    """London's own figures; None where there are none."""
    rows = tuple((one.name, london[one.code].text) for one in measures() if one.code in london)
    return DataTable(("Measure", "London"), rows) if rows else None


def by_kind(service: ServiceFigures) -> str:
    """The kind of a service in words."""
    return service.kind.label


def by_borough(boroughs: Mapping[str, str]) -> GroupOf:
    """The borough of a service in words; `boroughs` gives names by code."""
    return lambda service: boroughs.get(service.borough_code or "", NO_BOROUGH)


def group_charts(
    figures: QuarterFigures, choice: Choice, group_of: GroupOf, what: str
) -> tuple[tuple[RangeChart, ...], tuple[str, ...]]:
    """A chart of the groups' ranges for each source asked for, and the groups too small for any; `what` is `Kind`."""
    groups: dict[str, list[ServiceFigures]] = {}
    for service in figures.services:
        if choice.takes(service):
            groups.setdefault(group_of(service), []).append(service)
    charts: list[RangeChart] = []
    drawn: set[str] = set()
    for source in choice.sources:
        entries = list(range_entries(groups, choice.measure, source))
        if entries:
            drawn.update(entry.label for entry in entries)
            charts.append(_chart(entries, choice, source, what))
    return tuple(charts), tuple(sorted(set(groups) - drawn))


def range_entries(
    groups: Mapping[str, Sequence[ServiceFigures]], measure: Measure, source: Source
) -> Iterator[RangeEntry]:
    """The range of each group that has one, by name."""
    for name in sorted(groups):
        found = peers(groups[name], measure.code, source)
        if found is not None:
            figures = (found.lowest, found.median, found.highest)
            yield RangeEntry(name, found.services, *(_amount(measure, one, source) for one in figures))


def _amount(measure: Measure, value: Decimal, source: Source) -> Amount:
    text = as_shown(measure, value, source).text
    if measure.unit is MeasureUnit.PERCENT and measure.of:
        # Shares of people are told in bands, of which this is the lower end.
        return Amount(f"from {text}", value)
    return Amount(text, value, brief_time(value) if measure.unit is MeasureUnit.MINUTES else "")


def _chart(entries: Sequence[RangeEntry], choice: Choice, source: Source, what: str) -> RangeChart:
    whose = SOURCES[source].lower()
    return range_chart(
        f"by-{what.lower()}-{source.value}",
        f"{choice.measure.name} by {what.lower()}, {whose}",
        f"For each {what.lower()} with three or more shown figures of {quarter_words(choice.quarter)}, a bar from the "
        "lowest to the highest of them, with a stroke at the median.",
        entries,
        label=what,
        unit=UNITS[choice.measure.unit].lower(),
        top=scale_top(choice.measure),
    )


def scale_top(measure: Measure) -> int | None:
    """Where a measure's scale ends: shares of a whole end at the whole."""
    return TOP_PERCENT if measure.unit is MeasureUnit.PERCENT else None


def csv_rows(
    figures: QuarterFigures, services: Iterable[ServiceFigures], boroughs: Mapping[str, str]
) -> Iterator[tuple[str, ...]]:
    """Every figure of the services that is shown or hidden, one in each row, in the order of `CSV_COLUMNS`."""
    known = measures()
    for service in services:
        about = (
            *(figures.quarter, service.service_id, service.service_name, service.organisation_name),
            *(service.kind.value, boroughs.get(service.borough_code or "", "")),
        )
        notes = " ".join(flag.text for flag in service.flags)
        for measure in known:
            for source in Source:
                if _is_known(service, measure.code, source):
                    text = service.of(source)[measure.code].text
                    yield (*about, measure.code, measure.name, source.value, text, notes)
