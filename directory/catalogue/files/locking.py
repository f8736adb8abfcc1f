"""One import at a time: what it compares with must still be there when it writes."""

from sqlalchemy import literal, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from directory.catalogue.files.description import FileTable
from directory.common.errors import RefusedError

WAIT_SECONDS = 15
_BUSY = "Somebody else is changing the catalogue. Nothing was imported; try again in a minute."


def lock_for_writing(session: Session, tables: list[FileTable]) -> None:
    """Keep everybody else from writing to `tables` until this transaction ends; they may go on reading.

    A second import waits, at most WAIT_SECONDS (on SQLite as long as its connections wait for any lock), and then
    finds the first one's work. Raises RefusedError when that takes too long.
    """
    try:
        if session.get_bind().dialect.name == "sqlite":
            _lock_sqlite(session, tables[0])
        else:
            _lock_tables(session, tables)
    except OperationalError as error:
        raise RefusedError(_BUSY) from error


def _lock_sqlite(session: Session, table: FileTable) -> None:
    # SQLite has one lock for writing, which any UPDATE takes, even of no row. Taken before anything is read, it can be
    # waited for; taken after, it would be refused at once when somebody had written in between. The first table is one
    # of terms, which nobody watches for changes: taking the lock is none.
    column = table.table.c[table.key[0]]
    session.execute(update(table.table).where(literal(1) == literal(0)).values({column.name: column}))


def _lock_tables(session: Session, tables: list[FileTable]) -> None:
    # Not an advisory lock: providers who edit meanwhile must wait as well, or their change would be undone unseen.
    # Holds are promises on units, not changes of them: they only need the lock that a foreign key takes, and go on.
    names = ", ".join(table.table.name for table in tables)
    session.execute(text(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'"))
    session.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))
    session.execute(text("SET LOCAL lock_timeout = DEFAULT"))
