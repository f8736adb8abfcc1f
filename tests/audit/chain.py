"""A short chain of entries, and reading it as it stands in the database."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from directory.audit.events import REQUIRED, Event
from directory.audit.log import flush_audit, record

ENTRIES = text("SELECT sequence, event, actor, details, previous_hash, hash FROM audit_entries ORDER BY sequence")
HEAD = text("SELECT sequence, hash FROM audit_head")


def some_details(event: Event) -> dict[str, Any]:
    """Details that `event` takes."""
    return dict.fromkeys(REQUIRED[event], "abc-1")


def make_chain(session: Session, now: datetime, length: int = 5) -> None:
    """Write `length` entries: signing in by `user-1`, `user-2` and so on."""
    for number in range(1, length + 1):
        record(session, Event.SIGNED_IN, f"user-{number}", now)
    flush_audit(session)


def entries(session: Session) -> list[Row[Any]]:
    """Every entry that is written, by sequence."""
    return list(session.execute(ENTRIES))


def events(session: Session) -> list[str]:
    """What each entry that is written tells."""
    return [row.event for row in entries(session)]


def drop_triggers(session: Session) -> None:
    """What somebody does first who wants to tamper."""
    postgresql = session.get_bind().dialect.name == "postgresql"
    for name in ("change", "truncate") if postgresql else ("update", "delete"):
        where = " ON audit_entries" if postgresql else ""
        session.execute(text(f"DROP TRIGGER audit_entries_no_{name}{where}"))
