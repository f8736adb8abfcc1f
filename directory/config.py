"""Settings, read once from the environment. Production refuses to start on a missing or weak secret."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from directory.paths import INSTANCE

MINIMUM_SECRET_LENGTH = 32
ENVIRONMENTS = ("demo", "production")


class SettingsError(Exception):
    """A setting is missing, weak or unreadable; the message names it and what is allowed."""


def _setting(name: str, default: Any, meaning: str, shown_default: str | None = None) -> Any:
    """A field read from environment variable `name`; `meaning` and the default become the documentation."""
    shown = shown_default if shown_default is not None else str(default)
    return field(default=default, metadata={"name": name, "meaning": meaning, "default": shown})


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator can set. Durations are seconds in the environment."""

    environment: Literal["demo", "production"] = _setting(
        "SUPPORT_DIRECTORY_ENV", "demo", "`demo` (listens on this machine only) or `production`."
    )
    database_url: str = _setting(
        "DATABASE_URL",
        "",
        "SQLAlchemy address of the database, SQLite or PostgreSQL.",
        "SQLite in `instance/`",
    )
    secret_key: str = _setting(
        "SECRET_KEY",
        "",
        f"Signs sessions and encrypts search links; at least {MINIMUM_SECRET_LENGTH} characters. "
        "Required in production.",
        "demo: made at first start and kept in `instance/`",
    )
    confirm_within_seconds: int = _setting(
        "CONFIRM_WITHIN_SECONDS",
        86_400,
        "A unit confirmed longer ago than this is shown as “confirm by phone”.",
    )
    stale_after_seconds: int = _setting(
        "STALE_AFTER_SECONDS",
        259_200,
        "A unit confirmed longer ago than this is never counted as space available.",
    )
    search_link_seconds: int = _setting(
        "SEARCH_LINK_SECONDS", 1_800, "How long the encrypted link to a search's results can be opened."
    )
    api_requests_per_minute: int = _setting(
        "API_REQUESTS_PER_MINUTE", 6_000, "How often one API token may ask, in each server process."
    )
    exit_url: str = _setting(
        "EXIT_URL",
        "https://www.bbc.co.uk/weather",
        "Where “Exit this page” goes: a page nobody would ask about.",
    )

    @property
    def is_production(self) -> bool:
        """Whether real people depend on this instance."""
        return self.environment == "production"

    @property
    def confirm_within(self) -> timedelta:
        """How long a confirmation needs no phone call."""
        return timedelta(seconds=self.confirm_within_seconds)

    @property
    def stale_after(self) -> timedelta:
        """How long a confirmation counts at all."""
        return timedelta(seconds=self.stale_after_seconds)

    @property
    def search_link(self) -> timedelta:
        """How long a link to results can be opened."""
        return timedelta(seconds=self.search_link_seconds)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read and check every setting.

        Raises SettingsError, naming the setting, when one cannot be used.
        """
        given = os.environ if environ is None else environ
        values: dict[str, Any] = {}
        for item in fields(cls):
            raw = given.get(item.metadata["name"], "").strip()
            if raw:
                values[item.name] = _whole_number(item.metadata["name"], raw) if item.type is int else raw
        settings = cls(**values)
        if settings.environment not in ENVIRONMENTS:
            raise SettingsError(f"SUPPORT_DIRECTORY_ENV is {settings.environment!r}: use demo or production.")
        if urlsplit(settings.exit_url).scheme != "https":
            raise SettingsError("EXIT_URL must be an https address.")
        return _with_secret(_with_database(settings))


def _whole_number(name: str, raw: str) -> int:
    if not raw.isascii() or not raw.isdigit() or int(raw) == 0:
        raise SettingsError(f"{name} is {raw!r}: use a whole number above zero.")
    return int(raw)


def _with_database(settings: Settings) -> Settings:
    if settings.database_url:
        url = settings.database_url
        # psycopg 3 is the driver; the short spelling that operators and hosting providers use means it.
        for short in ("postgres://", "postgresql://"):
            if url.startswith(short):
                url = "postgresql+psycopg://" + url.removeprefix(short)
        return _replace(settings, database_url=url)
    INSTANCE.mkdir(exist_ok=True)
    return _replace(settings, database_url=f"sqlite:///{INSTANCE / 'directory.sqlite3'}")


def _with_secret(settings: Settings) -> Settings:
    if settings.is_production:
        if len(settings.secret_key) < MINIMUM_SECRET_LENGTH or len(set(settings.secret_key)) < 10:
            raise SettingsError(
                f"SECRET_KEY is missing or weak: production needs at least {MINIMUM_SECRET_LENGTH} random characters."
            )
        return settings
    return settings if settings.secret_key else _replace(settings, secret_key=_kept_secret("secret-key"))


def _kept_secret(name: str) -> str:
    """A random secret of a demonstration, made once and kept in `instance/`, readable by its owner alone."""
    INSTANCE.mkdir(exist_ok=True)
    path: Path = INSTANCE / name
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text()


def _replace(settings: Settings, **changes: Any) -> Settings:
    return Settings(**{item.name: getattr(settings, item.name) for item in fields(settings)} | changes)
