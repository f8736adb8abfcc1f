"""The chain itself: how an entry is bound to the one before it, and added behind the last.

Every transaction that is audited passes here one after the other, so the statements are plain text for the driver
(see `common/driver.py`), and PostgreSQL needs a round trip less.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from directory.common import driver

FIRST_HASH = "0" * 64

_COLUMNS = ("sequence", "at", "event", "actor", "details", "previous_hash", "hash")
# The head is moved first: that locks its row, and a transaction that had to wait reads what the one before it left.
_MOVE_HEAD = "UPDATE audit_head SET sequence = sequence + {added} WHERE id = 1 RETURNING sequence, hash"
_SEAL_HEAD = "UPDATE audit_head SET hash = {hash} WHERE id = 1"
_ADD = (
    "INSERT INTO audit_entries (sequence, at, event, actor, details, previous_hash, hash) "
    "VALUES ({sequence}, {at}, {event}, {actor}, {details}, {previous_hash}, {hash})"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be told: when (in UTC), which event, who, and its details as canonical JSON."""

    at: datetime
    event: str
    actor: str
    details: str


@dataclass(frozen=True, slots=True)
class _Statements:
    """The statements as one driver takes them; `add_last` seals the head besides, where `seal` is empty."""

    move: str
    add: str
    add_last: str
    seal: str


def _statements(placeholder: str, *, in_one: bool) -> _Statements:
    places = {name: placeholder.format(name) for name in (*_COLUMNS, "added")}
    move, add, seal = (text.format(**places) for text in (_MOVE_HEAD, _ADD, _SEAL_HEAD))
    return _Statements(move, add, f"WITH sealed AS ({seal}) {add}" if in_one else add, "" if in_one else seal)


_SQLITE = _statements(":{}", in_one=False)
_POSTGRESQL = _statements("%({})s", in_one=True)


def canonical(value: object) -> str:
    """`value` as JSON, in the one way that hashes are made of: sorted keys, no spaces, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def entry_hash(sequence: int, at: datetime, event: str, actor: str, details: str, previous_hash: str) -> str:
    """SHA-256, in hex, of an entry: of a JSON array of its columns, so that no two entries have the same text."""
    instant = at.astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(canonical([sequence, instant, event, actor, details, previous_hash]).encode()).hexdigest()


def append(connection: Connection, entries: list[Entry]) -> None:
    """Add `entries`, one at least, behind the last of the chain; everybody else who adds waits until the commit.

    Raises RuntimeError when the chain's head is gone: then nothing is done unaudited.
    """
    on_sqlite = connection.dialect.name == "sqlite"
    statements = _SQLITE if on_sqlite else _POSTGRESQL
    found = driver.run(connection, statements.move, {"added": len(entries)})
    if not found:
        raise RuntimeError("The audit trail has lost its head: nothing can be written until it is restored.")
    ((last, previous),) = found
    rows = _rows(entries, last - len(entries), previous, as_text=on_sqlite)
    for row in rows[:-1]:
        driver.run(connection, statements.add, row)
    driver.run(connection, statements.add_last, rows[-1])
    if statements.seal:
        driver.run(connection, statements.seal, {"hash": rows[-1]["hash"]})


def _rows(entries: list[Entry], sequence: int, previous: str, *, as_text: bool) -> list[dict[str, object]]:
    """The rows after entry `sequence`, whose hash is `previous`; with `as_text`, instants as SQLite keeps them."""
    rows: list[dict[str, object]] = []
    for number, entry in enumerate(entries, start=sequence + 1):
        digest = entry_hash(number, entry.at, entry.event, entry.actor, entry.details, previous)
        at = f"{entry.at:%Y-%m-%d %H:%M:%S.%f}" if as_text else entry.at
        values = (number, at, entry.event, entry.actor, entry.details, previous, digest)
        rows.append(dict(zip(_COLUMNS, values, strict=True)))
        previous = digest
    return rows
