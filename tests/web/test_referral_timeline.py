"""Following a referral: whose turn it is and by when, what comes after a no or silence, and how it ends."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.referrals.service import DeclinedBy, DeclineReason, Keystore, accept_referral, decline_referral
from tests import factories
from tests.factories.referrals import actor, moment, referral
from tests.support.clock import Clock
from tests.support.pages import PageClient
from tests.web.referring import held, link_to, refuge, status

SignIn = Callable[..., User]


@pytest.fixture
def keystore(app: Flask) -> Keystore:
    return app.extensions["keystore"]


@pytest.fixture
def officer(sign_in: SignIn) -> User:
    return sign_in("officer")


def worker_of(session: Session, unit: object) -> User:
    """Somebody of the staff of the unit's service."""
    query = text("SELECT organisation_id FROM services WHERE id = :id")
    owner = session.execute(query, {"id": unit.service_id}).scalar_one()
    return factories.user(session, "provider", organisation_id=owner)


def decline(session: Session, keystore: Keystore, reference: str, worker: User, now: datetime) -> None:
    reason = DeclineReason.TOO_NEAR
    decline_referral(session, keystore, reference, actor(worker), DeclinedBy.PROVIDER, reason, moment(now))
    session.commit()


def test_after_a_no_the_next_is_asked_in_one_tap(
    client: PageClient, officer: User, session: Session, keystore: Keystore, now: datetime
) -> None:
    first, second = refuge(session), refuge(session, "Saffron House")
    reference = referral(session, keystore, officer, [first, second], now, covers_plan=True)
    decline(session, keystore, reference, worker_of(session, first), now)

    next_address = f"/referrals/{reference}/next"
    page = client.page(f"/referrals/{reference}")
    sent = client.submit(f"/referrals/{reference}", {}, form=f"/referrals/{reference}/next")
    again = client.post(f"/referrals/{reference}/next", data=page.form_values(page.one("form", action=next_address)))

    assert "Marigold House said no. Choose what comes next by" in status(page)
    assert "The service cannot take her. Reason: too near." in status(page)
    assert "Ask Saffron House now" in page.text
    assert "Saffron House has until 3am to answer." in status(sent)
    assert "Saffron House was asked next" in sent.text
    assert again.status_code == 303


def test_the_next_is_asked_only_with_her_yes(
    client: PageClient, officer: User, session: Session, keystore: Keystore, now: datetime
) -> None:
    first, second = refuge(session), refuge(session, "Saffron House")
    reference = referral(session, keystore, officer, [first, second], now)
    decline(session, keystore, reference, worker_of(session, first), now)
    form = f"/referrals/{reference}/next"

    refused = client.submit(f"/referrals/{reference}", {}, form=form, status=422)
    sent = client.submit(f"/referrals/{reference}", {"agreed": "yes"}, form=form)

    assert "Ask her, then confirm it here." in refused.text
    assert "Saffron House has until 3am to answer." in status(sent)


def test_silence_is_said_unmistakably_when_it_is_there(
    client: PageClient, officer: User, session: Session, keystore: Keystore, now: datetime, clock: Clock
) -> None:
    reference = referral(session, keystore, officer, [refuge(session)], now)
    clock.advance(minutes=30)
    client.page("/referrals")
    clock.advance(minutes=31)

    page = client.page(f"/referrals/{reference}")

    assert "Marigold House did not answer by 3am." in status(page)
    assert "The space is not held any more: do not send anybody there." in status(page)
    assert "Time ran out: Marigold House had not answered" in page.text
    assert page.link("Choose another: search again") == "/search"


def test_a_space_that_was_found_afterwards_is_asked_for_it_without_writing_it_again(
    client: PageClient, officer: User, session: Session, keystore: Keystore, now: datetime, app: Flask
) -> None:
    first, found = refuge(session), refuge(session, "Saffron House")
    reference = referral(session, keystore, officer, [first], now)
    decline(session, keystore, reference, worker_of(session, first), now)
    hold = held(session, found, officer, now)
    path = f"/referrals/new/hold/{hold}/{link_to(app, now, adults=1)}"
    form = f"/referrals/{reference}/ask"

    offered = client.page(path)
    refused = client.submit(path, {}, form=form, status=422)
    sent = client.submit(path, {"agreed": "yes"}, form=form)

    assert f"{reference} – Marigold House: declined" in offered.text
    assert "She has to agree to this service first." in refused.text
    assert "Saffron House has until 3am to answer." in status(sent)
    assert session.execute(text("SELECT count(*) FROM referrals")).scalar_one() == 1


def test_nothing_is_offered_for_referrals_that_need_no_other_service(
    client: PageClient, officer: User, session: Session, keystore: Keystore, now: datetime
) -> None:
    referral(session, keystore, officer, [refuge(session)], now)

    page = client.page(f"/referrals/new/hold/{held(session, refuge(session, 'Saffron House'), officer, now)}")

    assert "Is this for a referral that you have made already?" not in page.text


def test_withdrawing_is_asked_about_first_and_harmless_twice(
    client: PageClient, officer: User, session: Session, keystore: Keystore, now: datetime
) -> None:
    reference = referral(session, keystore, officer, [refuge(session)], now)
    path = f"/referrals/{reference}/withdraw"
    asked = client.page(path)
    values = asked.form_values(asked.all("form", asked.one("main"))[0])

    first = client.post(path, data=values, follow_redirects=True)
    second = client.post(path, data=values, follow_redirects=True)

    assert asked.h1 == "Withdraw this referral?"
    for response in (first, second):
        assert response.status_code == 200
        assert "This referral was withdrawn." in response.text
    assert "has been destroyed" in second.text


@pytest.mark.parametrize(("answer", "said"), [("yes", "She arrived at"), ("no", "She did not arrive at")])
def test_who_referred_can_say_whether_she_arrived(
    client: PageClient, officer: User, session: Session, keystore: Keystore, now: datetime, answer: str, said: str
) -> None:
    unit = refuge(session)
    reference = referral(session, keystore, officer, [unit], now)
    accept_referral(session, keystore, reference, actor(worker_of(session, unit)), now)
    session.commit()
    page = client.page(f"/referrals/{reference}")
    values = page.form_values(page.all("form", page.one("main"))[0]) | {"arrived": answer}

    for _ in range(2):
        response = client.post(f"/referrals/{reference}/arrival", data=values, follow_redirects=True)

    assert "Marigold House said yes. She should be with them by 23 November 2026 at 2am." in status(page)
    assert response.status_code == 200
    assert f"{said} Marigold House." in response.text


def test_that_she_did_not_arrive_is_asked_about_first(
    client: PageClient, officer: User, session: Session, keystore: Keystore, now: datetime
) -> None:
    unit = refuge(session)
    reference = referral(session, keystore, officer, [unit], now)
    accept_referral(session, keystore, reference, actor(worker_of(session, unit)), now)
    session.commit()
    address = client.page(f"/referrals/{reference}").link("She did not arrive")

    asked = client.page(address)
    kept = client.page(asked.link("Back to the referral"))
    ended = client.submit(address, {})
    over = client.page(address, 409)

    assert address == f"/referrals/{reference}/did-not-arrive"
    assert asked.h1 == "End the referral because she did not arrive?"
    for said in (f"ends referral {reference} to Marigold House", "space that is kept for her", "is destroyed"):
        assert said in asked.text
    assert "Marigold House said yes." in status(kept)
    assert "She did not arrive at Marigold House." in status(ended)
    assert "That is not possible now: nobody is expected for this referral." in over.text
    assert not over.all("form", over.one("main"), action=f"/referrals/{reference}/arrival")


def test_nobody_else_is_asked_whether_she_did_not_arrive(
    client: PageClient, officer: User, session: Session, keystore: Keystore, now: datetime
) -> None:
    unit = refuge(session)
    theirs = referral(session, keystore, factories.user(session), [unit], now)
    accept_referral(session, keystore, theirs, actor(worker_of(session, unit)), now)
    session.commit()

    client.page(f"/referrals/{theirs}/did-not-arrive", 404)
    client.page("/referrals/BCDFGHJKLM/did-not-arrive", 404)


def test_what_cannot_be_done_any_more_is_explained_on_the_page(
    client: PageClient, officer: User, session: Session, keystore: Keystore, now: datetime
) -> None:
    unit = refuge(session)
    reference = referral(session, keystore, officer, [unit], now)
    page = client.page(f"/referrals/{reference}/withdraw")
    values = page.form_values(page.all("form", page.one("main"))[0])

    response = client.post(f"/referrals/{reference}/close", data=values)

    assert response.status_code == 409
    assert "That is not possible any more: this referral waits for the service’s answer." in response.text


def test_the_page_comes_anew_only_while_somebody_is_to_answer(
    client: PageClient, officer: User, session: Session, keystore: Keystore, now: datetime, clock: Clock
) -> None:
    reference = referral(session, keystore, officer, [refuge(session)], now)
    path = f"/referrals/{reference}"

    assert client.get(path).headers["Refresh"] == f"60; url={path}?again=1"
    for stopped in ("off", "45", "9999", "-1", "x"):
        assert "Refresh" not in client.get(f"{path}?again={stopped}").headers
    clock.advance(minutes=59, seconds=50)
    assert client.get(path).headers["Refresh"].startswith("11;")
    clock.advance(seconds=10)
    assert "Refresh" not in client.get(path).headers


def test_each_look_leaves_a_trace_without_content(
    client: PageClient, officer: User, session: Session, keystore: Keystore, now: datetime
) -> None:
    reference = referral(session, keystore, officer, [refuge(session)], now, sent=False)
    client.page(f"/referrals/{reference}/edit")
    query = text("SELECT details FROM audit_entries WHERE event = 'referral_shown' ORDER BY sequence")

    (details,) = session.execute(query).scalars()

    assert reference in details
    assert "safe_contact" in details
    assert "Bluebell" not in details


def test_my_referrals_stand_in_the_order_of_who_is_waited_for(
    client: PageClient, officer: User, session: Session, keystore: Keystore, now: datetime
) -> None:
    assert "You have no referrals." in client.page("/referrals").text
    declined, waiting = refuge(session), refuge(session, "Saffron House")
    draft = referral(session, keystore, officer, [refuge(session, "Neem House")], now, sent=False)
    first = referral(session, keystore, officer, [declined], now)
    second = referral(session, keystore, officer, [waiting], now)
    decline(session, keystore, first, worker_of(session, declined), now)
    theirs = referral(session, keystore, factories.user(session), [refuge(session, "Teasel House")], now)

    page = client.page("/referrals")

    assert page.text.index("Waiting for you") < page.text.index(draft) < page.text.index(first)
    assert page.text.index(first) < page.text.index("Waiting for a service") < page.text.index(second)
    assert "They have until 3am (1 hour left)" in page.text
    assert page.link(draft) == f"/referrals/{draft}/check"
    assert theirs not in page.text


def test_the_commissioner_sees_services_that_do_not_answer_and_nothing_of_what_was_asked(
    client: PageClient, sign_in: SignIn, session: Session, keystore: Keystore, now: datetime, clock: Clock
) -> None:
    officer = factories.user(session)
    reference = referral(session, keystore, officer, [refuge(session)], now)
    sign_in("commissioner")
    assert "None: every referral was answered in time." in client.page("/referrals/unanswered").text

    clock.advance(minutes=90)
    sign_in("commissioner")
    page = client.page("/referrals/unanswered")

    assert "Marigold House" in page.text
    assert "Fewer than 5 unanswered; the oldest ran out 1 hour ago" in page.text
    assert reference not in page.html
    assert "Domestic abuse" not in page.text


def test_from_five_on_unanswered_referrals_are_counted(
    client: PageClient, sign_in: SignIn, session: Session, keystore: Keystore, now: datetime, clock: Clock
) -> None:
    line = factories.service(
        session, name="Listening line", kind="helpline", referral_email="l@example.org", response_target_minutes=30
    )
    for _ in range(5):
        referral(session, keystore, factories.user(session), [line], now)
    clock.advance(hours=3)
    sign_in("commissioner")

    assert "5 unanswered; the oldest ran out 3 hours ago" in client.page("/referrals/unanswered").text
    clock.advance(days=8)
    sign_in("commissioner")
    assert "None:" in client.page("/referrals/unanswered").text
