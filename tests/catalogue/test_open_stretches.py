"""The stretches in which a service is open, also in the nights in which the clocks change."""

from datetime import UTC, datetime, timedelta

import pytest

from directory.catalogue.hours import is_open, open_stretches
from directory.common.clock import LONDON

BACK = datetime(2026, 10, 24, 18, 0, tzinfo=UTC)
FORWARD = datetime(2026, 3, 28, 18, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("evening", [BACK, FORWARD, datetime(2026, 12, 31, 12, 0, tzinfo=UTC)])
@pytest.mark.parametrize(
    "hours",
    ["24/7", "Mo-Su 20:00-01:30", "Su 01:00-05:00", "Mo-Su 01:15-01:45", "Mo-Su 00:00-02:00", "Fr 09:00-17:00; PH off"],
)
def test_stretches_are_the_minutes_in_which_it_is_open(evening: datetime, hours: str) -> None:
    stretches = open_stretches(hours, evening, evening + timedelta(hours=30))

    for minute in (evening + number * MINUTE for number in range(30 * 60)):
        assert any(opens <= minute < closes for opens, closes in stretches) == is_open(hours, minute), minute


def test_who_never_closes_is_open_in_both_of_the_hours_that_are_called_one() -> None:
    minutes = [datetime(2026, 10, 25, 0, 0, tzinfo=UTC) + number * MINUTE for number in range(121)]

    assert {minute.astimezone(LONDON).hour for minute in minutes[:-1]} == {1}
    assert all(is_open("24/7", minute) for minute in minutes)


def test_stretches_are_cut_at_the_instants_asked_for() -> None:
    start, end = BACK + timedelta(seconds=7), BACK + timedelta(hours=40, microseconds=3)

    stretches = open_stretches("24/7", start, end)

    assert (stretches[0][0], stretches[-1][1]) == (start, end)
    assert sum((closes - opens for opens, closes in stretches), timedelta()) == end - start


@pytest.mark.parametrize("hours", ["", "nonsense", "off", "24/7 unknown"])
def test_hours_that_are_not_known_have_no_stretches(hours: str) -> None:
    assert open_stretches(hours, BACK, BACK + timedelta(days=3)) == ()
