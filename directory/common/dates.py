"""Dates and times as people read them: in London, in GOV.UK's style."""

from datetime import date, datetime, timedelta

from directory.common.clock import LONDON

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def as_date(value: date) -> str:
    """`22 November 2026`; of an instant, the date in London."""
    day = value.astimezone(LONDON).date() if isinstance(value, datetime) else value
    return f"{day.day} {day:%B %Y}"


def as_time(instant: datetime) -> str:
    """`2:05am`, `2am`, `midday` or `midnight`, in London."""
    local = instant.astimezone(LONDON)
    if local.minute == 0 and local.hour in {0, 12}:
        return "midday" if local.hour else "midnight"
    minutes = f":{local:%M}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


def as_date_time(instant: datetime) -> str:
    """`22 November 2026 at 2:05am`, in London."""
    return f"{as_date(instant)} at {as_time(instant)}"


def ago(instant: datetime, now: datetime) -> str:
    """How long before `now` it was: `just now`, `35 minutes ago`, `3 hours ago`, `4 days ago`."""
    passed = now - instant
    for length, unit in ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute")):
        if passed >= length:
            return f"{_counted(passed // length, unit)} ago"
    return "just now"


def duration(minutes: int) -> str:
    """A length of time in the largest unit that fits it whole: `2 days`, `1 hour`, `90 minutes`."""
    for length, unit in ((1440, "day"), (60, "hour")):
        if minutes >= length and minutes % length == 0:
            return _counted(minutes // length, unit)
    return _counted(minutes, "minute")


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}"
