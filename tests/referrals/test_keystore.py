"""The keystore: keys are given out while they serve, and nothing of a destroyed one is left in any file."""

import secrets
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from threading import Thread

import pytest
from sqlalchemy.exc import OperationalError

from directory.referrals import keystore as module
from directory.referrals.keystore import EMPTY_ROWS, KEY_BYTES, Keystore

DAY = timedelta(days=1)
# Makes keys and destroys every second one, as one of several processes does.
BUSY = """
import sys
from datetime import datetime, timedelta, UTC
from directory.referrals.keystore import Keystore
store, now = Keystore(sys.argv[1]), datetime.now(UTC)
for number in range(20):
    key_id, key = store.make(now, now + timedelta(days=1))
    assert store.get(key_id, now) == key
    if number % 2:
        store.destroy(key_id)
"""
# Dies in the middle of destroying a key: the journal with the old page stays.
CRASH = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA secure_delete=ON")
connection.execute("BEGIN IMMEDIATE")
connection.execute("UPDATE contact_keys SET key = zeroblob(32)")
os._exit(9)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys.sqlite3"


@pytest.fixture
def store(path: Path) -> Keystore:
    return Keystore(f"sqlite:///{path}")


def _traces(folder: Path, key: bytes) -> int:
    """How often any eight bytes in a row of `key` are in any file of `folder`."""
    held = b"\0\0".join(file.read_bytes() for file in sorted(folder.iterdir()))
    return sum(held.count(key[start : start + 8]) for start in range(len(key) - 7))


def test_a_key_serves_until_its_time_is_over(store: Keystore, now: datetime) -> None:
    key_id, key = store.make(now, now + DAY)

    assert len(key) == KEY_BYTES
    assert store.get(key_id, now) == key
    assert store.get(key_id, now + DAY - timedelta(microseconds=1)) == key
    assert store.get(key_id, now + DAY) is None
    assert store.get("unknown", now) is None


def test_no_two_keys_are_alike(store: Keystore, now: datetime) -> None:
    made = [store.make(now, now + DAY) for _ in range(20)]

    assert len({key_id for key_id, _ in made}) == len({key for _, key in made}) == 20
    assert [store.get(key_id, now) for key_id, _ in made] == [key for _, key in made]


def test_destroying_twice_or_nothing_is_no_error(store: Keystore, now: datetime) -> None:
    key_id, _ = store.make(now, now + DAY)

    for one in (key_id, key_id, "unknown"):
        store.destroy(one)

    assert store.get(key_id, now) is None


def test_expired_keys_are_destroyed_and_others_are_not(store: Keystore, tmp_path: Path, now: datetime) -> None:
    (_, over), (kept_id, kept) = store.make(now, now + DAY), store.make(now, now + 2 * DAY)

    assert store.destroy_expired(now + DAY) == 1
    assert store.destroy_expired(now + DAY) == 0
    assert _traces(tmp_path, over) == 0
    assert store.get(kept_id, now + DAY) == kept


def test_orphans_are_old_keys_that_nobody_knows(store: Keystore, now: datetime) -> None:
    known, orphan, destroyed = (store.make(now, now + 9 * DAY)[0] for _ in range(3))
    store.make(now + DAY, now + 9 * DAY)  # its referral may not be committed yet
    store.destroy(destroyed)

    assert store.orphans({known}, now + DAY) == [orphan]
    assert store.orphans([known, orphan], now + DAY) == []


def test_the_file_is_its_owner_s_alone(store: Keystore, path: Path, now: datetime) -> None:
    path.touch(0o644)

    store.make(now, now + DAY)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_file_that_vanished_is_not_made_anew(store: Keystore, path: Path, now: datetime) -> None:
    key_id, _ = store.make(now, now + DAY)
    path.unlink()

    with pytest.raises(OperationalError):
        store.get(key_id, now)
    assert not path.exists()


def test_a_write_ahead_log_is_turned_off(store: Keystore, path: Path, now: datetime) -> None:
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA journal_mode=WAL").fetchone() == ("wal",)
    connection.execute("CREATE TABLE x (y)")
    connection.close()

    store.make(now, now + DAY)

    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    connection.close()


def test_a_keystore_needs_a_file() -> None:
    for url in ("sqlite://", "sqlite:///:memory:"):
        with pytest.raises(ValueError, match="needs a file"):
            Keystore(url)


def test_a_destroyed_key_leaves_no_trace(store: Keystore, tmp_path: Path, now: datetime) -> None:
    key_id, key = store.make(now, now + DAY)
    assert _traces(tmp_path, key) == KEY_BYTES - 7

    store.destroy(key_id)

    assert _traces(tmp_path, key) == 0


def test_the_search_for_traces_bites(tmp_path: Path, now: datetime) -> None:
    connection = sqlite3.connect(tmp_path / "plain.sqlite3", isolation_level=None)
    connection.execute("PRAGMA secure_delete=OFF")
    connection.execute("CREATE TABLE keys (key BLOB)")
    key = secrets.token_bytes(KEY_BYTES)
    connection.execute("INSERT INTO keys VALUES (?)", (key,))
    connection.execute("DELETE FROM keys")
    connection.close()

    assert _traces(tmp_path, key) > 0


@pytest.fixture
def marked_keys(monkeypatch: pytest.MonkeyPatch) -> bytes:
    """Keys that all begin with a mark, so that every copy of any key can be found at once."""
    mark, numbers = b"\xfe\xffkeymark", count(1)
    monkeypatch.setattr(
        module.secrets, "token_bytes", lambda size: mark + next(numbers).to_bytes(size - len(mark), "big")
    )
    return mark


def test_years_of_keys_leave_no_trace(
    marked_keys: bytes, store: Keystore, path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made and destroyed in any order, over many pages, the table copied anew in between: the file holds the keys that
    serve once each, and no other."""
    monkeypatch.setattr(module, "_PRAGMAS", ("secure_delete=ON", "synchronous=OFF", "temp_store=MEMORY"))
    random, serving = Random(3), dict[str, bytes]()  # noqa: S311 — it only chooses what is done next
    sizes = set()
    for step in range(1, 1801):
        if random.random() < (0.8 if step % 600 < 300 else 0.2) or not serving:
            key_id, key = store.make(now, now + DAY)
            serving[key_id] = key
        else:
            key_id = random.choice(list(serving))
            del serving[key_id]
            store.destroy(key_id)
        if step % 50 == 0:
            store.destroy_expired(now)
            sizes.add(path.stat().st_size)
            held = path.read_bytes()
            found = [held[at : at + KEY_BYTES] for at in _places(held, marked_keys)]
            assert sorted(found) == sorted(serving.values())
    assert all(store.get(key_id, now) == key for key_id, key in serving.items())
    assert _rows(path) < len(serving) + EMPTY_ROWS + 50
    assert len(sizes) > 3


def _places(held: bytes, mark: bytes) -> Iterator[int]:
    at = held.find(mark)
    while at >= 0:
        yield at
        at = held.find(mark, at + 1)


def _rows(path: Path) -> int:
    connection = sqlite3.connect(path)
    (rows,) = connection.execute("SELECT count(*) FROM contact_keys").fetchone()
    connection.close()
    return int(rows)


def test_a_key_is_gone_although_a_process_died_destroying_it(store: Keystore, path: Path, now: datetime) -> None:
    key_id, key = store.make(now, now + DAY)
    died = subprocess.run([sys.executable, "-c", CRASH, path], check=False)
    assert died.returncode == 9
    assert path.with_name(path.name + "-journal").exists()

    store.destroy(key_id)

    assert _traces(path.parent, key) == 0


def test_several_processes_share_it(store: Keystore, path: Path, now: datetime) -> None:
    url = f"sqlite:///{path}"
    busy = [subprocess.Popen([sys.executable, "-c", BUSY, url]) for _ in range(3)]

    assert [process.wait(timeout=120) for process in busy] == [0, 0, 0]
    assert len(store.orphans([], datetime.max.replace(tzinfo=now.tzinfo))) == 30


def test_threads_share_one_keystore(store: Keystore, now: datetime) -> None:
    kept: list[bool] = []

    def work() -> None:
        for _ in range(5):
            key_id, key = store.make(now, now + DAY)
            kept.append(store.get(key_id, now) == key)

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert kept == [True] * 20
