"""Whole quarters and whole months in London's calendar, and when their figures no longer change."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from directory.common.errors import FieldProblem, InvalidInputError

FINAL_AFTER = timedelta(days=3)
"""So long after a period the last of its searches has been written or is given up: what is shown never changes."""
_QUARTER = re.compile(r"(2\d{3})-Q([1-4])")


@dataclass(frozen=True, slots=True)
class Period:
    """A quarter (`2026-Q3`) or a month (`2026-10`): its days from `first` up to, not including, `end`."""

    code: str
    first: date
    end: date

    @property
    def label(self) -> str:
        """`July to September 2026`, or `October 2026`."""
        last = self.end - timedelta(days=1)
        return f"{self.first:%B} to {last:%B %Y}" if "Q" in self.code else f"{self.first:%B %Y}"

    @property
    def shown_from(self) -> date:
        """The first day on which its figures are shown."""
        return self.end + FINAL_AFTER

    @property
    def nights(self) -> int:
        """How many nights it has."""
        return (self.end - self.first).days


def quarter_of(day: date) -> Period:
    """The quarter that `day` lies in."""
    number = (day.month - 1) // 3
    first = date(day.year, 3 * number + 1, 1)
    return Period(f"{day.year}-Q{number + 1}", first, _months_later(first, 3))


def month_of(day: date) -> Period:
    """The month that `day` lies in."""
    first = day.replace(day=1)
    return Period(f"{first:%Y-%m}", first, _months_later(first, 1))


def quarter_named(code: str) -> Period:
    """The quarter of that name. Raises InvalidInputError for what is no quarter."""
    found = _QUARTER.fullmatch(code)
    if found is None:
        raise InvalidInputError([FieldProblem("quarter", "Write a quarter like 2026-Q4.", ("2026-Q4",))])
    return quarter_of(date(int(found[1]), 3 * int(found[2]) - 2, 1))


def is_final(period: Period, today: date) -> bool:
    """Whether nothing of this period is written any more."""
    return today >= period.shown_from


def final_quarters(since: date, today: date, most: int = 8) -> tuple[Period, ...]:
    """The quarters with final figures, newest first, back to the one that `since` lies in; at most `most`."""
    found: list[Period] = []
    period = quarter_of(today)
    while period.end > since and len(found) < most:
        if is_final(period, today):
            found.append(period)
        period = quarter_of(period.first - timedelta(days=1))
    return tuple(found)


def final_months(since: date, today: date, most: int = 12) -> tuple[Period, ...]:
    """The same for months, oldest first."""
    found: list[Period] = []
    period = month_of(today)
    while period.end > since and len(found) < most:
        if is_final(period, today):
            found.insert(0, period)
        period = month_of(period.first - timedelta(days=1))
    return tuple(found)


def _months_later(first: date, months: int) -> date:
    later = first.month - 1 + months
    return date(first.year + later // 12, later % 12 + 1, 1)
