"""`support-directory audit verify`."""

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from tests.audit.chain import HEAD, drop_triggers, entries, make_chain
from tests.support.commands import Commands
from tests.support.databases import committing

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


@pytest.fixture
def head(database_url: str) -> str:
    """A chain of five entries; its head as it is noted."""
    with committing(database_url) as session:
        make_chain(session, NOW, 5)
        row = session.execute(HEAD).one()
        return f"{row.sequence}:{row.hash}"


def test_a_whole_chain(run: Commands, head: str) -> None:
    outcome = run("audit", "verify")

    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == f"5 entries, the chain is whole.\nHead: {head}\n"


def test_an_empty_chain(run: Commands) -> None:
    assert run("audit", "verify").out.startswith("0 entries, the chain is whole.\nHead: 0:0000")


def test_a_broken_chain_is_refused_with_its_first_broken_entry(run: Commands, head: str, database_url: str) -> None:
    with committing(database_url) as session:
        drop_triggers(session)
        session.execute(text("UPDATE audit_entries SET actor = 'user-9' WHERE sequence > 2"))

    outcome = run("audit", "verify")

    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err == (
        "Entry 3: It was changed after it was written: its hash does not fit.\nWhole up to there: 2 entries.\n"
    )


def test_machines_get_json(run: Commands, head: str, database_url: str) -> None:
    whole = run("audit", "verify", "--json")
    with committing(database_url) as session:
        session.execute(text("DELETE FROM audit_head"))
    broken = run("audit", "verify", "--json")

    sequence, _, digest = head.partition(":")
    expected = {"entries": 5, "ok": True, "head": {"sequence": int(sequence), "hash": digest}, "problem": None}
    assert (whole.code, json.loads(whole.out)) == (0, expected)
    answer = json.loads(broken.out)
    assert (broken.code, answer["ok"], answer["head"], answer["problem"]["sequence"]) == (1, False, None, 6)


def test_a_head_that_was_noted_must_still_be_in_the_chain(run: Commands, head: str, database_url: str) -> None:
    with committing(database_url) as session:
        make_chain(session, NOW, 2)
        second = entries(session)[1]

    assert run("audit", "verify", "--expect", head, "--expect", f"2:{second.hash}").code == 0
    other = run("audit", "verify", "--expect", head, "--expect", f"2:{'a' * 64}")
    assert (other.code, other.err.partition(":")[0]) == (1, "Entry 2")
    assert run("audit", "verify", "--expect", f"8:{'a' * 64}").code == 1


@pytest.mark.parametrize("anchor", ["", "5", "5:abc", f"x:{'a' * 64}", f"-1:{'a' * 64}", f"5:{'A' * 64}"])
def test_what_is_no_head_is_wrong_use(run: Commands, anchor: str) -> None:
    outcome = run("audit", "verify", "--expect", anchor)

    assert outcome.code == 2
    assert "64 digits" in outcome.err
