"""England's working days: Monday to Friday, without bank holidays and the days that stand in for them."""

from datetime import date, timedelta
from functools import lru_cache

from holidays import country_holidays

_SATURDAY = 5


def is_working_day(day: date) -> bool:
    """Whether offices in England work on `day`."""
    return day.weekday() < _SATURDAY and day not in bank_holidays(day.year)


def working_day_after(day: date, count: int) -> date:
    """The `count`th working day after `day`, which is itself not counted.

    Raises ValueError when `count` is less than one.
    """
    if count < 1:
        raise ValueError(f"There is no {count}th working day after a day.")
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """England's bank holidays of `year`, with the days that stand in for those on a weekend.

    Read once for each year: the library's own object fills itself while it is asked, which two threads must not do.
    """
    return frozenset(country_holidays("GB", subdiv="ENG", years=year))
