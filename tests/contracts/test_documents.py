"""Documents equal the program: commands, settings and who may use which route."""

import ast
from pathlib import Path

import pytest

from directory.cli.reference import documents
from directory.config import Settings
from directory.paths import ROOT


@pytest.mark.parametrize("path", ["docs/commands.md", "docs/settings.md", "docs/access.md"])
def test_the_document_is_what_the_program_says(path: str) -> None:
    kept = (ROOT / path).read_text(encoding="utf-8")

    assert kept == documents()[path], f"{path} is out of date: run `.venv/bin/support-directory docs`"


def test_every_command_of_the_design_that_exists_is_documented() -> None:
    text = documents()["docs/commands.md"]

    for command in ("db upgrade", "db check", "serve", "demo", "places load", "places lookup", "catalogue import"):
        assert f"\n## {command}\n" in text


def reads_of_the_environment(root: Path) -> list[str]:
    """Where the source under `root` reads the environment, as `file:line`."""
    found = []
    for path in sorted(root.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv", "environb"}:
                found.append(f"{path.relative_to(root)}:{node.lineno}")
    return found


def test_only_settings_read_the_environment() -> None:
    """So every setting is in the table: there is no other way to get one."""
    found = [where for where in reads_of_the_environment(ROOT / "directory") if not where.startswith("config.py:")]

    assert found == [], "a setting belongs into Settings, from which the documentation is made"


def test_that_check_bites(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("import os\nx = os.environ['A'] + os.getenv('B')\n")

    assert reads_of_the_environment(tmp_path) == ["a.py:2", "a.py:2"]


def test_every_setting_can_be_given(tmp_path: Path) -> None:
    """A setting that is in the table is also read."""
    given = {
        "SUPPORT_DIRECTORY_ENV": "production",
        "DATABASE_URL": "postgres://a@b/c",
        "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz",
        "EXIT_URL": "https://example.org/weather",
        "KEYSTORE_URL": "sqlite:////var/lib/directory/keystore.sqlite3",
        "PUBLIC_URL": "https://directory.example.org",
        "SMTP_URL": "smtps://mail.example.org",
        "MAIL_FROM": "directory@example.org",
        "NOTIFY_API_KEY": "k-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0",
        "NOTIFY_URL": "https://notify.example.org",
        "NOTIFY_EMAIL_TEMPLATE": "f33517ff-2a88-4f6e-b855-c550268ce08a",
        "NOTIFY_SMS_TEMPLATE": "f33517ff-2a88-4f6e-b855-c550268ce08a",
    }
    numbers = {item.metadata["name"] for item in Settings.__dataclass_fields__.values() if item.type is int}

    settings = Settings.from_environment(given | dict.fromkeys(numbers, "77"))

    assert settings.is_production
    assert settings.database_url == "postgresql+psycopg://a@b/c"
    values = {name: getattr(settings, name) for name, item in Settings.__dataclass_fields__.items() if item.type is int}
    assert set(values.values()) == {77}
    assert set(given) | numbers == {item.metadata["name"] for item in Settings.__dataclass_fields__.values()}
