"""When a service can be reached, from its OpenStreetMap `opening_hours`, with England's public holidays.

What is open now is worked out anew for every question; only the reading of the syntax is kept.

The library's own calendar for GB holds just the days that all four nations share: it lacks New Year's Day, Easter
Monday and the August bank holiday. So a rule for `PH` is read as one for England's dates, from `holidays`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from opening_hours import OpeningHours, ParserError, State  # type: ignore[attr-defined]

from directory.common.clock import LONDON
from directory.common.dates import as_time
from directory.common.working_days import bank_holidays

# Changes further away than this are none: nobody waits for them, and looking for them can take half a second.
_HORIZON_DAYS = 366
# A rule that begins with days of the week, PH among them: `PH off`, `Sa,Su,PH 10:00-16:00`.
_DAY = r"(?:Mo|Tu|We|Th|Fr|Sa|Su)"
_RULE_WITH_HOLIDAYS = re.compile(rf"(?P<days>(?:{_DAY}(?:-{_DAY})?|PH)(?:,(?:{_DAY}(?:-{_DAY})?|PH))*)(?P<rest>\s.*)?")
# "until 8am" is understood of the next morning, not of the evening after.
_UNDERSTOOD_AS_NEXT = timedelta(hours=14)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class OpenState:
    """Whether a service is open (None: not known), and a sentence that says so and what comes next."""

    open: bool | None
    text: str


@dataclass(frozen=True, slots=True)
class DayHours:
    """The hours of one day in words: `Monday 23 November`, `9am to 5pm`."""

    day: str
    text: str


NOT_KNOWN = OpenState(None, "Hours not known: phone them")


def state_now(hours: str, now: datetime) -> OpenState:
    """Whether a service with these `hours` is open at `now`; not known where they are empty or cannot be read."""
    open_now = is_open(hours, now)
    schedule = _schedule(hours, now)
    if open_now is None or schedule is None:
        return NOT_KNOWN
    local = now.astimezone(LONDON)
    change = _next_change(schedule, local, open_now)
    if open_now:
        return OpenState(True, f"Open now until {_until(change, local)}" if change else "Open 24 hours a day")
    return OpenState(False, f"Opens {_begins(change, local)}" if change else "Closed until further notice")


def is_open(hours: str, now: datetime) -> bool | None:
    """Whether a service with these `hours` is open at `now`; None where they are empty or cannot be read."""
    schedule = _read_by_the_wall(hours, now.astimezone(LONDON).year)
    wall = now.astimezone(LONDON).replace(tzinfo=None)
    return None if schedule is None or schedule.is_unknown(wall) else schedule.is_open(wall)


def open_stretches(hours: str, start: datetime, end: datetime) -> tuple[tuple[datetime, datetime], ...]:
    """The stretches of time between the instants `start` and `end` in which a service with these `hours` is open.

    In UTC and in order. London's wall clocks decide, so what is open between one and two counts twice on the night the
    clocks go back, and not at all on the night they go forward. Empty where the hours are not known.
    """
    schedule = _read_by_the_wall(hours, start.astimezone(LONDON).year)
    if schedule is None:
        return ()
    found: list[tuple[datetime, datetime]] = []
    for began, ended in _between_clock_changes(start.astimezone(UTC), end.astimezone(UTC)):
        offset = _offset(began)
        wall = (began + offset).replace(tzinfo=None, second=0, microsecond=0)
        # The library answers in whole minutes, so it is asked for one too many.
        wall_end = (ended + offset).replace(tzinfo=None, second=0, microsecond=0) + timedelta(minutes=1)
        for opens, closes in _spans(schedule, wall, wall_end):
            first = max(opens.replace(tzinfo=UTC) - offset, began)
            last = min(closes.replace(tzinfo=UTC) - offset, ended)
            if first < last:
                found.append((first, last))
    return tuple(found)


def week_of(hours: str, now: datetime) -> tuple[DayHours, ...]:
    """The hours of today and the six days after it, holidays considered; empty where they are not known.

    Where all seven are alike they are one: `Every day`.
    """
    schedule = _schedule(hours, now)
    if schedule is None or state_now(hours, now).open is None:
        return ()
    today = now.astimezone(LONDON).replace(hour=0, minute=0, second=0, microsecond=0)
    spans = _spans(schedule, today - timedelta(days=1), today + timedelta(days=9))
    days = tuple(_day(spans, today + timedelta(days=number)) for number in range(7))
    return days if len({day.text for day in days}) > 1 else (DayHours("Every day", days[0].text),)


def _between_clock_changes(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """`start` to `end` (UTC), cut where London's clocks change, which they do on a full hour."""
    began = start
    while began < end:
        ended = began + timedelta(days=1)
        while ended < end and _offset(ended) == _offset(began):
            ended += timedelta(days=1)
        if _offset(ended) != _offset(began):
            ended = ended.replace(minute=0, second=0, microsecond=0)
            while _offset(ended - _HOUR) != _offset(began):
                ended -= _HOUR
        yield began, min(ended, end)
        began = ended


def _offset(instant: datetime) -> timedelta:
    return instant.astimezone(LONDON).utcoffset() or timedelta()


def _schedule(hours: str, now: datetime) -> OpeningHours | None:
    return _read(hours, now.astimezone(LONDON).year)


@lru_cache(maxsize=4096)
def _read(hours: str, year: int) -> OpeningHours | None:
    """`hours` with the public holidays of the year before, this one and the next two; None where unreadable."""
    if not hours:
        return None
    try:
        OpeningHours(hours)  # what we put in must not make sense of what makes none by itself
        return OpeningHours(_with_dates(hours, year), timezone=LONDON, country="GB", max_interval_days=_HORIZON_DAYS)
    except ParserError:
        return None


@lru_cache(maxsize=4096)
def _read_by_the_wall(hours: str, year: int) -> OpeningHours | None:
    """As `_read`, for questions about naive London times.

    With a time zone the library gets the hour wrong that comes twice in October: it calls a place that never closes
    closed at 1:59, and skips the first of the two hours. Without one, the wall's clock simply decides.
    """
    if _read(hours, year) is None:
        return None
    return OpeningHours(_with_dates(hours, year), country="GB", max_interval_days=_HORIZON_DAYS)


def _with_dates(hours: str, year: int) -> str:
    """`hours` in which a rule for public holidays names their dates."""
    if "PH" not in hours or '"' in hours:
        return hours
    rules = []
    for rule in hours.split(";"):
        match = _RULE_WITH_HOLIDAYS.fullmatch(rule.strip())
        days = match["days"].split(",") if match else []
        if match is None or "PH" not in days:
            rules.append(rule)
            continue
        others, rest = [day for day in days if day != "PH"], match["rest"] or ""
        rules += [",".join(others) + rest] if others else []
        rules.append(_holiday_dates(year) + rest)
    return "; ".join(rules)


@lru_cache(maxsize=8)
def _holiday_dates(year: int) -> str:
    dates = [date for one in range(year - 1, year + 3) for date in sorted(bank_holidays(one))]
    return ",".join(f"{date.year} {date:%b} {date:%d}" for date in dates)


def _next_change(schedule: OpeningHours, local: datetime, is_open: bool) -> datetime | None:
    """When `is_open` stops being true; None when that is not within the horizon.

    A comment may change where the state does not, so some changes are passed over.
    """
    horizon = local + timedelta(days=_HORIZON_DAYS)
    moment = schedule.next_change(local)
    while moment is not None and moment < horizon and schedule.is_open(moment) == is_open:
        moment = schedule.next_change(moment)
    return moment if moment is not None and moment < horizon else None


def _until(change: datetime, local: datetime) -> str:
    # Midnight ends the day before; nobody says "until Monday at midnight" of a Sunday's last hour.
    last = change - timedelta(minutes=1)
    if last.date() == local.date() or change - local < _UNDERSTOOD_AS_NEXT:
        return as_time(change)
    return f"{_day_name(last, local)} at {as_time(change)}"


def _begins(change: datetime, local: datetime) -> str:
    if change.date() == local.date():
        return f"at {as_time(change)}"
    day = _day_name(change, local)
    return f"{'on ' if day[0].isdigit() else ''}{day} at {as_time(change)}"


def _day_name(moment: datetime, local: datetime) -> str:
    """`Monday` within a week; later, when the same name comes again, the date."""
    if (moment.date() - local.date()).days < 7:
        return f"{moment:%A}"
    return f"{moment.day} {moment:%B}"


def _spans(schedule: OpeningHours, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """The stretches of time that are open between `start` and `end`; those that only differ in a comment are one."""
    spans: list[tuple[datetime, datetime]] = []
    for began, ended, state, _comment in schedule.intervals(start, end):
        if state != State.OPEN:
            continue
        until = min(ended or end, end)
        if spans and spans[-1][1] == began:
            spans[-1] = (spans[-1][0], until)
        else:
            spans.append((max(began, start), until))
    return spans


def _day(spans: list[tuple[datetime, datetime]], midnight: datetime) -> DayHours:
    """What of `spans` belongs to the day: a night to the day it begins, a longer stretch to each of its days."""
    following = midnight + timedelta(days=1)
    parts = []
    for start, end in spans:
        if end - start >= timedelta(days=1):
            start, end = max(start, midnight), min(end, following)
        if midnight <= start < following and start < end:
            parts.append((start, end))
    if parts == [(midnight, following)]:
        words = "All day"
    else:
        words = ", ".join(f"{as_time(start)} to {as_time(end)}" for start, end in parts) or "Closed"
    return DayHours(f"{midnight:%A} {midnight.day} {midnight:%B}", words)
