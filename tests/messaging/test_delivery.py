"""Delivering: each message once, again after what failed for now, and given up where trying again is no use."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from directory.messaging import delivery
from directory.messaging.delivery import BACK_OFF, CLAIM, MAXIMUM_ATTEMPTS, DeliveryError, Outcome
from directory.messaging.models import Channel, MessageState, OutboxMessage
from tests.messaging.messages import ADDRESS, NUMBER, Carrier, deliver, kept, put
from tests.support.clock import Clock


def test_a_message_is_sent_once(session: Session, clock: Clock) -> None:
    message_id = put(session, clock())
    carrier = Carrier()

    first, second = deliver(session, clock, carrier), deliver(session, clock, carrier)

    assert first == [Outcome(message_id, "referral_received", Channel.EMAIL, MessageState.SENT, "")]
    assert second == []
    (sent,) = carrier.sent
    assert (sent.id, sent.address, sent.subject) == (message_id, ADDRESS, "Referral K7M2P9QX4T is new")
    assert "\nhttps://directory.example.org/referrals/K7M2P9QX4T\n" in sent.text
    assert kept(session, message_id).sent_at == clock.now


def test_what_fails_for_now_is_tried_again_ever_later_and_then_given_up(session: Session, clock: Clock) -> None:
    message_id = put(session, clock())
    waits = []
    for attempt in range(1, MAXIMUM_ATTEMPTS + 1):
        (outcome,) = deliver(session, clock, Carrier([DeliveryError("smtp-450")]))
        message = kept(session, message_id)
        assert (message.attempts, message.last_error, outcome.error) == (attempt, "smtp-450", "smtp-450")
        if message.state is MessageState.WAITING:
            waits.append(message.next_attempt_at - clock.now)
            clock.now = message.next_attempt_at - timedelta(seconds=1)
            assert deliver(session, clock, Carrier()) == []
            clock.advance(seconds=1)

    assert tuple(waits) == BACK_OFF
    assert kept(session, message_id).state is MessageState.DEAD
    clock.advance(days=30)
    assert deliver(session, clock, Carrier()) == []


def test_what_fails_for_good_is_given_up_at_once(session: Session, clock: Clock) -> None:
    message_id = put(session, clock())

    (outcome,) = deliver(session, clock, Carrier([DeliveryError("smtp-550", permanent=True)]))

    assert outcome.state is MessageState.DEAD
    assert kept(session, message_id).attempts == 1


def test_one_bad_message_holds_up_no_other(session: Session, clock: Clock) -> None:
    put(session, clock())
    put(session, clock())

    outcomes = deliver(session, clock, Carrier([DeliveryError("smtp-dropped")]))

    assert sorted(outcome.state for outcome in outcomes) == [MessageState.SENT, MessageState.WAITING]


def test_a_server_out_of_reach_is_asked_once_per_run(session: Session, clock: Clock) -> None:
    for _ in range(3):
        put(session, clock())
    sms = put(session, clock(), channel=Channel.SMS, address=NUMBER)
    broken = Carrier([DeliveryError("smtp-refused", stop=True) for _ in range(9)])
    good = Carrier()
    session.commit()

    outcomes = delivery.deliver_due(
        lambda: Session(session.get_bind(), join_transaction_mode="create_savepoint"),
        {Channel.EMAIL: broken, Channel.SMS: good}.get,
        clock,
        "https://directory.example.org",
    )

    assert len(outcomes) == 2
    assert [message.id for message in good.sent] == [sms]


def test_messages_of_a_channel_without_a_transport_wait(session: Session, clock: Clock) -> None:
    message_id = put(session, clock(), channel=Channel.SMS, address=NUMBER)

    assert deliver(session, clock, Carrier(), channels=[Channel.EMAIL]) == []
    assert deliver(session, clock, Carrier(), channels=[]) == []
    assert (kept(session, message_id).state, kept(session, message_id).attempts) == (MessageState.WAITING, 0)


def test_a_batch_ends(session: Session, clock: Clock) -> None:
    for _ in range(3):
        put(session, clock())

    assert len(deliver(session, clock, Carrier(), batch=2)) == 2
    assert len(deliver(session, clock, Carrier(), batch=2)) == 1


def test_a_crash_between_sending_and_writing_it_down_sends_again_under_the_same_id(
    session: Session, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    message_id = put(session, clock())
    carrier = Carrier()

    def crash(*_arguments: object) -> None:
        raise RuntimeError("The power went.")

    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_settle", crash)
        with pytest.raises(RuntimeError):
            deliver(session, clock, carrier)

    assert kept(session, message_id).state is MessageState.SENDING
    clock.now += CLAIM - timedelta(seconds=1)
    assert deliver(session, clock, carrier) == []
    clock.advance(seconds=1)
    (outcome,) = deliver(session, clock, carrier)
    assert outcome.state is MessageState.SENT
    assert [message.id for message in carrier.sent] == [message_id, message_id]


def test_a_message_that_its_senders_die_of_is_given_up(session: Session, clock: Clock) -> None:
    message_id = put(session, clock())
    _change(session, message_id, state=MessageState.SENDING, attempts=MAXIMUM_ATTEMPTS)
    carrier = Carrier()

    (outcome,) = deliver(session, clock, carrier)

    assert (outcome.state, outcome.error, carrier.sent) == (MessageState.DEAD, "interrupted", [])


def test_who_was_too_slow_does_not_overwrite_who_took_over(session: Session, clock: Clock) -> None:
    message_id = put(session, clock())

    class SlowCarrier(Carrier):
        def send(self, message: delivery.Outgoing) -> None:
            clock.now += CLAIM
            assert [outcome.state for outcome in deliver(session, clock, Carrier())] == [MessageState.SENT]
            raise DeliveryError("smtp-timeout")

    assert deliver(session, clock, SlowCarrier()) == []
    assert (kept(session, message_id).state, kept(session, message_id).attempts) == (MessageState.SENT, 2)


def test_a_kind_of_an_older_version_is_given_up(session: Session, clock: Clock) -> None:
    message_id = put(session, clock())
    _change(session, message_id, kind="carrier_pigeon")

    (outcome,) = deliver(session, clock, Carrier())

    assert (outcome.state, outcome.error) == (MessageState.DEAD, "unknown-kind")


def test_each_outcome_is_told_in_the_transaction_that_writes_it_down(session: Session, clock: Clock) -> None:
    message_id = put(session, clock())
    told: list[tuple[str, datetime]] = []

    def settled(inner: Session, outcome: Outcome, at: datetime) -> None:
        assert inner.in_transaction()
        told.append((outcome.message_id, at))
        if len(told) == 1:
            raise RuntimeError("The record cannot be kept.")

    with pytest.raises(RuntimeError):
        deliver(session, clock, Carrier(), settled=settled)
    assert kept(session, message_id).state is MessageState.SENDING

    clock.now += CLAIM
    deliver(session, clock, Carrier(), settled=settled)
    assert kept(session, message_id).state is MessageState.SENT
    assert told == [(message_id, clock.now - CLAIM), (message_id, clock.now)]


def _change(session: Session, message_id: str, **values: object) -> None:
    session.execute(update(OutboxMessage).where(OutboxMessage.id == message_id).values(**values))
    session.commit()
