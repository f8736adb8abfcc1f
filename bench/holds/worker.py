"""A worker: holds units through the product's own service, and notes each step before the next. It may be killed."""

import os
import random
import secrets
from datetime import timedelta
from pathlib import Path

from sqlalchemy.exc import OperationalError

from bench.holds.journal import Journal, Line, standing
from bench.holds.pool import Pool, moment_now
from directory.capacity.holds.errors import SpaceGoneError, TooManyHoldsError
from directory.capacity.holds.making import HoldTerms, hold_unit
from directory.capacity.holds.service import extend_hold, release_hold, sweep_holds
from directory.common.actor import Actor
from directory.common.errors import RefusedError
from directory.extensions import Database, begin_writing

# The half of all attempts goes to a tenth of the units.
HOT = 5
MOST_PER_PERSON = 8
SHORTEST, LONGEST = 0.02, 0.3  # seconds that a hold lasts
SWEEP, EXTEND, RELEASE = 0.005, 0.03, 0.3  # how often, of what may happen after an attempt


def work(pool: Pool, slot: int, journal: Path, attempts: int) -> None:
    """Make attempts until this slot's file has `attempts` of them; begins where whoever was killed before left off."""
    # Not the generator that was copied from the parent: workers would all do the same.
    worker = _Worker(pool, slot, journal, random.Random(secrets.randbits(64)))
    before = standing(journal)
    worker.held = before.held
    if before.unanswered is not None:
        # Nobody knows whether it was held. The same key asked again must not hold a second unit.
        worker.ask_again(before.unanswered)
    for number in range(before.tries, attempts):
        worker.attempt(number)
        worker.look_after_holds()
    # Nothing is left to clean up, and what the process inherited is not its own to close.
    os._exit(0)


class _Worker:
    def __init__(self, pool: Pool, slot: int, journal: Path, chance: random.Random) -> None:
        self._pool = pool
        self._actor: Actor = pool.actor(slot)
        self._journal = Journal(journal)
        self._chance = chance
        self._database = Database(pool.url)
        self.held: dict[str, float] = {}

    def attempt(self, number: int) -> None:
        units = self._pool.units[:HOT] if self._chance.random() < 0.5 else self._pool.units
        unit, key = self._chance.choice(units), secrets.token_hex(8)
        lasts = self._chance.uniform(SHORTEST, LONGEST)
        self._journal.note("try", number=number, unit=unit, key=key, by=self._actor.user_id, lasts=lasts)
        try:
            self.ask(unit, key, lasts)
        except OperationalError as error:
            self._journal.note("refused", why=_busy(error), key=key)

    def ask_again(self, line: Line) -> None:
        while True:
            try:
                return self.ask(line["unit"], line["key"], line["lasts"], again=True)
            except OperationalError as error:
                _busy(error)

    def ask(self, unit: str, key: str, lasts: float, *, again: bool = False) -> None:
        terms = HoldTerms(timedelta(seconds=lasts), MOST_PER_PERSON)
        with self._database.new_session() as session:
            begin_writing(session)
            try:
                hold = hold_unit(session, unit, self._actor, key, moment_now(), terms)
                session.commit()
            except (SpaceGoneError, TooManyHoldsError) as error:
                self._journal.note("refused", why=type(error).__name__, key=key)
                return
        self._journal.note("held", hold=hold, unit=unit, key=key, by=self._actor.user_id, lasts=lasts, again=again)
        self.held[hold] = lasts

    def look_after_holds(self) -> None:
        try:
            self._look_after_holds()
        except OperationalError as error:
            self._journal.note("busy", why=_busy(error))

    def _look_after_holds(self) -> None:
        for hold, lasts in list(self.held.items()):
            if self._chance.random() < RELEASE:
                self._journal.note("free", hold=hold)
                self._give_back(hold)
                self._journal.note("freed", hold=hold)
                del self.held[hold]
            elif self._chance.random() < EXTEND:
                self._extend(hold, lasts)
            elif self._chance.random() < RELEASE:
                # Left to run out by itself.
                self._journal.note("over", hold=hold)
                del self.held[hold]
        if self._chance.random() < SWEEP:
            with self._database.new_session() as session:
                begin_writing(session)
                sweep_holds(session, moment_now().now)
                session.commit()

    def _give_back(self, hold: str) -> None:
        with self._database.new_session() as session:
            begin_writing(session)
            release_hold(session, hold, self._actor, moment_now().now)
            session.commit()

    def _extend(self, hold: str, lasts: float) -> None:
        terms = HoldTerms(timedelta(seconds=lasts), MOST_PER_PERSON)
        with self._database.new_session() as session:
            begin_writing(session)
            try:
                extend_hold(session, hold, self._actor, moment_now(), terms)
            except RefusedError:  # it is over, or has been extended before
                return
            session.commit()


def _busy(error: OperationalError) -> str:
    """SQLite gives up when its lock was never free at the moments at which it looked; anything else is a fault."""
    if "database is locked" not in str(error.orig):
        raise error
    return "busy"
