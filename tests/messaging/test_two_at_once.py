"""Two deliverers at once on a real database and a real mail server: each message goes out exactly once."""

import threading
from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from directory.common.sending import read_smtp_url
from directory.extensions import Database
from directory.messaging.delivery import Outcome, Outgoing, deliver_due
from directory.messaging.kinds import MessageKind
from directory.messaging.models import Channel, MessageState, OutboxMessage
from directory.messaging.outbox import enqueue
from directory.messaging.smtp import SmtpTransport
from tests.messaging.messages import Carrier, put
from tests.messaging.servers import HOST, Mailbox, mail_server
from tests.support.clock import Clock

MESSAGES, DELIVERERS = 30, 3


def at_once(number: int, act: object) -> None:
    """Call `act` in this many threads that start together; what one of them raises fails the test."""
    barrier = threading.Barrier(number)
    raised: list[BaseException] = []

    def run() -> None:
        barrier.wait()
        try:
            act()  # type: ignore[operator]
        except BaseException as error:
            raised.append(error)

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert raised == []


def test_each_message_goes_out_exactly_once(database: Database, clock: Clock) -> None:
    with database.new_session() as session:
        ids = {put(session, clock(), reference=f"REF{number}") for number in range(MESSAGES)}
    mailbox = Mailbox()
    outcomes: list[Outcome] = []

    with mail_server(mailbox) as port:
        transport = SmtpTransport(read_smtp_url(f"smtp://{HOST}:{port}"), "directory@example.org")

        def deliver() -> None:
            made = deliver_due(database.new_session, {Channel.EMAIL: transport}.get, clock, "https://d.example.org")
            outcomes.extend(made)

        at_once(DELIVERERS, deliver)

    assert Counter(email["Message-ID"] for email in mailbox.emails) == {f"<{one}@example.org>": 1 for one in ids}
    assert len(outcomes) == MESSAGES
    with database.new_session() as session:
        found = session.scalars(select(OutboxMessage)).all()
        assert {(message.state, message.attempts) for message in found} == {(MessageState.SENT, 1)}


def test_without_the_claim_a_second_deliverer_would_send_it_too(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("directory.messaging.delivery.CLAIM", timedelta(0))
    with database.new_session() as session:
        message_id = put(session, clock())
    second = Carrier()

    class First(Carrier):
        def send(self, message: Outgoing) -> None:
            deliver_due(database.new_session, {Channel.EMAIL: second}.get, clock, "https://d.example.org")
            super().send(message)

    first = First()
    deliver_due(database.new_session, {Channel.EMAIL: first}.get, clock, "https://d.example.org", batch=1)

    assert [message.id for message in (*first.sent, *second.sent)] == [message_id, message_id]


def test_two_transactions_that_tell_the_same_thing_tell_it_once(database: Database, now: datetime) -> None:
    def tell() -> None:
        with database.new_session.begin() as session:
            enqueue(
                session,
                MessageKind.REFERRAL_NUDGE,
                Channel.EMAIL,
                "referrals@example.org",
                "K7M2P9QX4T",
                "/referrals/K7M2P9QX4T",
                now,
                dedupe_key="K7M2P9QX4T:nudge:1",
            )

    at_once(4, tell)

    with database.new_session() as session:
        assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 1
