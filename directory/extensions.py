"""The libraries that live as long as the process: database, sign-in, form protection. Imports nothing of ours."""

from collections.abc import Callable
from random import uniform
from sqlite3 import SQLITE_BUSY, SQLITE_CANTOPEN, SQLITE_LOCKED
from sqlite3 import OperationalError as SqliteError
from time import monotonic, sleep
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, request
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

T = TypeVar("T")


class FormProtection(CSRFProtect):  # type: ignore[misc]
    """The library's own, which a part of a form without a name would make fail: a request that cannot be read."""

    def _get_csrf_token(self) -> Any:
        if None in request.form:
            abort(400)
        return super()._get_csrf_token()


login_manager = LoginManager()
csrf = FormProtection()

SQLITE_BUSY_SECONDS = 15
ATTEMPTS = 3
_WRITING = "takes_the_lock_for_writing"


class Database:
    """The engine, and sessions on it. A session begins, commits once and is closed by whoever asked for it."""

    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)
        self.new_session = sessionmaker(self.engine, expire_on_commit=False)


def make_engine(url: str) -> Engine:
    """An engine for SQLite or PostgreSQL whose transactions behave alike.

    SQLite gets foreign keys, write-ahead logging and real transactions (its driver otherwise commits before DDL
    and starts transactions late).
    """
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    engine = create_engine(url, connect_args={"timeout": SQLITE_BUSY_SECONDS}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def is_away(error: OperationalError) -> bool:
    """Whether the database is busy or cannot be reached, so that the same may well succeed a moment later.

    SQLite's driver raises the same error for what is wrong with a statement.
    """
    code = getattr(error.orig, "sqlite_errorcode", None)
    return code is None or code & 0xFF in (SQLITE_BUSY, SQLITE_LOCKED, SQLITE_CANTOPEN)


def written(session: Session, work: Callable[[], T]) -> T:
    """What `work` returns, which reads for a while, and then writes and commits.

    For work too long to keep everybody else from writing: where SQLite refuses it because somebody has written in
    between, it is done again from the start.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            return work()
        except OperationalError:
            session.rollback()
    return work()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        "foreign_keys=ON",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "temp_store=MEMORY",
        "secure_delete=ON",  # what is forgotten is overwritten, not only unlinked
        "cache_size=-65536",  # KiB: a whole catalogue, where the default of 2 MB reads it anew for every search
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    if not connection.get_execution_options().get(_WRITING, False):
        connection.exec_driver_sql("BEGIN")
    elif not _lock_sqlite(connection.connection.driver_connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # the last attempt, whose refusal is told as any other error


def _lock_sqlite(driver: Any) -> bool:
    """Begin as a transaction that writes, as soon as nobody else writes; whether that came within the time.

    SQLite's own waiting sleeps longer and longer, up to a tenth of a second, so whoever comes later overtakes whoever
    waits: among many writers, some would wait for ever.
    """
    give_up = monotonic() + SQLITE_BUSY_SECONDS
    driver.execute("PRAGMA busy_timeout=0")
    try:
        while monotonic() < give_up:
            try:
                driver.execute("BEGIN IMMEDIATE")
                return True
            except SqliteError as error:
                if error.sqlite_errorcode & 0xFF != SQLITE_BUSY:
                    return False
            sleep(uniform(0.004, 0.03))  # noqa: S311 - to spread the waiting out, nothing to guess
        return False
    finally:
        driver.execute(f"PRAGMA busy_timeout={SQLITE_BUSY_SECONDS * 1000}")


def begin_writing(session: Session) -> None:
    """Begin the session's transaction anew, as one that will write; what it has read so far may be out of date.

    SQLite has one lock for writing. Taken at the start it is waited for; a transaction that has read first is refused
    at once when somebody has written in between. PostgreSQL locks rows and needs none of this.
    """
    session.rollback()
    session.connection(execution_options={_WRITING: True})


def empty_log(engine: Engine) -> None:
    """Leave nothing in SQLite's write-ahead log: it keeps old pages until something overwrites them.

    Where somebody is reading from the log at this moment, the next call does it. PostgreSQL has no such file of ours.
    """
    if engine.dialect.name == "sqlite":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def init_database(app: Flask, database: Database) -> None:
    """Give `app` its database, and close each request's session when the request ends."""
    app.extensions["database"] = database

    @app.teardown_appcontext
    def close_session(_error: BaseException | None) -> None:
        session = g.pop("database_session", None)
        if session is not None:
            session.close()


def current_session() -> Session:
    """The session of the request being served; nothing is kept unless the view commits it."""
    if "database_session" not in g:
        database: Database = current_app.extensions["database"]
        g.database_session = database.new_session()
    session: Session = g.database_session
    return session
