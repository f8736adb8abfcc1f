"""Holding a unit, and what becomes of the hold: one for each unit, for a limited time, and only so many a person."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.audit.models import AuditEntry
from directory.capacity.holds.ending import end_expired
from directory.capacity.holds.errors import (
    ExtendedOnceError,
    HoldKeptByReferralError,
    HoldOverError,
    KeyUsedError,
    SpaceGoneError,
    TooManyHoldsError,
)
from directory.capacity.holds.making import ALPHABET, HoldTerms, hold_for_referral, hold_unit
from directory.capacity.holds.models import Hold, HoldOutcome, UnitHoldCount
from directory.capacity.holds.queries import HoldState, holds_of, live_holds, read_hold
from directory.capacity.holds.service import (
    end_for_referral,
    extend_hold,
    keep_for_referral,
    keep_until,
    release_hold,
    sweep_holds,
    unit_of_live_hold,
)
from directory.capacity.models import RingFence, Unit, UnitState
from directory.catalogue.vocabulary import ListingStatus
from directory.common.errors import NotFoundError
from tests import factories
from tests.capacity.holding import HOURS_2, MINUTE, TERMS, actor_of, at, audited, available, hold
from tests.support.databases import count_statements


@pytest.fixture
def unit(session: Session) -> Unit:
    return factories.unit(session)


@pytest.fixture
def officer(session: Session) -> User:
    return factories.user(session)


@pytest.fixture
def other(session: Session) -> User:
    return factories.user(session)


def count_of(session: Session, unit: Unit) -> int:
    return session.scalar(
        select(func.coalesce(func.sum(UnitHoldCount.holds), 0)).where(UnitHoldCount.unit_id == unit.id)
    )


def test_a_held_unit_has_no_space_until_the_hold_is_over(
    session: Session, unit: Unit, officer: User, now: datetime
) -> None:
    made = hold(session, unit, officer, now)

    assert len(made) == 16
    assert set(made) <= set(ALPHABET)
    assert available(session, now) == set()
    assert available(session, now + HOURS_2 - timedelta(microseconds=1)) == set()
    assert available(session, now + HOURS_2) == {unit.id}, "it expires by itself: no job has to run"


def test_what_a_holder_sees(session: Session, unit: Unit, officer: User, other: User, now: datetime) -> None:
    made = hold(session, unit, officer, now)

    fact = read_hold(session, made, officer.id, now)
    assert (fact.service_id, fact.held_at, fact.expires_at) == (unit.service_id, now, now + HOURS_2)
    assert fact.is_live
    assert fact.can_extend
    assert read_hold(session, made, officer.id, now + HOURS_2).state is HoldState.EXPIRED
    with pytest.raises(NotFoundError):
        read_hold(session, made, other.id, now)
    assert [one.id for one in holds_of(session, officer.id, now, now)] == [made]
    assert holds_of(session, other.id, now, now) == []


def test_nothing_that_a_holder_sees_tells_the_unit(session: Session, unit: Unit, officer: User, now: datetime) -> None:
    """Rule 3: the history names the service, never the unit."""
    fact = read_hold(session, hold(session, unit, officer, now), officer.id, now)

    assert unit.id not in repr(fact)
    assert unit.name not in repr(fact)


def test_the_second_comes_too_late(session: Session, unit: Unit, officer: User, other: User, now: datetime) -> None:
    hold(session, unit, officer, now)

    with pytest.raises(SpaceGoneError, match="Somebody was faster"):
        hold(session, unit, other, now)
    with pytest.raises(SpaceGoneError):
        hold(session, unit, officer, now, "another key")


def test_a_double_tap_is_one_hold(session: Session, unit: Unit, officer: User, now: datetime) -> None:
    first = hold(session, unit, officer, now, "tap")
    session.commit()

    assert hold(session, unit, officer, now + MINUTE, "tap") == first
    assert hold(session, unit, officer, now + HOURS_2, "tap") == first, "even when it is over"
    assert session.scalar(select(func.count()).select_from(Hold)) == 1
    assert audited(session) == [("hold_made", f"user-{officer.id}")]


def test_a_key_belongs_to_one_unit_and_one_person(
    session: Session, unit: Unit, officer: User, other: User, now: datetime
) -> None:
    second = factories.unit(session)
    hold(session, unit, officer, now, "key")

    with pytest.raises(KeyUsedError):
        hold(session, second, officer, now, "key")
    assert hold(session, second, other, now, "key")


@pytest.mark.parametrize("key", ["", "\x00", "é" * 5000, "\ud800"])
def test_any_text_is_a_key(session: Session, unit: Unit, officer: User, now: datetime, key: str) -> None:
    terms = HoldTerms(HOURS_2, 3)
    first = hold_unit(session, unit.id, actor_of(officer), key, at(now), terms)

    assert hold_unit(session, unit.id, actor_of(officer), key, at(now), terms) == first


def test_nobody_has_more_live_holds_than_the_limit(session: Session, officer: User, other: User, now: datetime) -> None:
    units = [factories.unit(session) for _ in range(5)]
    held = [hold(session, one, officer, now) for one in units[:3]]

    with pytest.raises(TooManyHoldsError, match="3 holds already"):
        hold(session, units[3], officer, now)
    assert hold(session, units[3], other, now), "the limit is each person's own"
    release_hold(session, held[0], actor_of(officer), now)
    assert hold(session, units[4], officer, now)
    assert hold(session, units[0], officer, now + HOURS_2), "holds whose time is up do not count"


def test_holds_of_referrals_do_not_count_against_the_limit(session: Session, officer: User, now: datetime) -> None:
    for _ in range(3):
        hold_for_referral(session, factories.unit(session).id, actor_of(officer), now + MINUTE, at(now))

    assert hold(session, factories.unit(session), officer, now)


UNHOLDABLE = [
    {"state": UnitState.OCCUPIED},
    {"confirmed_at": None},
    {"confirmed_at": datetime.fromisoformat("2026-11-19T01:59:59+00:00")},
]
NOT_SHOWN = [
    {"state": UnitState.CLOSED},
    {"active_until": datetime.fromisoformat("2026-11-22").date()},
    {"active_from": datetime.fromisoformat("2026-11-23").date()},
]


@pytest.mark.parametrize("facts", UNHOLDABLE, ids=str)
def test_what_has_no_space_cannot_be_held(session: Session, officer: User, now: datetime, facts: dict) -> None:
    with pytest.raises(SpaceGoneError):
        hold(session, factories.unit(session, **facts), officer, now)
    with pytest.raises(SpaceGoneError):
        hold_for_referral(session, factories.unit(session, **facts).id, actor_of(officer), now + MINUTE, at(now))


@pytest.mark.parametrize("facts", NOT_SHOWN, ids=str)
def test_what_is_not_shown_is_not_there(session: Session, officer: User, now: datetime, facts: dict) -> None:
    with pytest.raises(NotFoundError):
        hold(session, factories.unit(session, **facts), officer, now)


def test_a_unit_of_somebody_unpublished_is_not_there(session: Session, officer: User, now: datetime) -> None:
    suspended = factories.organisation(session, status=ListingStatus.SUSPENDED)
    services = [
        factories.service(session, suspended),
        factories.service(session, status=ListingStatus.DRAFT),
    ]

    for service in services:
        with pytest.raises(NotFoundError):
            hold(session, factories.unit(session, service), officer, now)
    with pytest.raises(NotFoundError):
        hold_unit(session, "no-such-unit", actor_of(officer), "key", at(now), TERMS)


def test_a_refusal_is_the_same_for_a_ring_fenced_unit(session: Session, officer: User, now: datetime) -> None:
    """Rule 3: the error tells nothing of what a unit is funded for."""
    said = set()
    for ringfence in RingFence:
        unit = factories.unit(session, ringfence=ringfence)
        hold(session, unit, officer, now)
        with pytest.raises(SpaceGoneError) as refused:
            hold(session, unit, officer, now, "again")
        said.add(str(refused.value))

    assert len(said) == 1


def test_a_hold_that_ran_out_does_not_stand_in_the_way(
    session: Session, unit: Unit, officer: User, other: User, now: datetime
) -> None:
    first = hold(session, unit, officer, now)
    session.commit()

    second = hold(session, unit, other, now + HOURS_2)

    over = session.get_one(Hold, first, populate_existing=True)
    assert (over.unit_id, over.outcome, over.ended_at) == (None, HoldOutcome.EXPIRED, now + HOURS_2)
    assert session.get_one(Hold, second).unit_id == unit.id
    assert audited(session)[1:] == [("hold_expired", "system"), ("hold_made", f"user-{other.id}")]


def test_releasing_gives_the_space_back_and_cuts_the_link(
    session: Session, unit: Unit, officer: User, now: datetime
) -> None:
    made = hold(session, unit, officer, now)

    release_hold(session, made, actor_of(officer), now + MINUTE)
    release_hold(session, made, actor_of(officer), now + 2 * MINUTE)

    row = session.get_one(Hold, made)
    assert (row.unit_id, row.outcome, row.ended_at) == (None, HoldOutcome.RELEASED, now + MINUTE)
    assert available(session, now + MINUTE) == {unit.id}
    assert count_of(session, unit) == 1
    assert [event for event, _ in audited(session)] == ["hold_made", "hold_released"]


def test_only_the_holder_does_anything_with_a_hold(
    session: Session, unit: Unit, officer: User, other: User, now: datetime
) -> None:
    made = hold(session, unit, officer, now)

    with pytest.raises(NotFoundError):
        release_hold(session, made, actor_of(other), now)
    with pytest.raises(NotFoundError):
        extend_hold(session, made, actor_of(other), at(now), TERMS)
    with pytest.raises(NotFoundError):
        unit_of_live_hold(session, made, actor_of(other), now)
    assert available(session, now) == set()


def test_a_hold_is_extended_once_and_begins_anew(session: Session, unit: Unit, officer: User, now: datetime) -> None:
    made = hold(session, unit, officer, now)
    later = now + 90 * MINUTE

    assert extend_hold(session, made, actor_of(officer), at(later), TERMS) == later + HOURS_2
    assert available(session, now + HOURS_2) == set()
    assert available(session, later + HOURS_2) == {unit.id}
    assert not read_hold(session, made, officer.id, later).can_extend
    with pytest.raises(ExtendedOnceError):
        extend_hold(session, made, actor_of(officer), at(later), TERMS)
    assert ("hold_extended", f"user-{officer.id}") in audited(session)


def test_an_extension_never_shortens(session: Session, unit: Unit, officer: User, now: datetime) -> None:
    made = hold(session, unit, officer, now)

    assert extend_hold(session, made, actor_of(officer), at(now), HoldTerms(MINUTE, 3)) == now + HOURS_2


def test_what_is_over_is_not_extended(session: Session, unit: Unit, officer: User, now: datetime) -> None:
    made = hold(session, unit, officer, now)

    with pytest.raises(HoldOverError):
        extend_hold(session, made, actor_of(officer), at(now + HOURS_2), TERMS)
    release_hold(session, made, actor_of(officer), now)
    with pytest.raises(HoldOverError):
        extend_hold(session, made, actor_of(officer), at(now), TERMS)


def test_sweeping_ends_what_ran_out_and_nothing_else(
    session: Session, unit: Unit, officer: User, other: User, now: datetime
) -> None:
    over, going_on = hold(session, unit, officer, now), hold(session, factories.unit(session), other, now + MINUTE)

    assert sweep_holds(session, now + HOURS_2) == 1
    assert sweep_holds(session, now + HOURS_2) == 0
    assert session.get_one(Hold, over).outcome is HoldOutcome.EXPIRED
    assert session.get_one(Hold, going_on).ended_at is None
    assert count_of(session, unit) == 1


def test_sweeping_costs_few_statements_however_many_there_are(session: Session, officer: User, now: datetime) -> None:
    for _ in range(20):
        factories.hold(session, holder=officer)
    session.commit()

    with count_statements(session.connection().engine) as statements:
        assert end_expired(session, now + HOURS_2) == 20

    assert len(statements) <= 4


def test_holds_of_one_unit_are_counted_by_the_day_on_which_they_began(
    session: Session, unit: Unit, officer: User, now: datetime
) -> None:
    """The counts keep days, no times: those would name the hold."""
    for day in (0, 0, 1):
        start = now + timedelta(days=day, minutes=count_of(session, unit))
        release_hold(session, hold(session, unit, officer, start), actor_of(officer), start)

    rows = session.execute(select(UnitHoldCount.day, UnitHoldCount.holds).order_by(UnitHoldCount.day)).all()
    assert [(str(row.day), row.holds) for row in rows] == [("2026-11-22", 2), ("2026-11-23", 1)]


def test_audit_names_no_unit(session: Session, unit: Unit, officer: User, other: User, now: datetime) -> None:
    """Rule 3: whoever reads the trail cannot tell from the unit what the person needed."""
    made = hold(session, unit, officer, now)
    extend_hold(session, made, actor_of(officer), at(now), TERMS)
    release_hold(session, made, actor_of(officer), now)
    hold(session, unit, other, now)
    sweep_holds(session, now + HOURS_2)
    audited(session)

    told = session.scalars(select(AuditEntry.details)).all()
    assert len(told) == 5
    assert not any(unit.id in details for details in told)


class TestForReferrals:
    def test_a_hold_becomes_that_of_a_referral(
        self, session: Session, unit: Unit, officer: User, now: datetime
    ) -> None:
        made = hold(session, unit, officer, now)

        assert unit_of_live_hold(session, made, actor_of(officer), now) == (unit.id, unit.service_id)
        assert keep_for_referral(session, unit.id, officer.id, now + timedelta(hours=4), now) == made
        assert available(session, now + HOURS_2) == set()
        assert available(session, now + timedelta(hours=4)) == {unit.id}
        assert keep_for_referral(session, unit.id, officer.id, now + HOURS_2, now) is None, "one referral has it"

    def test_it_is_the_referral_that_decides(self, session: Session, unit: Unit, officer: User, now: datetime) -> None:
        made = hold_for_referral(session, unit.id, actor_of(officer), now + MINUTE, at(now))

        for forbidden in (
            lambda: release_hold(session, made, actor_of(officer), now),
            lambda: extend_hold(session, made, actor_of(officer), at(now), TERMS),
            lambda: unit_of_live_hold(session, made, actor_of(officer), now),
        ):
            with pytest.raises(HoldKeptByReferralError):
                forbidden()

    def test_somebody_elses_hold_is_not_kept(
        self, session: Session, unit: Unit, officer: User, other: User, now: datetime
    ) -> None:
        hold(session, unit, other, now)

        assert keep_for_referral(session, unit.id, officer.id, now + HOURS_2, now) is None

    def test_a_deadline_moves_while_the_hold_lasts(
        self, session: Session, unit: Unit, officer: User, now: datetime
    ) -> None:
        made = hold_for_referral(session, unit.id, actor_of(officer), now + MINUTE, at(now))

        assert keep_until(session, made, now + 2 * MINUTE, now)
        assert available(session, now + MINUTE) == set()
        assert not keep_until(session, made, now + HOURS_2, now + 2 * MINUTE), "it is over"

    @pytest.mark.parametrize("late", [False, True])
    def test_its_end_is_that_of_the_referral_unless_it_ran_out_before(
        self, session: Session, unit: Unit, officer: User, now: datetime, late: bool
    ) -> None:
        made = hold_for_referral(session, unit.id, actor_of(officer), now + MINUTE, at(now))

        end_for_referral(session, made, HoldOutcome.PLACED, now + 2 * MINUTE * late, "system")

        row = session.get_one(Hold, made)
        assert row.outcome is (HoldOutcome.EXPIRED if late else HoldOutcome.PLACED)
        assert row.unit_id is None

    def test_the_units_own_staff_see_it(self, session: Session, unit: Unit, officer: User, now: datetime) -> None:
        hold_for_referral(session, unit.id, actor_of(officer), now + MINUTE, at(now))
        hold(session, factories.unit(session), officer, now)

        seen = live_holds(session, now, Unit.service_id == unit.service_id)
        assert {unit_id: (one.until, one.for_referral) for unit_id, one in seen.items()} == {
            unit.id: (now + MINUTE, True)
        }
        assert live_holds(session, now + MINUTE, Unit.service_id == unit.service_id) == {}


def test_a_hold_takes_few_statements(session: Session, unit: Unit, officer: User, now: datetime) -> None:
    """Many people wait for one another here: on PostgreSQL the lock of the person, and the hold itself."""
    actor = actor_of(officer)
    session.commit()

    with count_statements(session.connection().engine) as statements:
        hold_unit(session, unit.id, actor, "key", at(now), TERMS)

    assert len(statements) == (2 if session.get_bind().dialect.name == "postgresql" else 1)
