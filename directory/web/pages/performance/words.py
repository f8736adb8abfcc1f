"""Performance in words: quarters, sources and figures."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from directory.publishing.performance.facts import Direction, MeasureUnit, Shown, ShownState, Source
from directory.publishing.performance.wording import UNKNOWN, plain
from directory.web.chart_facts import Amount

SOURCES = {Source.IMPORTED: "Service’s own figure", Source.COMPUTED: "Directory’s records"}
UNITS = {
    MeasureUnit.REFERRALS: "Referrals",
    MeasureUnit.HOUSEHOLDS: "Households",
    MeasureUnit.MINUTES: "Minutes",
    MeasureUnit.PERCENT: "Per cent",
    MeasureUnit.NIGHTS: "Nights",
    MeasureUnit.PEOPLE: "People",
}
DIRECTIONS = {
    Direction.HIGHER: "Higher is better.",
    Direction.LOWER: "Lower is better.",
    Direction.NEITHER: "Neither more nor less is better by itself.",
}
NO_BOROUGH = "Borough not told"
_TWO_HOURS, _TWO_DAYS = 120, 48


def quarter_words(quarter: str) -> str:
    """A quarter by its months: `July to September 2026` for `2026-Q3`."""
    year, _, number = quarter.partition("-Q")
    first = 3 * int(number) - 2
    return f"{date(int(year), first, 1):%B} to {date(int(year), first + 2, 1):%B %Y}"


def shown(figures: Mapping[str, Shown], code: str) -> Shown:
    """The figure of a measure; one that is missing is not known."""
    return figures.get(code, UNKNOWN)


def amount(figure: Shown) -> Amount:
    """A figure for a chart."""
    return Amount(figure.text, figure.value if figure.state is ShownState.SHOWN else None)


def brief_time(minutes: Decimal) -> str:
    """Minutes as short as a picture needs them: `35 min`, `3 h 8 min`, `2 days`; to the hour from two days on."""
    if minutes < _TWO_HOURS:
        return f"{plain(minutes)} min"
    hours, rest = divmod(int(minutes), 60)
    if hours >= _TWO_DAYS:
        return f"{hours // 24} days" + (f" {hours % 24} h" if hours % 24 else "")
    return f"{hours} h" + (f" {rest} min" if rest else "")
