"""`make bench`: measures searches on SQLite, and on PostgreSQL where BENCH_POSTGRESQL_URL names an empty database;
and holds on both (`python -m bench holds` does these alone; `--help` says what can be chosen); and what reminders do in
a simulated quarter (`python -m bench quarter`); and what an edition costs (`python -m bench editions`).

Writes bench/results.md, bench/results.svg and bench/quarter.svg. Figures of different machines do not compare; the
ratios do.
"""

import os
import platform
import sys
import tempfile
from pathlib import Path

from bench import editions
from bench.generator import read_vocabulary, write_catalogue
from bench.holds.run import as_json, as_markdown
from bench.holds.run import command as measure_holds
from bench.measure import ImportCost, SearchCost, searches
from bench.measure import command as run_command
from bench.picture import bars
from bench.quarter import run as quarter
from bench.questions import questions
from directory.paths import ROOT, SEED_DATA

SIZES = ((100, 200), (1_000, 2_000), (10_000, 20_000))
QUESTIONS = 200
HOLDS = "## Holds under contention"


def main() -> None:
    """Measure everything, or one part; print it and write it down. Ends with 1 when a unit was promised twice."""
    if sys.argv[1:2] == ["holds"]:
        _holds(sys.argv[2:])
    elif sys.argv[1:2] == ["quarter"]:
        _quarter(sys.argv[2:])
    elif sys.argv[1:2] == ["editions"]:
        _editions()
    else:
        _searches()
        _editions()
        _quarter([])
        _holds([])


def _holds(arguments: list[str]) -> None:
    measured, size, json_alone = measure_holds(arguments)
    if json_alone:
        print(as_json(measured))
    else:
        section = "\n".join(as_markdown(measured, size)) + "\n"
        _replace(HOLDS, section)
        print(section)
    for one in measured:
        for fault in one.finding.faults:
            print(f"{one.database}: {fault}", file=sys.stderr)
    sys.exit(0 if all(one.ok for one in measured) else 1)


def _quarter(arguments: list[str]) -> None:
    compared = quarter.measure(arguments)
    section = "\n".join(quarter.as_markdown(compared)) + "\n"
    _replace(quarter.HEADING, section)
    (ROOT / "bench" / "quarter.svg").write_text(quarter.picture(compared), encoding="utf-8")
    print(section)


def _editions() -> None:
    section = "\n".join(editions.as_markdown(*editions.measure())) + "\n"
    _replace(editions.HEADING, section)
    print(section)


def _searches() -> None:
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for services, units in SIZES:
            url = f"sqlite:///{folder / f'{services}.sqlite3'}"
            rows.append(("SQLite", services, units, *_measure(folder, url, services, units)))
        if postgresql := os.environ.get("BENCH_POSTGRESQL_URL"):
            rows.append(("PostgreSQL", *SIZES[-1], *_measure(folder, postgresql, *SIZES[-1])))
    _write(rows)


def _measure(folder: Path, url: str, services: int, units: int) -> tuple[ImportCost, SearchCost]:
    print(f"{services:,} services, {units:,} units on {url.partition(':')[0]}", file=sys.stderr)
    words = read_vocabulary(SEED_DATA)
    files = folder / str(services)
    write_catalogue(files, words, services=services, units=units)
    run_command(url, "db", "upgrade")
    run_command(url, "places", "load", str(SEED_DATA / "gazetteer"))
    run_command(url, "catalogue", "import", str(SEED_DATA / "taxonomies"))
    imported = run_command(url, "catalogue", "import", str(files))
    return imported, searches(url, questions(words, QUESTIONS))


def _write(rows: list[tuple[str, int, int, ImportCost, SearchCost]]) -> None:
    lines = [
        "# Measurements",
        "",
        f"Made by `make bench` with Python {platform.python_version()} on {os.cpu_count()} cores. "
        f"{QUESTIONS} questions, the same each time, over HTTP in one process.",
        "",
        "| database | services | units | import | most memory | search, median | 95% within | against the bare "
        "availability statement | SQL statements | index built in |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for database, services, units, imported, search in rows:
        lines.append(
            f"| {database} | {services:,} | {units:,} | {imported.seconds:.1f} s | {imported.megabytes:.0f} MB "
            f"| {search.median:.1f} ms | {search.slow:.1f} ms | {search.median / search.bare_statement:.1f} times "
            f"| {search.fewest_statements} to {search.most_statements} | {search.index_build:.0f} ms |"
        )
    text = "\n".join(lines) + "\n"
    _replace("# Measurements", text)
    medians = [(f"{database}, {services:,} services", search.median) for database, services, _, _, search in rows]
    (ROOT / "bench" / "results.svg").write_text(bars("Search, median milliseconds", medians), encoding="utf-8")
    print(text)


def _replace(heading: str, section: str) -> None:
    """Write a section of results.md anew, from its heading to the next; the others stay as they are."""
    path = ROOT / "bench" / "results.md"
    before, found, after = path.read_text(encoding="utf-8").partition(heading)
    _, next_heading, rest = after.partition("\n## ")
    if not found:
        before, rest = f"{before.rstrip()}\n\n", ""
    others = f"\n## {rest}" if found and next_heading else ""
    path.write_text(before + section + others, encoding="utf-8")


if __name__ == "__main__":
    main()
