"""A unit's month in words, and as a bar that illustrates them."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from directory.capacity.unit_history import Stretch, UnitMonth, midnight
from directory.capacity.utilisation import BedspaceNights, Span
from directory.common.clock import london_date
from directory.common.dates import as_date, as_date_time
from directory.common.errors import NotFoundError
from directory.web.pages.unit_history.contexts import MonthChoice, NightsRow, Segment, StretchLine, Timeline

WHOLE = 1000
UNKNOWN = "not known"
_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def read_month_choice(text: str | None) -> date | None:
    """The month that an address asks for as `2026-11`; None where it asks for none. Raises NotFoundError for others."""
    if not text:
        return None
    found = _MONTH.fullmatch(text)
    if not found:
        raise NotFoundError("There is no such month.")
    return date(int(found[1]), int(found[2]), 1)


def timeline(month: UnitMonth, now: datetime, *, with_hours: bool) -> Timeline:
    """The month in words; without hours for readers whom days tell enough."""
    began = month.history_began
    return Timeline(
        month=f"{month.first:%B %Y}",
        is_over=month.ends < now,
        stretches=tuple(_line(stretch, now, with_hours=with_hours) for stretch in month.stretches),
        bar=tuple(_bar(month)),
        history_began=as_date(began) if began else "",
        begins_within=began is not None and began > month.begins,
        choices=tuple(
            MonthChoice(f"{first:%Y-%m}", f"{first:%B %Y}", first == month.first)
            for first in sorted({*month.months, month.first}, reverse=True)
        ),
        nights=month.month_nights,
    )


def nights_rows(spans: Iterable[Span], nights: Iterable[BedspaceNights]) -> tuple[NightsRow, ...]:
    """The rows of a table, without months in which nothing was contracted or of which nothing is known."""
    rows = [NightsRow(span.label, counted) for span, counted in zip(spans, nights, strict=True)]
    return tuple(row for row in rows if row.nights.known)


def _line(stretch: Stretch, now: datetime, *, with_hours: bool) -> StretchLine:
    ended = stretch.ended_at or now
    said = as_date_time if with_hours else as_date
    return StretchLine(
        state=stretch.state.value,
        since=said(stretch.began_at),
        until=said(stretch.ended_at) if stretch.ended_at else "",
        lasted=_hours(ended - stretch.began_at) if with_hours else _days(stretch.began_at, ended),
    )


def _hours(lasted: timedelta) -> str:
    if lasted < _HOUR:
        return "less than an hour"
    return _counted(lasted // _HOUR, "hour") if lasted < 2 * _DAY else _counted(lasted // _DAY, "day")


def _days(began: datetime, ended: datetime) -> str:
    days = (london_date(ended) - london_date(began)).days
    return _counted(days, "day") if days else "less than a day"


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}"


def _bar(month: UnitMonth) -> Iterable[Segment]:
    """The whole month is a thousand wide; what is yet to come stays empty."""
    following = midnight((month.first + timedelta(days=31)).replace(day=1))
    length = following - month.begins

    def place(instant: datetime) -> int:
        return round((instant - month.begins) / length * WHOLE)

    reached = 0
    for stretch in month.stretches:
        begins, ends = (
            place(max(stretch.began_at, month.begins)),
            place(min(stretch.ended_at or month.ends, month.ends)),
        )
        if begins > reached:
            yield Segment(UNKNOWN, reached, begins - reached)
        if ends > begins:
            yield Segment(stretch.state.value, begins, ends - begins)
        reached = max(reached, ends)
    if reached < place(month.ends):
        yield Segment(UNKNOWN, reached, place(month.ends) - reached)
