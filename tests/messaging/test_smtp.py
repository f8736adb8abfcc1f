"""E-mail through a real mail server on loopback."""

import socket
import ssl
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from directory.common.sending import Encryption, SmtpServer, read_smtp_url
from directory.messaging import smtp
from directory.messaging.delivery import BACK_OFF, DeliveryError, Outgoing
from directory.messaging.models import MessageState
from directory.messaging.smtp import SmtpTransport
from tests.messaging.messages import ADDRESS, deliver, kept, put
from tests.messaging.servers import HOST, LOGIN, Mailbox, certificate, mail_server, rude_server, unused_port
from tests.support.clock import Clock

SENDER = "directory@mail.example.org"
SIGN_IN = "directory:a%3Ab%40c%2Fd%3F"


def transport(port: int, tls: ssl.SSLContext | None = None, url: str = "smtp://{host}:{port}") -> SmtpTransport:
    """A transport to this machine's server at `port`."""
    return SmtpTransport(read_smtp_url(url.format(host=HOST, port=port)), SENDER, tls)


@pytest.fixture
def message(clock: Clock) -> Outgoing:
    """What a transport gets."""
    return Outgoing("0123456789abcdef", ADDRESS, "Referral REF is new", "Text.\n", clock.now)


def test_an_e_mail_arrives_as_text_with_a_reference_and_a_link(session: Session, clock: Clock) -> None:
    message_id = put(session, clock())
    mailbox = Mailbox()

    with mail_server(mailbox) as port:
        (outcome,) = deliver(session, clock, transport(port))

    assert outcome.state is MessageState.SENT
    (email,) = mailbox.emails
    assert mailbox.recipients == [ADDRESS]
    assert email.get_content_type() == "text/plain"
    assert email.get_content().replace("\r\n", "\n") == (
        "Referral K7M2P9QX4T is new.\n\nSign in to see it:\n"
        "https://directory.example.org/referrals/K7M2P9QX4T\n\n"
        "This message says no more on purpose. Nobody reads replies to it.\n"
    )
    assert (email["Subject"], email["From"], email["To"]) == ("Referral K7M2P9QX4T is new", SENDER, ADDRESS)
    assert email["Message-ID"] == f"<{message_id}@mail.example.org>"
    assert email["Auto-Submitted"] == "auto-generated"
    assert parsedate_to_datetime(email["Date"]) == clock.now


def test_an_e_mail_has_no_header_that_we_did_not_mean(session: Session, clock: Clock) -> None:
    put(session, clock())
    mailbox = Mailbox()

    with mail_server(mailbox) as port:
        deliver(session, clock, transport(port))

    (email,) = mailbox.emails
    ours = {"To", "From", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version"}
    made_by_libraries = {"Content-Type", "Content-Transfer-Encoding", "X-Peer", "X-MailFrom", "X-RcptTo"}
    assert set(email) <= ours | made_by_libraries
    assert mailbox.hosts == ["mail.example.org"]
    assert socket.gethostname() not in email.as_string()


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_a_refusal_for_now_is_tried_again_later(session: Session, clock: Clock, command: str) -> None:
    message_id = put(session, clock())
    mailbox = Mailbox(at={command: "450 come back later"})

    with mail_server(mailbox) as port:
        deliver(session, clock, transport(port))
        first = kept(session, message_id)
        assert (first.state, first.last_error) == (MessageState.WAITING, "smtp-450")
        assert first.next_attempt_at == clock.now + BACK_OFF[0]

        mailbox.at.clear()
        assert deliver(session, clock, transport(port)) == []
        clock.now += BACK_OFF[0]
        deliver(session, clock, transport(port))

    assert kept(session, message_id).state is MessageState.SENT
    assert len(mailbox.emails) == 1


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_a_refusal_for_good_is_final(session: Session, clock: Clock, command: str) -> None:
    message_id = put(session, clock())

    with mail_server(Mailbox(at={command: "554 never"})) as port:
        deliver(session, clock, transport(port))

    assert (kept(session, message_id).state, kept(session, message_id).last_error) == (MessageState.DEAD, "smtp-554")


def test_nobody_there(message: Outgoing) -> None:
    with pytest.raises(DeliveryError) as caught:
        transport(unused_port()).send(message)

    assert (caught.value.code, caught.value.permanent, caught.value.stop) == ("smtp-refused", False, True)


def test_a_connection_dropped_in_the_middle(session: Session, clock: Clock) -> None:
    message_id = put(session, clock())

    with mail_server(Mailbox(at={"DATA": "drop"})) as port:
        deliver(session, clock, transport(port))

    message = kept(session, message_id)
    assert (message.state, message.last_error) == (MessageState.WAITING, "smtp-dropped")


def test_a_server_that_hangs_up_before_it_has_spoken(message: Outgoing) -> None:
    with rude_server(lambda _caller: None) as port, pytest.raises(DeliveryError) as caught:
        transport(port).send(message)

    assert (caught.value.code, caught.value.stop) == ("smtp-dropped", True)


def test_a_server_that_says_nothing_is_not_waited_for(message: Outgoing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "TIMEOUT_SECONDS", 0.1)

    with rude_server(lambda caller: bool(caller.recv(1000))) as port, pytest.raises(DeliveryError) as caught:
        transport(port).send(message)

    assert (caught.value.code, caught.value.permanent, caught.value.stop) == ("smtp-timeout", False, True)


def test_a_farewell_that_fails_does_not_send_the_message_again(session: Session, clock: Clock) -> None:
    def take_and_hang_up(caller: socket.socket) -> None:
        caller.sendall(b"220 ready\r\n")
        for answer in (b"250 hello\r\n", b"250 from\r\n", b"250 to\r\n", b"354 go on\r\n", b"250 taken\r\n"):
            caller.recv(10_000)
            caller.sendall(answer)

    message_id = put(session, clock())

    with rude_server(take_and_hang_up) as port:
        deliver(session, clock, transport(port))

    assert kept(session, message_id).state is MessageState.SENT


def test_an_address_that_the_server_cannot_take_is_given_up(session: Session, clock: Clock) -> None:
    message_id = put(session, clock(), address="ünal@example.org")

    with mail_server(Mailbox(), enable_SMTPUTF8=False) as port:
        deliver(session, clock, transport(port))

    message = kept(session, message_id)
    assert (message.state, message.last_error) == (MessageState.DEAD, "smtp-not-supported")


def test_starttls_encrypts_and_signs_in(message: Outgoing, tmp_path: Path) -> None:
    mailbox = Mailbox()

    with certificate(tmp_path) as (server, client):
        options = {"tls_context": server, "require_starttls": True, "auth_required": True}
        with mail_server(mailbox, **options) as port:
            transport(port, client, f"smtp://{SIGN_IN}@{{host}}:{{port}}?starttls=required").send(message)

    assert mailbox.signed_in == [LOGIN.decode()]
    assert mailbox.encrypted == [True]


def test_encryption_from_the_start(message: Outgoing, tmp_path: Path) -> None:
    mailbox = Mailbox()

    with certificate(tmp_path) as (server, client), mail_server(mailbox, ssl_context=server) as port:
        transport(port, client, "smtps://{host}:{port}").send(message)

    assert len(mailbox.emails) == 1


def test_a_certificate_that_nobody_vouches_for_gets_nothing(message: Outgoing, tmp_path: Path) -> None:
    mailbox = Mailbox()

    with certificate(tmp_path) as (server, _), mail_server(mailbox, tls_context=server) as port:
        sending = transport(port, url=f"smtp://{SIGN_IN}@{{host}}:{{port}}?starttls=required")
        with pytest.raises(DeliveryError) as caught:
            sending.send(message)

    assert (caught.value.code, caught.value.stop) == ("smtp-tls", True)
    assert mailbox.signed_in == mailbox.emails == []


def test_a_server_without_encryption_gets_nothing_where_it_is_required(message: Outgoing) -> None:
    mailbox = Mailbox()

    with mail_server(mailbox) as port, pytest.raises(DeliveryError) as caught:
        transport(port, url=f"smtp://{SIGN_IN}@{{host}}:{{port}}?starttls=required").send(message)

    assert (caught.value.code, caught.value.permanent, caught.value.stop) == ("smtp-not-supported", False, True)
    assert mailbox.signed_in == mailbox.emails == []


def test_a_wrong_password_stops_the_run(message: Outgoing) -> None:
    with mail_server(Mailbox(), auth_require_tls=False) as port, pytest.raises(DeliveryError) as caught:
        transport(port, url="smtp://directory:wrong@{host}:{port}").send(message)

    assert (caught.value.code, caught.value.stop) == ("smtp-535", True)


def test_a_server_s_password_is_not_shown() -> None:
    assert "hush" not in repr(SmtpServer("mail.example.org", 465, Encryption.TLS, "directory", "hush"))
