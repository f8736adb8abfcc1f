"""`editions draft`, `publish`, `show` and `verify`, as somebody runs them."""

import hashlib
import json
from typing import Any

import pytest
from sqlalchemy import text

from directory.extensions import Database
from tests import factories
from tests.publishing.editions.world import refuge, without_protection
from tests.support.commands import Commands


@pytest.fixture
def catalogue(database: Database) -> tuple[str, str]:
    """A catalogue of one refuge, and the addresses of two commissioners."""
    with database.new_session.begin() as session:
        refuge(session, units=2)
        factories.user(session, "officer")
        return factories.user(session, "commissioner").email, factories.user(session, "commissioner").email


def answer(run: Commands, *arguments: str) -> Any:
    done = run("editions", *arguments, "--json")
    assert done.code == 0, done.err
    return json.loads(done.out)


def test_from_a_draft_to_what_can_be_checked(run: Commands, database: Database, catalogue: tuple[str, str]) -> None:
    one, other = catalogue

    drafted = run("editions", "draft", "--by", one, "--note", "With two rooms.")
    assert drafted.code == 0, drafted.err
    assert "Drafted: 1 service of 1 organisation, 2 units with 8 bedspaces" in drafted.out
    assert "Warning: this does not hold: Every listing says what it has to say." in drafted.err

    published = run("editions", "publish", "--signed-by", other)
    assert published.code == 0, published.err
    assert "Published: edition 1" in published.out
    assert "Sent to 1 person." in published.out

    shown = run("editions", "show")
    assert "With two rooms." in shown.out
    assert "There is no edition before it." in shown.out
    said = answer(run, "show", "1")
    assert (said["number"], said["services"], said["corrected_by"]) == (1, 1, None)
    content = run("editions", "show", "1", "--content").out
    assert hashlib.sha256(content.encode()).hexdigest() == said["content_hash"]

    assert run("editions", "verify").out == "1 edition: each is what was published.\n"
    assert answer(run, "verify") == {"editions": 1, "ok": True, "problems": []}

    answer(run, "draft", "--by", other, "--corrects", "1")
    corrected = answer(run, "publish", "--signed-by", one)
    assert (corrected["number"], corrected["corrects"], corrected["sent_to"]) == (2, 1, 1)
    assert "Edition 2 corrects it." in run("editions", "show", "1").out
    assert "Since edition 1: 0 new, 0 changed, 0 withdrawn" in run("editions", "show").out

    with database.new_session.begin() as session, without_protection(session):
        session.execute(text("UPDATE editions SET note = 'Nothing.' WHERE number = 1"))
    bad = run("editions", "verify")
    assert bad.code == 1
    assert "Edition 1: Its number, a date" in bad.err
    assert run("editions", "verify", "--json").code == 1


def test_what_is_refused(run: Commands, catalogue: tuple[str, str]) -> None:
    one, other = catalogue
    refusals = {
        ("show",): "No edition has been published yet.",
        ("show", "7"): "There is no such edition.",
        ("publish", "--signed-by", other): "Nothing is being prepared",
        ("draft", "--by", "nobody@example.org"): "There is no account",
        ("draft", "--by", one, "--corrects", "3"): "There is no such edition.",
        ("draft", "--by", one, "--note", "Mrs Smith has moved in"): "note: ",
    }
    for arguments, reason in refusals.items():
        done = run("editions", *arguments)
        assert done.code == 1
        assert reason in done.err, arguments
    assert run("editions", "draft").code == 0
    assert "takes it over" in run("editions", "publish", "--signed-by", other).err
    assert run("editions", "draft", "--by", one).code == 0
    assert "ask another commissioner" in run("editions", "publish", "--signed-by", one).err
    assert run("editions", "publish").code == 2
