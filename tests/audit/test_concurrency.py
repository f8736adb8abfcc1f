"""Many writers at once make one unbroken chain."""

import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier, Thread

from sqlalchemy import text

from directory.audit.verify import verify
from directory.extensions import Database
from directory.paths import ROOT
from tests.audit.writer import write

WRITER = Path(__file__).with_name("writer.py")
WRITERS = 4
COMMITS = 20


def check(url: str) -> Counter[str]:
    """The chain must be whole and hold nothing that was rolled back; how many entries each writer has in it."""
    database = Database(url)
    with database.new_session() as session:
        verdict = verify(session)
        details = session.scalars(text("SELECT details FROM audit_entries")).all()
    database.engine.dispose()
    assert verdict.ok, verdict.first_problem
    assert verdict.entries == len(details)
    assert not [line for line in details if "lost" in line]
    references = [re.search(r'"guidance":"([^"]+)"', line) for line in details]
    names = [found[1] for found in references if found]
    assert len(set(names)) == len(names)
    assert not [name for name in names if int(name.split("-")[1]) % 5 == 0]
    return Counter(name.split("-")[0] for name in names)


def expected_entries(commits: int) -> int:
    """How many entries one writer leaves."""
    return sum(number % 3 + 1 for number in range(1, commits + 1) if number % 5)


@contextmanager
def writers(url: str, commits: int) -> Iterator[list[subprocess.Popen[str]]]:
    """Processes that all begin at once, and are gone at the end."""
    made = [
        subprocess.Popen(
            [sys.executable, str(WRITER), url, f"p{number}", str(commits)],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(WRITERS)
    ]
    try:
        for process in made:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in made:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        yield made
    finally:
        for process in made:
            if process.poll() is None:
                process.kill()
            process.communicate()


def test_threads_make_one_chain(database_url: str) -> None:
    barrier = Barrier(WRITERS)
    done: list[str] = []

    def run(name: str) -> None:
        barrier.wait()
        write(database_url, name, COMMITS)
        done.append(name)

    threads = [Thread(target=run, args=(f"t{number}",)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(done) == ["t0", "t1", "t2", "t3"]
    assert check(database_url) == dict.fromkeys(done, expected_entries(COMMITS))


def test_processes_make_one_chain(database_url: str) -> None:
    with writers(database_url, COMMITS) as running:
        codes = [process.wait() for process in running]

    assert codes == [0] * WRITERS
    assert check(database_url) == {f"p{number}": expected_entries(COMMITS) for number in range(WRITERS)}


def test_a_chain_whose_writers_are_killed_is_whole(database_url: str) -> None:
    with writers(database_url, 100_000) as running:
        database = Database(database_url)
        written = 0
        while written < 40:
            assert [process.poll() for process in running] == [None] * WRITERS, "a writer has stopped by itself"
            with database.new_session() as session:
                written = session.scalar(text("SELECT sequence FROM audit_head")) or 0
        database.engine.dispose()
        for process in running:
            process.send_signal(signal.SIGKILL)

    assert check(database_url).total() >= 40
    write(database_url, "after", 1)
    assert check(database_url)["after"] == 2
