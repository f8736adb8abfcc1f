"""The contention bench in small, as real processes: nobody's unit is promised twice, though a worker is killed."""

import json
import subprocess
import sys
from pathlib import Path

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
