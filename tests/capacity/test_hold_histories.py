"""Random histories of holds beside a plain model of them: after each step, database and model say the same.

The model knows no tidying: a hold whose time is up is over, whether or not anybody has swept. Where the database gives
another answer because nobody has, this test fails.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from directory.capacity.files import import_folder
from directory.capacity.holds.errors import (
    ExtendedOnceError,
    HoldKeptByReferralError,
    HoldOverError,
    KeyUsedError,
    SpaceGoneError,
    TooManyHoldsError,
    UnitHeldError,
)
from directory.capacity.holds.making import HoldTerms, hold_unit
from directory.capacity.holds.models import Hold, HoldOutcome, UnitHoldCount
from directory.capacity.holds.queries import HoldState, live_holds, read_hold
from directory.capacity.holds.service import (
    end_for_referral,
    extend_hold,
    keep_for_referral,
    release_hold,
    sweep_holds,
)
from directory.capacity.models import UnitState
from directory.capacity.updates import set_unit_state
from directory.common.actor import Actor
from directory.common.errors import DomainError, NotFoundError
from tests import factories
from tests.capacity.holding import actor_of, at, available
from tests.catalogue import folders
from tests.catalogue.folders import bring_in, small_catalogue, write

HOUR, FOR_ANSWER, FAR = timedelta(hours=1), timedelta(minutes=90), timedelta(days=1)
TERMS = HoldTerms(HOUR, 2)
UNITS = ["rose-01", "rose-02", "rose-03", "rose-04"]


@dataclass
class Promise:
    """A hold, as the model knows it."""

    unit: str
    who: int
    expires: datetime
    extended: bool = False
    for_referral: bool = False
    outcome: HoldState | None = None

    def state(self, now: datetime) -> HoldState:
        return self.outcome or (HoldState.LIVE if self.expires > now else HoldState.EXPIRED)

    def is_live(self, now: datetime) -> bool:
        return self.state(now) is HoldState.LIVE


@dataclass
class Model:
    """What is so, said plainly. Each step answers what must come of it: a value, or the kinds of error."""

    states: dict[str, UnitState] = field(default_factory=lambda: dict.fromkeys(UNITS, UnitState.OPEN))
    holds: dict[str, Promise] = field(default_factory=dict)
    keys: dict[tuple[int, int], str] = field(default_factory=dict)

    def on(self, unit: str, now: datetime) -> Promise | None:
        return next((one for one in self.holds.values() if one.unit == unit and one.is_live(now)), None)

    def available(self, now: datetime) -> set[str]:
        return {unit for unit in UNITS if self.states[unit] is UnitState.OPEN and self.on(unit, now) is None}

    def refusal_of_hold(self, unit: str, who: int, now: datetime) -> type[DomainError] | None:
        theirs = [one for one in self.holds.values() if one.who == who and one.is_live(now) and not one.for_referral]
        if len(theirs) >= TERMS.most_per_person:
            return TooManyHoldsError
        if self.states[unit] is UnitState.CLOSED:
            return NotFoundError
        return None if unit in self.available(now) else SpaceGoneError


class Walk:
    """One history: each step is done to the database and to the model, and both must agree about what came of it."""

    def __init__(self, session: Session, people: list[Actor], provider: Actor, folder: Path, now: datetime) -> None:
        self.session, self.people, self.provider, self.folder, self.now = session, people, provider, folder, now
        self.model = Model()

    def step(self, minutes: int, what: str, unit: int, who: int, number: int, flag: bool, states: list[str]) -> None:
        self.now += timedelta(minutes=minutes)
        note(f"{self.now:%d %H:%M} {what} unit={unit} who={who} number={number} flag={flag} states={states}")
        made = list(self.model.holds)
        chosen = made[number % len(made)] if made else ""
        match what:
            case "hold":
                self.hold(UNITS[unit], who, number)
            case "update":
                self.update(UNITS[unit], UnitState(states[0]), end_hold=flag)
            case "import":
                self.bring_in([UnitState(state) for state in states])
            case "sweep":
                sweep_holds(self.session, self.now)
            case _ if chosen:
                getattr(self, what)(chosen, self.model.holds[chosen])

    def hold(self, unit: str, who: int, key: int) -> None:
        answer = self.tried(
            lambda: hold_unit(self.session, unit, self.people[who], f"key-{key}", at(self.now), TERMS),
        )
        earlier = self.model.keys.get((who, key))
        if earlier is not None:
            promise = self.model.holds[earlier]
            if promise.unit == unit:
                assert answer == earlier
            elif promise.is_live(self.now):
                assert answer is KeyUsedError
            else:
                # Its link may be cut by now, and then nobody can tell that it was for another unit.
                assert answer in (earlier, KeyUsedError)
            return
        refusal = self.model.refusal_of_hold(unit, who, self.now)
        if refusal is not None:
            assert answer is refusal
            return
        assert isinstance(answer, str)
        self.model.holds[answer] = Promise(unit, who, self.now + HOUR)
        self.model.keys[who, key] = answer

    def extend(self, hold: str, promise: Promise) -> None:
        answer = self.tried(lambda: extend_hold(self.session, hold, self.people[promise.who], at(self.now), TERMS))
        if not promise.is_live(self.now):
            assert answer is HoldOverError
        elif promise.for_referral:
            assert answer is HoldKeptByReferralError
        elif promise.extended:
            assert answer is ExtendedOnceError
        else:
            promise.expires, promise.extended = max(self.now + HOUR, promise.expires), True
            assert answer == promise.expires

    def release(self, hold: str, promise: Promise) -> None:
        answer = self.tried(lambda: release_hold(self.session, hold, self.people[promise.who], self.now))
        if promise.is_live(self.now) and promise.for_referral:
            assert answer is HoldKeptByReferralError
            return
        assert answer is None
        promise.outcome = HoldState.RELEASED if promise.is_live(self.now) else promise.state(self.now)

    def refer(self, _hold: str, promise: Promise) -> None:
        kept = keep_for_referral(
            self.session, promise.unit, self.people[promise.who].user_id or 0, self.now + FOR_ANSWER, self.now
        )
        there = self.model.on(promise.unit, self.now)
        if there is None or there.who != promise.who or there.for_referral:
            assert kept is None
            return
        there.for_referral, there.expires = True, self.now + FOR_ANSWER
        assert kept is not None
        assert self.model.holds[kept] is there

    def place(self, hold: str, promise: Promise) -> None:
        if not promise.for_referral:
            return
        end_for_referral(self.session, hold, HoldOutcome.PLACED, self.now, "system")
        promise.outcome = HoldState.PLACED if promise.is_live(self.now) else promise.state(self.now)

    def update(self, unit: str, state: UnitState, *, end_hold: bool) -> None:
        there = self.model.on(unit, self.now)
        answer = self.tried(
            lambda: set_unit_state(self.session, unit, state, self.provider, self.now, end_hold=end_hold)
        )
        if there is not None and state is not UnitState.OPEN:
            if there.for_referral or not end_hold:
                assert answer is UnitHeldError
                return
            there.outcome = HoldState.ENDED_BY_PROVIDER
        assert answer is None
        self.model.states[unit] = state

    def bring_in(self, states: list[UnitState]) -> None:
        report = import_folder(self.session, write(self.folder, catalogue(states)), self.now)
        wanted = dict(zip(UNITS, states, strict=True))
        in_the_way = {unit for unit in UNITS if self.model.on(unit, self.now) and wanted[unit] is not UnitState.OPEN}
        assert len(report.errors) == len(in_the_way)
        if not in_the_way:
            self.model.states = wanted

    def tried(self, work: Any) -> Any:
        """What it answers, or the kind of its refusal."""
        try:
            return work()
        except DomainError as error:
            return type(error)

    def compare(self) -> None:
        model, now = self.model, self.now
        assert available(self.session, now) == model.available(now)
        seen = {unit: (one.until, one.for_referral) for unit, one in live_holds(self.session, now, true()).items()}
        there = {unit: model.on(unit, now) for unit in UNITS}
        assert seen == {unit: (one.expires, one.for_referral) for unit, one in there.items() if one is not None}
        for hold, promise in model.holds.items():
            fact = read_hold(self.session, hold, self.people[promise.who].user_id or 0, now)
            assert fact.state is promise.state(now)
            assert fact.expires_at == promise.expires

    def compare_at_the_end(self) -> None:
        """Once all is swept, each hold has been counted once for its unit, and none names one any more."""
        self.now += FAR
        sweep_holds(self.session, self.now)
        self.compare()
        counts = select(UnitHoldCount.unit_id, func.sum(UnitHoldCount.holds)).group_by(UnitHoldCount.unit_id)
        counted = {unit: int(count) for unit, count in self.session.execute(counts)}
        assert counted == {
            unit: count
            for unit in UNITS
            if (count := sum(promise.unit == unit for promise in self.model.holds.values()))
        }
        assert self.session.scalar(select(func.count()).where(Hold.unit_id.is_not(None) | Hold.ended_at.is_(None))) == 0


def catalogue(states: list[UnitState]) -> dict[str, list[dict[str, str]]]:
    units = [
        folders.unit(id=unit, name=unit, state=state.value, confirmed_at="-PT0M")
        for unit, state in zip(UNITS, states, strict=True)
    ]
    return small_catalogue() | {"units.csv": units}


# Mostly holds, on few units with few keys: histories without any would tell little.
WHAT = ["hold"] * 6 + ["extend", "release", "release", "refer", "place", "sweep", "update", "update"] + ["import"] * 2
STATES = st.sampled_from(["open", "open", "open", "occupied", "closed"])
steps = st.tuples(
    st.sampled_from([0] * 8 + [1, 29, 30, 59, 60]),
    st.sampled_from(WHAT),
    st.integers(0, len(UNITS) - 1),
    st.sampled_from([0, 0, 0, 1]),
    st.integers(0, 9),
    st.booleans(),
    st.lists(STATES, min_size=len(UNITS), max_size=len(UNITS)),
)


@settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
)
@given(history=st.lists(steps, min_size=15, max_size=40))
def test_random_histories(session: Session, tmp_path: Path, now: datetime, history: list[Any]) -> None:
    savepoint = session.begin_nested()
    try:
        bring_in(session, write(tmp_path, catalogue([UnitState.OPEN] * len(UNITS))), now)
        people = [actor_of(factories.user(session)) for _ in range(2)]
        provider = actor_of(factories.user(session, "provider", organisation_id="rose"))
        walk = Walk(session, people, provider, tmp_path, now)
        for step in history:
            walk.step(*step)
            walk.compare()
        walk.compare_at_the_end()
    finally:
        savepoint.rollback()
