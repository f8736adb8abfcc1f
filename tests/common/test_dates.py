"""Dates and times as people read them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from directory.common.dates import ago, as_date, as_date_time, as_time, duration

NOW = datetime(2026, 11, 22, 2, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        (datetime(2026, 11, 22, 2, 5, tzinfo=UTC), "22 November 2026 at 2:05am"),
        (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), "2 July 2026 at 12:30am"),  # summer time: the next day already
        (datetime(2026, 1, 5, 17, 0, tzinfo=UTC), "5 January 2026 at 5pm"),
        (datetime(2026, 1, 5, 12, 0, tzinfo=UTC), "5 January 2026 at midday"),
        (datetime(2026, 1, 5, 0, 0, tzinfo=UTC), "5 January 2026 at midnight"),
    ],
)
def test_instants_are_told_in_london_s_time(instant: datetime, words: str) -> None:
    assert as_date_time(instant) == words
    assert as_date_time(instant) == f"{as_date(instant)} at {as_time(instant)}"


def test_a_date_is_told_as_it_is() -> None:
    assert as_date(date(2026, 11, 1)) == "1 November 2026"


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=60), "1 minute ago"),
        (timedelta(minutes=35, seconds=59), "35 minutes ago"),
        (timedelta(minutes=60), "1 hour ago"),
        (timedelta(hours=23, minutes=59), "23 hours ago"),
        (timedelta(hours=24), "1 day ago"),
        (timedelta(days=400), "400 days ago"),
    ],
)
def test_how_long_ago(passed: timedelta, words: str) -> None:
    assert ago(NOW - passed, NOW) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(1, "1 minute"), (45, "45 minutes"), (60, "1 hour"), (90, "90 minutes"), (1440, "1 day"), (2880, "2 days")],
)
def test_durations_use_the_largest_unit_that_fits(minutes: int, words: str) -> None:
    assert duration(minutes) == words
