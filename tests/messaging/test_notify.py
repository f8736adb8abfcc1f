"""GOV.UK Notify, with its own client against a stand-in on loopback."""

import sys

import pytest
from sqlalchemy.orm import Session

from directory.common.errors import RefusedError
from directory.messaging.delivery import BACK_OFF, DeliveryError, Outgoing
from directory.messaging.models import Channel, MessageState
from directory.messaging.notify import NotifyTransport
from tests.messaging.messages import ADDRESS, NUMBER, deliver, kept, put
from tests.messaging.servers import HOST, Notify, notify_server, unused_port
from tests.support.clock import Clock

SERVICE, SECRET = "26785a09-ab16-4eb0-8407-a37497a57506", "3d844edf-8d35-48ac-975b-e847b4f122b0"
KEY = f"test-{SERVICE}-{SECRET}"
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"


def transport(url: str, channel: Channel = Channel.EMAIL, key: str = KEY) -> NotifyTransport:
    """A transport to the stand-in."""
    return NotifyTransport(channel, key, TEMPLATE, url)


@pytest.fixture
def message(clock: Clock) -> Outgoing:
    """What a transport gets."""
    return Outgoing("0123456789abcdef", ADDRESS, "Referral REF is new", "Text.\n", clock.now)


def test_an_e_mail(session: Session, clock: Clock) -> None:
    message_id = put(session, clock())
    notify = Notify(KEY)

    with notify_server(notify) as url:
        (outcome,) = deliver(session, clock, transport(url))

    assert outcome.state is MessageState.SENT
    ((path, body),) = notify.asked
    text = body["personalisation"].pop("text")
    assert "https://directory.example.org/referrals/K7M2P9QX4T" in text
    assert (path, body) == (
        "/v2/notifications/email",
        {
            "email_address": ADDRESS,
            "template_id": TEMPLATE,
            "personalisation": {"subject": "Referral K7M2P9QX4T is new"},
            "reference": message_id,
        },
    )


def test_a_text_message(session: Session, clock: Clock) -> None:
    message_id = put(session, clock(), channel=Channel.SMS, address=NUMBER)
    notify = Notify(KEY)

    with notify_server(notify) as url:
        deliver(session, clock, transport(url, Channel.SMS))

    text = "Referral K7M2P9QX4T is new: https://directory.example.org/referrals/K7M2P9QX4T"
    assert notify.asked == [
        (
            "/v2/notifications/sms",
            {
                "phone_number": NUMBER,
                "template_id": TEMPLATE,
                "personalisation": {"text": text},
                "reference": message_id,
            },
        )
    ]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_refusal_for_now_is_tried_again_later(session: Session, clock: Clock, status: int) -> None:
    message_id = put(session, clock())
    notify = Notify(KEY, status=status)

    with notify_server(notify) as url:
        deliver(session, clock, transport(url))
        first = kept(session, message_id)
        assert (first.state, first.last_error) == (MessageState.WAITING, f"notify-{status}")

        notify.status = 201
        clock.now += BACK_OFF[0]
        deliver(session, clock, transport(url))

    assert kept(session, message_id).state is MessageState.SENT
    assert len(notify.asked) == 1


def test_a_refusal_for_good_is_final_and_nothing_of_it_is_told(
    session: Session, clock: Clock, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    message_id = put(session, clock())

    with notify_server(Notify(KEY, status=400)) as url:
        deliver(session, clock, transport(url))

    assert (kept(session, message_id).state, kept(session, message_id).last_error) == (MessageState.DEAD, "notify-400")
    shown = capsys.readouterr()
    assert ADDRESS not in caplog.text + shown.out + shown.err


def test_a_wrong_key_stops_the_run(message: Outgoing) -> None:
    with notify_server(Notify(KEY)) as url, pytest.raises(DeliveryError) as caught:
        transport(url, key=f"test-{SERVICE}-{SERVICE}").send(message)

    assert (caught.value.code, caught.value.permanent, caught.value.stop) == ("notify-403", True, True)


def test_nobody_there(message: Outgoing) -> None:
    with pytest.raises(DeliveryError) as caught:
        transport(f"http://{HOST}:{unused_port()}").send(message)

    assert (caught.value.code, caught.value.permanent, caught.value.stop) == ("notify-unreachable", False, True)


def test_somebody_else_answers(message: Outgoing) -> None:
    with notify_server(Notify(KEY, page=b"<p>Welcome to the proxy</p>")) as url, pytest.raises(DeliveryError) as caught:
        transport(url).send(message)

    assert (caught.value.code, caught.value.permanent) == ("notify-unreadable", False)


def test_without_its_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "notifications_python_client.notifications", None)

    with pytest.raises(RefusedError, match=r"support-directory\[notify\]"):
        transport("https://notify.example.org")
