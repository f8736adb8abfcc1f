"""One service after another: plans, deadlines, replaced units, moving on, and who is told what."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.capacity.holds.making import HoldTerms, hold_unit
from directory.capacity.holds.models import Hold, HoldOutcome
from directory.capacity.models import RingFence, Unit, UnitState
from directory.capacity.updates import set_unit_state
from directory.catalogue.vocabulary import ListingStatus
from directory.common.errors import InvalidInputError, NotAllowedError
from directory.messaging.models import OutboxMessage
from directory.referrals import privacy
from directory.referrals.deadlines import half_time, response_deadline
from directory.referrals.referring import Option
from directory.referrals.routing import NobodyToAskError
from directory.referrals.turns import ARRIVAL_GRACE, REFUGE_ARRIVAL
from directory.referrals.vocabulary import ChildBand, ReferralState, StepState
from tests import factories
from tests.factories import HACKNEY, SOUTHWARK
from tests.referrals.world import Place, World, actor_of

S = ReferralState
NewSession = Callable[[], Session]
TERMS = HoldTerms(timedelta(hours=2), 9)
NO = UnitState.CLOSED


def states(world: World, reference: str) -> list[StepState]:
    return [step.state for step in world.referral(reference).steps]


def taken(world: World, unit: Unit) -> None:
    """Another officer holds the unit."""
    rival = actor_of(factories.user(world.session, "officer"))
    world.session.commit()
    world.act(lambda: hold_unit(world.session, unit.id, rival, "key", world.moment, TERMS))


def messages(world: World, kind: str = "") -> Counter[tuple[str, str]]:
    """What is in the outbox: kinds and addresses."""
    rows = world.session.execute(select(OutboxMessage.kind, OutboxMessage.address)).all()
    world.session.rollback()
    return Counter((row.kind, row.address) for row in rows if kind in ("", row.kind))


def address_of(world: World, place: Place) -> str:
    return world.session.get_one(User, place.staff.user_id).email


@pytest.fixture
def officer_address(world: World) -> str:
    return world.session.get_one(User, world.officer.user_id).email


def test_a_plan_of_five_is_asked_one_after_the_other(world: World) -> None:
    places = [world.place() for _ in range(5)]
    reference = world.sent(*places)

    for number, place in enumerate(places):
        assert states(world, reference) == [
            *[StepState.DECLINED] * number,
            StepState.WAITING,
            *[StepState.PLANNED] * (4 - number),
        ]
        world.decline(reference, place.staff)
        if number < 4:
            world.next(reference)

    with pytest.raises(NobodyToAskError):
        world.next(reference)
    assert world.state(reference) is S.DECLINED


@pytest.mark.parametrize("count", [0, 6])
def test_a_plan_has_one_to_five_services(world: World, count: int) -> None:
    places = [world.place() for _ in range(count)]

    with pytest.raises(InvalidInputError, match="plan"):
        world.draft(*places)


def test_a_plan_names_each_service_once_and_units_of_its_own(world: World) -> None:
    here, there = world.place(units=2), world.place()

    for plan in (
        [here.option_of(0), here.option_of(1)],
        [Option(here.service.id, there.units[0].id)],
        [Option("nowhere")],
        [Option(here.service.id, "no-unit")],
    ):
        with pytest.raises(InvalidInputError, match="plan"):
            world.draft(*plan)


def test_a_refuge_is_asked_with_its_unit_held_until_it_must_answer(world: World) -> None:
    place = world.place(response_target_minutes=45, hours="24/7")
    reference = world.sent(place)

    step = world.referral(reference).steps[0]
    hold = world.session.get_one(Hold, step.hold_id)

    due = response_deadline(world.now, is_refuge=True, target_minutes=45, hours="24/7")
    assert step.deadline == hold.expires_at == world.referral(reference).due_at == due
    assert step.half_time == half_time(world.now, due, is_refuge=True, hours="24/7")
    assert (hold.unit_id, hold.for_referral, hold.held_by) == (place.units[0].id, True, world.officer.user_id)


def test_a_service_that_is_closed_has_its_working_hours(world: World) -> None:
    place = world.place(units=0, hours="Mo-Fr 09:00-17:00", response_target_minutes=60)
    reference = world.sent(place)

    # It is two on a Sunday morning.
    assert world.referral(reference).due_at == datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def test_the_referrers_own_hold_becomes_the_referrals(world: World) -> None:
    place = world.place()
    hold = world.act(lambda: hold_unit(world.session, place.units[0].id, world.officer, "key", world.moment, TERMS))

    reference = world.sent(place)

    assert world.referral(reference).steps[0].hold_id == hold
    assert world.session.get_one(Hold, hold).for_referral


def test_a_yes_keeps_the_unit_until_she_should_have_arrived_and_ends_the_plan(world: World) -> None:
    first, second = world.place(), world.place()
    reference = world.sent(first, second)

    world.accept(reference, first.staff)

    step = world.referral(reference).steps[0]
    assert world.session.get_one(Hold, step.hold_id).expires_at == world.now + REFUGE_ARRIVAL + ARRIVAL_GRACE
    assert states(world, reference) == [StepState.ACCEPTED, StepState.ENDED]


@pytest.mark.parametrize(("arrived", "state"), [(True, UnitState.OCCUPIED), (False, UnitState.OPEN)])
def test_with_the_arrival_the_unit_is_occupied_or_open_again(world: World, arrived: bool, state: UnitState) -> None:
    place = world.place()
    reference = world.sent(place)
    hold = world.referral(reference).steps[0].hold_id
    world.accept(reference, place.staff)

    world.arrival(reference, place.staff, arrived=arrived)

    unit = world.session.get_one(Unit, place.units[0].id)
    assert unit.state is state
    ended = world.session.get_one(Hold, hold)
    assert (ended.unit_id, ended.outcome) == (None, HoldOutcome.PLACED if arrived else HoldOutcome.RELEASED)


def test_a_no_gives_the_unit_back_at_once(world: World) -> None:
    place = world.place()
    reference = world.sent(place)

    world.decline(reference, place.staff)

    taken(world, place.units[0])


def test_a_provider_cannot_take_a_unit_away_from_under_a_referral(world: World) -> None:
    place = world.place()
    reference = world.sent(place)

    for end_hold in (False, True):
        with pytest.raises(Exception, match="waits for your answer to a referral"):
            world.act(
                lambda end_hold=end_hold: set_unit_state(
                    world.session, place.units[0].id, NO, place.staff, world.now, end_hold=end_hold
                )
            )
    assert world.state(reference) is S.SENT


# Units that go before their turn.


def test_what_went_meanwhile_is_skipped(world: World) -> None:
    first, gone, closed, withdrawn, last = (world.place() for _ in range(5))
    reference = world.sent(first, gone, closed, withdrawn, last)
    taken(world, gone.units[0])
    world.act(lambda: set_unit_state(world.session, closed.units[0].id, NO, closed.staff, world.now))
    withdrawn.service.status = ListingStatus.WITHDRAWN
    world.session.commit()

    world.decline(reference, first.staff)
    world.next(reference)

    skipped = [StepState.SKIPPED] * 3
    assert states(world, reference) == [StepState.DECLINED, *skipped, StepState.WAITING]
    assert [step.unit_id for step in world.referral(reference).steps[:4]] == [None] * 4


def test_where_nobody_is_left_nothing_has_happened(world: World) -> None:
    first, second = world.place(), world.place()
    reference = world.sent(first, second)
    taken(world, second.units[0])
    world.decline(reference, first.staff)

    with pytest.raises(NobodyToAskError):
        world.next(reference)

    assert states(world, reference) == [StepState.DECLINED, StepState.PLANNED]


ALIKE: dict[str, Any] = {"bedspaces": 4, "max_adults": 2, "max_children": 3, "borough_code": HACKNEY}
REPLACEMENTS = {
    "alike": ({}, {}, True),
    "larger": ({}, {"bedspaces": 6, "max_children": 5}, True),
    "both ring-fenced": ({"ringfence": RingFence.NRPF}, {"ringfence": RingFence.NRPF}, True),
    "ring-fenced instead of ordinary": ({}, {"ringfence": RingFence.NRPF}, False),
    "ordinary instead of ring-fenced": ({"ringfence": RingFence.NRPF}, {}, False),
    "another borough": ({}, {"borough_code": SOUTHWARK}, False),
    "its service's borough": ({"borough_code": None}, {"borough_code": None}, True),
    "a borough that is not known": ({}, {"borough_code": None}, False),
    "keeps out more": ({}, {"not_from": [SOUTHWARK]}, False),
    "keeps out the same": ({"not_from": [SOUTHWARK]}, {"not_from": [SOUTHWARK]}, True),
    "keeps out fewer": ({"not_from": [SOUTHWARK]}, {}, True),
    "too few beds": ({}, {"bedspaces": 1}, False),
    "no adults": ({}, {"max_adults": 0}, False),
    "no children": ({}, {"max_children": 0}, False),
    "no boy of that age": ({}, {"boys_max_age": 14}, False),
    "boys of that age": ({}, {"boys_max_age": 15}, True),
    "occupied": ({}, {"state": UnitState.OCCUPIED}, False),
    "stale": ({}, {"confirmed_at": factories.capacity.CONFIRMED - timedelta(hours=73)}, False),
    "without the step-free entrance": ({"access_features": ["step-free"]}, {}, False),
    "with the step-free entrance": ({"access_features": ["step-free"]}, {"access_features": ["step-free"]}, True),
    "out of contract": ({}, {"active_until": factories.capacity.CONFIRMED.date()}, False),
}


@pytest.mark.parametrize(("planned", "other", "is_taken"), REPLACEMENTS.values(), ids=REPLACEMENTS)
def test_a_unit_that_went_is_replaced_by_one_like_it(
    world: World, planned: dict[str, Any], other: dict[str, Any], is_taken: bool
) -> None:
    place = world.place(unit=ALIKE | planned)
    spare = factories.unit(world.session, place.service, **ALIKE | other)
    # Of another service, and a better fit: never taken in its place.
    factories.unit(world.session, **ALIKE | planned | {"bedspaces": 2, "max_children": 1})
    taken(world, place.units[0])
    reference = world.draft(
        place, children=(ChildBand.BOY_11_15,), access_features=tuple(planned.get("access_features", ()))
    )

    if is_taken:
        world.send(reference)
        step = world.referral(reference).steps[0]
        assert (step.unit_id, world.session.get_one(Hold, step.hold_id).unit_id) == (spare.id, spare.id)
    else:
        with pytest.raises(NobodyToAskError):
            world.send(reference)
        assert world.state(reference) is S.DRAFT


def test_what_wastes_the_fewest_beds_is_taken_first(world: World) -> None:
    place = world.place(unit=ALIKE)
    large = factories.unit(world.session, place.service, **ALIKE | {"bedspaces": 9})
    small = factories.unit(world.session, place.service, **ALIKE | {"bedspaces": 2})
    taken(world, place.units[0])

    reference = world.sent(place)

    assert world.referral(reference).steps[0].unit_id == small.id != large.id


# Going on by itself, and consent.


def test_a_no_moves_on_by_itself_where_that_was_asked_for(world: World, officer_address: str) -> None:
    first, second = world.place(), world.place()
    reference = world.sent(first, second, moves_on=True)

    world.decline(reference, first.staff)

    assert states(world, reference) == [StepState.DECLINED, StepState.WAITING]
    assert world.state(reference) is S.SENT
    assert messages(world, "referral_moved_on") == {("referral_moved_on", officer_address): 1}
    assert messages(world, "referral_answered") == {}


def test_silence_moves_on_by_itself_when_the_job_runs(world: World, new_session: NewSession) -> None:
    first, second = world.place(), world.place()
    reference = world.sent(first, second, moves_on=True)

    world.advance(minutes=61)
    report = world.run_due(new_session)

    assert (report.settled, report.moved_on) == (1, 1)
    assert states(world, reference) == [StepState.EXPIRED, StepState.WAITING]
    assert world.referral(reference).steps[1].deadline == world.now + timedelta(minutes=60)


def test_where_nobody_is_left_to_move_on_to_it_is_the_referrers_turn(world: World, officer_address: str) -> None:
    first, second = world.place(), world.place()
    reference = world.sent(first, second, moves_on=True)
    taken(world, second.units[0])

    world.decline(reference, first.staff)

    assert world.state(reference) is S.DECLINED
    assert states(world, reference) == [StepState.DECLINED, StepState.PLANNED]
    assert messages(world, "referral_moved_on") == {}
    assert messages(world, "referral_answered") == {("referral_answered", officer_address): 1}


def test_without_being_asked_nothing_moves_on(world: World, new_session: NewSession) -> None:
    first, second = world.place(), world.place()
    reference = world.sent(first, second)

    world.advance(minutes=61)
    world.run_due(new_session)

    assert states(world, reference) == [StepState.EXPIRED, StepState.PLANNED]


def test_nothing_moves_on_by_itself_without_consent_for_it(world: World) -> None:
    with pytest.raises(InvalidInputError, match="consent_covers_plan"):
        world.draft(world.place(), world.place(), moves_on=True, covers_plan=False)


def test_the_next_service_is_asked_once_she_has_agreed(world: World) -> None:
    first, second = world.place(), world.place()
    reference = world.sent(first, second, covers_plan=False)
    world.decline(reference, first.staff)
    world.advance(minutes=5)

    with pytest.raises(NotAllowedError, match="Ask her"):
        world.next(reference)
    assert states(world, reference) == [StepState.DECLINED, StepState.PLANNED]

    world.next(reference, agreed=True)
    assert states(world, reference) == [StepState.DECLINED, StepState.WAITING]
    assert world.referral(reference).consent_at == world.now


def test_other_services_can_be_chosen_after_the_first_no_of_a_full_plan(world: World) -> None:
    places = [world.place() for _ in range(5)]
    others = [world.place() for _ in range(5)]
    reference = world.sent(*places)
    world.decline(reference, places[0].staff)

    with pytest.raises(InvalidInputError, match="at most 5"):
        world.choose(reference, *others)
    world.choose(reference, *others[:4])

    asked = [step.service_id for step in world.referral(reference).steps]
    assert asked == [place.service.id for place in (places[0], *others[:4])]
    assert states(world, reference) == [StepState.DECLINED, StepState.WAITING, *[StepState.PLANNED] * 3]


def test_a_service_that_was_asked_before_sees_nothing_any_more(world: World) -> None:
    first, second = world.place(), world.place()
    reference = world.sent(first, second)
    seen = world.act(
        lambda: privacy.view_for_provider(world.session, world.keystore, reference, first.staff, world.now)
    )
    assert seen.contact is not None
    assert seen.content is not None

    world.decline(reference, first.staff)
    after = world.act(
        lambda: privacy.view_for_provider(world.session, world.keystore, reference, first.staff, world.now)
    )
    assert (after.contact, after.content, after.unit_name) == (None, None, None)


# Who is told what, and how often.


def test_a_service_is_reminded_once_at_half_time(world: World, new_session: NewSession) -> None:
    place = world.place(response_target_minutes=60)
    world.sent(place)

    world.advance(minutes=29)
    assert world.run_due(new_session).nudged == 0
    world.advance(minutes=1)
    assert [world.run_due(new_session).nudged for _ in range(3)] == [1, 0, 0]

    assert messages(world, "referral_nudge") == {("referral_nudge", address_of(world, place)): 1}


def test_at_the_deadline_the_second_contact_and_the_referrer_are_told_once(
    world: World, new_session: NewSession, officer_address: str
) -> None:
    place = world.place(referral_email="referrals@example.org")
    place.service.organisation.email = "office@example.org"
    world.session.commit()
    world.sent(place)

    world.advance(minutes=60)
    assert [world.run_due(new_session).escalated for _ in range(3)] == [1, 0, 0]

    assert messages(world) == {
        ("referral_received", "referrals@example.org"): 1,
        ("referral_unanswered_second", "office@example.org"): 1,
        ("referral_unanswered_referrer", officer_address): 1,
    }


def test_without_a_second_contact_the_staff_are_told(world: World, new_session: NewSession) -> None:
    place = world.place(referral_email="referrals@example.org")
    world.sent(place)

    world.advance(minutes=60)
    world.run_due(new_session)

    told = messages(world, "referral_unanswered_second")
    assert told == {("referral_unanswered_second", address_of(world, place)): 1}


def test_both_are_asked_whether_she_arrived_and_it_does_not_stay_open(
    world: World, new_session: NewSession, officer_address: str
) -> None:
    place = world.place()
    reference = world.sent(place)
    world.accept(reference, place.staff)

    world.advance(hours=24)
    for _ in range(3):
        world.run_due(new_session)
    assert messages(world, "arrival_due") == {
        ("arrival_due", address_of(world, place)): 1,
        ("arrival_due", officer_address): 1,
    }

    world.advance(hours=24)
    world.run_due(new_session)
    assert world.state(reference) is S.CLOSED


def test_a_service_is_told_that_a_referral_was_taken_back(world: World) -> None:
    place = world.place()
    reference = world.sent(place)

    world.withdraw(reference)
    world.withdraw(reference)

    assert messages(world, "referral_withdrawn") == {("referral_withdrawn", address_of(world, place)): 1}


def test_sending_twice_asks_and_tells_once(world: World) -> None:
    place = world.place(units=2)
    reference = world.draft(place)

    world.send(reference)
    world.send(reference)

    assert messages(world) == {("referral_received", address_of(world, place)): 1}
    assert len(world.session.scalars(select(Hold)).all()) == 1


def test_a_service_that_nobody_can_be_told_at_is_not_asked(world: World) -> None:
    silent = factories.unit(world.session)
    world.session.commit()
    reference = world.draft(Option(silent.service_id, silent.id))

    with pytest.raises(NobodyToAskError):
        world.send(reference)
