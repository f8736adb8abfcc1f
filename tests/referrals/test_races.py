"""Two who act on one referral at the same moment: one of them is first, and nothing is done twice."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.audit.models import AuditEntry
from directory.audit.verify import verify
from directory.capacity.holds.making import HoldTerms, hold_unit
from directory.capacity.holds.models import Hold
from directory.common.actor import Actor
from directory.common.errors import DomainError
from directory.extensions import Database, begin_writing
from directory.messaging.models import OutboxMessage
from directory.referrals import service as referrals
from directory.referrals.statistics import referral_counts
from directory.referrals.vocabulary import DeclinedBy, DeclineReason, ReferralState, StepState
from tests import factories
from tests.referrals.world import World, actor_of

S = ReferralState
ROUNDS = 4
Act = Callable[[Session], object]


@pytest.fixture
def shared(database: Database, tmp_path: Path, now: datetime) -> Iterator[World]:
    """A world that several threads act in."""
    with database.new_session() as session:
        yield World.made(session, tmp_path, now)


def at_once(database: Database, *acts: Act) -> list[str]:
    """Do it all at the same moment, each as a request does; what came of each: `done`, or the error's name."""
    barrier, came = Barrier(len(acts)), [""] * len(acts)

    def request(number: int, act: Act) -> None:
        with database.new_session() as session:
            barrier.wait()
            try:
                begin_writing(session)
                act(session)
                session.commit()
                came[number] = "done"
            except DomainError as error:
                session.rollback()
                came[number] = type(error).__name__

    threads = [Thread(target=request, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


def events(world: World) -> Counter[str]:
    """How often each event is in the audit trail, whose chain must be whole."""
    world.session.rollback()
    assert verify(world.session).ok
    rows = world.session.execute(select(AuditEntry.event, func.count()).group_by(AuditEntry.event)).all()
    world.session.rollback()
    return Counter(dict(rows))


def holds_going_on(world: World) -> int:
    return world.session.scalar(select(func.count()).select_from(Hold).where(Hold.ended_at.is_(None))) or 0


def test_sending_twice_at_once_sends_once(shared: World, database: Database) -> None:
    for _ in range(ROUNDS):
        reference = shared.draft(shared.place(units=3))

        def send(session: Session, reference: str = reference) -> None:
            referrals.send_referral(session, shared.keystore, reference, shared.officer, shared.moment)

        assert at_once(database, send, send, send) == ["done"] * 3
        assert shared.state(reference) is S.SENT

    counted = events(shared)
    assert counted["referral_sent"] == counted["hold_made"] == holds_going_on(shared) == ROUNDS
    assert shared.session.scalar(select(func.count()).select_from(OutboxMessage)) == ROUNDS


def test_yes_and_taking_back_at_once(shared: World, database: Database) -> None:
    for _ in range(ROUNDS):
        place = shared.place()
        reference = shared.sent(place)

        def accept(session: Session, reference: str = reference, place=place) -> None:
            referrals.accept_referral(session, shared.keystore, reference, place.staff, shared.now)

        def withdraw(session: Session, reference: str = reference) -> None:
            referrals.withdraw_referral(session, shared.keystore, reference, shared.officer, shared.now)

        came = at_once(database, accept, withdraw)

        # Taking back is possible after a yes too, so it always is; a yes only before it.
        assert came in (["done", "done"], ["MoveRefusedError", "done"])
        assert shared.state(reference) is S.WITHDRAWN
    assert holds_going_on(shared) == 0
    assert events(shared)["referral_withdrawn"] == ROUNDS


def test_no_and_yes_at_once(shared: World, database: Database) -> None:
    for _ in range(ROUNDS):
        place = shared.place()
        reference = shared.sent(place)

        def accept(session: Session, reference: str = reference, place=place) -> None:
            referrals.accept_referral(session, shared.keystore, reference, place.staff, shared.now)

        def decline(session: Session, reference: str = reference, place=place) -> None:
            no = (DeclinedBy.PROVIDER, DeclineReason.OTHER)
            referrals.decline_referral(session, shared.keystore, reference, place.staff, *no, shared.moment)

        came = at_once(database, accept, decline)

        assert sorted(came) == ["MoveRefusedError", "done"]
        assert shared.state(reference) is (S.ACCEPTED if came[0] == "done" else S.DECLINED)


def test_a_no_at_the_last_moment_and_the_job_just_after_it(shared: World, database: Database) -> None:
    """Whichever is written first: it was declined, or it ran out; and it moves on once."""
    for _ in range(ROUNDS):
        first, second = shared.place(), shared.place()
        reference = shared.sent(first, second, moves_on=True)
        before = shared.now + timedelta(minutes=59, seconds=59)
        shared.advance(minutes=60)

        def decline(session: Session, reference: str = reference, first=first, before: datetime = before) -> None:
            no = (DeclinedBy.PROVIDER, DeclineReason.OTHER)
            moment = type(shared.moment)(before, shared.moment.confirm_within, shared.moment.stale_after)
            referrals.decline_referral(session, shared.keystore, reference, first.staff, *no, moment)

        def job(session: Session) -> None:
            session.rollback()
            assert referrals.do_what_is_due(database.new_session, shared.keystore, shared.moment).failed == []

        came = at_once(database, decline, job)

        steps = [step.state for step in shared.referral(reference).steps]
        assert steps == [StepState.DECLINED if came[0] == "done" else StepState.EXPIRED, StepState.WAITING]
        shared.withdraw(reference)
    assert events(shared)["referral_moved_on"] == ROUNDS


def test_two_jobs_at_once_do_everything_once(shared: World, database: Database) -> None:
    first, second, slow = shared.place(units=6), shared.place(units=6), shared.place(units=0, hours="24/7")
    for number in range(6):
        shared.sent(first.option_of(number), second.option_of(number), moves_on=number % 2 == 0)
    shared.sent(slow)
    old = [shared.draft(slow) for _ in range(4)]
    for reference in old:
        shared.withdraw(reference)

    def job(session: Session) -> None:
        session.rollback()
        assert referrals.do_what_is_due(database.new_session, shared.keystore, shared.moment).failed == []

    for hours in (4, 1, 24):
        shared.advance(hours=hours)
        assert at_once(database, job, job) == ["done", "done"]

    counted = events(shared)
    assert (counted["referral_moved_on"], counted["referral_nudged"]) == (3, 1)
    assert counted["referral_expired"] == counted["referral_escalated"] == 10
    messages = Counter(shared.session.scalars(select(OutboxMessage.kind)))
    assert messages["referral_unanswered_referrer"] == messages["referral_unanswered_second"] == 10
    shared.advance(days=28)
    assert at_once(database, job, job) == ["done", "done"]

    # All but the slow one were over a day after they ran out, and are forgotten, each once.
    assert events(shared)["referral_forgotten"] == 10
    asked = sum(number for key, number in referral_counts(shared.session).items() if key[2] == "asked")
    assert asked == 10


def test_two_referrals_and_a_hold_for_one_unit_at_once(shared: World, database: Database) -> None:
    second, rival = (actor_of(factories.user(shared.session, "officer")) for _ in range(2))
    shared.session.commit()
    for number in range(ROUNDS):
        place = shared.place()
        drafts = {author: shared.draft(place, author=author) for author in (shared.officer, second)}

        def send(session: Session, author: Actor, drafts: dict[Actor, str] = drafts) -> None:
            referrals.send_referral(session, shared.keystore, drafts[author], author, shared.moment)

        def hold(session: Session, unit_id: str = place.units[0].id, key: str = f"key {number}") -> None:
            hold_unit(session, unit_id, rival, key, shared.moment, HoldTerms(timedelta(hours=2), 9))

        came = at_once(
            database,
            lambda session, send=send: send(session, shared.officer),
            lambda session, send=send: send(session, second),
            hold,
        )

        assert came.count("done") == 1
        assert set(came[:2]) <= {"done", "NobodyToAskError"}
        assert came[2] in ("done", "SpaceGoneError")
    assert holds_going_on(shared) == ROUNDS
