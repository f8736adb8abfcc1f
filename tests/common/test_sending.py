"""Settings of sending: what is understood, and what is refused without quoting a secret."""

import pytest

from directory.common.sending import Encryption, SmtpServer, read_smtp_url
from directory.config import Settings, SettingsError
from directory.messaging.models import Channel
from directory.messaging.notify import NotifyTransport
from directory.messaging.smtp import SmtpTransport
from directory.messaging.transports import transports

TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"
KEY = "hush-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0"
BASE = {"DATABASE_URL": "sqlite://", "KEYSTORE_URL": "sqlite:////nowhere/keys.sqlite3"}
MAIL = {"SMTP_URL": "smtps://u:hush@mail.example.org", "MAIL_FROM": "directory@example.org"}
NOTIFY = {"NOTIFY_API_KEY": KEY, "NOTIFY_SMS_TEMPLATE": TEMPLATE}
PRODUCTION = {
    "SUPPORT_DIRECTORY_ENV": "production",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz",
    "PUBLIC_URL": "https://directory.example.org",
}


def read(**given: str) -> Settings:
    """Settings from an environment with these variables."""
    return Settings.from_environment(BASE | {"SECRET_KEY": "x"} | given)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.org", SmtpServer("mail.example.org", 587, Encryption.STARTTLS)),
        ("smtps://mail.example.org/", SmtpServer("mail.example.org", 465, Encryption.TLS)),
        (
            "smtp://a%40b:c%2Fd@mail.example.org:25",
            SmtpServer("mail.example.org", 25, Encryption.STARTTLS, "a@b", "c/d"),
        ),
        ("smtp://relay.example.org:25?starttls=never", SmtpServer("relay.example.org", 25, Encryption.NONE)),
        ("smtp://127.0.0.1:1025", SmtpServer("127.0.0.1", 1025, Encryption.NONE)),
        ("smtp://u:p@localhost:1025", SmtpServer("localhost", 1025, Encryption.NONE, "u", "p")),
        ("smtp://[::1]:1025", SmtpServer("::1", 1025, Encryption.NONE)),
        ("smtp://127.0.0.1?starttls=required", SmtpServer("127.0.0.1", 587, Encryption.STARTTLS)),
    ],
)
def test_mail_servers(url: str, server: SmtpServer) -> None:
    assert read_smtp_url(url) == server


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("smtp://u:hush@mail.example.org?starttls=never", "in the clear"),
        ("smtp://u:hush@127.0.0.1.evil.example?starttls=never", "in the clear"),
        ("smtps://mail.example.org?starttls=required", "only"),
        ("smtp://mail.example.org?starttls=perhaps", "only"),
        ("smtp://mail.example.org?hush", "only"),
        ("smtp://u@mail.example.org", "cannot be read"),
        ("smtp://mail.example.org/hush", "cannot be read"),
        ("smtp://u:hu#sh@mail.example.org", "cannot be read"),
        ("smtp://mail.example.org:hush", "cannot be read"),
        ("https://mail.example.org", "cannot be read"),
        ("hush", "cannot be read"),
        ("smtp://", "cannot be read"),
    ],
)
def test_mail_servers_that_are_refused(url: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said) as caught:
        read(SMTP_URL=url, MAIL_FROM="directory@example.org")

    assert str(caught.value).startswith("SMTP_URL")
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"SMTP_URL": "smtps://mail.example.org"}, "MAIL_FROM"),
        (MAIL | {"MAIL_FROM": "Directory <directory@example.org>"}, "MAIL_FROM"),
        (MAIL | {"MAIL_FROM": "a@example.org\nBcc: b@example.org"}, "MAIL_FROM"),
        (NOTIFY | {"NOTIFY_API_KEY": "hush"}, "NOTIFY_API_KEY"),
        ({"NOTIFY_API_KEY": KEY}, "NOTIFY_API_KEY"),
        (NOTIFY | {"NOTIFY_SMS_TEMPLATE": "hello"}, "NOTIFY_SMS_TEMPLATE"),
        (NOTIFY | {"NOTIFY_URL": "http://notify.example.org"}, "NOTIFY_URL"),
        (NOTIFY | {"NOTIFY_URL": "https://notify.example.org/?x"}, "NOTIFY_URL"),
        ({"PUBLIC_URL": "directory.example.org"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "https://directory.example.org/?a=b"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "https://u:hush@directory.example.org"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "https://" + "d" * 53}, "PUBLIC_URL"),
        (PRODUCTION | MAIL | {"PUBLIC_URL": "http://directory.example.org"}, "PUBLIC_URL"),
        (PRODUCTION | MAIL | {"PUBLIC_URL": ""}, "PUBLIC_URL"),
        (PRODUCTION | NOTIFY | {"PUBLIC_URL": ""}, "PUBLIC_URL"),
    ],
)
def test_settings_that_do_not_fit_are_named(given: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read(**given)

    assert str(caught.value).startswith(named)
    assert "hush" not in str(caught.value)


def test_production_needs_no_address_while_it_sends_nothing() -> None:
    assert read(**PRODUCTION | {"PUBLIC_URL": ""}).is_production


def test_nothing_carries_messages_unless_it_was_given() -> None:
    assert transports(read()) == {}


def test_e_mail_goes_over_smtp_and_texts_over_notify() -> None:
    made = transports(read(**PRODUCTION | MAIL | NOTIFY | {"NOTIFY_EMAIL_TEMPLATE": TEMPLATE}))

    assert {channel: type(one) for channel, one in made.items()} == {
        Channel.EMAIL: SmtpTransport,
        Channel.SMS: NotifyTransport,
    }


def test_without_a_mail_server_notify_carries_both() -> None:
    made = transports(read(**NOTIFY | {"NOTIFY_EMAIL_TEMPLATE": TEMPLATE}))

    assert {channel: type(one) for channel, one in made.items()} == dict.fromkeys(Channel, NotifyTransport)
