"""The contention bench in small, as real processes: nobody's unit is promised twice, though a worker is killed."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

from bench.holds.checker import Acknowledged, Finding, overlaps_as_seen, overlaps_in_trail, unlike
from directory.paths import ROOT


def test_no_unit_is_promised_twice_though_a_worker_is_killed(blank_database_url: str, tmp_path: Path) -> None:
    arguments = ["--database-url", blank_database_url, "--folder", str(tmp_path), "--json"]
    size = ["--workers", "4", "--attempts", "800", "--units", "8", "--kills", "1", "--no-rates"]

    ran = subprocess.run(
        [sys.executable, "-m", "bench", "holds", *size, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )

    assert ran.returncode == 0, ran.stderr
    (found,) = json.loads(ran.stdout)
    assert found["attempts"] == 800
    assert found["kills"] == 1
    assert found["successes"] > 10
    assert found["refusals"] > 10
    assert (found["overlaps"], found["faults"]) == (0, [])


def test_the_check_bites() -> None:
    """Two promises of one unit at one moment, and a hold that the audit trail has made while another went on."""
    promised = {
        "first": Acknowledged("unit", 10.0, "a", 1),
        "second": Acknowledged("unit", 11.0, "b", 2),
        "elsewhere": Acknowledged("other", 11.0, "c", 3),
    }
    until = SimpleNamespace(expires_at="1970-01-01 00:00:20")
    rows = dict.fromkeys(promised, until)
    finding = Finding()
    made: list[tuple[str, dict[str, str]]] = [("hold_made", {"hold": hold}) for hold in promised]
    released = ("hold_released", {"hold": "first"})
    units = {hold: promise.unit for hold, promise in promised.items()}

    assert overlaps_as_seen(promised, rows, {}) == 1
    assert overlaps_as_seen(promised, rows, {"first": 10.5}) == 0
    assert overlaps_in_trail(made, units, finding) == 1
    assert overlaps_in_trail([made[0], released, *made[1:]], units, finding) == 0
    assert finding.faults == []
    assert list(unlike(promised["first"], None, None)) == ["acknowledged, and not in the database"]
