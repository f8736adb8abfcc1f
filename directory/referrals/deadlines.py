"""By when a service has to answer a referral: pure arithmetic on instants, no database.

Two kinds of time. A refuge is asked for tonight, so its minutes run round the clock. Every other service is given the
minutes of its target *while it is open*: a counselling service that closes on Friday at five has not ignored a referral
that was sent at six.

Which minutes count depends on the service alone, never on when the referral was sent. That is why a deadline can only
move later when a referral is sent later or the target is longer.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from directory.catalogue.hours import open_stretches
from directory.common.clock import LONDON, london_date

# An hour is what refuges of the catalogue aim at most often, and what somebody can wait in a police station.
REFUGE_MINUTES = 60
# A unit is held for two hours and can be extended once: an answer that comes later finds it gone.
LONGEST_REFUGE_MINUTES = 240
# One working day from nine to five. The police have two to refer (Victims' Code, right 4), so one answer fits in, and
# when it is a no there is still a day for the next service.
SERVICE_MINUTES = 480
# Nobody is left waiting longer than this, whatever the target and the hours.
LONGEST = timedelta(days=14)
# For services whose hours nobody knows, and for closures that are too long to wait for.
OFFICE_HOURS = "Mo-Fr 09:00-17:00; PH off"

DAY = timedelta(days=1)
Stretch = tuple[datetime, datetime]


def response_deadline(sent_at: datetime, *, is_refuge: bool, target_minutes: int | None, hours: str) -> datetime:
    """The instant (UTC) by which a service has to answer a referral that was sent at the instant `sent_at`.

    A refuge: `target_minutes` (60 where it has none, at most 240) by the clock. Another service: `target_minutes` (480
    where it has none) of the time that counts (see `minutes_open_between`), but no more days on which it opens than the
    target has, begun ones by the clock, and at most 14 days.

    Raises ValueError when `sent_at` is naive or the target is less than one minute.
    """
    sent_at = _in_utc(sent_at)
    if target_minutes is not None and target_minutes < 1:
        raise ValueError(f"A target of {target_minutes} minutes leaves no time to answer.")
    if is_refuge:
        return sent_at + timedelta(minutes=min(target_minutes or REFUGE_MINUTES, LONGEST_REFUGE_MINUTES))
    latest = sent_at + LONGEST
    target = timedelta(minutes=target_minutes or SERVICE_MINUTES)
    counted = _counted(hours, sent_at, latest)
    by_hours = _reached(target, counted) or latest
    # "Within a day" is said of a working day, not of 24 hours behind an open door.
    by_days = _reached(max(target, DAY), _days_of(counted, sent_at)) or latest
    return min(by_hours, by_days)


def half_time(sent_at: datetime, deadline: datetime, *, is_refuge: bool, hours: str) -> datetime:
    """The instant (UTC) when half of the time that counts between `sent_at` and `deadline` has gone: time for a nudge.

    Where nothing counts between them, the deadline itself. Raises ValueError when an instant is naive.
    """
    sent_at, deadline = _in_utc(sent_at), _in_utc(deadline)
    if is_refuge:
        return sent_at + (deadline - sent_at) / 2
    stretches = _counted(hours, sent_at, deadline)
    return _reached(_length(stretches) / 2, stretches) or deadline


def minutes_open_between(start: datetime, end: datetime, *, hours: str) -> int:
    """How many whole minutes between two instants count for a service with these `hours`.

    Those in which it is open by London's clocks. In a closure of 14 days or more (and so for a service that never
    opens, or whose hours are not known) those of an English office: a referral must not lie until a service is back.
    Raises ValueError when an instant is naive.
    """
    return _length(_counted(hours, _in_utc(start), _in_utc(end))) // timedelta(minutes=1)


def _counted(hours: str, start: datetime, end: datetime) -> list[Stretch]:
    """The stretches between `start` and `end` that count, in order.

    Looking a longest closure further to both sides tells how long the closures at the edges really are.
    """
    first, last = start - LONGEST, end + LONGEST
    counted: list[Stretch] = []
    closed_since = first
    for opens, closes in (*open_stretches(hours, first, last), (last, last)):
        if opens - closed_since >= LONGEST:
            counted += open_stretches(OFFICE_HOURS, closed_since, opens)
        counted.append((opens, closes))
        closed_since = closes
    clipped = ((max(opens, start), min(closes, end)) for opens, closes in counted)
    return [stretch for stretch in clipped if stretch[0] < stretch[1]]


def _days_of(stretches: Iterable[Stretch], start: datetime) -> list[Stretch]:
    """The London days, from midnight to midnight, that `stretches` touch; what is before `start` is left out."""
    days = dict.fromkeys(
        london_date(opens) + number * DAY
        for opens, closes in stretches
        for number in range((london_date(closes - timedelta(microseconds=1)) - london_date(opens)).days + 1)
    )
    whole = ((_midnight(day), _midnight(day + DAY)) for day in sorted(days))
    return [(max(opens, start), closes) for opens, closes in whole if closes > start]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


def _reached(length: timedelta, stretches: Iterable[Stretch]) -> datetime | None:
    """When `length` of `stretches` has gone; None when they are shorter or there are none."""
    for opens, closes in stretches:
        if length <= closes - opens:
            return opens + length
        length -= closes - opens
    return None


def _length(stretches: Iterable[Stretch]) -> timedelta:
    return sum((closes - opens for opens, closes in stretches), timedelta())


def _in_utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("An instant needs a time zone: a naive datetime was given.")
    return instant.astimezone(UTC)
