"""Settings that cannot be used, and what is made where none is given."""

import secrets
import stat
from pathlib import Path

import pytest

from directory import config
from directory.config import Settings, SettingsError
from directory.extensions import Database
from tests.support.commands import Commands

PRODUCTION = {"SUPPORT_DIRECTORY_ENV": "production", "DATABASE_URL": "sqlite://"}


@pytest.fixture(autouse=True)
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An `instance/` of the test's own, not made yet."""
    monkeypatch.setattr(config, "INSTANCE", tmp_path / "instance")
    return tmp_path / "instance"


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "a" * 40,
        "0123456789" * 3 + "01",
        "password" * 4 + "1234",
        "correct horse! " * 9,
        "d73744e76ceea00720b90628ee1801",
    ],
)
def test_a_weak_secret_is_refused_with_the_command_that_makes_a_good_one(secret: str) -> None:
    with pytest.raises(SettingsError, match=r"secrets\.token_urlsafe\(48\)"):
        Settings.from_environment({**PRODUCTION, "SECRET_KEY": secret})


def test_random_secrets_always_pass() -> None:
    for _ in range(300):
        for secret in (
            secrets.token_urlsafe(48),
            secrets.token_urlsafe(32),
            secrets.token_hex(32),
            secrets.token_hex(64),
        ):
            assert Settings.from_environment({**PRODUCTION, "SECRET_KEY": secret}).secret_key == secret


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DATABASE_URL", "hush"),
        ("DATABASE_URL", "postgresql://sam:hush@host:port/x"),
        ("DATABASE_URL", "mysql://sam:hush@host/x"),
        ("DATABASE_URL", "postgresql+psycopg2://sam:hush@host/x"),
        ("DATABASE_URL", "sqlite+aiosqlite:///hush"),
        ("KEYSTORE_URL", "hush"),
        ("KEYSTORE_URL", "postgresql://sam:hush@host/x"),
        ("KEYSTORE_URL", "sqlite+aiosqlite:///hush"),
        ("KEYSTORE_URL", "sqlite://"),
        ("KEYSTORE_URL", "sqlite:///:memory:"),
        ("KEYSTORE_URL", "sqlite:///file:hush?uri=true"),
        ("KEYSTORE_URL", "sqlite:////hush?mode=ro"),
        ("EXIT_URL", "https://"),
        ("EXIT_URL", "https:///weather"),
        ("EXIT_URL", "https://["),
        ("EXIT_URL", "http://example.org"),
        ("STALE_AFTER_SECONDS", "315360001"),
        ("SEARCH_LINK_SECONDS", "9" * 5000),
        ("API_REQUESTS_PER_MINUTE", "0"),
        ("CONFIRM_WITHIN_SECONDS", "259201"),
    ],
)
def test_a_setting_that_cannot_be_used_is_one_sentence(
    run: Commands, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)

    refused = run("db", "check")

    assert (refused.code, refused.out) == (1, "")
    assert refused.err.startswith(variable)
    assert refused.err.count("\n") == 1
    assert "hush" not in refused.err


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://a:b@c/d", "postgresql+psycopg://a:b@c/d"),
        ("postgresql://a:b@c:5432/d", "postgresql+psycopg://a:b@c:5432/d"),
        ("postgresql+psycopg:///d?host=/run", "postgresql+psycopg:///d?host=/run"),
        ("sqlite:////var/x.sqlite3", "sqlite:////var/x.sqlite3"),
    ],
)
def test_databases_that_can_be_used(given: str, used: str) -> None:
    settings = Settings.from_environment({"DATABASE_URL": given, "SECRET_KEY": "x"})

    assert settings.database_url == used


def test_a_keystore_elsewhere_is_used() -> None:
    given = {"DATABASE_URL": "sqlite://", "SECRET_KEY": "x", "KEYSTORE_URL": "sqlite+pysqlite:////var/keys.sqlite3"}

    assert Settings.from_environment(given).keystore_url == "sqlite:////var/keys.sqlite3"


@pytest.mark.parametrize("database", ["sqlite://", "postgresql://a:b@c/d", "sqlite:////var/x.sqlite3"])
def test_a_database_elsewhere_leaves_the_keystore_where_it_is(instance: Path, database: str) -> None:
    settings = Settings.from_environment({"DATABASE_URL": database, "SECRET_KEY": "x"})

    assert settings.keystore_url == f"sqlite:///{instance}/keystore.sqlite3"
    assert [(path.name, stat.S_IMODE(path.stat().st_mode)) for path in instance.iterdir()] == [
        ("keystore.sqlite3", 0o600)
    ]


@pytest.mark.parametrize("written", ["{path}", "{folder}/../{folder_name}/data.sqlite3", "{folder}/link"])
def test_keys_are_not_kept_in_the_database(tmp_path: Path, written: str) -> None:
    path = tmp_path / "data.sqlite3"
    (tmp_path / "link").symlink_to(path)
    database = written.format(path=path, folder=tmp_path, folder_name=tmp_path.name)

    with pytest.raises(SettingsError, match=r"KEYSTORE_URL names the same file as DATABASE_URL"):
        Settings.from_environment(
            {"DATABASE_URL": f"sqlite:///{database}", "SECRET_KEY": "x", "KEYSTORE_URL": f"sqlite:///{path}"}
        )


def test_a_database_s_reason_is_told_where_another_keystore_is_asked_for() -> None:
    given = {"DATABASE_URL": "sqlite://", "SECRET_KEY": "x", "KEYSTORE_URL": "postgresql://sam:hush@host/x"}

    with pytest.raises(SettingsError, match="a key that was destroyed would live on"):
        Settings.from_environment(given)


def test_ten_years_and_equal_durations_are_allowed() -> None:
    given = {"DATABASE_URL": "sqlite://", "SECRET_KEY": "x", "SEARCH_LINK_SECONDS": "315360000"}

    settings = Settings.from_environment({**given, "CONFIRM_WITHIN_SECONDS": "60", "STALE_AFTER_SECONDS": "60"})

    assert settings.search_link.days == 3650


def test_what_a_demonstration_keeps_is_for_its_owner_alone(instance: Path) -> None:
    settings = Settings.from_environment({})
    database = Database(settings.database_url)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE x (y)")
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in instance.iterdir()}
    database.engine.dispose()

    assert stat.S_IMODE(instance.stat().st_mode) == 0o700
    assert modes.keys() >= {"secret-key", "directory.sqlite3", "directory.sqlite3-wal", "keystore.sqlite3"}
    assert set(modes.values()) == {0o600}


def test_an_empty_secret_of_a_demonstration_is_made_anew(instance: Path) -> None:
    instance.mkdir()
    (instance / "secret-key").touch()

    first, second = (Settings.from_environment({}).secret_key for _ in range(2))

    assert len(first) == 64
    assert first == second


def test_an_instance_folder_that_cannot_be_written_is_one_sentence(instance: Path) -> None:
    instance.write_text("a file")

    with pytest.raises(SettingsError, match="instance cannot be used"):
        Settings.from_environment({})
