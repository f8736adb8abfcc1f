"""`places load` and `places lookup`, as people and programs call them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from directory.cli.places import places
from tests.places.gazetteer_facts import FOLDER


def run(url: str, *arguments: str) -> Result:
    return CliRunner().invoke(places, list(arguments), env={"DATABASE_URL": url})


def test_loading_says_what_there_is_now(database_url: str) -> None:
    result = run(database_url, "load", str(FOLDER))

    assert result.exit_code == 0
    assert result.stdout == "Unchanged: 33 boroughs, 279,157 postcodes, 12,006 postcode sectors, 307 places.\n"
    assert result.stderr == ""


def test_a_place_in_a_line_and_in_json(database_url: str) -> None:
    line = run(database_url, "lookup", "southal")
    answer = run(database_url, "lookup", "e8 3", "--json")

    assert line.exit_code == answer.exit_code == 0
    assert line.stdout.startswith("Southall (for “southal”): place, 51.")
    assert json.loads(answer.stdout) == {
        "name": "E8 3",
        "kind": "sector",
        "latitude": pytest.approx(51.54, abs=0.01),
        "longitude": pytest.approx(-0.06, abs=0.01),
        "borough_codes": ["E09000012", "E09000030"],
        "country": "england",
        "corrected_from": None,
    }


def test_several_places_are_offered_and_refused(database_url: str) -> None:
    said, answer = run(database_url, "lookup", "Hayes"), run(database_url, "lookup", "Hayes", "--json")

    assert said.exit_code == answer.exit_code == 1
    assert "Hayes, Bromley; Hayes, Hillingdon" in said.stderr
    choices = json.loads(answer.stdout)["choices"]
    assert [(choice["name"], choice["borough_codes"]) for choice in choices] == [
        ("Hayes, Bromley", ["E09000006"]),
        ("Hayes, Hillingdon", ["E09000017"]),
    ]


def test_no_place_is_refused_with_help(database_url: str) -> None:
    said, answer = run(database_url, "lookup", "Dulwich"), run(database_url, "lookup", "Dulwich", "--json")

    assert said.exit_code == answer.exit_code == 1
    assert "Did you mean: East Dulwich" in said.stderr
    body = json.loads(answer.stdout)
    assert body["suggestions"][0] == "East Dulwich"
    assert "no place called" in body["error"]


def test_the_whole_program_keeps_the_exit_codes(database_url: str, tmp_path: Path) -> None:
    def program(*arguments: str) -> tuple[int, str, str]:
        environment = {"DATABASE_URL": database_url, "PATH": "", "PYTHONUTF8": "1"}
        command = [sys.executable, "-m", "directory", "places", *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=60)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    assert program("lookup", "Hayes", "--json")[0] == 1
    code, _, wrong = program("load", str(tmp_path))
    assert (code, "boroughs.csv: The file cannot be read" in wrong) == (1, True)
    assert program("load", str(tmp_path / "nowhere"))[0] == 2
