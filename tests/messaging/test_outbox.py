"""Enqueuing: with the transaction that it tells about or not at all, once, and only what may be said."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.extensions import Database
from directory.messaging.kinds import MessageKind
from directory.messaging.models import Channel, MessageState, OutboxMessage
from directory.messaging.outbox import enqueue, forget_messages
from tests.messaging.messages import NUMBER, Carrier, deliver, kept, put
from tests.support.clock import Clock


def number_of_messages(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(OutboxMessage)) or 0


def test_a_message_waits_with_what_it_tells_about_and_no_text(session: Session, now: datetime) -> None:
    message = kept(session, put(session, now))

    assert (message.state, message.attempts, message.sent_at) == (MessageState.WAITING, 0, None)
    assert (message.made_at, message.next_attempt_at) == (now, now)
    assert len(message.id) == 32


def test_when_the_business_is_rolled_back_there_is_no_message(database_url: str, now: datetime) -> None:
    database = Database(database_url)

    def fail() -> None:
        with database.new_session.begin() as session:
            enqueue(session, MessageKind.REFERRAL_RECEIVED, Channel.EMAIL, "a@example.org", "REF", "/referrals", now)
            assert number_of_messages(session) == 1
            raise ZeroDivisionError

    try:
        with pytest.raises(ZeroDivisionError):
            fail()
        with database.new_session() as session:
            assert number_of_messages(session) == 0
    finally:
        database.engine.dispose()


def test_the_same_thing_is_told_once(session: Session, now: datetime) -> None:
    put(session, now, dedupe_key="K7M2P9QX4T:nudge")

    again = enqueue(
        session,
        MessageKind.REFERRAL_NUDGE,
        Channel.EMAIL,
        "other@example.org",
        "K7M2P9QX4T",
        "/referrals/K7M2P9QX4T",
        now + timedelta(hours=1),
        dedupe_key="K7M2P9QX4T:nudge",
    )

    assert again is None
    assert number_of_messages(session) == 1
    put(session, now, dedupe_key="K7M2P9QX4T:answered")
    put(session, now)
    put(session, now)
    assert number_of_messages(session) == 4


@pytest.mark.parametrize(
    "wrong",
    [
        {"path": "https://evil.example/referrals"},
        {"path": "//evil.example"},
        {"path": "/search?need=immigration-advice"},
        {"path": "/referrals/K7M2P9QX4T#safe-contact"},
        {"path": "/referrals/../accounts"},
        {"path": "referrals"},
        {"path": "/referrals/\nBcc: a@b.example"},
        {"path": "/" + "a" * 200},
        {"reference": "two words"},
        {"reference": ""},
        {"reference": "A" * 21},
        {"reference": "{0}"},
        {"address": "a@example.org\r\nBcc: b@example.org"},
        {"address": "a@example.org, b@example.org"},
        {"address": "Somebody <a@example.org>"},
        {"address": "nobody"},
        {"address": NUMBER},
        {"address": "a" * 243 + "@example.org"},
        {"channel": Channel.SMS, "address": "a@example.org"},
        {"channel": Channel.SMS, "address": NUMBER, "path": "/referrals/" + "a" * 100},
        {"dedupe_key": "x" * 121},
    ],
)
def test_what_a_message_may_not_say_is_refused(session: Session, now: datetime, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"message|address|dedupe"):
        put(session, now, **wrong)

    assert number_of_messages(session) == 0


@pytest.mark.parametrize("number", [NUMBER, "+44 7700 900123", "(07700) 900-123"])
def test_numbers_as_people_write_them(session: Session, now: datetime, number: str) -> None:
    put(session, now, channel=Channel.SMS, address=number)


def test_messages_about_what_is_forgotten_are_forgotten(session: Session, now: datetime, clock: Clock) -> None:
    put(session, now)
    deliver(session, clock, Carrier())
    put(session, now)
    put(session, now, reference="OTHER")

    assert forget_messages(session, "K7M2P9QX4T") == 2
    assert number_of_messages(session) == 1
