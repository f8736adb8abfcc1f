"""`verify` finds every way to tamper with the trail. Whoever tampers here has first got rid of the triggers."""

# ruff: noqa: S608 - whoever tampers writes plain SQL; its values are the test's own

from contextlib import suppress
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from directory.audit import verify as verifying
from directory.audit.chain import FIRST_HASH, entry_hash
from directory.audit.events import Event
from directory.audit.log import flush_audit, record
from directory.audit.verify import Anchor, verify
from tests.audit.chain import HEAD, drop_triggers, entries, make_chain

LENGTH = 7


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a short chain is read in several."""
    monkeypatch.setattr(verifying, "_BATCH", 3)


@pytest.fixture
def chain(session: Session, now: datetime) -> Session:
    """A chain of seven entries that nothing protects any more."""
    make_chain(session, now, LENGTH)
    drop_triggers(session)
    return session


def problem(session: Session, *expected: Anchor) -> tuple[int, str]:
    """What `verify` finds first."""
    verdict = verify(session, expected=expected)
    assert verdict.first_problem is not None
    assert not verdict.ok
    return verdict.first_problem.sequence, verdict.first_problem.what


def test_an_empty_chain_is_whole(session: Session) -> None:
    verdict = verify(session)

    assert (verdict.ok, verdict.entries, verdict.head) == (True, 0, Anchor(0, FIRST_HASH))


@pytest.mark.parametrize("length", [1, 2, 3, 4, 6, 7])
def test_a_chain_of_any_length_is_whole(session: Session, now: datetime, length: int) -> None:
    make_chain(session, now, length)
    told: list[tuple[int, int]] = []

    verdict = verify(session, lambda done, total: told.append((done, total)))

    assert (verdict.ok, verdict.entries) == (True, length)
    assert verdict.head == Anchor(*session.execute(HEAD).one())
    assert told[-1] == (length, length)


@pytest.mark.parametrize(
    "change",
    [
        "event = 'token_issued'",
        "actor = 'user-99'",
        "actor = ''",
        'details = \'{"account":"user-3"}\'',
        "details = details || ' '",
        "hash = 'x' || substr(hash, 2)",
    ],
)
@pytest.mark.parametrize("sequence", [1, 4, LENGTH])
def test_a_changed_entry_is_found(chain: Session, change: str, sequence: int) -> None:
    chain.execute(text(f"UPDATE audit_entries SET {change} WHERE sequence = {sequence}"))

    assert problem(chain) == (sequence, "It was changed after it was written: its hash does not fit.")


def test_a_changed_time_is_found(chain: Session, now: datetime) -> None:
    other = now.replace(microsecond=1)
    instant = str(other.replace(tzinfo=None)) if chain.get_bind().dialect.name == "sqlite" else other
    chain.execute(text("UPDATE audit_entries SET at = :other WHERE sequence = 4"), {"other": instant})

    assert problem(chain)[0] == 4


def test_an_entry_that_was_replaced_is_found(session: Session, now: datetime) -> None:
    """SQLite's REPLACE fires no trigger for the row that it takes away."""
    if session.get_bind().dialect.name == "postgresql":
        pytest.skip("PostgreSQL has no REPLACE")
    make_chain(session, now, LENGTH)
    replacement = "SELECT 4, at, event, 'user-99', details, previous_hash, hash FROM audit_entries WHERE sequence = 4"
    with suppress(DBAPIError), session.begin_nested():
        session.execute(text(f"REPLACE INTO audit_entries {replacement}"))

    changed = entries(session)[3].actor == "user-99"
    assert verify(session).ok is not changed


@pytest.mark.parametrize("value", ["'nonsense'", "7", "x'ff'", "''"])
def test_what_is_not_even_of_its_kind_is_found(chain: Session, value: str) -> None:
    if chain.get_bind().dialect.name == "postgresql":
        pytest.skip("PostgreSQL refuses to store it")
    chain.execute(text(f"UPDATE audit_entries SET at = {value} WHERE sequence = 4"))
    chain.execute(text(f"UPDATE audit_entries SET details = {value} WHERE sequence = 5"))

    assert problem(chain) == (4, "It was changed after it was written: its hash does not fit.")


@pytest.mark.parametrize("sequence", [1, 3, 4, LENGTH - 1])
def test_a_gap_is_found(chain: Session, sequence: int) -> None:
    chain.execute(text(f"DELETE FROM audit_entries WHERE sequence = {sequence}"))

    after = f"It is missing: the entry after {sequence - 1} is {sequence + 1}."
    assert problem(chain) == (sequence, after)
    assert verify(chain).entries == sequence - 1


@pytest.mark.parametrize("left", [0, 1, LENGTH - 1])
def test_entries_missing_at_the_end_are_found(chain: Session, left: int) -> None:
    chain.execute(text(f"DELETE FROM audit_entries WHERE sequence > {left}"))

    assert problem(chain) == (left + 1, f"It is missing: the chain has had {LENGTH} entries.")


def test_reordering_is_found(chain: Session) -> None:
    for change in ("99 WHERE sequence = 3", "3 WHERE sequence = 4", "4 WHERE sequence = 99"):
        chain.execute(text(f"UPDATE audit_entries SET sequence = {change}"))

    assert problem(chain) == (3, "It does not follow the entry before it: one of the two was put there later.")


def test_closing_a_gap_by_renumbering_is_found(chain: Session) -> None:
    chain.execute(text("DELETE FROM audit_entries WHERE sequence = 3"))
    for sequence in range(4, LENGTH + 1):
        chain.execute(text(f"UPDATE audit_entries SET sequence = {sequence - 1} WHERE sequence = {sequence}"))
    chain.execute(text(f"UPDATE audit_head SET sequence = {LENGTH - 1}"))

    assert problem(chain)[0] == 3


def test_an_entry_with_a_new_hash_breaks_the_link_after_it(chain: Session) -> None:
    rewrite(chain, 4, actor="user-99")

    assert problem(chain) == (5, "It does not follow the entry before it: one of the two was put there later.")


def test_a_new_hash_for_the_last_entry_does_not_fit_the_head(chain: Session) -> None:
    rewrite(chain, LENGTH, actor="user-99")

    assert problem(chain) == (LENGTH, "It is not the entry with which the chain ended.")


def test_an_entry_put_behind_the_end_is_found(chain: Session, now: datetime) -> None:
    last = entries(chain)[-1]
    put(chain, now, LENGTH + 1, previous_hash=last.hash)

    assert problem(chain) == (LENGTH + 1, f"It was put there behind the chain's end, which is entry {LENGTH}.")


def test_an_entry_put_behind_a_gap_is_found(chain: Session, now: datetime) -> None:
    put(chain, now, LENGTH + 2, previous_hash=entries(chain)[-1].hash)

    assert problem(chain)[0] == LENGTH + 1


def test_an_event_that_nobody_can_record_is_found(chain: Session, now: datetime) -> None:
    put(chain, now, LENGTH + 1, event="something_else", previous_hash=entries(chain)[-1].hash)
    move_head_to_the_end(chain)

    assert problem(chain) == (LENGTH + 1, "Its event is none that this program can record.")


def test_a_missing_head_is_found(chain: Session) -> None:
    chain.execute(text("DELETE FROM audit_head"))

    assert problem(chain)[0] == LENGTH + 1
    assert verify(chain).head is None


@pytest.mark.parametrize("change", ["sequence = 3", "sequence = 99", f"hash = '{'a' * 64}'"])
def test_a_head_that_was_moved_is_found(chain: Session, change: str) -> None:
    chain.execute(text(f"UPDATE audit_head SET {change}"))

    assert not verify(chain).ok


def test_a_chain_that_was_written_anew_is_whole_but_lacks_a_head_that_was_noted(chain: Session) -> None:
    noted = Anchor(*chain.execute(HEAD).one())
    earlier = Anchor(2, entries(chain)[1].hash)
    write_anew(chain, without=4)

    assert verify(chain).ok, "nothing within the database can show it"
    assert verify(chain, expected=[earlier]).ok, "up to there it is what it was"
    assert problem(chain, earlier, noted) == (LENGTH, f"It is missing: the chain was noted to reach entry {LENGTH}.")


def test_a_noted_entry_that_is_another_now_is_named(chain: Session) -> None:
    noted = Anchor(5, entries(chain)[4].hash)
    write_anew(chain, without=4)

    assert problem(chain, noted)[0] == 5
    assert "was noted" in problem(chain, noted)[1]


def test_heads_noted_while_the_chain_grew_are_all_in_it(session: Session, now: datetime) -> None:
    noted = [verify(session).head]
    for _ in range(3):
        make_chain(session, now, 2)
        noted.append(verify(session).head)

    assert verify(session, expected=[anchor for anchor in noted if anchor]).ok


def test_heads_that_contradict_each_other_cannot_both_be_in_it(session: Session) -> None:
    assert not verify(session, expected=[Anchor(1, "a" * 64), Anchor(1, "b" * 64)]).ok
    assert not verify(session, expected=[Anchor(0, "b" * 64)]).ok


def test_entries_added_while_it_is_checked_are_checked_too(session: Session, now: datetime) -> None:
    make_chain(session, now, 3)
    added: list[int] = []

    def add_once(_done: int, _total: int) -> None:
        if not added:
            added.append(1)
            record(session, Event.SIGNED_IN, "user-50", now)
            flush_audit(session)

    verdict = verify(session, add_once)

    assert (verdict.ok, verdict.entries) == (True, 4)


COLUMNS = "SELECT sequence, at, event, actor, details, previous_hash, hash FROM audit_entries ORDER BY sequence"


def rewrite(session: Session, sequence: int, **changes: Any) -> None:
    """Change an entry and give it the hash that fits, as somebody would who knows how hashes are made."""
    row = session.execute(text(COLUMNS)).all()[sequence - 1]
    store(session, row._asdict() | changes)


def put(session: Session, now: datetime, sequence: int, **changes: Any) -> None:
    """Add an entry with the hash that fits, without moving the head."""
    session.execute(
        text(
            "INSERT INTO audit_entries (sequence, at, event, actor, details, previous_hash, hash) "
            "SELECT :sequence, at, event, actor, details, :filler, :filler FROM audit_entries WHERE sequence = 1"
        ),
        {"sequence": sequence, "filler": f"{sequence:064}"},
    )
    row = session.execute(text(COLUMNS)).all()[-1]
    store(session, row._asdict() | changes)


def store(session: Session, row: dict[str, Any]) -> None:
    """Write `row` over the entry of its sequence, with the hash that fits."""
    at = row["at"] if isinstance(row["at"], datetime) else datetime.fromisoformat(f"{row['at']}+00:00")
    row["hash"] = entry_hash(row["sequence"], at, row["event"], row["actor"], row["details"], row["previous_hash"])
    session.execute(
        text(
            "UPDATE audit_entries SET event = :event, actor = :actor, details = :details, "
            "previous_hash = :previous_hash, hash = :hash WHERE sequence = :sequence"
        ),
        row,
    )


def move_head_to_the_end(session: Session) -> None:
    """Make the head name the last entry."""
    last = entries(session)[-1]
    session.execute(text("UPDATE audit_head SET sequence = :sequence, hash = :hash"), last._asdict())


def write_anew(session: Session, without: int) -> None:
    """Take one entry out and forge everything after it, head included."""
    session.execute(text(f"DELETE FROM audit_entries WHERE sequence = {without}"))
    for sequence in range(without + 1, LENGTH + 1):
        session.execute(text(f"UPDATE audit_entries SET sequence = {sequence - 1} WHERE sequence = {sequence}"))
    for sequence in range(without, LENGTH):
        rewrite(session, sequence, previous_hash=entries(session)[sequence - 2].hash)
    move_head_to_the_end(session)
