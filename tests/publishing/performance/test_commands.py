"""`performance import`: told to people and to machines, and refused with a reason."""

import json
from pathlib import Path

import pytest

from directory.cli import main
from directory.extensions import Database
from tests import factories
from tests.support.commands import Commands


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(main.COMMANDS, "performance", "performance:performance")


def test_figures_are_imported(run: Commands, database: Database, tmp_path: Path) -> None:
    with database.new_session.begin() as session:
        factories.service(session, id="rose-house")
    file = tmp_path / "figures.csv"
    file.write_text("service_id,period,measure,value\nrose-house,2025-Q3,placements,9\n", encoding="utf-8")

    trial = run("performance", "import", file, "--dry-run")
    done = run("performance", "import", file)
    again = run("performance", "import", file, "--json")

    assert (trial.code, done.code, again.code) == (0, 0, 0)
    assert "added   rose-house/2025-Q3/placements: 9\nDry run, nothing was written: 1 added" in trial.out
    assert done.out.endswith("Imported: 1 added, 0 changed, 0 unchanged.\n")
    assert json.loads(again.out)["counts"] == {"added": 0, "changed": 0, "errors": 0, "unchanged": 1}
    file.write_text("service_id,period,measure,value\nrose-hose,2025-Q3,placements,9%\n", encoding="utf-8")
    refused = run("performance", "import", file)
    assert refused.code == 1
    assert "row 2, D value: “9%”: Leave the per cent sign out. Allowed: 9." in refused.err
    assert refused.err.endswith("error. Nothing was imported.\n")
    missing = run("performance", "import", tmp_path / "nothing.csv", "--json")
    assert missing.code == 1
    assert "cannot be read" in json.loads(missing.out)["refused"]
    assert run("performance", "import").code == 2
