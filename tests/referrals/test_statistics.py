"""Counting referrals: the sums are true, and stay when referrals are forgotten."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from directory.common.errors import InvalidInputError, RefusedError
from directory.referrals.models import Referral, ReferralCount, ReferralMove, ReferralStep
from directory.referrals.statistics import (
    FEWEST_FOR_SHARES,
    contributions,
    published_shares,
    referral_counts,
)
from directory.referrals.vocabulary import DeclinedBy, DeclineReason, Party, ReferralState, StepState
from tests import factories
from tests.referrals.world import World

S = ReferralState
FINAL = datetime(2027, 1, 29, 0, 0, tzinfo=UTC)
MONTHS = ("2026-10", "2026-11", "2026-12")


def store(session: Session, *rows: tuple[str, str, str, int]) -> None:
    """Counts as they are kept of referrals that are forgotten."""
    session.add_all(
        ReferralCount(month=month, service_id=service, measure=measure, count=count)
        for month, service, measure, count in rows
    )
    session.commit()


def test_a_referral_is_counted_where_and_when_it_was_asked(world: World) -> None:
    first, second = world.place(), world.place()
    reference = world.sent(first, second)
    world.advance(minutes=16)
    world.decline(reference, first.staff, DeclinedBy.SURVIVOR, DeclineReason.TOO_NEAR)
    world.next(reference)
    world.advance(minutes=10)
    world.accept(reference, second.staff)
    world.arrival(reference, second.staff)

    measures = {
        first.service.id: ("asked", "answered.30", "answered_in_time", "declined.survivor.too_near", "code_met"),
        second.service.id: ("asked", "answered.15", "answered_in_time", "accepted", "arrived"),
    }
    assert referral_counts(world.session) == {
        ("2026-11", service_id, measure): 1 for service_id, words in measures.items() for measure in words
    }


def test_a_draft_that_was_never_sent_counts_for_nothing(world: World) -> None:
    reference = world.draft(world.place())
    world.withdraw(reference)

    assert referral_counts(world.session) == Counter()


def test_who_sends_after_two_working_days_has_missed_the_code(world: World) -> None:
    place = world.place(units=2)
    world.sent(place.option_of(0), reported_on=world.now.date() - timedelta(days=5))

    measures = {key[2] for key in referral_counts(world.session)}

    assert measures == {"asked", "code_missed"}


def test_what_is_forgotten_and_what_is_there_are_added(world: World) -> None:
    place = world.place()
    store(world.session, ("2026-11", place.service.id, "asked", 7))
    world.sent(place)

    assert referral_counts(world.session)["2026-11", place.service.id, "asked"] == 8


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["accepted", "declined", "expired", "waiting"]),
        st.integers(0, 3_000),
        st.sampled_from(DeclineReason),
    ),
    max_size=5,
)


@given(STEPS, st.sampled_from(S))
def test_every_time_that_a_service_was_asked_is_counted_once(
    steps: list[tuple[str, int, DeclineReason]], state: ReferralState
) -> None:
    """Whatever became of it: an answer is in one band, is a yes or a no, and is in time or not."""
    sent = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
    referral = Referral(
        state=state,
        sent_at=sent if steps else None,
        reported_on=sent.date(),
        moves=[ReferralMove(state_after=state, moved_by=Party.SYSTEM)],
        steps=[
            ReferralStep(
                service_id=f"service-{number}",
                state=StepState(word),
                sent_at=sent,
                deadline=sent + timedelta(minutes=60),
                answered_at=sent + timedelta(minutes=minutes) if word in ("accepted", "declined") else None,
                declined_by=DeclinedBy.PROVIDER if word == "declined" else None,
                decline_reason=reason if word == "declined" else None,
            )
            for number, (word, minutes, reason) in enumerate(steps)
        ],
    )

    counted = Counter[str]()
    for (_, _, measure), count in contributions(referral).items():
        counted[measure.partition(".")[0]] += count

    words = Counter(word for word, _, _ in steps)
    assert counted["asked"] == len(steps)
    assert (counted["accepted"], counted["declined"]) == (words["accepted"], words["declined"])
    assert counted["answered"] == words["accepted"] + words["declined"]
    assert counted["unanswered"] == words["expired"]
    assert counted["answered_in_time"] == sum(
        minutes <= 60 for word, minutes, _ in steps if word in ("accepted", "declined")
    )
    assert counted["code_met"] + counted["code_missed"] == bool(steps)


# What leaves.


@pytest.fixture
def houses(session: Session) -> list[str]:
    """Three services."""
    return [factories.service(session, id=name).id for name in ("marigold", "rowan", "saffron")]


def test_shares_are_whole_steps_of_many(session: Session, houses: list[str]) -> None:
    for count, expected in ((FEWEST_FOR_SHARES - 1, {}), (1, {"code_met": 100})):
        store(session, (MONTHS[count % 3], houses[0], "code_met", count))
        assert published_shares(session, "2026-Q4", FINAL) == expected
    store(
        session,
        (MONTHS[0], houses[0], "answered.15", 62),
        (MONTHS[0], houses[0], "answered.120", 38),
        (MONTHS[0], houses[0], "answered.more", 1),
        (MONTHS[0], houses[0], "answered_in_time", 93),
    )

    shares = published_shares(session, "2026-Q4", FINAL)

    assert (shares["answered_within.15"], shares["answered_within.60"], shares["answered_within.240"]) == (60, 60, 100)
    assert shares["answered_in_time"] == 90
    assert "arrived" not in shares


def test_a_quarter_leaves_once_it_is_final(session: Session) -> None:
    with pytest.raises(RefusedError, match="29 January 2027"):
        published_shares(session, "2026-Q4", FINAL - timedelta(seconds=1))
    assert published_shares(session, "2026-Q4", FINAL) == {}


@pytest.mark.parametrize("quarter", ["2026-11", "2026-Q5", "2026", "", "2026-Q4 "])
def test_only_whole_quarters_leave(session: Session, quarter: str) -> None:
    with pytest.raises(InvalidInputError, match="quarter"):
        published_shares(session, quarter, FINAL)


def test_nothing_of_a_final_quarter_is_still_open(world: World, new_session: Callable[[], Session]) -> None:
    """The slowest history there is, asked on the quarter's last day, is over when its figures may leave."""
    world.now = datetime(2026, 12, 31, 23, 59, tzinfo=UTC)
    slow = world.place(units=0, hours="Mo 09:00-09:01", response_target_minutes=5_000)
    reference = world.sent(slow)
    due = world.referral(reference).due_at
    assert due is not None
    world.now = due - timedelta(minutes=1)
    world.accept(reference, slow.staff)

    world.now = FINAL
    world.run_due(new_session)

    assert world.state(reference) is S.CLOSED
