"""Settings, read once from the environment. Production refuses to start on a missing or weak secret."""

import os
import secrets
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from directory.common.kept import kept_text, private_file, private_folder
from directory.common.sending import sending_problem
from directory.paths import INSTANCE

MINIMUM_SECRET_LENGTH = 32
ENVIRONMENTS = ("demo", "production")
DRIVERS = ("sqlite", "sqlite+pysqlite", "postgresql+psycopg")
TEN_YEARS = 315_360_000
GENERATE = 'python -c "import secrets; print(secrets.token_urlsafe(48))"'


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
    keystore_url: str = _setting(
        "KEYSTORE_URL",
        "",
        "Where the keys of safe contacts are kept: a SQLite file (sqlite:////path/to/file) apart from the database and "
        "from its backups, so that a key that was destroyed is gone.",
        "its own SQLite file in `instance/`",
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
    hold_seconds: int = _setting(
        "HOLD_SECONDS", 7_200, "How long a hold keeps a unit; it can be extended once, by as much."
    )
    holds_per_person: int = _setting(
        "HOLDS_PER_PERSON", 3, "How many live holds a person may have at a time; those of referrals do not count."
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
    public_url: str = _setting(
        "PUBLIC_URL",
        "http://127.0.0.1:8000",
        "Where people open the directory: links in messages begin with it. Production sends none without an https one.",
    )
    smtp_url: str = _setting(
        "SMTP_URL",
        "",
        "Mail server for e-mail: smtp://user:password@host:587, with STARTTLS unless `?starttls=never`, or smtps://.",
        "none: e-mail waits",
    )
    mail_from: str = _setting("MAIL_FROM", "", "The address that e-mail comes from; needed with `SMTP_URL`.", "none")
    notify_api_key: str = _setting(
        "NOTIFY_API_KEY", "", "GOV.UK Notify, for text messages, and for e-mail without `SMTP_URL`.", "none"
    )
    notify_url: str = _setting("NOTIFY_URL", "https://api.notifications.service.gov.uk", "Where GOV.UK Notify answers.")
    notify_email_template: str = _setting(
        "NOTIFY_EMAIL_TEMPLATE", "", "Id of Notify's e-mail template: subject ((subject)), message ((text)).", "none"
    )
    notify_sms_template: str = _setting(
        "NOTIFY_SMS_TEMPLATE", "", "Id of Notify's text message template: ((text)) alone.", "none"
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
    def hold(self) -> timedelta:
        """How long a hold keeps a unit."""
        return timedelta(seconds=self.hold_seconds)

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
        _check(settings)
        try:
            return _with_secret(_with_keystore(_with_database(settings)))
        except OSError as error:
            raise SettingsError(
                f"{INSTANCE} cannot be used ({error.strerror}): make it a folder that can be written, "
                "or set DATABASE_URL, KEYSTORE_URL and SECRET_KEY."
            ) from error


def _check(settings: Settings) -> None:
    if settings.environment not in ENVIRONMENTS:
        raise SettingsError(f"SUPPORT_DIRECTORY_ENV is {settings.environment!r}: use demo or production.")
    if not _is_https_address(settings.exit_url):
        raise SettingsError("EXIT_URL must be an https address with a host, such as https://example.org/.")
    if problem := sending_problem(settings):
        raise SettingsError(problem)
    if settings.confirm_within > settings.stale_after:
        raise SettingsError(
            f"CONFIRM_WITHIN_SECONDS ({settings.confirm_within_seconds}) must not be greater than "
            f"STALE_AFTER_SECONDS ({settings.stale_after_seconds})."
        )


def _is_https_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" and bool(parts.hostname)
    except ValueError:
        return False


def _whole_number(name: str, raw: str) -> int:
    # No number that anybody means has more digits, and Python refuses to read one that has thousands.
    digits = raw.lstrip("0")
    if not raw.isascii() or not raw.isdigit() or not digits:
        raise SettingsError(f"{name} is {raw!r}: use a whole number above zero.")
    if len(digits) > len(str(TEN_YEARS)) or int(digits) > TEN_YEARS:
        meaning = ", which is ten years" if name.endswith("_SECONDS") else ""
        raise SettingsError(f"{name} is too great: use at most {TEN_YEARS}{meaning}.")
    return int(digits)


def _with_database(settings: Settings) -> Settings:
    if settings.database_url:
        return _replace(settings, database_url=_database_url(settings.database_url))
    private_folder(INSTANCE)
    path = INSTANCE / "directory.sqlite3"
    # SQLite takes an empty file for an empty database, and gives the files beside it the same permissions.
    private_file(path)
    return _replace(settings, database_url=f"sqlite:///{path}")


def _database_url(url: str) -> str:
    # psycopg 3 is the driver; the short spelling that operators and hosting providers use means it.
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            url = "postgresql+psycopg://" + url.removeprefix(short)
    try:
        driver = make_url(url).drivername
    except (ArgumentError, ValueError):
        # What was raised quotes the address, which may hold a password.
        raise SettingsError(
            "DATABASE_URL cannot be read: write postgresql://user:password@host:port/name, "
            "with special characters percent-encoded, or sqlite:////path/to/file."
        ) from None
    if driver not in DRIVERS:
        raise SettingsError(
            f"DATABASE_URL names {driver!r}: use sqlite://, or postgresql:// (its driver is psycopg: "
            "postgresql+psycopg://)."
        )
    return url


def _with_keystore(settings: Settings) -> Settings:
    if settings.keystore_url:
        path = _keystore_file(settings.keystore_url)
    else:
        private_folder(INSTANCE)
        path = INSTANCE / "keystore.sqlite3"
        private_file(path)
    database = make_url(settings.database_url)
    if database.get_backend_name() == "sqlite" and _file_of(database) == path.resolve():
        raise SettingsError(
            "KEYSTORE_URL names the same file as DATABASE_URL: keys are kept apart from what they open."
        )
    return _replace(settings, keystore_url=f"sqlite:///{path}")


def _keystore_file(url: str) -> Path:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # What was raised quotes the address, which may hold a password.
        raise SettingsError("KEYSTORE_URL cannot be read: write sqlite:////path/to/file.") from None
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise SettingsError(
            f"KEYSTORE_URL names {parsed.drivername!r}: use sqlite:////path/to/file. Other databases keep what was "
            "deleted in logs, replicas and backups, so a key that was destroyed would live on."
        )
    # In memory, keys would end with the process; options could put the file into a mode that keeps old pages.
    if not parsed.database or parsed.database == ":memory:" or parsed.database.startswith("file:") or parsed.query:
        raise SettingsError("KEYSTORE_URL must name a file and nothing else: write sqlite:////path/to/file.")
    return Path(parsed.database)


def _file_of(database: URL) -> Path | None:
    """The file of a SQLite database, links followed; None for one in memory."""
    named = (database.database or "").removeprefix("file:").partition("?")[0]
    return Path(named).resolve() if named and named != ":memory:" else None


def _with_secret(settings: Settings) -> Settings:
    if settings.is_production:
        if _is_weak(settings.secret_key):
            raise SettingsError(
                f"SECRET_KEY is missing or weak: production needs at least {MINIMUM_SECRET_LENGTH} random characters. "
                f"Make one with: {GENERATE}"
            )
        return settings
    if settings.secret_key:
        return settings
    kept = kept_text(INSTANCE / "secret-key", MINIMUM_SECRET_LENGTH, lambda: secrets.token_urlsafe(48))
    return _replace(settings, secret_key=kept)


def _is_weak(secret: str) -> bool:
    """Whether `secret` is short, or repeats itself so much that what it says is short.

    Its compressed length is held to the minimum, not to its own: random hexadecimal digits compress well too.
    """
    compressed = len(zlib.compress(secret.encode("utf-8", "surrogateescape"), 9))
    return min(len(secret), compressed) < MINIMUM_SECRET_LENGTH or len(set(secret)) < 10


def _replace(settings: Settings, **changes: Any) -> Settings:
    return Settings(**{item.name: getattr(settings, item.name) for item in fields(settings)} | changes)
