"""Real servers on loopback: one that takes e-mail, one that answers as GOV.UK Notify does, one that drops everybody."""

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import jwt
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
LOGIN, PASSWORD = b"directory", b"a:b@c/d?"


@dataclass
class Mailbox:
    """What a mail server got, and how it answers: `at` maps `MAIL`, `RCPT` and `DATA` to answers other than 250."""

    emails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    at: dict[str, str] = field(default_factory=dict)
    signed_in: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)

    async def handle_EHLO(self, _server: Any, session: Any, _envelope: Any, hostname: str, answers: list[str]) -> Any:  # noqa: N802
        session.host_name = hostname
        self.hosts.append(hostname)
        return answers

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        envelope.mail_from = address
        return self.at.get("MAIL", "250 OK")

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        envelope.rcpt_tos.append(address)
        return self.at.get("RCPT", "250 OK")

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.at.get("DATA") == "drop":
            server.transport.abort()
            return "250 never heard"
        if "DATA" not in self.at:
            self.emails.append(message_from_bytes(envelope.content, _class=EmailMessage, policy=policy.default))
            self.recipients += envelope.rcpt_tos
            self.encrypted.append(session.ssl is not None)
        return self.at.get("DATA", "250 OK")

    def check_password(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        """Let the one account in."""
        if (data.login, data.password) != (LOGIN, PASSWORD):
            return AuthResult(success=False, handled=False)
        self.signed_in.append(data.login.decode())
        return AuthResult(success=True)


class _Server(Controller):
    """A mail server on a port that the system chooses."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server(mailbox: Mailbox, **options: Any) -> Iterator[int]:
    """A mail server that fills `mailbox`, on the port that it gives; `options` as aiosmtpd's."""
    server = _Server(mailbox, hostname=HOST, port=0, authenticator=mailbox.check_password, **options)
    server.start()
    try:
        yield server.port
    finally:
        server.stop()


@contextmanager
def certificate(folder: Path) -> Iterator[tuple[ssl.SSLContext, ssl.SSLContext]]:
    """A certificate for this machine that nobody vouches for: the server's context, and a client's that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + made.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    yield server, ssl.create_default_context(cafile=path)


def unused_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server((HOST, 0)) as listener:
        return int(listener.getsockname()[1])


@dataclass
class Notify:
    """What the stand-in for GOV.UK Notify was asked, and with which status it answers; `page` answers in its place."""

    key: str
    status: int = 201
    page: bytes = b""
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def answer(self, path: str, authorization: str, body: dict[str, Any]) -> tuple[int, bytes]:
        """Status and body of an answer, as Notify's documentation describes them."""
        service, secret = self.key[-73:-37], self.key[-36:]
        kind, _, token = authorization.partition(" ")
        try:
            claims = jwt.decode(token, secret, algorithms=["HS256"], options={"verify_iat": False})
        except jwt.InvalidTokenError:
            claims = {}
        if kind != "Bearer" or claims.get("iss") != service:
            return 403, b'{"status_code": 403, "errors": [{"error": "AuthError", "message": "Invalid token"}]}'
        if self.page:
            return 201, self.page
        if self.status != 201:
            quoted = body.get("email_address") or body.get("phone_number")
            errors = [{"error": "BadRequestError", "message": f"{quoted} is not welcome"}]
            return self.status, json.dumps({"status_code": self.status, "errors": errors}).encode()
        self.asked.append((path, body))
        return 201, b'{"id": "740e5834-3a29-46b4-9a6f-16142fde533a"}'


@contextmanager
def notify_server(notify: Notify) -> Iterator[str]:
    """`notify` at the address that this gives."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, answer = notify.answer(self.path, self.headers.get("Authorization", ""), body)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_arguments: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer((HOST, 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def rude_server(greet: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server on the port that this gives, which treats each caller as `greet` does and then hangs up."""
    with socket.create_server((HOST, 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    caller, _ = listener.accept()
                except OSError:
                    return
                with caller:
                    greet(caller)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield int(listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
