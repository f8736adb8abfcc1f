"""How many holds a second: the product's, beside the bare SQL transaction with the same effects on the same database.

Workers do nothing but ask for units of one pool, as fast as they can; one more process frees all of them whenever half
of the pool is held, in every variant with the same statement.
"""

import multiprocessing
import os
import random
import secrets
import statistics
import time
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.synchronize import Barrier
from multiprocessing.synchronize import Event as Signal
from typing import Any

from bench.holds.bare import Bare
from bench.holds.pool import Pool, moment_now
from directory.capacity.holds.errors import SpaceGoneError
from directory.capacity.holds.making import HoldTerms, hold_unit
from directory.common.actor import Actor
from directory.extensions import Database, begin_writing

_processes = multiprocessing.get_context("fork")
VARIANTS = ("product", "bare", "barest")
ENOUGH = HoldTerms(timedelta(hours=2), 1_000_000)
WARM_UP = 30
START_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Rate:
    """Per second, of all workers together: attempts, and holds made. Medians of the rounds."""

    attempts: float
    holds: float


def measure(pool: Pool, *, workers: int, seconds: float, rounds: int) -> dict[str, Rate]:
    """The rates of each variant; variants take turns, so that what else the machine does meets them alike."""
    found: dict[str, list[Rate]] = {variant: [] for variant in VARIANTS}
    for number in range(rounds):
        for variant in VARIANTS[number % 3 :] + VARIANTS[: number % 3]:
            found[variant].append(_round(pool, variant, workers, seconds))
    return {
        variant: Rate(
            statistics.median(rate.attempts for rate in rates), statistics.median(rate.holds for rate in rates)
        )
        for variant, rates in found.items()
    }


def _round(pool: Pool, variant: str, workers: int, seconds: float) -> Rate:
    ready, end = _processes.Barrier(workers + 1), _processes.Event()
    counts = _processes.Array("q", 2 * workers, lock=False)
    janitor = _processes.Process(target=_free_units, args=(pool, end))
    asking = [
        _processes.Process(target=_ask, args=(pool, variant, slot, ready, end, counts)) for slot in range(workers)
    ]
    for process in [janitor, *asking]:
        process.start()
    ready.wait(START_SECONDS)
    before = time.monotonic()
    time.sleep(seconds)
    end.set()
    took = time.monotonic() - before
    for process in [janitor, *asking]:
        process.join(START_SECONDS)
        if process.exitcode != 0:
            raise RuntimeError(f"A worker of the variant {variant} failed.")
    return Rate(sum(counts[::2]) / took, sum(counts[1::2]) / took)


def _ask(pool: Pool, variant: str, slot: int, ready: Barrier, end: Signal, counts: Any) -> None:
    actor = Actor(pool.people[slot % len(pool.people)], "officer")
    ask = _product(pool, actor) if variant == "product" else _bare(pool, actor, variant)
    chance = random.Random(secrets.randbits(64))
    for _ in range(WARM_UP):
        ask(chance.choice(pool.units))
    ready.wait(START_SECONDS)
    while not end.is_set():
        held = ask(chance.choice(pool.units))
        counts[2 * slot] += 1
        counts[2 * slot + 1] += held
    os._exit(0)


def _product(pool: Pool, actor: Actor) -> Any:
    database = Database(pool.url)

    def ask(unit: str) -> bool:
        with database.new_session() as session:
            begin_writing(session)
            try:
                hold_unit(session, unit, actor, secrets.token_hex(16), moment_now(), ENOUGH)
            except SpaceGoneError:
                return False
            session.commit()
            return True

    return ask


def _bare(pool: Pool, actor: Actor, variant: str) -> Any:
    bare = Bare(Database(pool.url).engine)
    hold = bare.bare_hold if variant == "bare" else bare.barest_hold

    def ask(unit: str) -> bool:
        return hold(unit, actor.user_id or 0)

    return ask


def _free_units(pool: Pool, end: Signal) -> None:
    bare = Bare(Database(pool.url).engine)
    while not end.is_set():
        bare.free(len(pool.units) // 2)
        time.sleep(0.001)
    bare.free(1)
    os._exit(0)
