"""The database itself refuses to change what was written, whoever asks."""

from datetime import datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.audit.chain import drop_triggers, entries, make_chain

CHANGES = [
    "UPDATE audit_entries SET actor = 'user-99' WHERE sequence = 2",
    "UPDATE audit_entries SET hash = hash",
    "DELETE FROM audit_entries WHERE sequence = 5",
    "DELETE FROM audit_entries",
    "INSERT INTO audit_entries SELECT * FROM audit_entries WHERE sequence = 1"
    " ON CONFLICT (sequence) DO UPDATE SET actor = 'user-99'",
]


@pytest.mark.parametrize("change", [*CHANGES, "TRUNCATE audit_entries", "TRUNCATE audit_entries CASCADE"])
def test_entries_cannot_be_changed(session: Session, now: datetime, change: str) -> None:
    if change.startswith("TRUNCATE") and session.get_bind().dialect.name == "sqlite":
        pytest.skip("SQLite knows no TRUNCATE")
    make_chain(session, now)
    before = entries(session)

    with pytest.raises(DBAPIError, match="audit entries are never changed"), session.begin_nested():
        session.execute(text(change))

    assert entries(session) == before


def test_an_entry_cannot_be_replaced_either(session: Session, now: datetime) -> None:
    """SQLite's REPLACE deletes what is in its way without asking the trigger on deletion."""
    if session.get_bind().dialect.name == "postgresql":
        pytest.skip("PostgreSQL has no REPLACE")
    make_chain(session, now)
    before = entries(session)
    replace = "REPLACE INTO audit_entries SELECT 2, at, event, 'user-99', details, previous_hash, {} FROM audit_entries"

    for replacement in ("hash", "'" + "a" * 64 + "'"):
        with pytest.raises(DBAPIError, match="audit entries are never changed"), session.begin_nested():
            session.execute(text(f"{replace.format(replacement)} WHERE sequence = 2"))

    assert entries(session) == before


def test_that_is_the_triggers_doing(session: Session, now: datetime) -> None:
    make_chain(session, now)
    drop_triggers(session)

    session.execute(text(CHANGES[0]))
    session.execute(text(CHANGES[2]))

    assert [row.actor for row in entries(session)] == ["user-1", "user-99", "user-3", "user-4"]
