"""The page behind the link in a reminder: two taps, no signing in, and nothing shown that is not the provider's own."""

import gzip
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from directory.accounts.models import User
from directory.audit.models import AuditEntry
from directory.capacity.models import RingFence, Unit, UnitState
from directory.catalogue.models import Service
from directory.common.actor import Actor
from directory.upkeep.links import LINK_LIFE, make_link, revoke_links
from directory.upkeep.models import UpdateLink
from directory.web.assets import Asset
from directory.web.pages.one_tap import views
from tests import factories
from tests.support.clock import Clock
from tests.support.html import Page, text_of
from tests.support.pages import PageClient

SignIn = Callable[..., User]
MOST_BYTES = 30 * 1024
AGO = timedelta(days=2)


@pytest.fixture
def refuge(session: Session, now: datetime) -> Service:
    """A refuge with two units, confirmed two days ago; its listing was reviewed last week."""
    owner = factories.organisation(session, name="Marigold Women")
    made = factories.service(
        session,
        owner,
        name="Marigold House",
        verified_on=(now - timedelta(days=7)).date(),
        referral_email="refer@marigold.example.org",
    )
    for name in ("Room 1", "Room 2"):
        factories.unit(session, made, name=name, confirmed_at=now - AGO)
    return made


@pytest.fixture
def rooms(session: Session, refuge: Service) -> list[Unit]:
    """Its units, by name."""
    return list(session.scalars(select(Unit).where(Unit.service_id == refuge.id).order_by(Unit.name)))


@pytest.fixture
def link(session: Session, refuge: Service, now: datetime) -> str:
    """The path of a link to its units."""
    return "/u/" + make_link(session, [refuge.id], now)


def form_of(page: Page) -> dict[str, str | list[str]]:
    """What the button sends, as the page stands."""
    return dict(page.form_values(page.one("form")))


def press(client: PageClient, link: str, **changes: str) -> TestResponse:
    """Open the link, choose, and press the button."""
    return client.post(link, data=form_of(client.page(link)) | changes)


def test_two_taps_confirm_everything(
    client: PageClient, link: str, session: Session, rooms: list[Unit], now: datetime
) -> None:
    page = client.page(link)
    assert page.h1 == "Are these spaces still right?"
    assert [text_of(name) for name in page.all("h2")] == ["Marigold House"]
    assert "Now open · confirmed 2 days ago" in page.text

    done = client.submit(link, {})

    assert done.h1 == "Thank you"
    assert "2 units are confirmed." in done.text
    assert done.link("Sign in to change anything else") == "/sign-in?next=/provider"
    session.expire_all()
    number = session.scalars(select(UpdateLink.id)).one()
    assert [(room.state, room.confirmed_at, room.confirmed_by) for room in rooms] == [
        (UnitState.OPEN, now, f"link-{number}")
    ] * 2


def test_a_change_is_one_tap_more(client: PageClient, link: str, session: Session, rooms: list[Unit]) -> None:
    done = client.submit(link, {f"state.{rooms[1].id}": "occupied"})

    assert "2 units are confirmed." in done.text
    assert "1 of them is changed, as you said." in done.text
    session.expire_all()
    assert [room.state for room in rooms] == [UnitState.OPEN, UnitState.OCCUPIED]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_opening_it_changes_nothing_however_often(
    client: PageClient, link: str, session: Session, rooms: list[Unit], now: datetime, method: str
) -> None:
    for _ in range(3):
        opened = client.get(link) if method == "GET" else FlaskClient.open(client, link, method="HEAD")
        assert opened.status_code == 200

    session.expire_all()
    assert [room.confirmed_at for room in rooms] == [now - AGO] * 2
    assert session.scalars(select(UpdateLink.used_at)).all() == [None]
    assert press(client, link).status_code == 200


def test_it_is_light(client: PageClient, app: Flask, session: Session, now: datetime) -> None:
    big = factories.service(session, name="A house with a name of ordinary length")
    for number in range(12):
        factories.unit(session, big, name=f"Room {number}", confirmed_at=now - AGO)
    link = "/u/" + make_link(session, [big.id], now)

    response = client.get(link)

    page = Page(response.text)
    fetched = [style.get("href", "") for style in page.all("link")]
    assert not page.all("script")
    assert len(fetched) == 2  # the style sheet and the icon
    # As they come, without compression.
    total = len(response.data) + sum(len(client.get(address).data) for address in fetched)
    assert total < MOST_BYTES
    packed = client.get(fetched[1], headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    style: Asset = app.extensions["assets"]["one-tap.css"]
    assert gzip.decompress(packed.data) == style.content
    assert "immutable" in packed.headers["Cache-Control"]


def test_forty_rooms_are_light_too(client: PageClient, session: Session, now: datetime) -> None:
    big = factories.service(session)
    for number in range(40):
        factories.unit(session, big, name=f"Room {number}", confirmed_at=now - AGO)
    link = "/u/" + make_link(session, [big.id], now)
    plain = client.get(link)

    packed = FlaskClient.open(client, link, headers={"Accept-Encoding": "gzip"})

    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < MOST_BYTES / 6
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert int(packed.headers["Content-Length"]) == len(packed.data)


def test_it_shows_no_more_than_the_units_and_leads_nowhere_else(
    client: PageClient, link: str, session: Session, rooms: list[Unit]
) -> None:
    rooms[0].ringfence, rooms[0].programme = RingFence.NRPF, "Secret programme"
    factories.hold(session, rooms[0])
    session.flush()

    page = client.page(link)

    for word in ("ring", "nrpf", "held", "hold", "referral", "programme", "example.org", "Hackney", "Marigold Women"):
        assert word.casefold() not in page.text.casefold(), word
    assert {address.get("href") for address in page.all("a")} == {"/sign-in?next=/provider", "tel:999"}


def test_the_token_stands_nowhere(
    client: PageClient, link: str, session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    token = link.removeprefix("/u/")
    opened = client.get(link)
    wrong = client.post(link, data={})
    done = press(client, link)
    again = client.get(link)

    for response in (opened, wrong, done, again):
        assert token not in response.text
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["Cache-Control"] == "no-store"
        assert "noindex" in response.headers["X-Robots-Tag"]
        assert "Set-Cookie" not in response.headers
    assert token not in capsys.readouterr().err
    assert not [entry for entry in session.scalars(select(AuditEntry.details)) if token in entry]


def test_a_held_unit_can_be_confirmed_but_not_changed(
    client: PageClient, link: str, session: Session, rooms: list[Unit], now: datetime
) -> None:
    hold = factories.hold(session, rooms[0])

    page = client.page(link)

    assert "It cannot be changed from here just now: sign in to change it." in page.text
    assert not page.all("input", name=f"state.{rooms[0].id}")
    assert press(client, link).status_code == 200
    session.refresh(hold)
    session.refresh(rooms[0])
    assert (hold.ended_at, rooms[0].confirmed_at) == (None, now)


def test_a_unit_that_is_held_meanwhile_is_not_taken_away(
    client: PageClient, link: str, session: Session, rooms: list[Unit], now: datetime
) -> None:
    sent = form_of(client.page(link)) | {f"state.{rooms[0].id}": "occupied", f"state.{rooms[1].id}": "closed"}
    factories.hold(session, rooms[0])

    response = client.post(link, data=sent)

    page = Page(response.text)
    assert (response.status_code, page.title.startswith("Error: ")) == (409, True)
    assert "One of these units cannot be changed from here any more." in page.text
    assert "held" not in page.text
    # What was chosen of the other one is kept, and the link is still good.
    assert form_of(page)[f"state.{rooms[1].id}"] == ["closed"]
    assert client.post(link, data=form_of(page)).status_code == 200
    session.expire_all()
    assert [(room.state, room.confirmed_at) for room in rooms] == [(UnitState.OPEN, now), (UnitState.CLOSED, now)]


def test_what_a_colleague_has_changed_meanwhile_is_shown_afresh(
    client: PageClient, link: str, session: Session, rooms: list[Unit], now: datetime
) -> None:
    sent = form_of(client.page(link)) | {f"state.{rooms[1].id}": "closed"}
    rooms[0].state = UnitState.OCCUPIED
    session.flush()

    response = client.post(link, data=sent)

    page = Page(response.text)
    assert response.status_code == 409
    assert "Somebody has changed this meanwhile." in page.text
    assert "It was open, and is occupied now." in page.text
    assert form_of(page)[f"state.{rooms[0].id}"] == ["occupied"]
    assert form_of(page)[f"state.{rooms[1].id}"] == ["closed"]
    session.expire_all()
    assert rooms[1].state is UnitState.OPEN
    assert client.post(link, data=form_of(page)).status_code == 200
    session.expire_all()
    assert [room.state for room in rooms] == [UnitState.OCCUPIED, UnitState.CLOSED]


def test_pressed_twice_it_says_that_it_has_been_done(
    client: PageClient, link: str, session: Session, rooms: list[Unit]
) -> None:
    sent = form_of(client.page(link))
    assert client.post(link, data=sent).status_code == 200

    again = client.post(link, data=sent | {f"state.{rooms[0].id}": "closed"})

    assert (again.status_code, Page(again.text).h1) == (410, "This has been confirmed already")
    assert client.page(link, status=410).h1 == "This has been confirmed already"
    session.expire_all()
    assert rooms[0].state is UnitState.OPEN


def test_a_link_runs_out(client: PageClient, link: str, clock: Clock) -> None:
    sent = form_of(client.page(link))
    clock.advance(seconds=LINK_LIFE.total_seconds())

    assert client.page(link, status=410).h1 == "This link has run out"
    assert client.post(link, data=sent).status_code == 410


def test_a_link_can_be_cancelled(
    client: PageClient, link: str, session: Session, refuge: Service, now: datetime
) -> None:
    sent = form_of(client.page(link))
    revoke_links(session, refuge.id, Actor(1, "commissioner"), now)

    assert client.page(link, status=410).h1 == "This link has been cancelled"
    assert client.post(link, data=sent).status_code == 410


@pytest.mark.parametrize("token", ["nowhere", "x" * 22, "x" * 2000, "%27%22%3Cb%3E", "%ff", "a%20b"])
def test_what_was_never_made_is_unknown(client: PageClient, link: str, token: str) -> None:
    assert link
    page = client.page(f"/u/{token}", status=404)

    assert page.h1 == "This link leads nowhere"
    assert client.post(f"/u/{token}").status_code == 404


def test_a_listing_that_is_due_is_asked_about_too(
    client: PageClient, session: Session, refuge: Service, link: str, now: datetime
) -> None:
    refuge.verified_on = (now - timedelta(days=91)).date()
    session.flush()

    page = client.page(link)
    assert "What the directory says about Marigold House" in page.text
    assert "020 7946 0000" in page.text
    assert "listing" not in form_of(page)

    # Only the units, where no tick was put.
    assert "listing is confirmed" not in Page(press(client, link).text).text
    again = "/u/" + make_link(session, [refuge.id], now)
    done = client.submit(again, {"listing": refuge.id})

    assert "Your listing is confirmed." in done.text
    session.refresh(refuge)
    assert refuge.verified_on == now.date()


def test_a_service_without_units(client: PageClient, session: Session, now: datetime) -> None:
    helpline = factories.service(session, name="A helpline")
    link = "/u/" + make_link(session, [helpline.id], now)
    page = client.page(link)
    assert page.h1 == "Is this listing still right?"

    response = client.post(link, data={})

    assert (response.status_code, "You have not confirmed anything yet." in response.text) == (422, True)
    assert "Your listing is confirmed." in client.submit(link, {"listing": helpline.id}).text


def test_a_link_to_what_is_not_in_the_directory_any_more(
    client: PageClient, session: Session, refuge: Service, link: str
) -> None:
    refuge.status = "withdrawn"
    session.flush()

    page = client.page(link, status=410)

    assert page.h1 == "There is nothing to confirm"
    assert "Marigold" not in page.text


@pytest.mark.parametrize(
    "wrong",
    [
        {"state.{0}": "gone"},
        {"was.{0}": "gone"},
        {"was.{0}": ""},
        {"was.unit-of-others": "open"},
        {"state.unit-of-others": "closed"},
        {"listing": "service-of-others"},
    ],
)
def test_what_is_no_answer_changes_nothing(
    client: PageClient, session: Session, rooms: list[Unit], link: str, now: datetime, wrong: dict[str, str]
) -> None:
    changes = {name.format(rooms[0].id): value for name, value in wrong.items()}

    response = press(client, link, **changes)

    assert response.status_code == 422
    assert "Nothing has been kept." in response.text
    session.expire_all()
    assert [room.confirmed_at for room in rooms] == [now - AGO] * 2
    assert press(client, link).status_code == 200


def test_a_unit_of_another_service_is_not_there(client: PageClient, session: Session, link: str, now: datetime) -> None:
    theirs = factories.unit(session, confirmed_at=now - AGO)

    assert press(client, link, **{f"was.{theirs.id}": "open", f"state.{theirs.id}": "closed"}).status_code == 422
    session.refresh(theirs)
    assert theirs.state is UnitState.OPEN


def test_a_link_is_not_opened_without_end(client: PageClient, link: str) -> None:
    for _ in range(views.PER_LINK):
        assert client.get(link).status_code == 200

    slowed = client.get(link)

    assert (slowed.status_code, Page(slowed.text).h1) == (429, "Too many attempts")
    assert 1 <= int(slowed.headers["Retry-After"]) <= 60
    assert client.post(link).status_code == 429


def test_nor_are_links_tried_out(client: PageClient, link: str) -> None:
    for number in range(views.PER_NETWORK):
        assert client.get(f"/u/guess-{number}").status_code == 404

    assert client.get(link).status_code == 429
    # Another network is another matter.
    assert client.get(link, environ_base={"REMOTE_ADDR": "127.9.9.9"}).status_code == 200


def test_another_site_cannot_send_the_form(client: PageClient, link: str) -> None:
    sent = form_of(client.page(link))

    assert client.post(link, data=sent, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.get(link, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_only_these_pages_do_without_the_forms_own_token(client: PageClient, sign_in: SignIn, link: str) -> None:
    sign_in("provider")

    assert client.post("/provider/units", data={"open": "unit-1"}).status_code == 400
    assert press(client, link).status_code == 200
