"""Holding a space from any page that shows one, and what becomes of the hold."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from directory.accounts.models import User
from directory.audit.models import AuditEntry
from directory.capacity.holds.models import Hold, HoldOutcome
from directory.capacity.models import RingFence, Unit, UnitState
from directory.catalogue.vocabulary import AcceptsNrpf, ServiceKind
from directory.web.pages.holds.holding import referral_address
from tests import factories
from tests.support.clock import Clock
from tests.support.html import Page, text_of
from tests.support.pages import PageClient

SignIn = Callable[..., User]


def press(client: PageClient, path: str, button: str, unit: Unit) -> TestResponse:
    """Press a button of a unit on the page at `path`, as a browser does: the form's fields and the button's own."""
    page = client.page(path)
    form = page.one("form", id="hold")
    page.one("button", form="hold", name=button, value=unit.id)
    return client.post(form.get("action", ""), data=page.form_values(form) | {button: unit.id})


def buttons(page: Page) -> list[str]:
    return [button.get("value", "") for button in page.all("button", form="hold", name="hold")]


def search_link(client: PageClient, **asked: str) -> str:
    page = client.page("/search")
    response = client.post("/search", data=page.form_values(page.one("form", page.one("main"))) | asked)
    return response.headers["Location"]


@pytest.fixture
def second(app: Flask, session: Session) -> PageClient:
    """Another officer with a browser."""
    other = app.test_client()
    assert isinstance(other, PageClient)
    account = factories.user(session, "advocate")
    other.submit("/sign-in", {"email": account.email, "password": factories.PASSWORD})
    other.signed_in = True
    return other


def test_each_page_that_shows_a_space_can_hold_it(client: PageClient, sign_in: SignIn, session: Session) -> None:
    unit = factories.unit(session, factories.service(session, name="Marigold House"), name="Room 2")
    factories.unit(session, state=UnitState.OCCUPIED)
    sign_in()
    service, link = f"/services/{unit.service_id}", search_link(client, near="Hackney", adults="1")

    for path in (link, "/availability", service, f"{service}/units/{unit.id}"):
        page = client.page(path)
        assert buttons(page) == [unit.id], path
        names = [text_of(button) for button in page.all("button", form="hold")]
        assert names == ["Hold and refer Room 2, Marigold House", "Hold only Room 2, Marigold House"]


@pytest.mark.parametrize("role", ["provider", "commissioner"])
def test_who_may_not_hold_is_shown_no_button(client: PageClient, sign_in: SignIn, session: Session, role: str) -> None:
    unit = factories.unit(session)
    sign_in(role)

    for path in ("/availability", f"/services/{unit.service_id}", search_link(client, near="Hackney")):
        assert not client.page(path).all("form", id="hold")


def test_a_space_to_confirm_by_phone_can_be_held_and_says_so(
    client: PageClient, sign_in: SignIn, session: Session, now: datetime
) -> None:
    unit = factories.unit(session, confirmed_at=now - timedelta(hours=30))
    sign_in("advocate")

    page = client.page(f"/services/{unit.service_id}")

    assert "Confirm by phone first." in page.text
    assert press(client, f"/services/{unit.service_id}", "hold", unit).status_code == 303


def test_hold_only_leads_to_the_hold(client: PageClient, sign_in: SignIn, session: Session) -> None:
    refuge = factories.service(session, name="Marigold House", professional_phone="020 7946 0456")
    unit = factories.unit(session, refuge, name="Room 2")
    sign_in()

    response = press(client, f"/services/{refuge.id}", "hold", unit)
    page = client.page(response.headers["Location"])

    assert re.fullmatch(r"/holds/[a-z2-9]{16}", response.headers["Location"])
    assert page.h1 == "Held for you until 4am"
    assert "120 minutes left" in page.text
    assert page.link("Call (professionals) 020 7946 0456") == "tel:+442079460456"
    assert page.link("Refer") == f"/referrals/new/hold/{response.headers['Location'].rpartition('/')[2]}"
    assert "Marigold House" in page.text
    assert "Room 2" not in page.html
    assert unit.id not in page.html


def test_hold_and_refer_leads_to_the_referral_with_the_search(
    client: PageClient, sign_in: SignIn, session: Session
) -> None:
    unit = factories.unit(session)
    sign_in()
    address = search_link(client, near="Hackney", adults="1")

    response = press(client, address, "refer", unit)

    hold = session.scalars(select(Hold.id)).one()
    assert response.headers["Location"] == referral_address(hold, address.rpartition("/")[2])
    assert response.headers["Location"].startswith(f"/referrals/new/hold/{hold}/")


def test_a_link_that_has_expired_or_is_none_is_not_handed_on(
    client: PageClient, sign_in: SignIn, session: Session
) -> None:
    unit = factories.unit(session)
    sign_in()
    form = client.page("/availability").form_values(client.page("/availability").one("form", id="hold"))

    response = client.post("/holds", data=form | {"refer": unit.id, "link": "../../elsewhere"})

    assert response.headers["Location"] == referral_address(session.scalars(select(Hold.id)).one())


def test_a_double_tap_is_one_hold(client: PageClient, sign_in: SignIn, session: Session) -> None:
    unit, another = factories.unit(session), factories.unit(session)
    sign_in()
    page = client.page("/availability")
    form = page.form_values(page.one("form", id="hold"))

    first, second = (client.post("/holds", data=form | {"hold": unit.id}) for _ in range(2))
    other = client.post("/holds", data=form | {"hold": another.id})

    assert first.headers["Location"] == second.headers["Location"] != other.headers["Location"]
    assert len(session.scalars(select(Hold.id)).all()) == 2


@pytest.mark.parametrize("values", [{}, {"hold": "unit-1"}, {"key": "k"}, {"hold": "unit-1", "key": "k" * 201}])
def test_what_no_page_of_ours_sends(client: PageClient, sign_in: SignIn, app: Flask, values: dict[str, str]) -> None:
    sign_in()
    app.config["WTF_CSRF_ENABLED"] = False

    assert client.post("/holds", data=values).status_code == 400
    assert client.post("/holds", data={"hold": "a\x00b", "key": "k"}).status_code == 404
    assert client.post("/holds", data={"hold": "nowhere", "key": "k"}).status_code == 404
    assert client.get("/holds/a%00b").status_code == 404


def test_the_slower_one_is_offered_the_next_best_at_once(
    client: PageClient, second: PageClient, sign_in: SignIn, session: Session
) -> None:
    lost = factories.unit(session, factories.service(session, name="Marigold House"), name="Room 2")
    other = factories.unit(session, factories.service(session, name="Neem House"))
    factories.unit(session, bedspaces=1)
    sign_in()
    address = search_link(client, near="Hackney", adults="1", girls="4")
    page = client.page(address)
    form = page.form_values(page.one("form", id="hold"))
    press(second, "/availability", "hold", lost)

    response = client.post("/holds", data=form | {"refer": lost.id})

    gone = Page(response.get_data(as_text=True))
    assert (response.status_code, gone.h1) == (409, "Somebody was faster")
    assert gone.link("Marigold House") == f"/services/{lost.service_id}"
    assert "Room 2" not in gone.html
    assert buttons(gone) == [other.id]
    again = gone.form_values(gone.one("form", id="hold"))
    assert again["link"] == form["link"]
    assert gone.link("All results of the same search") == address
    assert again["key"] != form["key"]
    assert client.post("/holds", data=again | {"refer": other.id}).status_code == 303


def test_nothing_else_is_free(client: PageClient, second: PageClient, sign_in: SignIn, session: Session) -> None:
    lost = factories.unit(session)
    sign_in()
    page = client.page("/availability")
    press(second, "/availability", "hold", lost)

    response = client.post("/holds", data=page.form_values(page.one("form", id="hold")) | {"hold": lost.id})

    assert "No other space is sure to suit everybody" in Page(response.text).text


def test_a_space_that_was_closed_meanwhile_has_gone_too(client: PageClient, sign_in: SignIn, session: Session) -> None:
    lost = factories.unit(session, factories.service(session, name="Marigold House"))
    other = factories.unit(session, factories.service(session, name="Neem House"))
    sign_in()
    page = client.page(search_link(client, near="Hackney", adults="1", girls="4"))
    lost.state = UnitState.CLOSED
    session.flush()

    response = client.post("/holds", data=page.form_values(page.one("form", id="hold")) | {"refer": lost.id})

    gone = Page(response.text)
    assert (response.status_code, gone.h1) == (409, "This space has gone")
    assert gone.link("Marigold House") == f"/services/{lost.service_id}"
    assert buttons(gone) == [other.id]


def test_a_held_space_says_so_and_has_no_button(
    client: PageClient, second: PageClient, sign_in: SignIn, session: Session
) -> None:
    unit = factories.unit(session)
    press(second, "/availability", "hold", unit)
    sign_in()

    for path in (f"/services/{unit.service_id}", search_link(client, near="Hackney")):
        page = client.page(path)
        assert "Held for somebody at the moment" in page.text
        assert buttons(page) == []
    assert "1 unit occupied, held or not confirmed." in client.page("/availability").text


def test_nobody_hoards(client: PageClient, sign_in: SignIn, session: Session) -> None:
    units = [factories.unit(session) for _ in range(4)]
    sign_in()
    for unit in units[:3]:
        press(client, "/availability", "hold", unit)

    response = press(client, "/availability", "hold", units[3])

    page = Page(response.text)
    assert (response.status_code, page.h1) == (409, "You have 3 holds already")
    assert [text_of(button)[:7] for button in page.all("button", page.one("main"))] == ["Release"] * 3
    action = page.all("form", page.one("main"))[0]
    client.post(action.get("action", ""), data=page.form_values(action))
    assert press(client, "/availability", "hold", units[3]).status_code == 303


def test_a_hold_is_extended_once(client: PageClient, sign_in: SignIn, session: Session, clock: Clock) -> None:
    unit = factories.unit(session)
    sign_in()
    address = press(client, "/availability", "hold", unit).headers["Location"]
    clock.advance(minutes=50)

    page = client.submit(address, {}, form=f"{address}/extend")
    again = client.post(f"{address}/extend", data={"csrf_token": page.all("input", name="csrf_token")[0].get("value")})

    assert page.h1 == "Held for you until 4:50am"
    assert "Extended. The space is held for you until 4:50am." in page.text
    assert not page.all("form", action=f"{address}/extend")
    assert again.headers["Location"] == address
    assert client.page(address).h1 == "Held for you until 4:50am"


def test_a_hold_is_released(client: PageClient, sign_in: SignIn, session: Session) -> None:
    unit = factories.unit(session, factories.service(session, name="Marigold House"))
    sign_in()
    address = press(client, "/availability", "hold", unit).headers["Location"]

    page = client.submit(address, {}, form=f"{address}/release")

    assert page.h1 == "My holds"
    assert "Released. Others can have the space now." in page.text
    assert "You released it" in page.text
    assert client.page(address).h1 == "You released this hold"
    assert buttons(client.page("/availability")) == [unit.id]


def test_when_it_runs_out_the_page_turns_by_itself(
    client: PageClient, sign_in: SignIn, session: Session, clock: Clock
) -> None:
    unit = factories.unit(session)
    sign_in()
    address = press(client, "/availability", "hold", unit).headers["Location"]
    began = clock()

    # As a browser does that knows no script; the session goes on for as long as it does that.
    while wait := client.get(address).headers.get("Refresh"):
        clock.advance(seconds=int(wait))
    page = client.page(address)

    assert timedelta(0) <= clock() - began - timedelta(hours=2) <= timedelta(seconds=1)
    assert page.h1 == "This hold has run out"
    assert "The space is not kept. Do not send anybody there." in text_of(page.one(class_="app-run-out"))
    assert page.link("Search again") == "/search"
    assert "It ran out" in client.page("/holds").text
    assert buttons(client.page("/availability")) == [unit.id]


def test_my_holds(client: PageClient, sign_in: SignIn, session: Session, clock: Clock) -> None:
    first = factories.unit(session, factories.service(session, name="Marigold House"), name="Room 2")
    second = factories.unit(session, factories.service(session, name="Neem House"))
    sign_in()
    assert "No space is held for you now." in client.page("/holds").text
    press(client, "/availability", "hold", first)
    for _ in range(3):
        clock.advance(minutes=50)
        client.page("/holds")
    press(client, "/availability", "hold", second)

    page = client.page("/holds")

    lines = [text_of(item) for item in page.all("li", page.one("main"))]
    assert [line.partition(" House")[0] for line in lines] == ["Neem", "Marigold"]
    assert "Held until 6:30am" in lines[0]
    assert "It ran out" in lines[1]
    assert "Room 2" not in page.html
    assert "bedspace" not in page.html
    assert {first.id, second.id} & set(re.findall(r"unit-\d+", page.html)) == set()
    clock.advance(hours=25)
    sign_in(user=session.get(User, session.scalars(select(Hold.held_by)).first()))
    assert "Marigold" not in client.page("/holds").text


@pytest.mark.parametrize("more", ["", "/extend", "/release"])
def test_other_peoples_holds_are_not_there(
    client: PageClient, second: PageClient, sign_in: SignIn, session: Session, app: Flask, more: str
) -> None:
    address = press(second, "/availability", "hold", factories.unit(session)).headers["Location"]
    sign_in()
    app.config["WTF_CSRF_ENABLED"] = False

    assert (client.post(address + more) if more else client.get(address)).status_code == 404


@pytest.mark.parametrize(
    ("outcome", "heading"),
    [
        (HoldOutcome.ENDED_BY_PROVIDER, "The service has ended this hold"),
        (HoldOutcome.PLACED, "This space has been taken"),
    ],
)
def test_holds_that_others_ended(
    client: PageClient, sign_in: SignIn, session: Session, now: datetime, outcome: HoldOutcome, heading: str
) -> None:
    refuge = factories.service(session, phone="020 7946 0460")
    sign_in()
    address = press(client, f"/services/{refuge.id}", "hold", factories.unit(session, refuge)).headers["Location"]
    hold = session.scalars(select(Hold)).one()
    hold.unit_id, hold.ended_at, hold.outcome = None, now, outcome
    session.flush()

    page = client.page(address)

    assert page.h1 == heading
    assert page.link("Call 020 7946 0460") == "tel:+442079460460"
    assert bool(page.all(class_="app-run-out")) == (outcome is HoldOutcome.ENDED_BY_PROVIDER)


def test_a_hold_of_a_referral_cannot_be_changed_here(
    client: PageClient, sign_in: SignIn, session: Session, now: datetime, app: Flask
) -> None:
    sign_in()
    address = press(client, "/availability", "hold", factories.unit(session)).headers["Location"]
    hold = session.scalars(select(Hold)).one()
    hold.for_referral, hold.expires_at = True, now + timedelta(hours=20)
    session.flush()

    page = client.page(address)

    assert page.h1 == "Held for you until 22 November 2026 at 10pm"
    assert "held for the referral" in page.text
    assert not page.all("form", page.one("main"))
    app.config["WTF_CSRF_ENABLED"] = False
    for more in ("/extend", "/release"):
        assert client.post(address + more).headers["Location"] == address
    assert hold.ended_at is None


@pytest.mark.parametrize(
    ("outcome", "heading", "says", "line"),
    [
        (
            HoldOutcome.RELEASED,
            "This hold has ended with your referral",
            "Do not send anybody there.",
            "It ended with your referral.",
        ),
        (HoldOutcome.PLACED, "This space has been taken", "She has arrived", "The space was taken."),
        (HoldOutcome.EXPIRED, "This hold has run out", "Do not send anybody there.", "It ran out."),
    ],
)
def test_what_became_of_a_hold_of_a_referral(
    client: PageClient,
    sign_in: SignIn,
    session: Session,
    clock: Clock,
    outcome: HoldOutcome,
    heading: str,
    says: str,
    line: str,
) -> None:
    """A service that declined has released it, and not the person who is looking."""
    sign_in()
    address = press(client, "/availability", "hold", factories.unit(session)).headers["Location"]
    hold = session.scalars(select(Hold)).one()
    hold.for_referral, hold.expires_at = True, clock() + timedelta(minutes=20)
    session.flush()
    assert client.page(address).link("See your referrals") == "/referrals"
    clock.advance(minutes=20)
    hold.unit_id, hold.ended_at, hold.outcome = None, clock(), outcome
    session.flush()

    page = client.page(address)

    assert page.h1 == heading
    assert says in page.text
    assert "You released" not in page.text
    assert line in client.page("/holds").text


def test_holding_leaves_no_unit_in_any_log_audit_or_address(
    client: PageClient, sign_in: SignIn, session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    unit = factories.unit(session, id="the-unit-itself")
    sign_in()
    address = press(client, "/availability", "hold", unit).headers["Location"]
    client.submit(address, {}, form=f"{address}/extend")
    client.submit(address, {}, form=f"{address}/release")

    told = [capsys.readouterr().err, address, *session.scalars(select(AuditEntry.details))]

    assert [text for text in told if "the-unit-itself" in text] == []
    assert "POST" in told[0]
    assert len(told) >= 5


def test_nothing_that_is_seen_tells_a_ringfence(
    client: PageClient, second: PageClient, sign_in: SignIn, session: Session
) -> None:
    """Rule 3. The same unit, once with a ring-fence and once without: each page says the same, but for references."""
    refuge = factories.service(session, accepts_nrpf=AcceptsNrpf.YES)
    unit = factories.unit(session, refuge)
    factories.unit(session, factories.service(session, accepts_nrpf=AcceptsNrpf.YES))
    factories.unit(session, ringfence=RingFence.NRPF)
    sign_in()

    told = []
    for ringfence in RingFence:
        unit.ringfence = ringfence
        session.flush()
        address = press(client, f"/services/{refuge.id}", "hold", unit).headers["Location"]
        seen = [
            late(second, unit).text,
            second.page(f"/services/{refuge.id}").html,
            client.page(address).html,
            client.submit(address, {}, form=f"{address}/release").html,
            client.page(address).html,
        ]
        told.append([without_references(html, address) for html in seen])
        clear(session)

    assert told[0] == told[1]


def late(client: PageClient, unit: Unit) -> TestResponse:
    """Send what a page that was open for long sends: the unit has gone meanwhile."""
    page = client.page("/holds")
    token = page.all("input", name="csrf_token")[0].get("value", "")
    return client.post("/holds", data={"csrf_token": token, "key": "late", "hold": unit.id})


def without_references(html: str, address: str) -> str:
    """A page without what is random in each: tokens, nonces, and this hold's own reference."""
    html = html.replace(address.rpartition("/")[2], "HOLD")
    html = re.sub(r'nonce="[^"]*"', "", html)
    return re.sub(r'name="(csrf_token|key)" value="[^"]*"', "", html)


def clear(session: Session) -> None:
    for hold in session.scalars(select(Hold)):
        session.delete(hold)
    session.flush()


def test_services_without_units_have_nothing_to_hold(client: PageClient, sign_in: SignIn, session: Session) -> None:
    factories.service(session, kind=ServiceKind.HELPLINE)
    sign_in()

    assert buttons(client.page(search_link(client, near="Hackney"))) == []


def test_the_countdown_is_told_aloud_by_a_status(client: PageClient, sign_in: SignIn, session: Session) -> None:
    sign_in()
    page = client.page(press(client, "/availability", "hold", factories.unit(session)).headers["Location"])

    assert page.one(data_module="hold-countdown").get("data-seconds") == "7200"
    assert page.one(data_hold_announce="").get("role") == "status"
