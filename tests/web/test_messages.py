"""The administrator's page of messages that could not be sent."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.messaging.kinds import MessageKind
from directory.messaging.models import Channel, MessageState, OutboxMessage
from directory.messaging.queries import masked
from tests.messaging.messages import NUMBER, kept, put
from tests.support.clock import Clock
from tests.support.pages import PageClient

SignIn = Callable[..., User]


def give_up(session: Session, clock: Clock, message_id: str) -> str:
    """Mark a message as one that could not be sent, seven attempts and a day after it was written."""
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id)
        .values(
            state=MessageState.DEAD,
            attempts=7,
            last_error="smtp-550",
            made_at=clock.now - timedelta(days=1),
            next_attempt_at=clock.now,
        )
    )
    session.commit()
    return message_id


def test_without_any_the_page_says_so(client: PageClient, sign_in: SignIn, session: Session, clock: Clock) -> None:
    put(session, clock())
    sign_in("administrator")

    page = client.page("/messages")

    assert page.h1 == "Messages that could not be sent"
    assert "1 message waits to be sent." in page.text
    assert "Every message has been sent, or is still being tried." in page.text


def test_it_shows_why_and_when_but_neither_address_nor_text(
    client: PageClient, sign_in: SignIn, session: Session, clock: Clock
) -> None:
    give_up(session, clock, put(session, clock()))
    give_up(
        session,
        clock,
        put(session, clock(), kind=MessageKind.ARRIVAL_DUE, channel=Channel.SMS, address=NUMBER, reference="H1"),
    )
    sign_in("administrator")

    page = client.page("/messages")

    for said in (
        "Referral is new: K7M2P9QX4T",
        "r…@example.org",
        "smtp-550, after 7 attempts",
        "21 November 2026 at 2am",
        "22 November 2026 at 2am",
        "Referral is waiting for an update: H1",
        "text message",
        "…23",
    ):
        assert said in page.text
    assert "referrals@" not in page.html
    assert "900123" not in page.html


def test_one_message_is_tried_again(client: PageClient, sign_in: SignIn, session: Session, clock: Clock) -> None:
    message_id = give_up(session, clock, put(session, clock()))
    sign_in("administrator")

    page = client.submit("/messages", {}, form=f"/messages/{message_id}/try-again")

    assert "The message is sent again with the next delivery." in page.html
    message = kept(session, message_id)
    assert (message.state, message.attempts, message.next_attempt_at) == (MessageState.WAITING, 0, clock.now)
    assert "1 message waits to be sent, 1 of them after an attempt that failed." in page.text


def test_all_messages_are_tried_again(client: PageClient, sign_in: SignIn, session: Session, clock: Clock) -> None:
    ids = [give_up(session, clock, put(session, clock())) for _ in range(2)]
    sign_in("administrator")

    page = client.submit("/messages", {}, form="/messages/try-all-again")

    assert "2 messages are sent again with the next delivery." in page.html
    assert {kept(session, one).state for one in ids} == {MessageState.WAITING}


def test_a_message_that_was_not_given_up_is_left_alone(
    client: PageClient, sign_in: SignIn, session: Session, clock: Clock
) -> None:
    message_id = give_up(session, clock, put(session, clock()))
    sign_in("administrator")
    page = client.page("/messages")
    form = next(one for one in page.all("form") if one.get("action", "").endswith(f"{message_id}/try-again"))
    values = page.form_values(form)
    client.post(f"/messages/{message_id}/try-again", data=values)

    second = client.post(f"/messages/{message_id}/try-again", data=values)
    unknown = client.post("/messages/unknown/try-again", data=values)

    assert second.status_code == 409
    assert "being tried again already, or has been sent" in second.text
    assert unknown.status_code == 404


def test_more_than_a_page_of_them(client: PageClient, sign_in: SignIn, session: Session, clock: Clock) -> None:
    for number in range(101):
        give_up(session, clock, put(session, clock(), reference=f"REF{number}"))
    sign_in("administrator")

    page = client.page("/messages")

    assert "Try all 101 again" in page.text
    assert "These are the latest 100." in page.text


@pytest.mark.parametrize("role", ["officer", "advocate", "provider", "commissioner", "auditor"])
def test_it_is_for_the_administrator_alone(client: PageClient, sign_in: SignIn, role: str) -> None:
    sign_in(role)

    assert client.get("/messages").status_code == 403


@pytest.mark.parametrize(
    ("address", "shown"),
    [("referrals@example.org", "r…@example.org"), ("07700 900123", "…23"), ("a@b@example.org", "a…@example.org")],
)
def test_addresses_are_masked(address: str, shown: str) -> None:
    assert masked(address) == shown
