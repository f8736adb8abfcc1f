"""Counts of final quarters: of forgotten referrals and of those that are still there, and of no others."""

from datetime import UTC, datetime

import pytest

from directory.common.errors import InvalidInputError, RefusedError
from directory.referrals.models import ReferralCount
from directory.referrals.statistics import (
    days_of,
    final_counts,
    is_final,
    quarter_of_month,
    quarters_counted,
    referral_counts,
)
from tests.referrals.world import World

LATER = datetime(2027, 2, 1, 12, 0, tzinfo=UTC)


def test_what_is_still_there_counts_as_what_is_forgotten(world: World) -> None:
    first, second = world.place(), world.place()
    reference = world.sent(first)
    world.advance(minutes=16)
    world.accept(reference, first.staff)
    world.session.add_all(
        ReferralCount(month=month, service_id=place.service.id, measure="asked", count=4)
        for month in ("2026-10", "2027-01")
        for place in (first, second)
    )
    world.session.commit()

    counted = final_counts(world.session, ["2026-Q4", "2026-Q3"], LATER)

    everything = {
        (service_id, measure): count
        for (month, service_id, measure), count in referral_counts(world.session).items()
        if month == "2026-11"
    }
    asked = (first.service.id, "asked")
    assert counted["2026-Q3"] == {}
    assert counted["2026-Q4"] == everything | {asked: 5, (second.service.id, "asked"): 4}
    of_one = final_counts(world.session, ["2026-Q4"], LATER, [first.service.id])["2026-Q4"]
    assert of_one == everything | {asked: 5}
    assert final_counts(world.session, [], LATER) == {}
    # Nine were asked in the last quarter of 2026, and the first of 2027 is not over.
    assert quarters_counted(world.session, LATER) == ("2026-Q4",)
    assert quarters_counted(world.session, world.now) == ()


def test_quarters_are_whole_and_final() -> None:
    assert [quarter_of_month(month) for month in ("2026-01", "2026-03", "2026-10", "2026-12")] == [
        *("2026-Q1", "2026-Q1", "2026-Q4", "2026-Q4")
    ]
    first, end = days_of("2026-Q4")
    assert (f"{first}", f"{end}") == ("2026-10-01", "2027-01-01")
    assert not is_final("2026-Q4", datetime(2027, 1, 28, 23, 59, tzinfo=UTC))
    assert is_final("2026-Q4", datetime(2027, 1, 29, 0, 0, tzinfo=UTC))
    with pytest.raises(InvalidInputError):
        is_final("2026-11", LATER)


def test_what_is_not_final_does_not_leave(world: World) -> None:
    with pytest.raises(RefusedError, match="29 January 2027"):
        final_counts(world.session, ["2026-Q4"], world.now)
