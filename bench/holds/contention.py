"""Workers that want the same units, and are killed at random moments: a process each, replaced when it dies."""

import multiprocessing
import random
import time
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

from bench.holds.pool import Pool
from bench.holds.worker import work

# Nobody has a connection yet when workers begin, and none is a thread: copies of this process start at once.
_processes = multiprocessing.get_context("fork")
SLOWEST_SECONDS = 4 * 3600
BYTES_PER_ATTEMPT = 300


class WorkerFailedError(Exception):
    """A worker ended by itself before it was done: the product raised something it must not raise."""


@dataclass(frozen=True, slots=True)
class Contest:
    """How it went: how many workers were killed, and the seconds it took. The rest stands in the workers' files."""

    kills: int
    seconds: float
    files: tuple[Path, ...]


def contend(pool: Pool, folder: Path, *, workers: int, attempts: int, kills: int) -> Contest:
    """Let `workers` processes make `attempts` in all, and kill one of them `kills` times along the way."""
    files = tuple(folder / f"worker-{slot:02}.jsonl" for slot in range(workers))
    share = -(-attempts // workers)
    began = time.monotonic()

    def start(slot: int) -> BaseProcess:
        process = _processes.Process(target=work, args=(pool, slot, files[slot], share))
        process.start()
        return process

    running = {slot: start(slot) for slot in range(workers)}
    killed, next_kill = 0, _some_moment(attempts, kills, 0)
    while running and time.monotonic() - began < SLOWEST_SECONDS:
        time.sleep(random.uniform(0.0, 0.02))
        for slot, process in list(running.items()):
            if process.exitcode == 0:
                del running[slot]
            elif process.exitcode is not None:
                _kill_all(running)
                raise WorkerFailedError(f"Worker {slot} ended with {process.exitcode}.")
        if running and killed < kills and _done(files) >= next_kill:
            slot = random.choice(list(running))
            running[slot].kill()
            running[slot].join()
            if running[slot].exitcode != 0:
                killed += 1
                running[slot] = start(slot)
                next_kill = _some_moment(attempts, kills, killed)
    _kill_all(running)
    return Contest(killed, time.monotonic() - began, files)


def _some_moment(attempts: int, kills: int, killed: int) -> float:
    """After how many attempts the next worker dies: spread over the whole, none of them at a moment of its own."""
    return attempts * 0.8 * (killed + random.random()) / max(kills, 1)


def _done(files: tuple[Path, ...]) -> int:
    # Sizes are asked for all the time, and lines are about as long as one another.
    return sum(path.stat().st_size for path in files if path.exists()) // BYTES_PER_ATTEMPT


def _kill_all(running: dict[int, BaseProcess]) -> None:
    for process in running.values():
        process.kill()
        process.join()
