"""What a reviewer found in the pages of referrals: nothing is ended, or written in vain, by mistake."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.capacity.models import UnitState
from directory.catalogue.vocabulary import ServiceKind
from directory.referrals.service import Keystore, accept_referral, decline_referral
from directory.referrals.vocabulary import DeclinedBy, DeclineReason
from tests import factories
from tests.factories.referrals import actor, moment, referral
from tests.support.pages import PageClient
from tests.web.referring import answers, held, link_to, refuge, status
from tests.web.test_referral_timeline import worker_of

SignIn = Callable[..., User]


@pytest.fixture
def keystore(app: Flask) -> Keystore:
    return app.extensions["keystore"]


@pytest.fixture
def officer(sign_in: SignIn) -> User:
    return sign_in("officer")


@pytest.mark.parametrize("answer", [{}, {"arrived": ""}, {"arrived": "perhaps"}])
def test_what_does_not_say_whether_she_arrived_ends_nothing(
    client: PageClient,
    officer: User,
    session: Session,
    keystore: Keystore,
    now: datetime,
    answer: dict[str, str],
) -> None:
    unit = refuge(session)
    reference = referral(session, keystore, officer, [unit], now)
    accept_referral(session, keystore, reference, actor(worker_of(session, unit)), now)
    session.commit()
    page = client.page(f"/referrals/{reference}")
    token = page.form_values(page.all("form", page.one("main"))[0])["csrf_token"]

    response = client.post(f"/referrals/{reference}/arrival", data={"csrf_token": token, **answer})

    assert response.status_code == 422
    assert "said yes" in status(client.page(f"/referrals/{reference}"))


def test_a_worker_too_has_to_say_it(
    client: PageClient, sign_in: SignIn, session: Session, keystore: Keystore, now: datetime
) -> None:
    unit = refuge(session)
    reference = referral(session, keystore, factories.user(session), [unit], now)
    worker = worker_of(session, unit)
    accept_referral(session, keystore, reference, actor(worker), now)
    session.commit()
    sign_in("provider", organisation_id=worker.organisation_id)
    page = client.page(f"/provider/referrals/{reference}")
    token = page.form_values(page.all("form", page.one("main"))[0])["csrf_token"]

    response = client.post(f"/provider/referrals/{reference}/arrival", data={"csrf_token": token})

    assert response.status_code == 422
    assert "You said yes." in status(client.page(f"/provider/referrals/{reference}"))


def test_where_nobody_reads_referrals_that_is_said_before_one_is_written(
    client: PageClient, officer: User, session: Session, now: datetime
) -> None:
    factories.taxonomies(session)
    service = factories.service(session, kind=ServiceKind.COUNSELLING, name="Lavender Line", phone="020 7946 0111")
    unit = factories.unit(session)
    session.commit()
    hold = held(session, unit, officer, now)

    by_phone = client.page(f"/referrals/new/service/{service.id}")
    of_hold = client.page(f"/referrals/new/hold/{hold}")

    assert by_phone.h1 == "Phone Lavender Line"
    assert "020 7946 0111" in by_phone.text
    assert not by_phone.all("form", by_phone.one("main"))
    assert "Your hold stays until it runs out" in of_hold.text


def test_a_plan_offers_only_whom_somebody_reads_referrals_for(
    client: PageClient, officer: User, session: Session, app: Flask, now: datetime
) -> None:
    unit = refuge(session)
    silent = factories.service(session, name="Silent House")
    factories.unit(session, silent)
    refuge(session, "Saffron House")
    session.commit()
    link = link_to(app, now, need=["domestic-abuse"])

    page = client.page(f"/referrals/new/hold/{held(session, unit, officer, now)}/{link}")

    assert "Saffron House" in page.text
    assert "Silent House" not in page.text


def test_only_whom_she_agreed_to_is_asked_when_the_first_has_gone(
    client: PageClient, officer: User, session: Session, keystore: Keystore, now: datetime
) -> None:
    first, second = refuge(session), refuge(session, "Saffron House")
    reference = referral(session, keystore, officer, [first, second], now, sent=False)
    first.state = UnitState.OCCUPIED
    session.commit()

    check = client.page(f"/referrals/{reference}/check")
    sent = client.submit(f"/referrals/{reference}/check", {}, status=409)

    assert "to the first service" in check.text
    assert sent.h1 == "The space has gone"
    assert client.page("/referrals").text.count("Not sent") == 1


def test_a_refuge_is_not_asked_without_a_space_even_by_hand(
    client: PageClient, officer: User, session: Session, keystore: Keystore, now: datetime
) -> None:
    first, second = refuge(session), refuge(session, "Saffron House")
    reference = referral(session, keystore, officer, [first], now)
    worker = worker_of(session, first)
    decline_referral(session, keystore, reference, actor(worker), DeclinedBy.PROVIDER, DeclineReason.OTHER, moment(now))
    session.commit()
    page = client.page(f"/referrals/{reference}")
    token = page.form_values(page.all("form", page.one("main"))[0])["csrf_token"]

    values = {"csrf_token": token, "service": second.service_id, "agreed": "yes"}
    response = client.post(f"/referrals/{reference}/ask", data=values)

    assert response.status_code == 422
    assert "hold one there first" in response.text


def test_the_browser_is_asked_to_remember_nothing_of_the_form(
    client: PageClient, officer: User, session: Session, now: datetime
) -> None:
    hold = held(session, refuge(session), officer, now)

    page = client.page(f"/referrals/new/hold/{hold}")

    assert page.one("form", id="referral").get("autocomplete") == "off"
    assert client.get(f"/referrals/new/hold/{hold}").headers["Cache-Control"] == "no-store"


def test_the_summary_of_mistakes_leads_to_what_can_take_the_focus(
    client: PageClient, officer: User, session: Session, now: datetime
) -> None:
    hold = held(session, refuge(session), officer, now)

    page = client.submit(f"/referrals/new/hold/{hold}", answers(needs=[]), form="referral", status=422)

    assert page.all("a", href="#needs")
    for group in ("needs", "access_features"):
        assert page.one("div", id=group).get("tabindex") == "-1"
