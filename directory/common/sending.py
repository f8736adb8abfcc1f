"""What an operator says about sending messages: through which server, from which address, with links to where."""

import ipaddress
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol
from urllib.parse import unquote, urlsplit

# With this much for the address of the directory, every message fits one SMS (messaging/kinds.py).
MAXIMUM_PUBLIC_URL = 60
_SMTP_SHAPE = "write smtp://user:password@host:port or smtps://…, with special characters percent-encoded"
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_PORTS = {"smtp": 587, "smtps": 465}


class Encryption(StrEnum):
    """How the connection to a mail server is protected."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """A mail server that takes our e-mail, and how to sign in to it; without a user nobody signs in."""

    host: str
    port: int
    encryption: Encryption
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


class SendingSettings(Protocol):
    """The settings that say how messages are sent. Empty ones were not given."""

    @property
    def is_production(self) -> bool: ...
    @property
    def public_url(self) -> str: ...
    @property
    def mail_from(self) -> str: ...
    @property
    def smtp_url(self) -> str: ...
    @property
    def notify_api_key(self) -> str: ...
    @property
    def notify_url(self) -> str: ...
    @property
    def notify_email_template(self) -> str: ...
    @property
    def notify_sms_template(self) -> str: ...


def read_smtp_url(url: str) -> SmtpServer:
    """The server that `smtp://[user:password@]host[:port][?starttls=required|never]` or `smtps://…` names.

    `smtp://` insists on STARTTLS; without being told, only a server on this machine is spoken to in the clear.
    Raises ValueError with a sentence that quotes nothing, as the address may hold a password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise ValueError(f"it cannot be read: {_SMTP_SHAPE}.") from None
    host = parts.hostname or ""
    if not host or parts.path not in ("", "/") or parts.fragment or bool(parts.username) != bool(parts.password):
        raise ValueError(f"it cannot be read: {_SMTP_SHAPE}.")
    encryption = _encryption(parts.scheme, parts.query, host)
    if parts.username and encryption is Encryption.NONE and not is_loopback(host):
        raise ValueError("it would send a password in the clear: use smtps:// or starttls=required.")
    return SmtpServer(host, port, encryption, unquote(parts.username or ""), unquote(parts.password or ""))


def _encryption(scheme: str, query: str, host: str) -> Encryption:
    if query not in ("", "starttls=required", "starttls=never") or (query and scheme == "smtps"):
        raise ValueError("behind the host only ?starttls=required or ?starttls=never may stand, and only with smtp://.")
    if scheme == "smtps":
        return Encryption.TLS
    in_the_clear = query == "starttls=never" or (not query and is_loopback(host))
    return Encryption.NONE if in_the_clear else Encryption.STARTTLS


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine, so that nobody else can listen."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def sending_problem(settings: SendingSettings) -> str | None:
    """What is wrong with these settings, as a sentence that begins with a setting's name; None when nothing is."""
    checks = (_public_url_problem, _smtp_problem, _notify_problem)
    return next(filter(None, (check(settings) for check in checks)), None)


def _public_url_problem(settings: SendingSettings) -> str | None:
    url, sends = settings.public_url, bool(settings.smtp_url or settings.notify_api_key)
    if not _is_base(url):
        return "PUBLIC_URL must be an address such as https://directory.example.org, without query or fragment."
    if len(url) > MAXIMUM_PUBLIC_URL:
        return f"PUBLIC_URL must have {MAXIMUM_PUBLIC_URL} characters or fewer, so that a link fits a text message."
    if sends and settings.is_production and not url.startswith("https://"):
        return "PUBLIC_URL must be given, and be an https address: messages link to it."
    return None


def _smtp_problem(settings: SendingSettings) -> str | None:
    if not settings.smtp_url:
        return None
    try:
        read_smtp_url(settings.smtp_url)
    except ValueError as error:
        return f"SMTP_URL: {error}"
    if not _EMAIL.fullmatch(settings.mail_from):
        return "MAIL_FROM must be given with SMTP_URL: an e-mail address alone, such as directory@example.org."
    return None


def _notify_problem(settings: SendingSettings) -> str | None:
    if not settings.notify_api_key:
        return None
    if not re.fullmatch(f"[A-Za-z0-9_-]*{_UUID}-{_UUID}", settings.notify_api_key):
        return "NOTIFY_API_KEY is not a key of GOV.UK Notify: those end with two identifiers of 36 characters each."
    if not _is_base(settings.notify_url) or not _is_private(settings.notify_url):
        return "NOTIFY_URL must be an https address without query or fragment."
    templates = {
        "NOTIFY_EMAIL_TEMPLATE": settings.notify_email_template,
        "NOTIFY_SMS_TEMPLATE": settings.notify_sms_template,
    }
    for name, template in templates.items():
        if template and not re.fullmatch(_UUID, template):
            return f"{name} must be the id of a template of GOV.UK Notify."
    if not any(templates.values()):
        return "NOTIFY_API_KEY needs NOTIFY_EMAIL_TEMPLATE, NOTIFY_SMS_TEMPLATE or both."
    return None


def _is_base(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    plain = url.isascii() and url.isprintable() and " " not in url
    return plain and parts.scheme in ("http", "https") and bool(parts.hostname) and not _says_more(url)


def _says_more(url: str) -> bool:
    return any(character in url for character in "?#@\\")


def _is_private(url: str) -> bool:
    """Whether nobody on the way can read what is sent there, the key least of all."""
    parts = urlsplit(url)
    return parts.scheme == "https" or is_loopback(parts.hostname or "")
