"""The bare SQL transaction that a hold is measured against, written by hand on the driver's own cursor.

`bare_hold` has the effects of the product's: the hold under the same conditions, and its entry in the audit chain
behind the one lock on the chain's head. `barest_hold` inserts the row and nothing else. Neither looks at who holds how
much, at keys that were used before, at times that are up, nor says why something was refused.
"""

import hashlib
import json
import secrets
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, PoolProxiedConnection

Values = dict[str, Any]

_VALUES = "%(hold)s, u.id, u.service_id, %(by)s, %(now)s, %(until)s, {false}, %(key)s"
_COLUMNS = "id, unit_id, service_id, held_by, held_at, expires_at, for_referral, idempotency_key"
_HOLD = (
    f"INSERT INTO holds ({_COLUMNS}) SELECT {_VALUES} FROM units u "  # noqa: S608
    "JOIN services s ON s.id = u.service_id JOIN organisations o ON o.id = s.organisation_id "
    "WHERE u.id = %(unit)s AND u.state = 'open' AND u.confirmed_at >= %(counts_since)s "
    "AND (u.active_from IS NULL OR u.active_from <= %(today)s) "
    "AND (u.active_until IS NULL OR u.active_until > %(today)s) "
    "AND s.status = 'published' AND o.status = 'published' "
    "AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.unit_id = u.id AND h.ended_at IS NULL) "
    "ON CONFLICT DO NOTHING RETURNING service_id"
)
_BAREST = (
    f"INSERT INTO holds ({_COLUMNS}) VALUES "  # noqa: S608
    "(%(hold)s, %(unit)s, 'pool-house', %(by)s, %(now)s, %(until)s, {false}, %(key)s) ON CONFLICT DO NOTHING"
)
_HEAD = "SELECT sequence, hash FROM audit_head WHERE id = 1{lock}"
_ENTRY = (
    "INSERT INTO audit_entries (sequence, at, event, actor, details, previous_hash, hash) "
    "VALUES (%(sequence)s, %(now)s, 'hold_made', %(actor)s, %(details)s, %(previous)s, %(hash)s)"
)
_MOVE = "UPDATE audit_head SET sequence = %(sequence)s, hash = %(hash)s WHERE id = 1"
_FREE = "UPDATE holds SET unit_id = NULL, ended_at = %(now)s, outcome = 'released' WHERE ended_at IS NULL"
_HELD = "SELECT count(*) FROM holds WHERE ended_at IS NULL"


class Bare:
    """Transactions on the driver's own cursor. As in the product, each takes a connection from the pool."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._statements = {text: self._written(text) for text in (_HOLD, _BAREST, _HEAD, _ENTRY, _MOVE, _FREE, _HELD)}

    def bare_hold(self, unit: str, by: int) -> bool:
        """Hold the unit and chain the audit entry, or roll back; whether it was held."""
        values = self._values(unit, by)
        with closing(self._engine.raw_connection()) as connection:
            run = self._begun(connection)
            found = run(_HOLD, values).fetchone()
            if found is None:
                connection.rollback()
                return False
            sequence, previous = run(_HEAD, {}).fetchone()
            entry = _entry(values, f"user-{by}", found[0], sequence + 1, previous)
            run(_ENTRY, entry)
            run(_MOVE, entry)
            connection.commit()
            return True

    def barest_hold(self, unit: str, by: int) -> bool:
        """Insert the hold or do nothing, and commit; whether it was held."""
        with closing(self._engine.raw_connection()) as connection:
            made = self._begun(connection)(_BAREST, self._values(unit, by)).rowcount
            connection.commit()
            return bool(made)

    def free(self, at_least: int) -> None:
        """End all holds, once so many go on. Asks SQLite for its lock without pause, and so gets it before others."""
        with closing(self._engine.raw_connection()) as connection:
            cursor = connection.cursor()
            if cursor.execute(_HELD).fetchone()[0] < at_least:
                connection.rollback()
                return
            connection.rollback()
            if self._is_sqlite:
                cursor.execute("PRAGMA busy_timeout=0")
            while True:
                try:
                    self._begun(connection)(_FREE, self._values("", 0))
                except sqlite3.OperationalError:
                    time.sleep(0.0001)
                else:
                    connection.commit()
                    return

    def _begun(self, connection: PoolProxiedConnection) -> Callable[[str, Values], Any]:
        cursor = connection.cursor()
        if self._is_sqlite:
            cursor.execute("BEGIN IMMEDIATE")
        return lambda text, values: cursor.execute(self._statements[text], values)

    def _values(self, unit: str, by: int) -> Values:
        now = datetime.now(UTC)
        return {
            "hold": secrets.token_hex(8),
            "unit": unit,
            "by": by,
            "instant": now,
            "now": self._time(now),
            "until": self._time(now + timedelta(hours=2)),
            "counts_since": self._time(now - timedelta(days=7)),
            "today": now.date().isoformat() if self._is_sqlite else now.date(),
            "key": secrets.token_hex(32),
        }

    def _time(self, instant: datetime) -> Any:
        return instant.strftime("%Y-%m-%d %H:%M:%S.%f") if self._is_sqlite else instant

    def _written(self, text: str) -> str:
        text = text.replace("{false}", "0" if self._is_sqlite else "false")
        text = text.replace("{lock}", "" if self._is_sqlite else " FOR UPDATE")
        return text.replace("%(", ":").replace(")s", "") if self._is_sqlite else text


def _entry(values: Values, actor: str, service: str, sequence: int, previous: str) -> Values:
    details = _canonical({"hold": values["hold"], "service": service})
    at = values["instant"].isoformat(timespec="microseconds")
    text = _canonical([sequence, at, "hold_made", actor, details, previous])
    digest = hashlib.sha256(text.encode()).hexdigest()
    entry = {"actor": actor, "details": details, "previous": previous, "now": values["now"]}
    return entry | {"sequence": sequence, "hash": digest}


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
