"""A history of referrals that anything may happen in, and what must be true at each moment of it."""

import contextlib
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.audit.models import AuditEntry
from directory.capacity.holds.making import HoldTerms, hold_unit
from directory.capacity.holds.models import Hold, HoldOutcome
from directory.capacity.models import Unit, UnitState, UnitStatePeriod
from directory.capacity.updates import set_unit_state
from directory.common.errors import DomainError
from directory.referrals import privacy
from directory.referrals.lifecycle import ASKED, OUTCOMES
from directory.referrals.models import Referral, ReferralStep, SealedContact
from directory.referrals.routing import last_asked
from directory.referrals.statistics import referral_counts
from directory.referrals.turns import standing
from directory.referrals.vocabulary import DeclinedBy, DeclineReason, ReferralState, StepState
from tests import factories
from tests.referrals.world import Place, World, actor_of

MINUTES = (1, 10, 29, 31, 60, 125, 25 * 60, 3 * 24 * 60, 8 * 24 * 60, 29 * 24 * 60)
TERMS = HoldTerms(timedelta(hours=2), 50)
UNDER_WAY = (StepState.WAITING, StepState.ACCEPTED)


class History:
    """Three refuges with a few units and a helpline, two officers, and whatever they do."""

    def __init__(self, session: Session, new_session: Callable[[], Session], folder: Path, now: datetime) -> None:
        self.world = World.made(session, folder, now)
        self.new_session = new_session
        units = {"bedspaces": 4, "max_adults": 2, "max_children": 3}
        self.places = [
            self.world.place(2, unit=units),
            self.world.place(1, unit=units, response_target_minutes=30),
            self.world.place(1, unit=units, referral_email="referrals@example.org"),
            self.world.place(0, hours="24/7"),
        ]
        self.units = [unit.id for place in self.places for unit in place.units]
        self.rival = actor_of(factories.user(session, "officer"))
        session.commit()

    def happen(self, action: str, number: int) -> None:
        """Something happens, or is refused; then everything must be true."""
        with contextlib.suppress(DomainError):
            getattr(self, action)(number)
        self.check()

    # What may happen. `number` chooses whatever has to be chosen.

    def draft(self, number: int) -> None:
        """A new draft, for up to four places in some order."""
        turned = self.places[number % 4 :] + self.places[: number % 4]
        plan = [place.option_of(number % max(1, len(place.units))) for place in turned[: 1 + number // 4 % 4]]
        self.world.draft(*plan, moves_on=number % 3 == 0, covers_plan=number % 3 == 0 or number % 2 == 0)

    def send(self, number: int) -> None:
        self.world.send(self._reference(number))

    def draft_and_send(self, number: int) -> None:
        self.draft(number)
        self.world.send(self.world.references[-1])

    def see(self, number: int) -> None:
        reference, place = self._asked(number)
        self.world.see(reference, place.staff)

    def accept(self, number: int) -> None:
        reference, place = self._asked(number)
        self.world.accept(reference, place.staff)

    def decline(self, number: int) -> None:
        reference, place = self._asked(number)
        by, reason = list(DeclinedBy)[number % 2], list(DeclineReason)[number % len(DeclineReason)]
        self.world.decline(reference, place.staff, by, reason)

    def next(self, number: int) -> None:
        self.world.next(self._reference(number), agreed=number % 2 == 0)

    def choose(self, number: int) -> None:
        self.world.choose(self._reference(number), *self.places[number % 4 : number % 4 + 2])

    def withdraw(self, number: int) -> None:
        self.world.withdraw(self._reference(number))

    def close(self, number: int) -> None:
        self.world.close(self._reference(number))

    def arrival(self, number: int) -> None:
        reference, place = self._asked(number)
        who = place.staff if number % 2 else self.world.officer
        self.world.arrival(reference, who, arrived=number % 3 > 0)

    def rival_holds(self, number: int) -> None:
        """Another officer holds a unit."""
        unit, key = self.units[number % len(self.units)], f"{self.world.now} {number}"
        self.world.act(lambda: hold_unit(self.world.session, unit, self.rival, key, self.world.moment, TERMS))

    def officer_holds(self, number: int) -> None:
        """The officer who refers holds a unit first."""
        unit, key = self.units[number % len(self.units)], f"{self.world.now} {number}"
        world = self.world
        world.act(lambda: hold_unit(world.session, unit, world.officer, key, world.moment, TERMS))

    def provider_says(self, number: int) -> None:
        """A provider says what the state of a unit is."""
        state = (UnitState.OPEN, UnitState.OPEN, UnitState.OCCUPIED, UnitState.CLOSED)[number % 4]
        self._set_state(self.units[number % len(self.units)], state, end_hold=number % 2 == 0)

    def providers_confirm(self, _number: int) -> None:
        """Every provider says that its units are open."""
        for unit in self.units:
            with contextlib.suppress(DomainError):
                self._set_state(unit, UnitState.OPEN, end_hold=False)

    def wait(self, number: int) -> None:
        """Time passes: minutes, or weeks."""
        self.world.advance(minutes=MINUTES[number % len(MINUTES)])

    def run_due(self, _number: int) -> None:
        """The job runs. It writes down what could be read before, and only carries on what was to go on by itself."""
        world = self.world
        read = {one.reference: standing(one.state, one.due_at, world.now) for one in self._stored()}
        told = {reference: self._timeline(reference) for reference in read}
        world.run_due(self.new_session)
        for one in self._stored():
            assert standing(one.state, one.due_at, world.now).state is one.state, "time has gone on without the job"
            if not one.moves_on and one.state is not ReferralState.CLOSED:
                assert standing(one.state, one.due_at, world.now) == read[one.reference]
                assert self._timeline(one.reference) == told[one.reference]
            assert all(step.escalated_at for step in one.steps if step.state is StepState.EXPIRED)

    # What must be true.

    def check(self) -> None:
        """Raise AssertionError where the invariant of the product is broken at this moment."""
        self.world.session.rollback()
        self.world.session.expire_all()
        stored = self._stored()
        for referral in stored:
            self._has_a_turn_or_an_outcome(referral)
            self._is_kept_what_was_promised(referral)
        self._holds_belong(stored)
        self._keys_belong(stored)
        self._units_have_their_history()
        self._counts_add_up()
        self._inboxes_hold_who_must_answer(stored)

    def _has_a_turn_or_an_outcome(self, referral: Referral) -> None:
        now = self.world.now
        stands = standing(referral.state, referral.due_at, now)
        if stands.state in OUTCOMES:
            assert stands.turn is None
        else:
            assert stands.turn is not None, f"{stands.state}: nobody’s turn"
            assert stands.turn.by > now, f"{stands.state}: the turn is over"
        under_way = [step for step in referral.steps if step.state in UNDER_WAY]
        assert len(under_way) <= 1
        assert bool(under_way) == (referral.state in ASKED or referral.state is ReferralState.ACCEPTED)
        assert [step.position for step in referral.steps] == list(range(1, len(referral.steps) + 1))

    def _is_kept_what_was_promised(self, referral: Referral) -> None:
        """A step that is asked, or was accepted, has its unit held for as long as it is promised."""
        stands = standing(referral.state, referral.due_at, self.world.now)
        for step in referral.steps:
            if step.state not in UNDER_WAY:
                assert step.hold_id is None
                assert step.unit_id is None or step.state is StepState.PLANNED
            elif step.unit_id is None:
                assert step.hold_id is None
            elif stands.state in ASKED or stands.state is ReferralState.ACCEPTED:
                hold = self.world.session.get_one(Hold, step.hold_id)
                assert (hold.unit_id, hold.ended_at, hold.for_referral) == (step.unit_id, None, True)
                assert hold.held_by == referral.author_id
                assert referral.due_at is not None
                assert hold.expires_at >= referral.due_at
                assert hold.expires_at > self.world.now, "the space is not held any more"
                assert self.world.session.get_one(Unit, step.unit_id).state is UnitState.OPEN
        if referral.ended_at is not None:
            assert all(step.unit_id is None for step in referral.steps)

    def _holds_belong(self, stored: list[Referral]) -> None:
        """Every hold of a referral that goes on belongs to a step that is asked; so none is left behind."""
        session = self.world.session
        held = set(session.scalars(select(Hold.id).where(Hold.for_referral, Hold.ended_at.is_(None))))
        linked = {step.hold_id for referral in stored for step in referral.steps if step.hold_id}
        assert held <= linked
        # Who wants the unit next may have tidied one away that ran out, before the job saw to its referral.
        for hold in session.scalars(select(Hold).where(Hold.id.in_(linked - held))):
            assert hold.outcome is HoldOutcome.EXPIRED
            assert hold.expires_at <= self.world.now

    def _keys_belong(self, stored: list[Referral]) -> None:
        """What seals a contact is there while the referral is open, and gone when it is not."""
        sealed = {
            row.referral_id: row.key_id
            for row in self.world.session.execute(select(SealedContact.referral_id, SealedContact.key_id))
        }
        assert set(sealed) == {referral.id for referral in stored if referral.ended_at is None}
        # Every key was made before this: none of them may be without a text.
        later = self.world.now.replace(year=self.world.now.year + 1)
        assert self.world.keystore.orphans(set(sealed.values()), later) == []

    def _units_have_their_history(self) -> None:
        query = select(Unit.id, Unit.state, UnitStatePeriod.state).outerjoin(
            UnitStatePeriod, (UnitStatePeriod.unit_id == Unit.id) & UnitStatePeriod.ended_at.is_(None)
        )
        assert [row for row in self.world.session.execute(query) if row[1] is not row[2]] == []

    def _counts_add_up(self) -> None:
        """What is counted is what the audit trail says was done, whatever has been forgotten since."""
        counted: Counter[str] = Counter()
        for (_, _, measure), number in referral_counts(self.world.session).items():
            counted[measure.partition(".")[0]] += number
        rows = self.world.session.execute(select(AuditEntry.event, func.count()).group_by(AuditEntry.event)).all()
        done = Counter(dict(rows))
        assert counted["asked"] == done["referral_sent"] + done["referral_moved_on"]
        assert counted["accepted"] == done["referral_accepted"]
        assert counted["declined"] == done["referral_declined"]
        assert counted["unanswered"] == done["referral_expired"]
        assert counted["arrived"] == done["referral_arrived"]
        assert counted["did_not_arrive"] == done["referral_did_not_arrive"]
        assert counted["answered"] == counted["accepted"] + counted["declined"]
        assert counted["code_met"] + counted["code_missed"] == done["referral_sent"]

    def _inboxes_hold_who_must_answer(self, stored: list[Referral]) -> None:
        now = self.world.now
        for place in self.places:
            lines = privacy.inbox_of(self.world.session, place.staff, now)
            assert {line.reference for line in lines} == {
                referral.reference
                for referral in stored
                if last_asked(referral).service_id == place.service.id
                and standing(referral.state, referral.due_at, now).state in (*ASKED, ReferralState.ACCEPTED)
            }

    def _stored(self) -> list[Referral]:
        references = self.world.session.scalars(select(Referral.reference).order_by(Referral.id)).all()
        return [self.world.referral(reference) for reference in references]

    def _timeline(self, reference: str) -> object:
        world = self.world
        view = privacy.view_for_referrer(world.session, world.keystore, reference, world.officer, world.now)
        world.session.rollback()
        return view.moves, [(step.position, step.state) for step in view.steps]

    def _reference(self, number: int) -> str:
        references = self.world.references
        return references[number % len(references)] if references else "BCDFGHJKLM"

    def _asked(self, number: int) -> tuple[str, Place]:
        """A referral, and the place that was asked last."""
        reference = self._reference(number)
        service_id = self.world.session.scalar(
            select(ReferralStep.service_id)
            .join(Referral, Referral.id == ReferralStep.referral_id)
            .where(Referral.reference == reference, ReferralStep.sent_at.is_not(None))
            .order_by(ReferralStep.position.desc())
            .limit(1)
        )
        return reference, next((place for place in self.places if place.service.id == service_id), self.places[0])

    def _set_state(self, unit_id: str, state: UnitState, *, end_hold: bool) -> None:
        place = next(one for one in self.places if unit_id in [unit.id for unit in one.units])
        world = self.world
        world.act(lambda: set_unit_state(world.session, unit_id, state, place.staff, world.now, end_hold=end_hold))
