"""The keys of safe contacts, in a file of their own: one for each referral, destroyed when the referral ends.

What a key has sealed is gone from every copy and backup of the database once the key is. That holds only while the
keystore forgets as thoroughly, so this is SQLite, set so that nothing deleted stays behind:

- `secure_delete=ON` overwrites what is deleted with zeros. It misses copies that SQLite leaves behind when it moves a
  row to another page, so rows here never move: all are of one length, they are only appended, a key is destroyed by
  overwriting it in place, and the empty rows are left out when the table is copied anew (`destroy_expired`).
- `journal_mode=DELETE`, never a write-ahead log: that keeps old pages until some later checkpoint. The journal, which
  holds the old page while a key is being destroyed, is removed by the very commit.
- `synchronous=EXTRA`: a removed journal does not come back, and the key with it, when the power fails.
- `temp_store=MEMORY`, and no pool: nothing is written beside the file, and no open connection keeps pages with keys.

The blocks that a removed journal leaves on a disk are the disk's: use an encrypted one. Leave this file out of backups,
or keep those no longer than a referral lives; after one was put back, `orphans` and `destroy_expired` mend it.

Two stores have no common transaction, so every function here commits at once. Make a key *before* the main
transaction that uses it and destroy it *after* the one that ended its use has committed; the sweep (`orphans`,
`destroy_expired`) mends what a crash between the two left.
"""

import secrets
import sqlite3
import stat
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import (
    Column,
    Connection,
    LargeBinary,
    MetaData,
    NullPool,
    String,
    Table,
    create_engine,
    event,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.engine import make_url

from directory.common.kept import private_file
from directory.common.orm import UtcDateTime

KEY_BYTES = 32
BUSY_SECONDS = 15
# So many empty rows are worth copying the table without them.
EMPTY_ROWS = 256
_DESTROYED = datetime.min.replace(tzinfo=UTC)
_PRAGMAS = ("secure_delete=ON", "synchronous=EXTRA", "temp_store=MEMORY")

_metadata = MetaData()
_keys = Table(
    "contact_keys",
    _metadata,
    Column("key_id", String(32), primary_key=True, comment="Random; the referral knows it, nothing here knows her."),
    Column("key", LargeBinary(KEY_BYTES), nullable=False, comment="AES-256; zeros once destroyed."),
    Column("made_at", UtcDateTime, nullable=False),
    Column("destroy_after", UtcDateTime, nullable=False, comment="Not given out from then on; year 1 once destroyed."),
)


class Keystore:
    """The keys in the SQLite file at `url`, which is made, readable by its owner alone, at first use.

    Safe to use from several threads and processes: each call opens the file, and waits up to 15 seconds for others.
    Every call raises sqlalchemy.exc.OperationalError when the file cannot be used.
    """

    def __init__(self, url: str) -> None:
        self._path = Path(make_url(url).database or "")
        if self._path.name in {"", ":memory:"}:
            raise ValueError("A keystore needs a file.")
        engine = create_engine("sqlite://", creator=self._open, poolclass=NullPool, hide_parameters=True)
        event.listen(engine, "begin", _begin)
        self._reading = engine
        self._writing = engine.execution_options(begin="IMMEDIATE")
        self._is_there = False

    def make(self, now: datetime, destroy_after: datetime) -> tuple[str, bytes]:
        """A new key of 32 random bytes and its id. From `destroy_after` on it is not given out any more."""
        key_id, key = secrets.token_hex(16), secrets.token_bytes(KEY_BYTES)
        self._prepare()
        with self._writing.begin() as connection:
            connection.execute(insert(_keys).values(key_id=key_id, key=key, made_at=now, destroy_after=destroy_after))
        return key_id, key

    def get(self, key_id: str, now: datetime) -> bytes | None:
        """The key; None when it was destroyed, was never there, or its time is over, whether it was swept or not."""
        self._prepare()
        with self._reading.begin() as connection:
            wanted = select(_keys.c.key).where(_keys.c.key_id == key_id, _keys.c.destroy_after > now)
            found: bytes | None = connection.scalar(wanted)
            return found

    def destroy(self, key_id: str) -> None:
        """Overwrite the key for ever. Doing it again, or to a key that never was, does nothing."""
        self._prepare()
        with self._writing.begin() as connection:
            connection.execute(update(_keys).where(_keys.c.key_id == key_id).values(_emptied()))

    def destroy_expired(self, now: datetime) -> int:
        """Overwrite every key whose time is over, and say how many. Many empty rows are swept out."""
        self._prepare()
        with self._writing.begin() as connection:
            over = update(_keys).where(_keys.c.destroy_after <= now, _keys.c.destroy_after > _DESTROYED)
            destroyed = connection.execute(over.values(_emptied())).rowcount
        with self._writing.begin() as connection:
            empty = select(func.count()).where(_keys.c.destroy_after == _DESTROYED)
            if connection.execute(empty).scalar_one() >= EMPTY_ROWS:
                _copy_without_empty_rows(connection)
        return destroyed

    def orphans(self, known_ids: Collection[str], older_than: datetime) -> list[str]:
        """The ids of keys made before `older_than` that are not in `known_ids`: nobody needs them.

        Read `known_ids` from the main database, and choose `older_than` so long ago (an hour) that every transaction
        which was going to use a key has ended.
        """
        self._prepare()
        with self._reading.begin() as connection:
            kept = select(_keys.c.key_id).where(_keys.c.made_at < older_than, _keys.c.destroy_after > _DESTROYED)
            known = set(known_ids)
            return [key_id for key_id in connection.scalars(kept) if key_id not in known]

    def _prepare(self) -> None:
        if self._is_there:
            return
        private_file(self._path)
        if stat.S_IMODE(self._path.stat().st_mode) & 0o077:
            self._path.chmod(0o600)
        with self._writing.begin() as connection:
            _metadata.create_all(connection)
        self._is_there = True

    def _open(self) -> sqlite3.Connection:
        # A file that has vanished is an error: SQLite would make a new one, which others could read.
        address = f"file:{quote(str(self._path.absolute()))}?mode=rw"
        connection = sqlite3.connect(
            address, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        (mode,) = connection.execute("PRAGMA journal_mode=DELETE").fetchone()
        if mode != "delete":
            connection.close()
            raise sqlite3.OperationalError(f"the keystore's journal is in mode {mode}, which keeps destroyed keys")
        return connection


def _begin(connection: Connection) -> None:
    # Whoever will write says so at once; two that had read first would otherwise wait for each other.
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('begin', 'DEFERRED')}")


def _emptied() -> dict[str, Any]:
    """What a row holds once its key is destroyed. As long as it was, so that SQLite overwrites it where it stands."""
    return {"key": bytes(KEY_BYTES), "made_at": _DESTROYED, "destroy_after": _DESTROYED}


def _copy_without_empty_rows(connection: Connection) -> None:
    """Write the table anew with the keys that still serve; the pages of the old one are overwritten with zeros.

    Deleting the empty rows would let SQLite move the others together, and leave copies of them where they were.
    """
    connection.exec_driver_sql("ALTER TABLE contact_keys RENAME TO contact_keys_before")
    _metadata.create_all(connection)
    before = _keys.to_metadata(MetaData(), name="contact_keys_before")
    serving = select(before).where(before.c.destroy_after > _DESTROYED)
    connection.execute(insert(_keys).from_select(_keys.c.keys(), serving))
    connection.exec_driver_sql("DROP TABLE contact_keys_before")
