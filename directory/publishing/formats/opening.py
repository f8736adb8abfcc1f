"""Opening hours as a plain week: for schedules of other systems, and for words that can be printed.

Only what a week can say is read here; everything else stays as it was written. Whether a service is open *now* is the
business of `catalogue.hours` alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAY = "|".join(DAYS)
_RULE = re.compile(
    rf"(?:(?P<days>(?:{_DAY}|PH)(?:-(?:{_DAY}))?(?:,(?:{_DAY}|PH)(?:-(?:{_DAY}))?)*)\s+)?"
    r"(?P<times>off|\d\d:\d\d-\d\d:\d\d(?:,\d\d:\d\d-\d\d:\d\d)*)"
)
_WHOLE_DAY = ("00:00", "24:00")
NOT_KNOWN = "Not known: phone them"

Span = tuple[str, str]
"""Opens and closes, as `09:00`; closing at or before opening is on the next day."""


@dataclass(frozen=True, slots=True)
class Week:
    """The spans of each day, Monday first; and those of bank holidays, None where nothing is said of them."""

    days: tuple[tuple[Span, ...], ...]
    holidays: tuple[Span, ...] | None = None

    def groups(self) -> Iterator[tuple[tuple[int, ...], tuple[Span, ...]]]:
        """Days (0 is Monday) that have the same spans, by the first of them; closed days are left out."""
        for spans in dict.fromkeys(self.days):
            if spans:
                yield tuple(day for day, of_day in enumerate(self.days) if of_day == spans), spans


@lru_cache(maxsize=4096)
def read_week(hours: str) -> Week | None:
    """`hours` (OpenStreetMap `opening_hours`) as a week; None where they are empty or say more than a week can."""
    if hours.strip() == "24/7":
        return Week(((_WHOLE_DAY,),) * 7)
    days: list[tuple[Span, ...]] = [()] * 7
    holidays: tuple[Span, ...] | None = None
    for rule in hours.split(";"):
        match = _RULE.fullmatch(rule.strip())
        if match is None:
            return None
        spans = _spans(match["times"])
        for day in _days(match["days"]):
            if day is None:
                holidays = spans
            else:
                days[day] = spans
    return Week(tuple(days), holidays)


def hours_in_words(hours: str) -> str:
    """`Monday to Friday, 9am to 5pm; closed on bank holidays`. What is more than a week stays as it was written."""
    if not hours:
        return NOT_KNOWN
    week = read_week(hours)
    if week is None:
        return hours
    if week.days == ((_WHOLE_DAY,),) * 7:
        return "24 hours a day, every day"
    parts = [f"{_days_in_words(days)}, {_spans_in_words(spans)}" for days, spans in week.groups()]
    if week.holidays is not None:
        held = _spans_in_words(week.holidays)
        parts.append(f"on bank holidays, {held}" if week.holidays else "closed on bank holidays")
    return "; ".join(parts) or NOT_KNOWN


def _spans(text: str) -> tuple[Span, ...]:
    if text == "off":
        return ()
    return tuple((opens, closes) for opens, _, closes in (part.partition("-") for part in text.split(",")))


def _days(text: str | None) -> Iterator[int | None]:
    """The days that a rule is for; None stands for bank holidays. Without days, it is for every one."""
    if text is None:
        yield from range(7)
        return
    for part in text.split(","):
        first, _, last = part.partition("-")
        if first == "PH":
            yield None
            continue
        begin, end = DAYS.index(first), DAYS.index(last or first)
        yield from range(begin, end + 1) if begin <= end else (*range(begin, 7), *range(end + 1))


def _days_in_words(days: tuple[int, ...]) -> str:
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    if days == tuple(range(7)):
        return "Every day"
    words: list[str] = []
    for run in runs:
        names = [_DAY_NAMES[day] for day in run]
        words += [f"{names[0]} to {names[-1]}"] if len(run) > 2 else names
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _spans_in_words(spans: tuple[Span, ...]) -> str:
    if spans == (_WHOLE_DAY,):
        return "all day"
    return " and ".join(f"{_time(opens)} to {_time(closes)}" for opens, closes in spans)


def _time(text: str) -> str:
    hour, minute = int(text[:2]) % 24, text[3:]
    if minute == "00" and hour in {0, 12}:
        return "midday" if hour else "midnight"
    minutes = "" if minute == "00" else f":{minute}"
    return f"{hour % 12 or 12}{minutes}{'am' if hour < 12 else 'pm'}"
