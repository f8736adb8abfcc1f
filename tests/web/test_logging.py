"""The log: one line per request, and nothing in it that somebody typed."""

import json
import logging
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.web.access import public
from directory.web.logging import configure_logging, describe_failure, truncated_address
from tests import factories
from tests.support.pages import PageClient

SignIn = Callable[..., User]


def _lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_request_is_one_line(client: PageClient, capsys: pytest.CaptureFixture[str]) -> None:
    response = client.get("/accessibility", environ_base={"REMOTE_ADDR": "127.1.2.3"})

    (line,) = _lines(capsys)
    assert line.pop("ms") >= 0  # type: ignore[operator]
    assert line.pop("timestamp")
    assert line == {
        "event": "request",
        "level": "info",
        "request_id": response.headers["X-Request-Id"],
        "method": "GET",
        "route": "/accessibility",
        "status": 200,
        "client": "127.1.2.0/24",
    }


def test_no_word_of_path_query_body_cookie_or_header_is_logged(
    client: PageClient, sign_in: SignIn, session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    factories.guidance(session, key="safe-to-share")
    sign_in("commissioner")
    client.get("/search/secretword?page=secretword", headers={"User-Agent": "secretword", "Referer": "/secretword"})
    client.get("/services/secretword")
    client.get("/secretword?secretword=secretword")
    client.post("/manage/guidance/secretword", data={"title": "secretword", "secretword": "x"})
    client.post("/sign-in", data={"email": "secretword@example.org", "password": "secretword"})

    lines = capsys.readouterr().err

    assert len(lines.splitlines()) >= 6
    assert "secretword" not in lines
    assert "/services/<service_id>" in lines


def test_an_unexpected_error_is_logged_by_type_and_place_without_its_message(
    app: Flask, client: PageClient, capsys: pytest.CaptureFixture[str]
) -> None:
    @public
    def broken() -> str:
        try:
            raise ValueError("secretword in the cause")
        except ValueError as cause:
            raise RuntimeError("secretword in the message") from cause

    app.add_url_rule("/broken", "broken", broken)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    response = client.get("/broken")

    failure, request = _lines(capsys)
    assert response.status_code == request["status"] == 500
    assert failure["event"] == "failure"
    assert failure["error"] == "builtins.RuntimeError"
    assert failure["causes"] == ["builtins.ValueError"]
    assert any("broken" in str(step) for step in failure["steps"])  # type: ignore[attr-defined]
    assert failure["request_id"] == request["request_id"] == response.headers["X-Request-Id"]
    assert "secretword" not in json.dumps([failure, request]) + response.text


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1234:5678::1", "2001:db8:1234::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("", ""),
        (None, ""),
        ("unix:", ""),
    ],
)
def test_addresses_are_cut_to_their_network(address: str | None, network: str) -> None:
    assert truncated_address(address) == network


def test_an_error_that_was_caused_by_itself_is_described_all_the_same() -> None:
    error = ValueError("x")
    error.__context__ = KeyError("y")
    error.__context__.__context__ = error

    assert len(describe_failure(error)["causes"]) < 10


def test_of_gunicorns_own_log_only_errors_are_kept_and_no_request(caplog: pytest.LogCaptureFixture) -> None:
    configure_logging()
    log = logging.getLogger("gunicorn.error")
    assert log.level == logging.ERROR
    log.setLevel(logging.INFO)  # as gunicorn does when it reads its settings again

    log.warning("Invalid request from ip=203.0.113.77: secretword")
    try:
        raise ValueError("secretword")
    except ValueError:
        log.exception("Error handling request %s", "/search?secretword")
    log.error("Worker was killed")
    log.setLevel(logging.ERROR)

    assert [record.getMessage() for record in caplog.records] == [
        "Error handling a request: ValueError",
        "Worker was killed",
    ]
    assert "secretword" not in caplog.text
