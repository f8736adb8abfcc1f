"""Noticing that something was written, on whichever way: each transaction that writes a watched table leaves a mark.

A reader that keeps something in memory compares the mark to know whether what it keeps is still true. The mark is set
in the writing transaction itself, so nobody sees the change without it, nor it without the change. Statements sent
through any engine of this process are noticed: ORM, Core or plain text. What is written to the database by other
programs is not; a reader has to bound the age of what it keeps.
"""

import re
import uuid
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import CheckConstraint, Connection, Engine, String, event, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from directory.common.orm import Base

# Reading statements are let through at a glance; in any other, a table may be written anywhere (WITH … UPDATE …).
_READING = re.compile(r"\s*(?:SELECT|SAVEPOINT|RELEASE|ROLLBACK|BEGIN|PRAGMA|SET|SHOW|LOCK)\b", re.I)
_WRITTEN = re.compile(
    r"\b(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|REPLACE\s+INTO|UPDATE|DELETE\s+FROM|COPY|TRUNCATE(?:\s+TABLE)?)\s+"
    r"(?:ONLY\s+)?(?:\"?\w+\"?\.)?\"?(\w+)",
    re.I,
)
_TOUCHED = "watched_tables_written"
_LIVE = "writes_live_facts_only"
# Execution options of statements that write, of a watched table, only what readers never keep.
LIVE_FACTS = MappingProxyType({_LIVE: True})
_watched: set[str] = set()


class ChangeMark(Base):
    """The one row whose token is another after each transaction that wrote a watched table."""

    __tablename__ = "change_marks"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    token: Mapped[str] = mapped_column(String(32))


def watch(*tables: str) -> None:
    """Leave a mark whenever one of these tables is written."""
    _watched.update(tables)


def current_mark(session: Session) -> str | None:
    """The mark that what is read next belongs to; None in a transaction that has itself written, not yet committed.

    Read the mark first and the facts after it: facts can then be newer than their mark, never older.
    """
    session.flush()  # what is not yet written will be by the next question, and counts as written
    if session.connection().info.get(_TOUCHED):
        return None
    return session.scalar(select(ChangeMark.token)) or "never written"


@event.listens_for(Engine, "before_cursor_execute")
def _notice(connection: Connection, _cursor: Any, statement: str, _values: Any, context: Any, _many: bool) -> None:
    if _READING.match(statement) or (context is not None and context.execution_options.get(_LIVE)):
        return
    if not _watched.isdisjoint(_written_by(statement)):
        connection.info[_TOUCHED] = True


@lru_cache(maxsize=512)
def _written_by(statement: str) -> frozenset[str]:
    """The tables that a statement may write. The same few statements come again and again."""
    return frozenset(written[1].lower() for written in _WRITTEN.finditer(statement))


@event.listens_for(Engine, "commit")
def _leave_mark(connection: Connection) -> None:
    if connection.info.pop(_TOUCHED, False):
        token = uuid.uuid4().hex
        if not connection.execute(update(ChangeMark).values(token=token)).rowcount:
            connection.execute(insert(ChangeMark).values(id=1, token=token))


@event.listens_for(Engine, "rollback")
def _forget(connection: Connection) -> None:
    connection.info.pop(_TOUCHED, None)
