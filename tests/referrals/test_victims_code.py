"""The Victims' Code: two working days from the report to the referral."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.common.clock import LONDON, london_date
from directory.common.working_days import is_working_day, working_day_after
from directory.referrals.victims_code import ClockState, clock_of, code_deadline

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("reported_on", "last_day"),
    [
        ("2026-11-23", "2026-11-25"),  # Monday
        ("2026-11-20", "2026-11-24"),  # Friday: the weekend is not counted
        ("2026-11-22", "2026-11-24"),  # Sunday
        ("2026-12-24", "2026-12-30"),  # Christmas Day, the weekend, Boxing Day's substitute on Monday
        ("2026-12-31", "2027-01-05"),  # New Year's Day is a Friday
        ("2026-04-02", "2026-04-08"),  # Good Friday and Easter Monday
        ("2026-08-28", "2026-09-02"),  # England's August bank holiday, which Scotland has not
        ("2026-03-16", "2026-03-18"),  # St Patrick's Day is a holiday in Northern Ireland alone
        ("2022-06-01", "2022-06-07"),  # the jubilee, one of the days that were given once
    ],
)
def test_the_second_working_day_ends_at_midnight_in_london(reported_on: str, last_day: str) -> None:
    deadline = code_deadline(date.fromisoformat(reported_on))

    local = deadline.astimezone(LONDON)
    assert (local.hour, local.minute, deadline.tzinfo) == (0, 0, UTC)
    assert london_date(deadline - SECOND) == date.fromisoformat(last_day)


def test_midnight_is_london_s_in_summer_too() -> None:
    assert code_deadline(date(2026, 7, 6)) == datetime(2026, 7, 8, 23, 0, tzinfo=UTC)
    # Reported on the Thursday before the clocks go back, due at the end of the Monday after.
    assert code_deadline(date(2026, 10, 22)) == datetime(2026, 10, 27, 0, 0, tzinfo=UTC)


@given(st.dates(date(2015, 1, 1), date(2040, 12, 31)))
def test_two_working_days_lie_between(reported_on: date) -> None:
    last = london_date(code_deadline(reported_on) - SECOND)

    between = [reported_on + timedelta(days=number) for number in range(1, (last - reported_on).days + 1)]
    assert is_working_day(last)
    assert [is_working_day(day) for day in between].count(True) == 2


def test_the_clock_in_words() -> None:
    sunday, deadline = date(2026, 11, 22), datetime(2026, 11, 25, tzinfo=UTC)
    soon, late = deadline - SECOND, deadline

    assert [
        (clock.state, clock.text)
        for clock in (
            clock_of(sunday, None, soon),
            clock_of(sunday, None, late),
            clock_of(sunday, soon, late),
            clock_of(sunday, late, late),
        )
    ] == [
        (ClockState.RUNNING, "To be sent by Tuesday 24 November, midnight"),
        (ClockState.MISSED, "Two working days passed on Tuesday 24 November"),
        (ClockState.MET, "Sent within two working days of the report"),
        (ClockState.MISSED, "Sent late: two working days passed on Tuesday 24 November"),
    ]
    assert clock_of(sunday, None, soon).deadline == deadline


def test_there_is_no_working_day_number_nought() -> None:
    with pytest.raises(ValueError, match="no 0th"):
        working_day_after(date(2026, 11, 23), 0)
