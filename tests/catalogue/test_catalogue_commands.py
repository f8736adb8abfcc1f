"""`catalogue import` and `catalogue export`, as people and machines use them."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from directory.catalogue.models import Service
from tests.catalogue import folders
from tests.catalogue.folders import small_catalogue, write
from tests.support.commands import Commands, Outcome
from tests.support.databases import committing

LONG_AGO = "2026-01-05T10:00:00Z"


def fixed_catalogue() -> dict[str, list[dict[str, str]]]:
    """The small catalogue, whose unit was confirmed at a fixed time: the commands work with the real clock."""
    return small_catalogue() | {"units.csv": [folders.unit(confirmed_at=LONG_AGO)]}


def test_import_export_and_import_again(run: Commands, tmp_path: Path) -> None:
    write(tmp_path / "in", fixed_catalogue())

    imported = run("catalogue", "import", tmp_path / "in")
    exported = run("catalogue", "export", tmp_path / "out")
    again = run("catalogue", "import", tmp_path / "out", "--whole", "--dry-run")

    assert (imported.code, imported.err) == (0, "")
    assert "added   units.csv rose-01\n" in imported.out
    assert imported.out.endswith("Imported: 12 added, 0 changed, 0 removed, 0 unchanged.\n")
    assert (exported.code, "units.csv: 1 rows\n" in exported.out) == (0, True)
    assert again.out == "Dry run, nothing was written: 0 added, 0 changed, 0 removed, 12 unchanged.\n"


def test_json_tells_everything_to_machines(run: Commands, tmp_path: Path) -> None:
    write(tmp_path, fixed_catalogue())
    run("catalogue", "import", tmp_path)
    files = fixed_catalogue() | {"performance.csv": []}
    files["services.csv"][0] |= {"needs": "refuge-space;domestic-abuse"}
    files["units.csv"].append(folders.unit(id="rose-02", confirmed_at=""))

    outcome = run("catalogue", "import", write(tmp_path, files), "--dry-run", "--json")

    assert outcome.code == 0
    assert json.loads(outcome.out) == {
        "dry_run": True,
        "applied": False,
        "added": [{"file": "units.csv", "id": "rose-02"}],
        "changed": [
            {
                "file": "services.csv",
                "id": "rose-house",
                "fields": {"needs": {"before": "refuge-space", "after": "domestic-abuse;refuge-space"}},
            }
        ],
        "removed": [{"file": "performance.csv", "id": "rose-house/2026-Q2/referrals_received"}],
        "errors": [],
        "counts": {"added": 1, "changed": 1, "removed": 1, "unchanged": 10, "errors": 0},
        "possible_duplicates": [],
    }


def test_errors_go_to_standard_error_and_nothing_is_imported(run: Commands, tmp_path: Path) -> None:
    files = fixed_catalogue()
    files["units.csv"][0] |= {"state": "free"}

    outcome = run("catalogue", "import", write(tmp_path, files))
    export = run("catalogue", "export", tmp_path / "out")

    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err == (
        "units.csv, row 2, state: “free”: It is not one of the words that this column knows. "
        "Allowed: open, occupied, closed.\n1 error. Nothing was imported.\n"
    )
    assert "organisations.csv: 0 rows" in export.out


def test_errors_for_machines(run: Commands, tmp_path: Path) -> None:
    files = fixed_catalogue()
    files["units.csv"][0] |= {"state": "free"}

    outcome = run("catalogue", "import", write(tmp_path, files), "--json")

    assert outcome.code == 1
    answer = json.loads(outcome.out)
    assert (answer["dry_run"], answer["applied"], answer["counts"]["errors"]) == (False, False, 1)
    assert answer["errors"] == [
        {
            "file": "units.csv",
            "row": 2,
            "column": "state",
            "value": "free",
            "message": "It is not one of the words that this column knows.",
            "allowed": ["open", "occupied", "closed"],
        }
    ]


def dry_runs_of_100_units(run: Commands, folder: Path) -> tuple[Outcome, Outcome]:
    """A dry run that adds 111 rows, and one with 100 errors."""
    files = fixed_catalogue() | {"units.csv": [folders.unit(id=f"room-{i}", confirmed_at="") for i in range(100)]}
    good = run("catalogue", "import", write(folder, files), "--dry-run")
    for row in files["units.csv"]:
        row["state"] = "free"
    return good, run("catalogue", "import", write(folder, files), "--dry-run")


def test_many_lines_are_shortened_on_a_terminal(run: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("directory.cli.catalogue._is_terminal", lambda: True)

    good, bad = dry_runs_of_100_units(run, tmp_path)

    assert "added   … and 91 more (a pipe, such as “| less”, shows them)\n" in good.out
    assert "… and 50 more (a pipe, such as “| less”, shows them).\n100 errors. Nothing was imported.\n" in bad.err


def test_a_pipe_gets_every_change_and_every_error(run: Commands, tmp_path: Path) -> None:
    good, bad = dry_runs_of_100_units(run, tmp_path)

    assert [line for line in good.out.splitlines() if "units.csv" in line] == [
        f"added   units.csv {identifier}" for identifier in sorted(f"room-{i}" for i in range(100))
    ]
    assert "more" not in good.out + bad.err
    assert [line.split(":")[0] for line in bad.err.splitlines()[:-1]] == [
        f"units.csv, row {i}, state" for i in range(2, 102)
    ]


def test_help_says_what_a_folder_speaks_for(run: Commands) -> None:
    text = " ".join(run("catalogue", "import", "--help").out.split())

    assert "DIR speaks for the organisations that it lists, and no others" in text
    assert "--whole DIR speaks for the whole catalogue" in text


def test_a_folder_that_is_not_there_is_refused(run: Commands, tmp_path: Path) -> None:
    plain = run("catalogue", "import", tmp_path / "nowhere")
    machine = run("catalogue", "import", tmp_path / "nowhere", "--json")

    assert (plain.code, plain.out) == (1, "")
    assert "is not a folder" in plain.err
    assert (machine.code, machine.err) == (1, "")
    assert "is not a folder" in json.loads(machine.out)["errors"][0]["message"]


def test_a_relative_confirmation_counts_from_the_moment_of_the_command(run: Commands, tmp_path: Path) -> None:
    run("catalogue", "import", write(tmp_path / "in", small_catalogue()))
    run("catalogue", "export", tmp_path / "out")

    confirmed = (tmp_path / "out" / "units.csv").read_text().splitlines()[1].rpartition(",")[2]
    age = datetime.now(UTC) - datetime.fromisoformat(confirmed)
    assert 7_200 <= age.total_seconds() < 7_260


def test_the_history_is_checked(run: Commands, database_url: str, tmp_path: Path) -> None:
    run("catalogue", "import", write(tmp_path, small_catalogue()))
    sound = run("catalogue", "check-history")

    with committing(database_url) as session:
        session.execute(update(Service).where(Service.id == "rose-house").values(phone="020 7946 0003"))
    broken = run("catalogue", "check-history")

    assert (sound.code, sound.out) == (0, "The catalogue is what its history replays to.\n")
    assert broken.code == 1
    assert broken.err.splitlines()[0] == "service rose-house: phone"


def test_what_may_be_there_already_is_told(run: Commands, tmp_path: Path) -> None:
    run("catalogue", "import", write(tmp_path / "first", small_catalogue()))
    files = {"organisations.csv": [folders.organisation(id="the-roses", name="The Rose Trust Ltd")]}

    plain = run("catalogue", "import", write(tmp_path / "second", files), "--dry-run")
    machine = run("catalogue", "import", tmp_path / "second", "--dry-run", "--json")

    assert "alike   organisations.csv the-roses and rose: a very similar name\n" in plain.out
    assert json.loads(machine.out)["possible_duplicates"] == [
        {"file": "organisations.csv", "id": "the-roses", "like": "rose", "because": ["a very similar name"]}
    ]
