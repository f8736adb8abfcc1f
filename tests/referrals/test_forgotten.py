"""Firewall, rules 4 and 10: what is forgotten is nowhere any more, and the counts still add up."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, inspect, select, text
from sqlalchemy.orm import Session

from directory.audit.models import AuditEntry
from directory.extensions import Database
from directory.models import Base
from directory.referrals import retention
from directory.referrals.models import Referral, SealedContact
from directory.referrals.statistics import Contribution, referral_counts
from directory.referrals.vocabulary import DeclinedBy, DeclineReason, ReferralState
from tests.referrals.world import CONTACT, World

PLANTED = (CONTACT.alias, CONTACT.address, CONTACT.safe_times, CONTACT.say)
FORGOTTEN = ("referrals", "referral_steps", "referral_moves", "sealed_contacts", "holds", "outbox_messages")


@pytest.fixture
def committed(database: Database, tmp_path: Path, now: datetime) -> Iterator[World]:
    """A world in it."""
    with database.new_session() as session:
        yield World.made(session, tmp_path, now)


def every_way_to_end(world: World) -> dict[str, ReferralState]:
    """Referrals that came to each outcome, with messages, holds and plans; by reference."""
    first, second, helpline = world.place(units=9), world.place(units=9), world.place(units=0, hours="24/7")
    plan = [(first.option_of(n), second.option_of(n), helpline) for n in range(7)]
    made = {}
    arrived = world.sent(*plan[0])
    world.see(arrived, first.staff)
    world.accept(arrived, first.staff)
    world.arrival(arrived, first.staff)
    made[arrived] = ReferralState.CLOSED
    not_arrived = world.sent(*plan[1])
    world.accept(not_arrived, first.staff)
    world.arrival(not_arrived, world.officer, arrived=False)
    made[not_arrived] = ReferralState.CLOSED
    withdrawn = world.sent(*plan[2])
    world.withdraw(withdrawn)
    made[withdrawn] = ReferralState.CLOSED
    declined = world.sent(*plan[3])
    world.decline(declined, first.staff, DeclinedBy.SURVIVOR, DeclineReason.TOO_FAR)
    world.next(declined)
    world.decline(declined, second.staff)
    world.next(declined)
    world.decline(declined, helpline.staff)
    world.close(declined)
    made[declined] = ReferralState.CLOSED
    moved_on = world.sent(*plan[4], moves_on=True)
    world.decline(moved_on, first.staff)
    made[moved_on] = ReferralState.CLOSED
    made[world.sent(*plan[5])] = ReferralState.CLOSED
    made[world.draft(*plan[6])] = ReferralState.CLOSED
    return made


def mentions(session: Session, words: Iterable[str], *, spare: Iterable[str] = ()) -> list[str]:
    """Every `table.column` that has one of `words` anywhere in it; every column of every table is looked at."""
    found = []
    connection = session.connection()
    for table in inspect(connection).get_table_names():
        if table in spare:
            continue
        for column in inspect(connection).get_columns(table):
            name = f'"{table}"."{column["name"]}"'
            shape = f"encode({name}, 'escape')" if "BYTEA" in str(column["type"]) else f"CAST({name} AS TEXT)"
            for word in words:
                query = text(f"SELECT count(*) FROM \"{table}\" WHERE {shape} LIKE '%' || :word || '%'")  # noqa: S608
                if connection.scalar(query, {"word": word}):
                    found.append(f"{table}.{column['name']}")
    return found


def left(session: Session) -> dict[str, int]:
    """The tables that still have something of a referral, with how many rows."""
    counts = {name: session.scalar(select(func.count()).select_from(Base.metadata.tables[name])) for name in FORGOTTEN}
    return {name: count for name, count in counts.items() if count}


def run_until_forgotten(world: World, new_session: Callable[[], Session]) -> list[Counter[Contribution]]:
    """Seven weeks, the first fortnight a day at a time; what was counted at the end of each."""
    counted = []
    for days in [1] * 14 + [3] * 12:
        world.advance(days=days)
        world.run_due(new_session)
        counted.append(referral_counts(world.session))
        world.session.rollback()
    return counted


def test_four_weeks_after_its_end_nothing_is_left_but_counts(committed: World, database: Database) -> None:
    made = every_way_to_end(committed)
    assert set(left(committed.session)) == set(FORGOTTEN)

    counted = run_until_forgotten(committed, database.new_session)

    session = committed.session
    assert left(session) == {}
    assert mentions(session, made, spare=["audit_entries"]) == []
    # All was over within a fortnight; whatever was forgotten since, the sums stayed what they were.
    assert all(one == counted[13] for one in counted[13:])
    totals = Counter[str]()
    for (_, _, measure), count in counted[-1].items():
        totals[measure] += count
    # The one that moves on by itself was declined by the first, and the two after that did not answer.
    assert (totals["asked"], totals["accepted"], totals["unanswered"]) == (10, 2, 3)
    assert totals["declined.survivor.too_far"] == 1
    assert totals["declined.provider.no_capacity"] == 3
    assert (totals["arrived"], totals["did_not_arrive"], totals["withdrawn"], totals["came_to_nothing"]) == (1, 1, 1, 3)
    assert totals["code_met"] == 6


def test_audit_keeps_references_and_says_what_was_forgotten(committed: World, database: Database) -> None:
    made = every_way_to_end(committed)

    run_until_forgotten(committed, database.new_session)

    forgotten = select(AuditEntry.details).where(AuditEntry.event == "referral_forgotten")
    details = list(committed.session.scalars(forgotten))
    assert sorted(details) == sorted(f'{{"referral":"{reference}"}}' for reference in made)
    assert mentions(committed.session, PLANTED) == []


def test_nothing_is_forgotten_a_moment_too_early(committed: World, database: Database) -> None:
    reference = committed.sent(committed.place())
    committed.withdraw(reference)

    committed.advance(days=28, seconds=-1)
    committed.run_due(database.new_session)
    assert mentions(committed.session, [reference], spare=["audit_entries"]) != []

    committed.advance(seconds=1)
    committed.run_due(database.new_session)
    assert mentions(committed.session, [reference], spare=["audit_entries"]) == []


def test_a_job_that_did_not_run_for_weeks_forgets_in_time_all_the_same(committed: World, database: Database) -> None:
    """It ended when it ran out, not when that was written down: the 28 days are counted from there."""
    reference = committed.sent(committed.place())

    committed.advance(hours=1 + 24, days=28)
    committed.run_due(database.new_session)

    assert mentions(committed.session, [reference], spare=["audit_entries"]) == []


def test_the_scan_bites(committed: World, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A retention that forgets the messages, and a step that is kept, are found by the scan and by the tables."""
    made = every_way_to_end(committed)
    monkeypatch.setattr(retention, "forget_messages", lambda *_: 0)

    run_until_forgotten(committed, database.new_session)

    assert left(committed.session) == {
        "outbox_messages": committed.session.scalar(text("SELECT count(*) FROM outbox_messages"))
    }
    assert set(mentions(committed.session, made, spare=["audit_entries"])) == {
        "outbox_messages.reference",
        "outbox_messages.path",
        "outbox_messages.dedupe_key",
    }


def test_counts_that_are_not_kept_are_noticed(
    committed: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    every_way_to_end(committed)
    monkeypatch.setattr(retention, "add_counts", lambda *_: None)

    counted = run_until_forgotten(committed, database.new_session)

    assert counted[-1] != counted[13]


# Raw files: what a thief of a disk, or of a backup, would have.


def forms(words: Iterable[str]) -> list[bytes]:
    """Words as they may stand in a file."""
    return [word.encode(code) for word in words for code in ("utf-8", "utf-16-le", "utf-16-be")]


def found_in_files(folder: Path, wanted: Iterable[bytes]) -> set[str]:
    """The files under `folder` that hold any of it."""
    wanted = list(wanted)
    return {
        path.name for path in folder.rglob("*") if path.is_file() and any(one in path.read_bytes() for one in wanted)
    }


@pytest.fixture
def files(databases: object, tmp_path: Path, now: datetime) -> Iterator[tuple[Path, Database, World]]:
    """A world on SQLite, all of whose files are in one folder: database, log, keystore."""
    folder = tmp_path / "files"
    folder.mkdir()
    with databases.filled("sqlite") as url:  # type: ignore[attr-defined]
        copy = folder / "directory.sqlite3"
        source, target = sqlite3.connect(url.removeprefix("sqlite:///")), sqlite3.connect(copy)
        source.backup(target)
        source.close()
        target.close()
    database = Database(f"sqlite:///{copy}")
    with database.new_session() as session:
        yield folder, database, World.made(session, folder, now)
    database.engine.dispose()


def key_of(world: World, reference: str) -> bytes:
    key_id = world.session.scalar(
        select(SealedContact.key_id)
        .join(Referral, Referral.id == SealedContact.referral_id)
        .where(Referral.reference == reference)
    )
    world.session.rollback()
    assert key_id is not None
    key = world.keystore.get(key_id, world.now)
    assert key is not None
    return key


def back_up(folder: Path, to: Path) -> None:
    """Copy the database and the files beside it while it is used, as a backup does. Never the keystore."""
    to.mkdir()
    for path in folder.glob("directory.sqlite3*"):
        (to / path.name).write_bytes(path.read_bytes())


def test_after_the_end_no_file_gives_the_safe_contact_back(files: tuple[Path, Database, World]) -> None:
    folder, database, world = files
    reference = world.sent(world.place(), note="")
    key = key_of(world, reference)
    back_up(folder, folder / "backup")
    # While it is open the key is there, and nothing else: not even now is it written down anywhere.
    assert found_in_files(folder, [key]) == {"keystore.sqlite3"}
    assert found_in_files(folder, forms(PLANTED)) == set()

    world.withdraw(reference)

    assert found_in_files(folder, [key, *forms(PLANTED)]) == set()
    world.advance(days=30)
    world.run_due(database.new_session)
    assert found_in_files(folder, [key, *forms(PLANTED)]) == set()


def test_looking_for_it_in_files_bites(files: tuple[Path, Database, World]) -> None:
    """Written into any column, the words are found: in the log first, in the backup too, even once they are deleted."""
    folder, _, world = files
    reference = world.sent(world.place())
    world.session.execute(
        Referral.__table__.update().where(Referral.reference == reference).values(note=f"Ask for {CONTACT.alias}")
    )
    world.session.commit()
    back_up(folder, folder / "backup")

    world.withdraw(reference)

    found = found_in_files(folder, forms(PLANTED))
    assert any((folder / "backup" / name).exists() for name in found)
    assert found


def test_looking_for_a_key_in_files_bites(files: tuple[Path, Database, World], monkeypatch: pytest.MonkeyPatch) -> None:
    folder, _, world = files
    reference = world.sent(world.place())
    key = key_of(world, reference)
    monkeypatch.setattr(type(world.keystore), "destroy", lambda *_: None)

    world.withdraw(reference)

    assert found_in_files(folder, [key]) == {"keystore.sqlite3"}


def test_the_sealed_text_of_a_backup_opens_with_nothing_that_is_left(files: tuple[Path, Database, World]) -> None:
    """The backup has the sealed text and the keystore has no key for it any more."""
    folder, _, world = files
    reference = world.sent(world.place())
    back_up(folder, folder / "backup")
    world.withdraw(reference)

    backup = sqlite3.connect(folder / "backup" / "directory.sqlite3")
    (key_id,) = backup.execute("SELECT key_id FROM sealed_contacts").fetchone()
    backup.close()

    assert world.keystore.get(key_id, world.now) is None


def test_no_table_of_referrals_is_missing_from_this_test() -> None:
    """A new table that has to do with referrals or holds must be forgotten too, and stand in the list above."""
    related = {
        table.name
        for table in Base.metadata.tables.values()
        if table.name in FORGOTTEN
        or any(key.column.table.name in FORGOTTEN for key in table.foreign_keys)
        or any(column.name == "reference" for column in table.columns)
    }

    assert related == set(FORGOTTEN)
