"""The provider's inbox: answer by a deadline, say no in coded words, say whether she arrived."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.capacity.models import Unit, UnitState
from directory.catalogue.models import Organisation
from directory.referrals.service import DeclineReason, Keystore, withdraw_referral
from tests import factories
from tests.factories.referrals import actor, referral
from tests.support.clock import Clock
from tests.support.html import Page
from tests.support.pages import PageClient
from tests.web.referring import refuge, status

SignIn = Callable[..., User]
SECRETS = ("Bluebell", "07700 900123", "weekday mornings", "the library")


@pytest.fixture
def keystore(app: Flask) -> Keystore:
    return app.extensions["keystore"]


@pytest.fixture
def unit(session: Session) -> Unit:
    return refuge(session, name="Room 2")


@pytest.fixture
def worker(sign_in: SignIn, session: Session, unit: Unit) -> User:
    """Somebody of the refuge's staff, signed in."""
    query = text("SELECT organisation_id FROM services WHERE id = :id")
    owner = session.execute(query, {"id": unit.service_id}).scalar_one()
    return sign_in("provider", organisation_id=owner)


@pytest.fixture
def reference(session: Session, keystore: Keystore, unit: Unit, now: datetime) -> str:
    """A referral to the refuge."""
    return referral(session, keystore, factories.user(session), [unit], now, note="Needs a cot")


def press(client: PageClient, reference: str, button: str, **more: str) -> Any:
    """Press a button of the referral's page, however that page may have changed meanwhile."""
    page = client.page("/provider/referrals")
    token = page.one("input", page.one("li", class_="app-sign-out"), name="csrf_token").get("value")
    values = {"csrf_token": token, **more}
    return client.post(f"/provider/referrals/{reference}/{button}", data=values, follow_redirects=True)


def gone(page: Page) -> bool:
    """Whether nothing of the referral's content is on the page."""
    return not any(text in page.html for text in (*SECRETS, "Needs a cot", "Domestic abuse", "Room 2"))


def test_an_empty_inbox_says_so(client: PageClient, worker: User) -> None:
    assert "No referral waits for you." in client.page("/provider/referrals").text


def test_a_referral_waits_with_its_deadline(client: PageClient, worker: User, reference: str) -> None:
    inbox = client.page("/provider/referrals")
    page = client.page(inbox.link(reference))

    assert "Answer by 3am, 1 hour left" in inbox.text
    assert gone(inbox)
    assert "Answer by 3am" in status(page)
    assert "Held for this: Room 2" in status(page)
    for shown in (*SECRETS, "Needs a cot", "Domestic abuse", "1 adult; 1 girl aged 5 to 10", "She said yes in person"):
        assert shown in page.text


def test_the_most_urgent_stands_first(
    client: PageClient, worker: User, session: Session, keystore: Keystore, unit: Unit, reference: str, now: datetime
) -> None:
    quick = factories.service(
        session,
        session.get_one(Organisation, worker.organisation_id),
        kind="helpline",
        referral_email="a@example.org",
        response_target_minutes=15,
    )
    urgent = referral(session, keystore, factories.user(session), [quick], now)

    page = client.page("/provider/referrals")

    assert page.text.index(urgent) < page.text.index(reference)
    assert "Answer by 2:15am, 15 minutes left" in page.text


def test_accepting_keeps_the_space_until_she_has_arrived(
    client: PageClient, worker: User, session: Session, unit: Unit, reference: str
) -> None:
    accepted = client.submit(f"/provider/referrals/{reference}", {}, form=f"/provider/referrals/{reference}/accept")
    again = press(client, reference, "accept")
    arrived = press(client, reference, "arrival", arrived="yes")
    twice = press(client, reference, "arrival", arrived="yes")
    session.refresh(unit)

    assert "You said yes. She should be with you by 23 November 2026 at 2am" in status(accepted)
    assert "Kept for her: Room 2" in status(accepted)
    assert "Bluebell" in accepted.text
    assert again.status_code == 200
    assert "She arrived" in Page(arrived.text).h1
    assert gone(Page(arrived.text))
    assert twice.status_code == 200
    assert unit.state is UnitState.OCCUPIED


def test_that_she_did_not_arrive_is_asked_about_first(
    client: PageClient, worker: User, session: Session, unit: Unit, reference: str
) -> None:
    early = client.page(f"/provider/referrals/{reference}/did-not-arrive", 409)
    press(client, reference, "accept")
    address = client.page(f"/provider/referrals/{reference}").link("She did not arrive")

    asked = client.page(address)
    kept = client.page(asked.link("Back to the referral"))
    ended = client.submit(address, {})
    over = client.page(address, 409)
    session.refresh(unit)

    assert "That is not possible now: nobody is expected for this referral." in early.text
    assert asked.h1 == "End the referral because she did not arrive?"
    assert "how to reach her is destroyed" in asked.text
    assert gone(asked)
    assert "You said yes." in status(kept)
    assert ended.h1 == over.h1 == "She did not arrive"
    assert gone(over)
    assert unit.state is UnitState.OPEN


def test_returning_later_keeps_the_deadline(client: PageClient, worker: User, reference: str) -> None:
    page = client.submit(f"/provider/referrals/{reference}", {}, form=f"/provider/referrals/{reference}/see")

    assert "You have said that you return to it. The deadline stays." in page.text
    assert "Answer by 3am" in status(page)
    assert "Return later" not in page.text
    assert press(client, reference, "see").status_code == 200


def test_declining_asks_who_and_why_in_words_that_can_be_counted(
    client: PageClient, worker: User, session: Session, unit: Unit, reference: str
) -> None:
    path = f"/provider/referrals/{reference}/decline"

    mistakes = client.submit(path, {}, status=422)
    inbox = client.submit(path, {"declined_by": "survivor", "reason": "too_near"})
    page = client.page(f"/provider/referrals/{reference}")

    assert mistakes.field_errors() == ["Choose who says no", "Choose the reason"]
    assert [radio.get("value") for radio in mistakes.all("input", name="reason")] == [
        one.value for one in DeclineReason
    ]
    assert "immigration" not in mistakes.text.lower()
    assert "Declined. The referrer has been told." in inbox.text
    assert reference not in inbox.text
    assert page.h1 == "You said no to this referral"
    assert gone(page)
    assert session.execute(text("SELECT count(*) FROM holds WHERE ended_at IS NULL")).scalar_one() == 0
    assert client.page(path).h1 == "You said no to this referral"
    again = press(client, reference, "decline", declined_by="provider", reason="other")
    assert again.status_code == 200
    assert "Declined. The referrer has been told." not in again.text


def test_what_ran_out_while_somebody_read_is_said_unmistakably(
    client: PageClient, worker: User, reference: str, clock: Clock
) -> None:
    clock.advance(minutes=30)
    client.page(f"/provider/referrals/{reference}")
    clock.advance(minutes=31)

    answer = press(client, reference, "accept")
    page = client.page(f"/provider/referrals/{reference}")

    assert answer.status_code == 409
    assert "This ran out at 3am" in answer.text
    assert page.h1 == "This ran out at 3am"
    assert "You had not answered by then. The space is not held any more. The referrer moves on." in page.text
    assert gone(page)
    assert gone(Page(answer.text))


def test_what_was_withdrawn_shows_nothing_any_more(
    client: PageClient, worker: User, session: Session, keystore: Keystore, reference: str, now: datetime
) -> None:
    author = session.execute(text("SELECT author_id FROM referrals")).scalar_one()
    withdraw_referral(session, keystore, reference, actor(session.get_one(User, author)), now)
    session.commit()

    page = client.page(f"/provider/referrals/{reference}")

    assert page.h1 == "This was withdrawn"
    assert "Do not contact her." in page.text
    assert gone(page)


def test_once_it_went_on_to_another_service_there_is_nothing_to_open(
    client: PageClient, worker: User, session: Session, keystore: Keystore, unit: Unit, now: datetime
) -> None:
    plan = [unit, refuge(session, "Saffron House")]
    moved = referral(session, keystore, factories.user(session), plan, now, covers_plan=True, moves_on=True)

    inbox = client.submit(f"/provider/referrals/{moved}/decline", {"declined_by": "provider", "reason": "no_capacity"})

    assert "Declined. The referrer has been told." in inbox.text
    page = client.page(f"/provider/referrals/{moved}", 404)
    assert page.h1 == "There is no such referral for you now"
    assert page.text == client.page("/provider/referrals/BCDFGHJKLM", 404).text


@pytest.mark.parametrize("button", ["", "/accept", "/see", "/decline", "/arrival"])
def test_another_organisation_sees_nothing(client: PageClient, sign_in: SignIn, reference: str, button: str) -> None:
    sign_in("provider")
    answers = {"declined_by": "provider", "reason": "other", "arrived": "yes"}

    if button:
        assert press(client, reference, button.removeprefix("/"), **answers).status_code == 404
    client.page(f"/provider/referrals/{reference}/did-not-arrive", 404)
    assert client.page(f"/provider/referrals/{reference}", 404).h1 == "There is no such referral for you now"
    assert "No referral waits for you." in client.page("/provider/referrals").text


def test_high_risk_is_seen_at_once(
    client: PageClient, worker: User, session: Session, keystore: Keystore, unit: Unit, now: datetime
) -> None:
    high = referral(session, keystore, factories.user(session), [unit], now, risk="high")

    assert "High risk" in status(client.page(f"/provider/referrals/{high}"))


def test_each_look_is_noted_with_the_fields_that_were_shown(
    client: PageClient, worker: User, session: Session, reference: str
) -> None:
    client.page(f"/provider/referrals/{reference}")
    query = text("SELECT actor, details FROM audit_entries WHERE event = 'referral_shown'")

    ((who, details),) = session.execute(query).all()

    assert who == f"user-{worker.id}"
    assert "safe_contact" in details
    assert not any(secret in details for secret in SECRETS)
