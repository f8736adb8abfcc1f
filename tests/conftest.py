"""Fixtures for every test. `tests/README.md` says how to use them."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from argon2 import PasswordHasher
from argon2.low_level import Type
from flask import Flask
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from directory.accounts import passwords
from directory.accounts.models import User
from directory.config import Settings
from directory.extensions import Database
from directory.factory import create_app
from tests import factories
from tests.support.clock import Clock
from tests.support.commands import Commands
from tests.support.databases import KINDS, BoundDatabase, Databases
from tests.support.gazetteer import fill_with_gazetteer
from tests.support.pages import PageClient
from tests.support.templates import SharedTemplates

# A Sunday, two in the morning, the hour at which this product has to work.
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
TEMPLATES = SharedTemplates()


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """The databases of this worker; PostgreSQL starts with the first test that needs it and ends with the worker."""
    made = Databases(tmp_path_factory.mktemp("databases"), fill_with_gazetteer)
    yield made
    made.close()


# Pages and API hold no SQL (tests/contracts/test_imports.py): what they ask is tested on both kinds where it stands.
SHARED = ("tests/web/", "tests/api/")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With SHARE_DATABASES, as `make test` sets it: each test of SHARED runs on one kind of database, half on each.

    Which of them it is, its name decides. Without it, as in `pytest tests/web`, every test runs on both.
    """
    if not os.environ.get("SHARE_DATABASES"):
        return
    left = [item for item in items if item.nodeid.startswith(SHARED) and not _is_its_turn(item)]
    if left:
        config.hook.pytest_deselected(items=left)
        gone = set(left)
        items[:] = [item for item in items if item not in gone]


def _is_its_turn(item: pytest.Item) -> bool:
    kind = getattr(item, "callspec", None) and item.callspec.params.get("database_kind")  # type: ignore[attr-defined]
    if kind is None:
        return True
    name = "".join(item.nodeid.split(kind))
    return bool(kind == KINDS[crc32(name.encode()) % len(KINDS)])


@pytest.fixture(scope="session", params=KINDS)
def database_kind(request: pytest.FixtureRequest) -> str:
    """Makes every test that needs a database run on each kind."""
    return request.param


@pytest.fixture(scope="session")
def engine(databases: Databases, database_kind: str) -> Engine:
    """A migrated database with the gazetteer in it, shared: write to it through `session` only."""
    return databases.engine(database_kind)


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A connection whose transaction is rolled back when the test ends."""
    with engine.connect() as made:
        outer = made.begin()
        yield made
        outer.rollback()


@pytest.fixture
def session(connection: Connection) -> Iterator[Session]:
    """A session like those of the product. It may commit; the end of the test undoes it all the same."""
    with BoundDatabase(connection).new_session() as made:
        yield made


@pytest.fixture
def database_url(databases: Databases, database_kind: str) -> Iterator[str]:
    """A database of the test's own, migrated and with the gazetteer: for other processes, threads, real commits."""
    with databases.filled(database_kind) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The same, opened as the product opens it: for threads, which commit for real."""
    made = Database(database_url)
    yield made
    made.engine.dispose()


@pytest.fixture
def blank_database_url(databases: Databases, database_kind: str) -> Iterator[str]:
    """A database of the test's own without a single table."""
    with databases.blank(database_kind) as url:
        yield url


@pytest.fixture
def now() -> datetime:
    """The instant at which tests happen: Sunday 22 November 2026, 02:00 UTC, which is London's time too."""
    return NOW


@pytest.fixture
def clock() -> Clock:
    """The clock of `app`: it stands at `now` until a test moves it."""
    return Clock(NOW)


@pytest.fixture
def settings(engine: Engine, tmp_path: Path) -> Settings:
    """The settings of `app`, as a demonstration has them."""
    return Settings(
        environment="demo",
        database_url=engine.url.render_as_string(hide_password=False),
        keystore_url=f"sqlite:///{tmp_path}/keystore.sqlite3",
        secret_key="a secret of the tests that nobody else uses",
    )


@pytest.fixture
def app(settings: Settings, connection: Connection, clock: Clock) -> Flask:
    """The application on the test's own transaction: it sees what `session` has flushed, and the other way round."""
    made = create_app(settings, database=BoundDatabase(connection), clock=clock)
    made.testing = True
    made.test_client_class = PageClient
    made.jinja_env.bytecode_cache = TEMPLATES
    return made


@pytest.fixture
def client(app: Flask) -> PageClient:
    """A browser without an account. Every page that it fetches is held to `tests/support/page_contract.py`."""
    client = app.test_client()
    assert isinstance(client, PageClient)
    return client


@pytest.fixture
def sign_in(client: PageClient, session: Session) -> Callable[..., User]:
    """Signs `client` in through the real form: `sign_in("officer")`, or `sign_in(user=somebody)`.

    Further arguments go to the factory of the account; the account is returned.
    """

    def sign_in_as(role: str = "officer", user: User | None = None, **overrides: Any) -> User:
        account = user or factories.user(session, role, **overrides)
        client.submit("/sign-in", {"email": account.email, "password": factories.PASSWORD})
        client.signed_in = True
        return account

    return sign_in_as


@pytest.fixture(autouse=True, scope="session")
def quick_passwords() -> Iterator[None]:
    """Argon2 with its smallest parameters: slowness is for those who guess, not for those who test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1, type=Type.ID))
        yield


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], database_url: str) -> Commands:
    """Runs commands on `database_url`: `run("accounts", "token", "--email", …)` gives their code, output and errors."""
    return Commands(monkeypatch, capsys, database_url)
