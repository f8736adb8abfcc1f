"""The databases of one test worker: migrated, with the gazetteer loaded once, and copied for tests that commit."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.orm import Session, sessionmaker

from directory.common import driver
from directory.common.migrate import upgrade
from directory.extensions import Database, make_engine
from tests.support.postgresql import Cluster

KINDS = ("sqlite", "postgresql")
Fill = Callable[[Engine], None]


class BoundDatabase(Database):
    """A `Database` whose every session joins one connection, so that a test can undo whatever was committed."""

    def __init__(self, connection: Connection) -> None:
        self.engine = connection.engine
        self.new_session = sessionmaker(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")


class Databases:
    """Makes databases of both kinds. The first of a kind is migrated and filled; the others are copies of it."""

    def __init__(self, folder: Path, fill: Fill) -> None:
        self._folder = folder
        self._fill = fill
        self._numbers = itertools.count()
        self._cluster: Cluster | None = None
        self._templates: dict[str, str] = {}
        self._failures: dict[str, Exception] = {}
        self._engines: dict[str, Engine] = {}

    def engine(self, kind: str) -> Engine:
        """The engine that all tests of this worker share; they leave nothing behind in it."""
        if kind not in self._engines:
            self._engines[kind] = make_engine(self._copy(kind))
        return self._engines[kind]

    @contextmanager
    def filled(self, kind: str) -> Iterator[str]:
        """The address of a database of one's own, migrated and with the gazetteer."""
        url = self._copy(kind)
        yield url
        self._drop(url)

    @contextmanager
    def blank(self, kind: str) -> Iterator[str]:
        """The address of a database of one's own that holds nothing, not even tables."""
        url = self._new(kind)
        yield url
        self._drop(url)

    def close(self) -> None:
        """Close everything and stop PostgreSQL."""
        for engine in self._engines.values():
            engine.dispose()
        if self._cluster:
            self._cluster.stop()

    @property
    def cluster(self) -> Cluster:
        """The PostgreSQL server, started by the first test that needs it."""
        if self._cluster is None:
            self._cluster = Cluster()
        return self._cluster

    def _name(self) -> str:
        return f"test_{next(self._numbers)}"

    def _new(self, kind: str, template: str = "template0") -> str:
        name = self._name()
        if kind == "sqlite":
            return f"sqlite:///{self._folder / name}.sqlite3"
        self.cluster.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.cluster.url(name)

    def _template(self, kind: str) -> str:
        if kind in self._failures:
            raise self._failures[kind]
        if kind not in self._templates:
            url = self._new(kind)
            engine = make_engine(url)
            try:
                upgrade(engine)
                self._fill(engine)
            except Exception as error:
                # It would fail again for each of a thousand tests, and slowly.
                self._failures[kind] = error
                raise
            finally:
                engine.dispose()
            self._templates[kind] = str(make_url(url).database)
        return self._templates[kind]

    def _copy(self, kind: str) -> str:
        template = self._template(kind)
        if kind == "postgresql":
            return self._new(kind, template)
        url = self._new(kind)
        shutil.copyfile(template, str(make_url(url).database))
        return url

    def _drop(self, url: str) -> None:
        name = str(make_url(url).database)
        if make_url(url).get_backend_name() == "postgresql":
            self.cluster.run(f"DROP DATABASE {name} WITH (FORCE)")
            return
        for path in self._folder.glob(f"{Path(name).name}*"):
            path.unlink()


@contextmanager
def count_statements(engine: Engine) -> Iterator[list[str]]:
    """Every SQL statement sent through `engine` meanwhile, in order; transaction control is not among them."""
    statements: list[str] = []

    def note(_connection, _cursor, statement, _parameters, _context, _many) -> None:  # type: ignore[no-untyped-def]
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")):
            statements.append(statement)

    run = driver.run

    def run_and_note(connection: Connection, statement: str, values: Any) -> list[Any]:
        statements.append(statement)
        return run(connection, statement, values)

    event.listen(engine, "before_cursor_execute", note)
    # A few statements are sent past SQLAlchemy, which knows nothing of them.
    driver.run = run_and_note
    try:
        yield statements
    finally:
        driver.run = run
        event.remove(engine, "before_cursor_execute", note)


@contextmanager
def committing(url: str) -> Iterator[Session]:
    """A session on a database of the test's own: committed at the end, and no connection left open."""
    database = Database(url)
    try:
        with database.new_session.begin() as session:
            yield session
    finally:
        database.engine.dispose()
