"""A provider keeps her units true; one that somebody holds is not taken away before she has been asked."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.audit.log import flush_audit
from directory.audit.models import AuditEntry
from directory.capacity.history import record_states
from directory.capacity.holds.ending import end_holds
from directory.capacity.holds.errors import UnitHeldError
from directory.capacity.holds.making import hold_for_referral
from directory.capacity.holds.models import Hold, HoldOutcome
from directory.capacity.holds.queries import HoldState, read_hold
from directory.capacity.models import Unit, UnitState, UnitStatePeriod
from directory.capacity.updates import set_unit_state, write_state
from directory.common.errors import NotFoundError, RefusedError
from tests import factories
from tests.capacity.holding import HOURS_2, MINUTE, actor_of, at, audited, available, hold

TAKEN = [UnitState.OCCUPIED, UnitState.CLOSED]


@pytest.fixture
def unit(session: Session) -> Unit:
    return factories.unit(session)


@pytest.fixture
def provider(session: Session, unit: Unit) -> User:
    owner = factories.organisation(session)
    service = factories.service(session, owner)
    unit.service_id = service.id
    session.flush()
    return factories.user(session, "provider", organisation_id=owner.id)


@pytest.fixture
def officer(session: Session) -> User:
    return factories.user(session)


def state_of(session: Session, unit: Unit) -> UnitState:
    return session.scalars(select(Unit.state).where(Unit.id == unit.id)).one()


@pytest.mark.parametrize("state", TAKEN)
def test_a_unit_is_put_into_a_state_and_confirmed(
    session: Session, unit: Unit, provider: User, now: datetime, state: UnitState
) -> None:
    # Neither the history nor the confirmation is as exact as what holds and referrals keep (firewall, rule 3).
    later, minute, hour = (now + timedelta(hours=1, seconds=number) for number in (427, 420, 0))
    set_unit_state(session, unit.id, state, actor_of(provider), later)

    session.refresh(unit)
    assert (unit.state, unit.confirmed_at) == (state, minute)
    periods = session.execute(
        select(UnitStatePeriod.state, UnitStatePeriod.ended_at).order_by(UnitStatePeriod.began_at)
    )
    assert [tuple(row) for row in periods] == [(UnitState.OPEN, hour), (state, None)]
    assert audited(session) == [("unit_state_changed", f"user-{provider.id}")]


def test_confirming_what_is_true_already_changes_nothing_else(
    session: Session, unit: Unit, provider: User, now: datetime
) -> None:
    set_unit_state(session, unit.id, UnitState.OPEN, actor_of(provider), now + MINUTE)

    session.refresh(unit)
    assert unit.confirmed_at == now + MINUTE
    assert audited(session) == []


def test_only_its_own_organisation_changes_a_unit(session: Session, unit: Unit, now: datetime, officer: User) -> None:
    for somebody in (factories.user(session, "provider"), officer):
        with pytest.raises(NotFoundError):
            set_unit_state(session, unit.id, UnitState.CLOSED, actor_of(somebody), now)


def test_a_unit_that_was_removed_is_nobodys(session: Session, unit: Unit, provider: User, now: datetime) -> None:
    unit.state, unit.removed_at = UnitState.CLOSED, now
    session.flush()

    with pytest.raises(NotFoundError):
        set_unit_state(session, unit.id, UnitState.OPEN, actor_of(provider), now)


@pytest.mark.parametrize("state", TAKEN)
def test_a_held_unit_is_not_taken_away_silently(
    session: Session, unit: Unit, provider: User, officer: User, now: datetime, state: UnitState
) -> None:
    hold(session, unit, officer, now)

    with pytest.raises(UnitHeldError) as asked:
        set_unit_state(session, unit.id, state, actor_of(provider), now)

    assert (asked.value.until, asked.value.for_referral) == (now + HOURS_2, False)
    assert state_of(session, unit) is UnitState.OPEN
    assert available(session, now) == set()


@pytest.mark.parametrize("state", TAKEN)
def test_a_provider_who_has_been_asked_ends_the_hold(
    session: Session, unit: Unit, provider: User, officer: User, now: datetime, state: UnitState
) -> None:
    made = hold(session, unit, officer, now)

    set_unit_state(session, unit.id, state, actor_of(provider), now + MINUTE, end_hold=True)

    assert state_of(session, unit) is state
    fact = read_hold(session, made, officer.id, now + MINUTE)
    assert fact.state is HoldState.ENDED_BY_PROVIDER, "the holder can see what became of it"
    assert session.get_one(Hold, made).unit_id is None
    assert [event for event, _ in audited(session)] == ["hold_made", "hold_ended_by_provider", "unit_state_changed"]


def test_only_the_hold_that_she_was_shown_is_ended(
    session: Session, unit: Unit, provider: User, officer: User, now: datetime
) -> None:
    hold(session, unit, officer, now)
    with pytest.raises(UnitHeldError) as asked:
        set_unit_state(session, unit.id, UnitState.CLOSED, actor_of(provider), now)
    later = asked.value.until
    hold(session, unit, factories.user(session), later)

    with pytest.raises(UnitHeldError) as asked_again:
        set_unit_state(
            session, unit.id, UnitState.CLOSED, actor_of(provider), later, end_hold=True, held_until=asked.value.until
        )
    until = asked_again.value.until
    set_unit_state(session, unit.id, UnitState.CLOSED, actor_of(provider), later, end_hold=True, held_until=until)

    assert state_of(session, unit) is UnitState.CLOSED


def test_a_hold_of_a_referral_is_ended_by_its_answer_alone(
    session: Session, unit: Unit, provider: User, officer: User, now: datetime
) -> None:
    hold_for_referral(session, unit.id, actor_of(officer), now + HOURS_2, at(now))

    with pytest.raises(UnitHeldError, match="answer to a referral") as asked:
        set_unit_state(session, unit.id, UnitState.OCCUPIED, actor_of(provider), now, end_hold=True)
    assert asked.value.for_referral


def test_confirming_a_held_unit_leaves_it_held(
    session: Session, unit: Unit, provider: User, officer: User, now: datetime
) -> None:
    made = hold(session, unit, officer, now)

    set_unit_state(session, unit.id, UnitState.OPEN, actor_of(provider), now + MINUTE, end_hold=True)

    assert read_hold(session, made, officer.id, now + MINUTE).is_live


def test_a_hold_that_ran_out_asks_nothing(
    session: Session, unit: Unit, provider: User, officer: User, now: datetime
) -> None:
    made = hold(session, unit, officer, now)

    set_unit_state(session, unit.id, UnitState.OCCUPIED, actor_of(provider), now + HOURS_2)

    assert state_of(session, unit) is UnitState.OCCUPIED
    assert session.get_one(Hold, made).outcome is HoldOutcome.EXPIRED


def test_a_unit_that_was_occupied_can_be_held_when_it_is_open_again(
    session: Session, unit: Unit, provider: User, officer: User, now: datetime
) -> None:
    for state in (UnitState.OCCUPIED, UnitState.OPEN):
        set_unit_state(session, unit.id, state, actor_of(provider), now)

    assert hold(session, unit, officer, now)


def test_the_database_says_no_where_the_check_saw_nothing(
    session: Session, unit: Unit, officer: User, now: datetime
) -> None:
    """Between the check and the write somebody may hold the unit: the trigger refuses, in words for the provider."""
    hold(session, unit, officer, now)

    savepoint = session.begin_nested()
    with pytest.raises(RefusedError, match="a moment ago"):
        write_state(session, unit.id, UnitState.CLOSED, now, confirmed=True)
    savepoint.rollback()


def test_ending_nothing_is_no_error(session: Session, now: datetime) -> None:
    assert end_holds(session, Hold.id == "nothing", HoldOutcome.RELEASED, now, "system") == 0
    assert audited(session) == []


def test_the_error_says_until_when_and_nothing_of_the_holder(officer: User, now: datetime) -> None:
    error = UnitHeldError(now + timedelta(hours=1), for_referral=False)

    assert officer.name not in str(error)


def instants_in_common(session: Session) -> set[datetime]:
    """Every instant that a unit keeps and something of a hold keeps too: by it, a cut link could be mended."""
    of_units = {
        *session.scalars(select(Unit.confirmed_at)),
        *session.scalars(select(UnitStatePeriod.began_at)),
        *session.scalars(select(UnitStatePeriod.ended_at)),
    } - {None}
    flush_audit(session)
    of_holds = {
        *session.scalars(select(Hold.held_at)),
        *session.scalars(select(Hold.ended_at)),
        *session.scalars(select(AuditEntry.at)),
    }
    return of_units & of_holds


@pytest.mark.parametrize("exact", [False, True])
def test_no_instant_leads_from_an_ended_hold_back_to_its_unit(
    session: Session, unit: Unit, provider: User, officer: User, now: datetime, exact: bool
) -> None:
    later = now + timedelta(hours=1, minutes=7, seconds=9, microseconds=11)
    hold(session, unit, officer, now + timedelta(minutes=20, seconds=3))
    set_unit_state(session, unit.id, UnitState.OCCUPIED, actor_of(provider), later, end_hold=True)
    if exact:
        record_states(session, {unit.id: UnitState.CLOSED.value}, later)

    assert bool(instants_in_common(session)) is exact, "the comparison finds what it is meant to find, and only that"
