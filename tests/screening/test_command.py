"""`support-directory referrals screen`, as other programs use it."""

import json
import os
import subprocess
import sys

from directory.paths import ROOT

# The command must not need a database: this one is nowhere.
NOWHERE = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nowhere"}


def run(text: str, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "directory", "referrals", "screen", *options],
        input=text,
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        env={**os.environ, **NOWHERE},
        timeout=120,
        check=False,
    )


def test_each_text_gets_an_answer_in_its_order() -> None:
    texts = ["needs cot", "her name is fatima", "", "nrpf, ring 07700 900123", "Referred to Marigold House", "она"]

    done = run("\n\n".join(json.dumps(text) for text in texts) + "\n", "--json")

    assert done.returncode == 0, done.stderr
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {"block": False, "kinds": []},
        {"block": True, "kinds": ["name"]},
        {"block": False, "kinds": []},
        {"block": True, "kinds": ["immigration", "phone"]},
        {"block": False, "kinds": []},
        {"block": True, "kinds": ["name"]},
    ]


def test_a_line_that_is_no_json_string_stops_it_without_repeating_it() -> None:
    for line in ('{"text": "fatima"}', "fatima", '"fatima', "7"):
        done = run(f'"needs cot"\n{line}\n"needs cot"\n', "--json")

        assert (done.returncode, done.stdout.count("\n")) == (1, 1)
        assert "Line 2 is not a JSON string" in done.stderr
        assert "fatima" not in done.stderr


def test_people_get_words() -> None:
    assert "may be stored" in run("needs a cot").stdout

    said = run("her name is fatima").stdout

    assert "fatima" in said
    assert "child 1" in said


def test_an_answer_comes_before_the_next_question() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "directory", "referrals", "screen", "--json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        cwd=ROOT,
        env={**os.environ, **NOWHERE},
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for text, block in (("needs cot", False), ("nrpf", True)):
            process.stdin.write(json.dumps(text) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["block"] is block
        process.stdin.close()
        assert process.wait(timeout=60) == 0
