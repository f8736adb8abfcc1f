"""`db upgrade` and `db check`, and what other commands say of a database that will not do."""

import pytest

from directory.common.migrate import downgrade, upgrade
from directory.extensions import make_engine
from tests.support.commands import Commands


@pytest.fixture
def run_blank(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], blank_database_url: str) -> Commands:
    """Runs commands on a database without tables."""
    return Commands(monkeypatch, capsys, blank_database_url)


def test_an_empty_database_is_brought_up_to_date(run_blank: Commands) -> None:
    before = run_blank("db", "check")
    assert (before.code, before.err) == (1, "The database is empty: run `support-directory db upgrade`.\n")

    assert run_blank("db", "upgrade").code == 0

    assert run_blank("db", "check").code == 0
    assert "already" in run_blank("db", "upgrade").out


def test_a_missing_migration_is_named(run_blank: Commands, blank_database_url: str) -> None:
    engine = make_engine(blank_database_url)
    upgrade(engine)
    downgrade(engine, "0003")
    engine.dispose()

    for command in (("db", "check"), ("serve", "--port", "0"), ("places", "lookup", "Hackney")):
        refused = run_blank(*command)
        assert refused.code == 1
        assert refused.err.startswith("The database is at migration 0003, this program at ")


@pytest.mark.parametrize(
    "url",
    ["sqlite:////nonexistent/folder/x.sqlite3", "postgresql+psycopg://someone:hush@127.0.0.1:1/directory"],
)
def test_a_database_out_of_reach_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    refused = Commands(monkeypatch, capsys, url)("db", "check")

    assert refused.code == 1
    assert refused.err.startswith("The database ")
    assert refused.err.count("\n") == 1
    assert "hush" not in refused.err


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("SUPPORT_DIRECTORY_ENV", "staging", "use demo or production"),
        ("STALE_AFTER_SECONDS", "three days", "use a whole number above zero"),
        ("EXIT_URL", "javascript:alert(1)", "must be an https address"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    run: Commands, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, said: str
) -> None:
    monkeypatch.setenv(variable, value)

    refused = run("db", "check")

    assert refused.code == 1
    assert refused.err.startswith(variable)
    assert said in refused.err


@pytest.mark.parametrize("secret", ["", "short", "a" * 40])
def test_production_does_not_start_with_a_weak_secret(
    run: Commands, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    monkeypatch.setenv("SUPPORT_DIRECTORY_ENV", "production")
    monkeypatch.setenv("SECRET_KEY", secret)

    for command in (("serve", "--port", "0"), ("db", "check")):
        refused = run(*command)
        assert refused.code == 1
        assert "SECRET_KEY" in refused.err
