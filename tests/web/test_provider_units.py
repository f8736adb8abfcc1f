"""The provider's own page: a unit's state in one tap, and a held unit never taken away silently."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from directory.accounts.models import User
from directory.audit.models import AuditEntry
from directory.capacity.holds.models import Hold, HoldOutcome
from directory.capacity.models import RingFence, Unit, UnitState
from directory.common.errors import RefusedError
from directory.web.pages.provider import views
from tests import factories
from tests.support.html import Page, text_of
from tests.support.pages import PageClient

SignIn = Callable[..., User]
UNTIL = timedelta(hours=2)


@pytest.fixture
def unit(session: Session, sign_in: SignIn, now: datetime) -> Unit:
    """A unit of the organisation whose worker is signed in, confirmed two days ago."""
    owner = factories.organisation(session)
    refuge = factories.service(session, owner, name="Marigold House")
    sign_in("provider", organisation_id=owner.id)
    return factories.unit(session, refuge, name="Room 2", confirmed_at=now - timedelta(days=2))


def say(client: PageClient, state: str, unit_id: str) -> TestResponse:
    """Press one of a unit's buttons."""
    page = client.page("/provider")
    form = page.one("form", id="states")
    page.one("button", form="states", name=state, value=unit_id)
    return client.post(form.get("action", ""), data=page.form_values(form) | {state: unit_id})


def held(session: Session, unit: Unit, now: datetime, **overrides: Any) -> Hold:
    """A referrer's live hold on the unit."""
    values = {
        "id": "a" * 16,
        "unit_id": unit.id,
        "service_id": unit.service_id,
        "held_by": factories.user(session).id,
        "held_at": now,
        "expires_at": now + UNTIL,
        "idempotency_key": "0" * 64,
    }
    made = Hold(**values | overrides)
    session.add(made)
    session.flush()
    return made


def test_each_unit_has_its_states_as_buttons(client: PageClient, unit: Unit, session: Session) -> None:
    factories.unit(session, name="Somebody else's room")
    factories.unit(session, name="Attic", service_id=unit.service_id, state=UnitState.CLOSED, ringfence=RingFence.NRPF)

    page = client.page("/provider")

    assert page.h1 == "Your units"
    items = [text_of(item) for item in page.all("li", page.one("main"), class_="app-own-units__unit")]
    assert [item.split()[0] for item in items] == ["Attic", "Room"]
    assert "Ring-fenced: yes" in items[0]
    assert "Ring-fenced" not in items[1]
    assert "Confirmed 2 days ago" in items[1]
    assert "1 unit has not been confirmed in the last day." in page.text
    names = [text_of(button) for button in page.all("button", form="states", value=unit.id)]
    assert names == [
        "Still open: Room 2, Marigold House",
        "Occupied: Room 2, Marigold House",
        "Closed: Room 2, Marigold House",
    ]


@pytest.mark.parametrize("state", ["open", "occupied", "closed"])
def test_one_tap_says_and_confirms(client: PageClient, unit: Unit, session: Session, now: datetime, state: str) -> None:
    response = say(client, state, unit.id)

    session.refresh(unit)
    assert response.headers["Location"] == f"/provider#unit-{unit.id}"
    assert (unit.state.value, unit.confirmed_at) == (state, now)
    page = client.page("/provider")
    assert f"Still {state}" in page.text
    assert "Confirmed just now" in page.text


def test_a_held_unit_can_be_confirmed_as_it_is(client: PageClient, unit: Unit, session: Session, now: datetime) -> None:
    hold = held(session, unit, now)

    assert "Held until 4am for a referrer" in client.page("/provider").text
    assert say(client, "open", unit.id).status_code == 303
    assert hold.ended_at is None


@pytest.mark.parametrize("state", ["occupied", "closed"])
def test_a_held_unit_is_asked_about_first(
    client: PageClient, unit: Unit, session: Session, now: datetime, state: str
) -> None:
    unit.ringfence = RingFence.NRPF
    held(session, unit, now)

    asked = Page((response := say(client, state, unit.id)).text)

    assert (response.status_code, asked.h1) == (409, "Room 2 is held until 4am. End the hold?")
    assert "Nothing has been changed yet." in asked.text
    assert "ring" not in asked.text.casefold()
    assert asked.link("Keep the hold") == "/provider"
    session.refresh(unit)
    assert unit.state is UnitState.OPEN


def test_the_hold_is_ended_when_the_provider_says_so(
    client: PageClient, unit: Unit, session: Session, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    hold = held(session, unit, now)
    asked = Page(say(client, "occupied", unit.id).text)
    form = asked.one("form", asked.one("main"))

    response = client.post(form.get("action", ""), data=asked.form_values(form) | {"occupied": unit.id})

    page = client.page(response.headers["Location"])
    session.refresh(hold)
    assert "The hold has ended, and your change is kept." in page.text
    assert (hold.outcome, hold.unit_id) == (HoldOutcome.ENDED_BY_PROVIDER, None)
    notice = text_of(page.one(class_="govuk-notification-banner"))
    of_holds = session.scalars(select(AuditEntry.details).where(AuditEntry.event.startswith("hold"))).all()
    assert of_holds
    for told in (response.headers["Location"], notice, capsys.readouterr().err, *of_holds):
        assert unit.id not in told
        assert "Room 2" not in told


def test_only_the_hold_that_was_asked_about_is_ended(
    client: PageClient, unit: Unit, session: Session, now: datetime
) -> None:
    hold = held(session, unit, now)
    asked = Page(say(client, "occupied", unit.id).text)
    form = asked.one("form", asked.one("main"))
    hold.unit_id, hold.ended_at, hold.outcome = None, now, HoldOutcome.RELEASED
    session.flush()
    later = held(session, unit, now, id="b" * 16, expires_at=now + 2 * UNTIL)

    response = client.post(form.get("action", ""), data=asked.form_values(form) | {"occupied": unit.id})

    assert (response.status_code, Page(response.text).h1) == (409, "Room 2 is held until 6am. End the hold?")
    session.refresh(later)
    assert later.ended_at is None


@pytest.mark.parametrize("end_hold", ["yes", "", "2026-11-22T04:00:00", "0001-01-01T00:00:00+23:59", "\x00"])
def test_what_names_no_hold_ends_none(
    client: PageClient, unit: Unit, session: Session, now: datetime, app: Flask, end_hold: str
) -> None:
    hold = held(session, unit, now)
    app.config["WTF_CSRF_ENABLED"] = False

    response = client.post("/provider/units", data={"occupied": unit.id, "end_hold": end_hold})

    assert response.status_code == 409
    session.refresh(hold)
    assert hold.ended_at is None


def test_a_referral_must_be_answered_first(client: PageClient, unit: Unit, session: Session, now: datetime) -> None:
    hold = held(session, unit, now, for_referral=True)
    page = client.page("/provider")
    assert "Held until 4am for a referral: see your inbox" in page.text
    assert page.link("your inbox") == "/provider/referrals"
    form = page.form_values(page.one("form", id="states"))

    end_hold = (now + UNTIL).isoformat()
    response = client.post("/provider/units", data=form | {"closed": unit.id, "end_hold": end_hold})

    asked = Page(response.text)
    assert (response.status_code, asked.h1) == (409, "Room 2 is kept for a referral to you")
    assert not asked.all("form", asked.one("main"))
    assert asked.link("Go to your inbox") == "/provider/referrals"
    session.refresh(hold)
    assert hold.ended_at is None


def test_a_race_is_told_kindly_and_nothing_is_lost(
    client: PageClient, unit: Unit, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(*_: object, **__: object) -> None:
        raise RefusedError("Somebody has held this unit a moment ago. Look again before you change it.")

    monkeypatch.setattr(views, "set_unit_state", too_late)

    response = say(client, "occupied", unit.id)

    page = Page(response.text)
    assert (response.status_code, page.h1) == (409, "Your units")
    assert "Somebody has held this unit a moment ago." in page.text
    assert "Still open" in page.text


@pytest.mark.parametrize("unit_id", ["nowhere", "a\x00b"])
def test_units_of_others_are_not_there(
    client: PageClient, unit: Unit, session: Session, app: Flask, unit_id: str
) -> None:
    theirs = factories.unit(session)
    app.config["WTF_CSRF_ENABLED"] = False

    assert client.post("/provider/units", data={"occupied": theirs.id}).status_code == 404
    assert client.post("/provider/units", data={"occupied": unit_id}).status_code == 404
    assert client.post("/provider/units", data={}).status_code == 400
    assert client.post("/provider/units", data={"gone": unit.id}).status_code == 400


def test_an_organisation_without_units(client: PageClient, sign_in: SignIn) -> None:
    sign_in("provider")

    assert "has no refuge units in the directory" in client.page("/provider").text


@pytest.mark.parametrize("role", ["officer", "advocate", "commissioner", "auditor", "administrator"])
def test_it_is_the_providers_alone(client: PageClient, sign_in: SignIn, role: str) -> None:
    sign_in(role)

    assert client.get("/provider").status_code == 403
