"""The provider's own page beyond single units: everything at once, listings that are due, contacts, the poster."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.capacity.models import Unit, UnitState
from directory.catalogue.models import Service
from directory.upkeep.links import LinkState, make_link, open_link
from directory.upkeep.models import ServiceContact
from directory.web.pages.provider.poster import QUIET, code_path
from tests import factories
from tests.support.html import Page, text_of
from tests.support.pages import PageClient

SignIn = Callable[..., User]
AGO = timedelta(days=2)


@pytest.fixture
def worker(session: Session, sign_in: SignIn) -> User:
    """Somebody who works at Marigold Women, signed in."""
    owner = factories.organisation(session, name="Marigold Women", email="office@marigold.example.org")
    return sign_in("provider", organisation_id=owner.id)


@pytest.fixture
def refuge(session: Session, worker: User, now: datetime) -> Service:
    """Marigold House, whose listing was confirmed last week."""
    owner = session.get_one(factories.organisation(session).__class__, worker.organisation_id)
    return factories.service(session, owner, name="Marigold House", verified_on=(now - timedelta(days=7)).date())


@pytest.fixture
def rooms(session: Session, refuge: Service, now: datetime) -> list[Unit]:
    """Two units, confirmed two days ago: one open, one occupied."""
    return [
        factories.unit(session, refuge, name="Room 1", confirmed_at=now - AGO),
        factories.unit(session, refuge, name="Room 2", confirmed_at=now - AGO, state=UnitState.OCCUPIED),
    ]


def test_everything_is_confirmed_with_one_button(
    client: PageClient, session: Session, rooms: list[Unit], worker: User, now: datetime
) -> None:
    assert "2 units have not been confirmed in the last day." in client.page("/provider").text

    page = client.submit("/provider", {}, form="all-right")

    assert "2 units are confirmed. Thank you." in page.text
    assert page.text.count("Confirmed just now by you") == 2
    session.expire_all()
    assert [(room.state, room.confirmed_at, room.confirmed_by) for room in rooms] == [
        (UnitState.OPEN, now, f"user-{worker.id}"),
        (UnitState.OCCUPIED, now, f"user-{worker.id}"),
    ]


def test_what_a_colleague_has_changed_meanwhile_is_shown_instead(
    client: PageClient, session: Session, rooms: list[Unit], now: datetime
) -> None:
    page = client.page("/provider")
    form = page.one("form", id="all-right")
    rooms[0].state = UnitState.CLOSED
    session.flush()

    response = client.post(form.get("action", ""), data=page.form_values(form))

    again = Page(response.text)
    assert (response.status_code, again.h1) == (409, "Your units")
    assert "Nothing has been confirmed yet." in again.text
    assert "It was open when you opened this page, and is closed now." in again.text
    session.expire_all()
    assert [room.confirmed_at for room in rooms] == [now - AGO] * 2


def test_a_held_unit_is_confirmed_with_the_others(
    client: PageClient, session: Session, rooms: list[Unit], now: datetime
) -> None:
    hold = factories.hold(session, rooms[0])

    client.submit("/provider", {}, form="all-right")

    session.expire_all()
    assert (hold.ended_at, rooms[0].confirmed_at) == (None, now)


def test_only_own_units_can_be_confirmed(
    client: PageClient, session: Session, rooms: list[Unit], app: Flask, now: datetime
) -> None:
    theirs = factories.unit(session, confirmed_at=now - AGO)
    app.config["WTF_CSRF_ENABLED"] = False

    assert client.post("/provider/units/confirm", data={f"was.{theirs.id}": "open"}).status_code == 404
    assert client.post("/provider/units/confirm", data={}).status_code == 400
    assert client.post("/provider/units/confirm", data={f"was.{rooms[0].id}": "gone"}).status_code == 400
    assert client.post("/provider/units/confirm", data={"was.a\x00b": "open"}).status_code == 404
    session.refresh(theirs)
    assert theirs.confirmed_at == now - AGO


@pytest.mark.parametrize(
    ("confirmed_by", "words"),
    [
        ("user-999999", "by a colleague"),
        ("link-3", "through a link"),
        ("import", "by an import"),
        ("", ""),
        ("something-new", ""),
    ],
)
def test_it_says_who_confirmed_a_unit(
    client: PageClient, session: Session, rooms: list[Unit], confirmed_by: str, words: str
) -> None:
    rooms[0].confirmed_by = confirmed_by
    session.flush()

    facts = text_of(client.page("/provider").all(class_="app-own-units__facts")[0])

    assert facts.partition(" · History")[0] == f"Open 4 bedspaces · Confirmed 2 days ago {words}".strip()


@pytest.mark.parametrize("days", [91, None])
def test_a_listing_that_is_due_is_confirmed_with_a_button(
    client: PageClient, session: Session, refuge: Service, now: datetime, days: int | None
) -> None:
    refuge.verified_on = (now - timedelta(days=days)).date() if days else None
    session.flush()
    page = client.page("/provider")
    assert "Is the listing of Marigold House still right?" in page.text
    assert ("It was last confirmed on 23 August 2026." if days else "It has never been confirmed.") in page.text

    page = client.submit("/provider", {}, form=f"/provider/services/{refuge.id}/confirm")

    assert "The listing is confirmed. Thank you." in page.text
    assert "Is the listing of" not in page.text
    session.refresh(refuge)
    assert refuge.verified_on == now.date()


def test_a_listing_that_is_not_due_and_those_of_others(
    client: PageClient, session: Session, refuge: Service, app: Flask
) -> None:
    theirs = factories.service(session)
    app.config["WTF_CSRF_ENABLED"] = False

    assert refuge.name not in client.page("/provider").all("form")
    assert "Is the listing of" not in client.page("/provider").text
    assert client.post(f"/provider/services/{theirs.id}/confirm").status_code == 404
    assert client.post("/provider/services/nowhere/confirm").status_code == 404
    session.refresh(theirs)
    assert theirs.verified_on is None


def test_the_page_leads_to_what_else_is_to_keep(client: PageClient, refuge: Service) -> None:
    page = client.page("/provider")

    assert page.link("Who is reminded: Marigold House") == f"/provider/contacts/{refuge.id}"
    assert page.link("A poster for your office") == "/provider/poster"
    assert page.link("Referrals to answer") == "/provider/referrals"


def test_contacts_are_kept(client: PageClient, session: Session, refuge: Service) -> None:
    refuge.referral_email = "refer@marigold.example.org"
    session.flush()
    path = f"/provider/contacts/{refuge.id}"
    page = client.page(path)
    assert "If it is left empty, reminders go to refer@marigold.example.org." in page.text
    assert "If it is left empty, reminders go to office@marigold.example.org." in page.text
    assert text_of(page.one("option", page.one("select", name="first_hour"), value="12")) == "midday"

    page = client.submit(
        path,
        {
            "first_channel": "sms",
            "first_address": "07700 900123",
            "first_hour": "7",
            "second_address": "manager@marigold.example.org",
        },
        form=path,
    )

    assert "Saved. The next reminder goes there." in page.text
    kept = session.scalars(select(ServiceContact).order_by(ServiceContact.position)).all()
    assert [(one.channel.value, one.address, one.hour) for one in kept] == [
        ("sms", "07700 900123", 7),
        ("email", "manager@marigold.example.org", 9),
    ]
    values = page.form_values(page.one("form", action=path))
    assert (values["first_channel"], values["first_address"], values["first_hour"]) == (
        ["sms"],
        ["07700 900123"],
        ["7"],
    )

    client.submit(path, {"first_address": "", "second_address": ""}, form=path)
    assert session.scalars(select(ServiceContact)).all() == []


def test_what_is_wrong_with_a_contact_is_said_beside_it(client: PageClient, session: Session, refuge: Service) -> None:
    path = f"/provider/contacts/{refuge.id}"

    page = client.submit(path, {"first_address": "nobody", "second_address": "also nobody"}, form=path, status=422)

    assert len(page.field_errors()) == 2
    assert page.one("input", name="first_address").get("value") == "nobody"
    assert session.scalars(select(ServiceContact)).all() == []
    twice = {"first_address": "one@example.org", "second_address": "ONE@example.org"}
    assert len(client.submit(path, twice, form=path, status=422).field_errors()) == 1
    assert client.submit(path, {"first_channel": "pigeon", "first_hour": "24"}, form=path, status=422).field_errors()


def test_links_that_are_out_can_be_cancelled(
    client: PageClient, session: Session, refuge: Service, now: datetime
) -> None:
    tokens = [make_link(session, [refuge.id], now) for _ in range(2)]
    path = f"/provider/contacts/{refuge.id}"
    cancel = f"{path}/cancel-links"

    assert "2 links are cancelled." in client.submit(path, {}, form=cancel).text
    assert [open_link(session, token, now).state for token in tokens] == [LinkState.REVOKED] * 2
    assert "No link was out." in client.submit(path, {}, form=cancel).text


@pytest.mark.parametrize(("method", "end"), [("get", ""), ("post", ""), ("post", "/cancel-links")])
def test_other_peoples_contacts_are_not_there(
    client: PageClient, session: Session, refuge: Service, app: Flask, method: str, end: str
) -> None:
    assert refuge
    theirs = factories.service(session)
    app.config["WTF_CSRF_ENABLED"] = False

    for service_id in (theirs.id, "nowhere", "a%00b"):
        assert getattr(client, method)(f"/provider/contacts/{service_id}{end}").status_code == 404


def test_a_commissioner_keeps_everybodys_contacts(client: PageClient, session: Session, sign_in: SignIn) -> None:
    service = factories.service(session, name="Any service")
    sign_in("commissioner")
    path = f"/provider/contacts/{service.id}"

    page = client.submit(path, {"first_address": "desk@example.org"}, form=path)

    assert "Saved." in page.text
    assert [one.address for one in session.scalars(select(ServiceContact))] == ["desk@example.org"]


def test_the_poster_leads_to_signing_in_and_opens_nothing(client: PageClient, worker: User) -> None:
    assert worker
    page = client.page("/provider/poster")

    assert "Or type: http://127.0.0.1:8000/provider" in page.text
    drawing, size = code_path("http://127.0.0.1:8000/sign-in?next=/provider")
    picture = page.one(role="img")
    assert picture.get("viewBox") == f"0 0 {size} {size}"
    assert [part.get("d") for part in picture if part.get("d")] == [drawing]


def test_the_code_is_drawn_in_whole_modules() -> None:
    drawing, size = code_path("https://directory.example.org/sign-in?next=/provider")

    parts = re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", drawing)

    assert "".join(f"M{x} {y}h{width}v1h-{back}z" for x, y, width, back in parts) == drawing
    assert all(width == back for _, _, width, back in parts)
    # The three corners by which a scanner finds it: seven dark modules, within a quiet zone.
    for x, y in ((QUIET, QUIET), (size - QUIET - 7, QUIET), (QUIET, size - QUIET - 7)):
        assert (str(x), str(y), "7", "7") in parts
    assert min(int(x) for x, *_ in parts) == min(int(y) for _, y, *_ in parts) == QUIET
