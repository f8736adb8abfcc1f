"""`serve`: a real server, a real socket."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from directory.paths import ROOT
from tests import factories
from tests.support.commands import START_SECONDS, Commands, environment, serving
from tests.support.databases import committing


def ask(address: str, method: str, path: str, **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    try:
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def test_it_answers_and_its_log_keeps_secrets(database_url: str) -> None:
    with committing(database_url) as session:
        factories.user(session)
    with serving(database_url) as server:
        assert ask(server.address, "GET", "/health/ready")[0] == 200
        ask(server.address, "GET", "/sign-in?need=hidden-in-a-query")
        ask(server.address, "GET", "/hidden-in-a-path")
        host, _, port = urlsplit(server.address).netloc.partition(":")
        with socket.create_connection((host, int(port)), timeout=10) as raw:
            raw.sendall(b"hidden-in-garbage\r\n\r\n")
            assert raw.recv(100).startswith(b"HTTP/1.1 400")
        server.stop()

    assert server.code == 0
    lines = [json.loads(line) for line in server.log.splitlines()]
    assert [line["status"] for line in lines if line["event"] == "request"][:2] == [200, 200]
    assert {line["client"] for line in lines if line["event"] == "request"} == {"127.0.0.0/24"}
    assert [line["event"] for line in lines].count("unreadable request") == 1
    assert "hidden" not in server.log
    assert "127.0.0.1" not in server.log


def test_ctrl_c_ends_it_without_complaint(database_url: str) -> None:
    # One worker, and one that has answered: a second might still be starting, and be ended the hard way.
    with serving(database_url, workers=1) as server:
        assert ask(server.address, "GET", "/health/live")[0] == 200
        server.stop(signal.SIGINT)

    assert server.code == 0
    assert [json.loads(line)["event"] for line in server.log.splitlines()] == ["request"]


def test_a_port_in_use_is_one_sentence(run: Commands) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = run("serve", "--port", str(port))

    said = f"Cannot listen on 127.0.0.1 port {port}: address already in use.\n"
    assert (refused.code, refused.out, refused.err) == (1, "", said)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::", "nowhere.invalid"])
def test_a_demonstration_is_for_this_machine_alone(run: Commands, host: str) -> None:
    refused = run("serve", "--host", host, "--port", "0")

    assert refused.code == 1
    assert refused.err.startswith("A demonstration listens on this machine alone")


def test_production_may_listen_elsewhere_if_there_is_such_an_address(
    run: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUPPORT_DIRECTORY_ENV", "production")

    refused = run("serve", "--host", "192.0.2.7", "--port", "0")

    assert (refused.code, refused.err) == (1, "Cannot listen on 192.0.2.7 port 0: cannot assign requested address.\n")


def test_gunicorn_by_itself_quotes_no_request_either(database_url: str) -> None:
    """`gunicorn wsgi:app` brings its own log: the way most operators start a WSGI application."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "gunicorn",
                "--bind",
                f"fd://{listener.fileno()}",
                "--no-control-socket",
                "wsgi:app",
            ],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], **environment(database_url)},
            stderr=subprocess.PIPE,
            pass_fds=[listener.fileno()],
            text=True,
        )
        try:
            with socket.create_connection(listener.getsockname(), timeout=START_SECONDS) as raw:
                raw.sendall(b"hidden-in-garbage\r\n\r\n")
                assert raw.recv(100).startswith(b"HTTP/1.1 400")
        finally:
            process.terminate()
            _, log = process.communicate(timeout=START_SECONDS)

    assert "Listening at" in log
    assert "Invalid request" not in log
    assert "hidden" not in log
