"""E-mail over SMTP, to the operator's own mail server."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.utils import format_datetime

from directory.common.sending import Encryption, SmtpServer
from directory.messaging.delivery import DeliveryError, Outgoing

TIMEOUT_SECONDS = 20


class SmtpTransport:
    """Sends each message over a connection of its own, as text alone: nothing in it fetches or reports anything."""

    def __init__(self, server: SmtpServer, sender: str, tls: ssl.SSLContext | None = None) -> None:
        """`sender` is the address that e-mail comes from; `tls` says whose certificates count, the system's if None."""
        self._server = server
        self._sender = sender
        self._domain = sender.rpartition("@")[2]
        self._tls = tls or ssl.create_default_context()

    def send(self, message: Outgoing) -> None:
        """Hand `message` to the mail server. Raises DeliveryError with codes such as `smtp-450` or `smtp-timeout`."""
        email = self._compose(message)
        with _explained(stop=True):
            client = self._connect()
        try:
            with _explained(stop=False):
                client.send_message(email, self._sender, [message.address])
        finally:
            # The server has answered for the message: however the farewell goes, it was taken or it was not.
            with suppress(smtplib.SMTPException, OSError):
                client.quit()
            client.close()

    def _compose(self, message: Outgoing) -> EmailMessage:
        email = EmailMessage()
        try:
            email["To"] = message.address
        except (ValueError, IndexError):
            # Python's own reader of addresses has stumbled over it.
            raise DeliveryError("bad-address", permanent=True) from None
        email["From"] = self._sender
        email["Subject"] = message.subject
        email["Date"] = format_datetime(message.at)
        email["Message-ID"] = f"<{message.id}@{self._domain}>"
        email["Auto-Submitted"] = "auto-generated"
        email.set_content(message.text)
        return email

    def _connect(self) -> smtplib.SMTP:
        """A connection that is encrypted and signed in where the server's address asks for it."""
        server = self._server
        # `local_hostname`: smtplib would look up and tell this machine's own name, which is nobody's business.
        if server.encryption is Encryption.TLS:
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, local_hostname=self._domain, timeout=TIMEOUT_SECONDS, context=self._tls
            )
        else:
            client = smtplib.SMTP(server.host, server.port, local_hostname=self._domain, timeout=TIMEOUT_SECONDS)
        try:
            if server.encryption is Encryption.STARTTLS:
                client.starttls(context=self._tls)
            if server.user:
                client.login(server.user, server.password)
        except BaseException:
            client.close()
            raise
        return client


@contextmanager
def _explained(*, stop: bool) -> Iterator[None]:
    """Turn whatever goes wrong into a DeliveryError; `stop` while nothing has been said about a message yet."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        (status, _), *_others = error.recipients.values()
        raise _refusal(status, stop=stop) from None
    except smtplib.SMTPSenderRefused as error:
        # That is about us, and so about every message.
        raise _refusal(error.smtp_code, stop=True) from None
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code, stop=stop) from None
    except smtplib.SMTPNotSupportedError:
        # While connecting: no encryption or no signing in. Later: an address with letters the server does not take.
        raise DeliveryError("smtp-not-supported", permanent=not stop, stop=stop) from None
    except (smtplib.SMTPException, OSError) as error:
        code = _network_code(error)
        # A connection that was dropped may be about the message; silence, and a server out of reach, last.
        raise DeliveryError(code, stop=stop or code != "smtp-dropped") from None


def _refusal(status: int, *, stop: bool) -> DeliveryError:
    """An answer of the server: 5xx is for good. 421 is a server that is closing, whatever it was asked."""
    return DeliveryError(f"smtp-{status}", permanent=500 <= status <= 599, stop=stop or status == 421)


def _network_code(error: BaseException) -> str:
    if isinstance(error, smtplib.SMTPServerDisconnected) and isinstance(error.__context__, TimeoutError):
        # smtplib says "closed" of a server that it stopped waiting for.
        return "smtp-timeout"
    codes: tuple[tuple[type[Exception], str], ...] = (
        (smtplib.SMTPServerDisconnected, "smtp-dropped"),
        (ssl.SSLError, "smtp-tls"),
        (TimeoutError, "smtp-timeout"),
        (ConnectionRefusedError, "smtp-refused"),
        (ConnectionError, "smtp-dropped"),
        (socket.gaierror, "smtp-unknown-host"),
    )
    return next((code for kind, code in codes if isinstance(error, kind)), "smtp-failed")
