"""`python -m bench holds`: contention on one pool of units with workers that are killed, and the rate of holds."""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy.engine import make_url

from bench.holds.checker import Finding, check
from bench.holds.contention import Contest, contend
from bench.holds.pool import make_pool
from bench.holds.rates import Rate, measure
from bench.postgresql import postgresql

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True, slots=True)
class Size:
    """How much is done: attempts of all workers together; each round of each variant takes `seconds`."""

    attempts: int = 100_000
    workers: int = 16
    units: int = 50
    kills: int = 40
    seconds: float = 10
    rounds: int = 5
    rates: bool = True


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of it on one database."""

    database: str
    contest: Contest
    finding: Finding
    rates: dict[str, Rate]

    @property
    def ok(self) -> bool:
        """Whether nothing was promised twice, and nothing else was wrong."""
        return not self.finding.overlaps and not self.finding.faults

    @property
    def ratio(self) -> float:
        """Holds a second, of those of the bare transaction."""
        return self.rates["product"].holds / self.rates["bare"].holds


def measure_holds(size: Size, urls: Iterator[tuple[str, Path]]) -> list[Measured]:
    """Contend and measure on each of the databases, which are empty; the folders take the workers' files."""
    return [_on(url, folder, size) for url, folder in urls]


def _on(url: str, folder: Path, size: Size) -> Measured:
    name = NAMES[make_url(url).get_backend_name()]
    print(f"{size.attempts:,} attempts by {size.workers} workers on {name}", file=sys.stderr)
    pool = make_pool(url, size.units, size.workers)
    contest = contend(pool, folder, workers=size.workers, attempts=size.attempts, kills=size.kills)
    finding = check(url, contest.files)
    rates = measure(pool, workers=size.workers, seconds=size.seconds, rounds=size.rounds) if size.rates else {}
    return Measured(name, contest, finding, rates)


@contextmanager
def fresh_databases() -> Iterator[Iterator[tuple[str, Path]]]:
    """An empty database of each kind that this machine has, with a folder of its own."""
    with tempfile.TemporaryDirectory() as name, postgresql() as address:
        folders = [Path(name) / kind for kind in NAMES]
        for folder in folders:
            folder.mkdir()
        urls = [f"sqlite:///{folders[0] / 'bench.sqlite3'}", *([address] if address else [])]
        yield zip(urls, folders, strict=False)


def as_json(measured: list[Measured]) -> str:
    """The figures for a program."""
    return json.dumps(
        [
            {
                "database": one.database,
                "attempts": one.finding.attempts,
                "successes": one.finding.successes,
                "refusals": one.finding.refusals.total(),
                "of_these_busy": one.finding.refusals["busy"],
                "answered_again": one.finding.answered_again,
                "kills": one.contest.kills,
                "seconds": round(one.contest.seconds, 1),
                "overlaps": one.finding.overlaps,
                "faults": one.finding.faults,
                "audit_entries": one.finding.audit_entries,
                "rates": {variant: asdict(rate) for variant, rate in one.rates.items()},
            }
            for one in measured
        ]
    )


def as_markdown(measured: list[Measured], size: Size) -> list[str]:
    """The section of results.md."""
    lines = [
        "## Holds under contention",
        "",
        f"Made by `python -m bench holds`: {size.workers} worker processes want the {size.units} units of one pool, "
        "half of the attempts a tenth of them; holds are released, extended or run out. Workers are killed (SIGKILL) "
        "at random moments and replaced; a successor asks again, with the same key, for what was not answered. "
        "Afterwards the workers' own files are compared with the database and its audit trail. Overlaps are moments "
        "at which one unit was promised twice; faults are holds that were acknowledged and are not in the database "
        "as they were, and whatever else does not fit. Busy: SQLite's lock was taken each time that it was asked for "
        "within 15 seconds.",
        "",
        "| database | attempts | holds made | refused | of these busy | asked again and already held | workers killed "
        "| overlaps | faults | audit entries, chain whole | seconds |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for one in measured:
        finding, refusals = one.finding, one.finding.refusals
        cells = (
            one.database,
            f"{finding.attempts:,}",
            f"{finding.successes:,}",
            f"{refusals.total():,}",
            f"{refusals['busy']:,}",
            str(finding.answered_again),
            str(one.contest.kills),
            str(finding.overlaps),
            str(len(finding.faults)),
            f"{finding.audit_entries:,}",
            f"{one.contest.seconds:.0f}",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return [*lines, *(_rates(measured, size) if size.rates else [])]


def _rates(measured: list[Measured], size: Size) -> list[str]:
    lines = [
        "",
        f"Holds a second of {size.workers} workers on one pool that is freed whenever half of it is held, medians of "
        f"{size.rounds} rounds of {size.seconds:.0f} seconds in turns. The bare transaction is plain SQL on the "
        "driver's cursor with the same effects (the hold under the same conditions, its audit entry behind the lock "
        "on the chain's head, commit); the barest is one INSERT … ON CONFLICT DO NOTHING. PostgreSQL runs without "
        "fsync, so that waiting for the disk hides nothing.",
        "",
        "| database | product: holds | attempts | bare: holds | attempts | barest: holds | attempts | product of bare "
        "| product of barest |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for one in measured:
        figures = " | ".join(f"{rate.holds:,.0f} | {rate.attempts:,.0f}" for rate in one.rates.values())
        barest = one.rates["product"].holds / one.rates["barest"].holds
        lines.append(f"| {one.database} | {figures} | {one.ratio:.2f} | {barest:.2f} |")
    return lines


def command(arguments: list[str]) -> tuple[list[Measured], Size, bool]:
    """Do what the command line says; the last is whether it wants JSON alone."""
    parser = argparse.ArgumentParser(prog="python -m bench holds", description=__doc__)
    usual = Size()
    for name in ("attempts", "workers", "units", "kills", "rounds"):
        parser.add_argument(f"--{name}", type=int, default=getattr(usual, name))
    parser.add_argument("--seconds", type=float, default=usual.seconds, help="of each round of the rates")
    parser.add_argument("--no-rates", action="store_true", help="only the contention")
    parser.add_argument("--database-url", help="an empty database, instead of a fresh one of each kind")
    parser.add_argument("--folder", type=Path, help="with --database-url: where the workers' files go")
    parser.add_argument("--json", action="store_true", help="print figures, and write no results.md")
    told = parser.parse_args(arguments)
    size = Size(told.attempts, told.workers, told.units, told.kills, told.seconds, told.rounds, not told.no_rates)
    if told.database_url:
        return (
            measure_holds(size, iter([(told.database_url, told.folder or Path(tempfile.mkdtemp()))])),
            size,
            told.json,
        )
    with fresh_databases() as urls:
        return measure_holds(size, urls), size, told.json
