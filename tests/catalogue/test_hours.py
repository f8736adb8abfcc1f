"""Whether a service is open, and when it opens next."""

from datetime import UTC, datetime, timedelta

import pytest

from directory.catalogue.hours import state_now, week_of
from directory.common.clock import LONDON

SUNDAY_2AM = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
OFFICE = "Mo-Fr 09:00-17:00; PH off"


def _at(text: str) -> datetime:
    """An instant by London's clocks."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


@pytest.mark.parametrize(
    ("hours", "moment", "is_open", "text"),
    [
        ("24/7", "2026-11-22T02:00", True, "Open 24 hours a day"),
        ("Mo-Su 00:00-24:00", "2026-11-22T02:00", True, "Open 24 hours a day"),
        ("", "2026-11-22T02:00", None, "Hours not known: phone them"),
        ("nonsense", "2026-11-22T02:00", None, "Hours not known: phone them"),
        ("24/7 unknown", "2026-11-22T02:00", None, "Hours not known: phone them"),
        (OFFICE, "2026-11-22T02:00", False, "Opens Monday at 9am"),
        (OFFICE, "2026-11-23T08:59", False, "Opens at 9am"),
        (OFFICE, "2026-11-23T09:00", True, "Open now until 5pm"),
        (OFFICE, "2026-11-23T16:59", True, "Open now until 5pm"),
        (OFFICE, "2026-11-23T17:00", False, "Opens Tuesday at 9am"),
        ("Mo-Su 20:00-08:00", "2026-11-22T02:00", True, "Open now until 8am"),
        ("Mo-Su 20:00-08:00", "2026-11-22T21:00", True, "Open now until 8am"),
        ("Su 00:00-24:00", "2026-11-22T02:00", True, "Open now until midnight"),
        ("Fr 18:00-24:00; Sa,Su 00:00-24:00", "2026-11-27T19:00", True, "Open now until Sunday at midnight"),
        ("Mo-Su 09:00-12:00", "2026-11-22T10:00", True, "Open now until midday"),
        ("Mo-Su 09:00-12:30", "2026-11-22T10:00", True, "Open now until 12:30pm"),
        ("Dec 20 09:00-17:00", "2026-11-22T02:00", False, "Opens on 20 December at 9am"),
        ("Mo 09:00-17:00", "2026-11-23T18:00", False, "Opens on 30 November at 9am"),
        ("2020 Mo-Fr 09:00-17:00", "2026-11-22T02:00", False, "Closed until further notice"),
        ('Mo-Su 10:00-12:00 "a", 12:00-14:00 "b"', "2026-11-22T11:00", True, "Open now until 2pm"),
        ("24/7; Dec 25 off", "2026-11-22T02:00", True, "Open now until 24 December at midnight"),
    ],
)
def test_state_in_words(hours: str, moment: str, is_open: bool | None, text: str) -> None:
    state = state_now(hours, _at(moment))

    assert (state.open, state.text) == (is_open, text)


@pytest.mark.parametrize(
    ("holiday", "reopens"),
    [
        ("2027-01-01", "Opens Monday at 9am"),  # New Year's Day: a Friday
        ("2026-04-06", "Opens Tuesday at 9am"),  # Easter Monday
        ("2026-08-31", "Opens Tuesday at 9am"),  # the August bank holiday
        ("2026-12-25", "Opens Tuesday at 9am"),  # Christmas, a weekend, and Boxing Day's substitute
        ("2031-04-14", "Opens Tuesday at 9am"),  # Easter Monday, some years on
    ],
)
def test_england_s_public_holidays_are_kept(holiday: str, reopens: str) -> None:
    # The library by itself knows only the days that all four nations share, and none of the first three.
    assert state_now(OFFICE, _at(f"{holiday}T10:00")).text == reopens


def test_scotland_s_holidays_are_not() -> None:
    assert state_now(OFFICE, _at("2026-11-30T10:00")).open  # St Andrew's Day


@pytest.mark.parametrize(
    ("hours", "moment", "is_open"),
    [
        ("Sa,Su,PH 10:00-16:00", "2027-01-01T11:00", True),
        ("Mo-Fr 17:30-08:30; Sa,Su,PH 00:00-24:00", "2027-01-01T12:00", True),
        ("Mo-Fr 17:30-08:30; Sa,Su,PH 00:00-24:00", "2026-11-23T12:00", False),
        ("24/7; PH off", "2027-01-01T12:00", False),
        ("PH 10:00-12:00", "2027-01-01T11:00", True),
        ("PH off; Mo-Fr 09:00-17:00", "2027-01-01T11:00", True),  # as the syntax has it, the later rule wins
        ("PH", "2027-01-02T11:00", False),
    ],
)
def test_rules_for_holidays_of_every_shape(hours: str, moment: str, is_open: bool) -> None:
    assert state_now(hours, _at(moment)).open is is_open


def test_clocks_that_change_do_not_matter() -> None:
    # In the night of 25 October 2026 London's clocks go back from 2am to 1am.
    before = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    hours = "Mo-Su 22:00-09:00"

    for minutes in range(0, 240, 30):
        assert state_now(hours, before + timedelta(minutes=minutes)).text == "Open now until 9am"
    assert state_now("Mo-Su 09:00-17:00", before).text == "Opens at 9am"


def test_the_week_begins_today_and_keeps_holidays() -> None:
    week = week_of(OFFICE, _at("2026-12-24T18:00"))

    assert [(day.day, day.text) for day in week] == [
        ("Thursday 24 December", "9am to 5pm"),
        ("Friday 25 December", "Closed"),
        ("Saturday 26 December", "Closed"),
        ("Sunday 27 December", "Closed"),
        ("Monday 28 December", "Closed"),
        ("Tuesday 29 December", "9am to 5pm"),
        ("Wednesday 30 December", "9am to 5pm"),
    ]


def test_a_night_is_told_of_the_day_it_begins() -> None:
    week = week_of("Mo,We 20:00-04:00", SUNDAY_2AM)

    assert [day.text for day in week] == ["Closed", "8pm to 4am", "Closed", "8pm to 4am", "Closed", "Closed", "Closed"]


def test_a_weekend_is_told_of_each_of_its_days() -> None:
    week = week_of("Mo-Fr 17:30-08:30; Sa,Su 00:00-24:00", SUNDAY_2AM)

    assert [day.text for day in week] == [
        "All day",
        *["5:30pm to 8:30am"] * 4,
        "5:30pm to midnight",
        "All day",
    ]


@pytest.mark.parametrize(("hours", "text"), [("24/7", "All day"), ("Mo-Su 09:00-21:00", "9am to 9pm")])
def test_seven_days_alike_are_one(hours: str, text: str) -> None:
    assert [(day.day, day.text) for day in week_of(hours, SUNDAY_2AM)] == [("Every day", text)]


@pytest.mark.parametrize("hours", ["", "nonsense", "24/7 unknown"])
def test_hours_that_are_not_known_make_no_week(hours: str) -> None:
    assert week_of(hours, SUNDAY_2AM) == ()
