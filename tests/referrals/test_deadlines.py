"""By when a service has to answer: checked against somebody who looks at the door all the time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from directory.catalogue.hours import is_open
from directory.common.clock import LONDON, london_date
from directory.referrals.deadlines import (
    LONGEST,
    OFFICE_HOURS,
    half_time,
    minutes_open_between,
    response_deadline,
)

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
# All hours below begin and end on a quarter, so asking once in each is as good as asking every minute, and quicker.
QUARTER = timedelta(minutes=15)
HOURS = (
    "24/7",
    "Mo-Su 00:00-24:00",
    OFFICE_HOURS,
    "Mo-Fr 09:30-16:30; We 09:30-20:00; PH off",
    "Mo-Fr 17:30-08:30; Sa,Su,PH 00:00-24:00",
    "Su 01:15-05:00",
    "Mo-Su 20:00-01:30",
    "Sa 10:00-15:00",
    'Mo-Fr 09:00-12:00 "ring", 12:00-17:00 unknown',
    "Mo-Fr 09:00-17:00; 2026 Oct 10-2026 Nov 10 off",
    "Mo-Fr 09:00-17:00; 2026 Dec 24-2027 Jan 03 off",
    "Dec 20 09:00-17:00",
    "2020 Mo-Fr 09:00-17:00",
    "PH 10:00-12:00",
    "24/7 unknown",
    "off",
    "nonsense",
    "",
)
# Around both changes of the clocks, Easter, Christmas and New Year; seconds as they come.
NEAR = [
    datetime.fromisoformat(f"{day}T00:00Z")
    for day in ("2026-03-27", "2026-10-23", "2026-04-02", "2026-12-22", "2026-08-27")
]
INSTANTS = st.builds(
    lambda day, seconds: day + timedelta(seconds=seconds),
    st.sampled_from(NEAR),
    st.integers(0, 6 * 86_400),
)
# Looking at the door all the time takes its time.
unhurried = settings(deadline=None, max_examples=60)
TARGETS = st.one_of(st.integers(1, 600), st.sampled_from((720, 1440, 2880, 4320)))


def _at(text: str) -> datetime:
    """An instant by London's clocks."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def _deadline(sent_at: datetime, hours: str, target: int | None = None) -> datetime:
    return response_deadline(sent_at, is_refuge=False, target_minutes=target, hours=hours)


def _quarter(instant: datetime) -> datetime:
    return instant.replace(minute=instant.minute // 15 * 15, second=0, microsecond=0)


class Reference:
    """What counts, quarter by quarter of an hour, as somebody with a wall clock and a calendar would find out."""

    def __init__(self, hours: str, start: datetime, end: datetime) -> None:
        first, last = _quarter(start), _quarter(end)
        # How long a closure at an edge really is, one has to go and see.
        while start - first < LONGEST + QUARTER and not is_open(hours, first):
            first -= QUARTER
        while last - end < LONGEST + QUARTER and not is_open(hours, last):
            last += QUARTER
        self.start = first
        instants = [first + number * QUARTER for number in range((last - first) // QUARTER + 1)]
        self.counts = [bool(is_open(hours, instant)) for instant in instants]
        closed_since = 0
        for number, is_own in enumerate([*self.counts, True]):
            if is_own:
                if (number - closed_since) * QUARTER >= LONGEST:
                    for one in range(closed_since, number):
                        self.counts[one] = bool(is_open(OFFICE_HOURS, instants[one]))
                closed_since = number + 1

    def on_days_with_hours(self, start: datetime, end: datetime) -> timedelta:
        """How much of the time between `start` and `end` is of London days on which anything counts."""
        instants = [self.start + number * QUARTER for number in range(len(self.counts))]
        days = {london_date(one) for one, counts in zip(instants, self.counts, strict=True) if counts}
        minutes = (start + number * MINUTE for number in range((end - start) // MINUTE))
        return sum(london_date(one) in days for one in minutes) * MINUTE

    def counted(self, start: datetime, end: datetime) -> timedelta:
        """How much of the time between `start` and `end` counts."""
        first, last = (start - self.start) // QUARTER, (end - self.start) // QUARTER
        whole = sum(self.counts[first:last]) * QUARTER
        before = (start - self.start) % QUARTER * self.counts[first]
        behind = (end - self.start) % QUARTER * self.counts[last]
        return whole - before + behind


@unhurried
@given(INSTANTS, st.sampled_from(HOURS), TARGETS)
@example(_at("2026-10-25T00:30"), "Mo-Su 20:00-01:30", 45)
@example(_at("2026-10-25T00:30"), "24/7", 120)
@example(_at("2026-03-29T00:30"), "Su 01:15-05:00", 45)
@example(_at("2026-10-09T16:00"), "Mo-Fr 09:00-17:00; 2026 Oct 10-2026 Nov 10 off", 480)
def test_what_counts_until_the_deadline_is_the_target(sent_at: datetime, hours: str, target: int) -> None:
    deadline = _deadline(sent_at, hours, target)
    reference = Reference(hours, sent_at, deadline)
    counted = reference.counted(sent_at, deadline)

    assert sent_at < deadline <= sent_at + LONGEST
    assert minutes_open_between(sent_at, deadline, hours=hours) == counted // MINUTE
    on_its_days = Reference(hours, sent_at - DAY, deadline + DAY).on_days_with_hours(sent_at, deadline)
    if deadline < sent_at + LONGEST and on_its_days < max(target * MINUTE, DAY) - 2 * MINUTE:  # it counts whole minutes
        assert counted == target * MINUTE
        # The earliest such instant: the moment before it, a person could still have answered in time.
        assert reference.counted(sent_at, deadline - timedelta(seconds=1)) < counted
    else:
        assert counted <= target * MINUTE


@unhurried
@given(INSTANTS, st.sampled_from(HOURS), TARGETS)
def test_half_time_leaves_as_much_as_has_gone(sent_at: datetime, hours: str, target: int) -> None:
    deadline = _deadline(sent_at, hours, target)
    half = half_time(sent_at, deadline, is_refuge=False, hours=hours)
    reference = Reference(hours, sent_at, deadline)

    assert sent_at < half < deadline
    assert reference.counted(sent_at, half) == reference.counted(half, deadline)


@unhurried
@given(
    INSTANTS,
    st.timedeltas(timedelta(0), timedelta(days=40)),
    st.sampled_from(HOURS),
    TARGETS,
    TARGETS,
    st.booleans(),
)
@example(_at("2026-10-09T16:59"), timedelta(hours=1), "Mo-Fr 09:00-17:00; 2026 Oct 10-2026 Nov 10 off", 480, 480, False)
def test_later_or_more_is_never_earlier(
    sent_at: datetime, later: timedelta, hours: str, target: int, other: int, is_refuge: bool
) -> None:
    less, more = sorted((target, other))

    first = response_deadline(sent_at, is_refuge=is_refuge, target_minutes=less, hours=hours)

    assert first <= response_deadline(sent_at + later, is_refuge=is_refuge, target_minutes=less, hours=hours)
    assert first <= response_deadline(sent_at, is_refuge=is_refuge, target_minutes=more, hours=hours)


@unhurried
@given(INSTANTS, st.sampled_from(("24/7", "Mo-Su 00:00-24:00")), st.integers(1, 4320))
def test_round_the_clock_is_plain_addition(sent_at: datetime, hours: str, target: int) -> None:
    assert _deadline(sent_at, hours, target) == sent_at + target * MINUTE
    assert minutes_open_between(sent_at, sent_at + target * MINUTE, hours=hours) == target


@pytest.mark.parametrize(
    ("sent_at", "hours", "target", "deadline"),
    [
        ("2026-11-23T09:00", OFFICE_HOURS, None, "2026-11-23T17:00"),
        ("2026-11-20T18:00", OFFICE_HOURS, 60, "2026-11-23T10:00"),
        ("2026-11-22T02:00", "", None, "2026-11-23T17:00"),
        ("2026-11-23T09:30", OFFICE_HOURS, 1440, "2026-11-24T09:30"),  # a day is a working day
        ("2026-11-20T15:00", OFFICE_HOURS, 2880, "2026-11-24T15:00"),  # two, over a weekend
        ("2026-11-20T18:00", OFFICE_HOURS, 1440, "2026-11-24T00:00"),  # sent after hours: all of Monday
        ("2026-12-24T16:00", "", 120, "2026-12-29T10:00"),  # Christmas, a weekend, Boxing Day's substitute
        ("2026-04-02T16:00", OFFICE_HOURS, 120, "2026-04-07T10:00"),  # Good Friday to Easter Monday
        ("2026-12-24T16:00", "Mo-Fr 09:00-17:00", 120, "2026-12-25T10:00"),  # says nothing of holidays, so is open
        ("2026-11-23T12:00", "Sa 10:00-15:00", 4320, "2026-12-07T12:00"),  # two weeks, and not a day more
        ("2026-10-24T20:00", "24/7", 480, "2026-10-25T03:00"),  # the night has an hour more
        ("2026-03-28T20:00", "24/7", 480, "2026-03-29T05:00"),  # and here one less
        ("2026-10-23T16:00", OFFICE_HOURS, 120, "2026-10-26T10:00"),  # the clocks change between the two
        ("2026-11-23T08:00", "off", 60, "2026-11-23T10:00"),
    ],
)
def test_days_as_people_live_them(sent_at: str, hours: str, target: int | None, deadline: str) -> None:
    assert _deadline(_at(sent_at), hours, target) == _at(deadline)


@pytest.mark.parametrize(("target", "minutes"), [(None, 60), (45, 45), (120, 120), (1440, 240)])
def test_a_refuge_is_asked_for_tonight(now: datetime, target: int | None, minutes: int) -> None:
    deadline = response_deadline(now, is_refuge=True, target_minutes=target, hours=OFFICE_HOURS)

    assert deadline == now + minutes * MINUTE
    assert half_time(now, deadline, is_refuge=True, hours=OFFICE_HOURS) == now + minutes * MINUTE / 2


def test_where_nothing_counts_half_time_is_the_end(now: datetime) -> None:
    assert half_time(now, now + MINUTE, is_refuge=False, hours=OFFICE_HOURS) == now + MINUTE


def test_what_makes_no_deadline_is_refused(now: datetime) -> None:
    with pytest.raises(ValueError, match="0 minutes"):
        _deadline(now, "24/7", 0)
    with pytest.raises(ValueError, match="time zone"):
        _deadline(now.replace(tzinfo=None), "24/7")


def test_an_instant_of_any_zone_gives_utc(now: datetime) -> None:
    assert _deadline(now.astimezone(LONDON), "24/7", 60).tzinfo is UTC
