"""Time: instants are UTC, calendar dates and opening hours are London's."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def utc_now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


def to_the_minute(instant: datetime) -> datetime:
    """`instant` without seconds: as much of a confirmation as is kept, and as spreadsheets show of a time."""
    return instant.replace(second=0, microsecond=0)


def london_date(instant: datetime) -> date:
    """The date on London's wall calendars at `instant`; contract dates are compared with this."""
    return instant.astimezone(LONDON).date()
