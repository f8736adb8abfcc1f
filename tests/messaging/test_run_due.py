"""`support-directory run-due`: every job in turn, each failing alone."""

import json
from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select

from directory.audit.models import AuditEntry
from directory.cli import run_due
from directory.cli.run_due import JOBS, Job, Report
from directory.common.errors import RefusedError
from directory.messaging.models import MessageState, OutboxMessage
from tests.messaging.messages import ADDRESS, put
from tests.messaging.servers import HOST, Mailbox, mail_server, unused_port
from tests.support.commands import Commands
from tests.support.databases import committing


@pytest.fixture
def mail_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Lets e-mail go over the server at a port."""

    def use(port: int) -> None:
        monkeypatch.setenv("SMTP_URL", f"smtp://{HOST}:{port}")
        monkeypatch.setenv("MAIL_FROM", "directory@example.org")

    return use


def test_messages_are_sent_and_recorded(
    run: Commands, mail_at: Callable[[int], None], database_url: str, now: datetime
) -> None:
    with committing(database_url) as session:
        message_id = put(session, now.replace(year=2020))
    mailbox = Mailbox()

    with mail_server(mailbox) as port:
        mail_at(port)
        first, second = run("run-due"), run("run-due")

    assert first.code == 0
    assert "deliver messages: 1 sent, 0 to try again, 0 given up, 0 waiting\n" in first.out
    assert "deliver messages: 0 sent" in second.out
    assert [email["Message-ID"] for email in mailbox.emails] == [f"<{message_id}@example.org>"]
    assert "http://127.0.0.1:8000/referrals/K7M2P9QX4T" in mailbox.emails[0].get_content()
    with committing(database_url) as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.event == "message_sent")).all()
        assert [(entry.actor, json.loads(entry.details)) for entry in entries] == [
            ("system", {"kind": "referral_received", "message": message_id})
        ]


def test_a_message_that_is_given_up_is_recorded_without_its_address(
    run: Commands, mail_at: Callable[[int], None], database_url: str, now: datetime
) -> None:
    with committing(database_url) as session:
        message_id = put(session, now.replace(year=2020))

    with mail_server(Mailbox(at={"RCPT": "550 nobody here"})) as port:
        mail_at(port)
        outcome = run("run-due")

    assert outcome.code == 0
    assert "0 sent, 0 to try again, 1 given up, 0 waiting (errors: smtp-550)" in outcome.out
    assert ADDRESS not in outcome.out + outcome.err
    with committing(database_url) as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.event == "message_dead")).all()
        assert json.loads(entry.details) == {"kind": "referral_received", "message": message_id}


def test_what_fails_for_now_is_not_recorded(
    run: Commands, mail_at: Callable[[int], None], database_url: str, now: datetime
) -> None:
    with committing(database_url) as session:
        put(session, now.replace(year=2020))
    mail_at(unused_port())

    assert "0 sent, 1 to try again, 0 given up, 1 waiting (errors: smtp-refused)" in run("run-due").out
    with committing(database_url) as session:
        assert session.scalars(select(AuditEntry)).all() == []


def test_without_a_server_messages_wait_and_it_says_so(run: Commands, database_url: str, now: datetime) -> None:
    with committing(database_url) as session:
        put(session, now.replace(year=2020))

    outcome = run("run-due")

    assert outcome.code == 0
    assert "1 waiting (neither SMTP_URL nor NOTIFY_API_KEY is set, so messages wait)" in outcome.out
    with committing(database_url) as session:
        message = session.scalars(select(OutboxMessage)).one()
        assert (message.state, message.attempts) == (MessageState.WAITING, 0)


def test_machines_get_json(run: Commands) -> None:
    answer = json.loads(run("run-due", "--json").out)

    delivery = next(job for job in answer["jobs"] if job["job"] == "deliver messages")
    assert delivery["counts"] == {"sent": 0, "to try again": 0, "given up": 0, "waiting": 0}


def test_a_job_that_fails_keeps_no_other_from_running(run: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> Report:
        raise ValueError("Something about a person")

    def refuse(*_arguments: object) -> Report:
        raise RefusedError("The keystore cannot be read.")

    jobs = [Job("break", fail), Job("refuse", refuse), Job("go on", lambda *_arguments: Report({"things done": 2}))]
    monkeypatch.setattr(run_due, "JOBS", jobs)

    outcome, machine = run("run-due"), run("run-due", "--json")

    assert (outcome.code, outcome.out) == (1, "go on: 2 things done\n")
    broken, refused = outcome.err.splitlines()
    assert broken.startswith("break: failed: builtins.ValueError in fail (")
    assert refused == "refuse: failed: The keystore cannot be read."
    assert "person" not in outcome.err + machine.err + machine.out
    assert machine.code == 1
    assert [job["job"] for job in json.loads(machine.out)["jobs"]] == ["break", "refuse", "go on"]


def test_messages_are_delivered_last() -> None:
    assert JOBS[-1].name == "deliver messages"
