"""Commissioners answer proposals, approve their own edits, change statuses, restore versions; corrections come in."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.capacity.files import RowEdit, edit_catalogue
from directory.catalogue.versions.models import ChangeKind
from tests import factories
from tests.editing.world import SERVICE, UNIT, World, make_world
from tests.factories.referrals import referral
from tests.support.html import Page
from tests.support.pages import PageClient
from tests.web.editing_world import differences, propose_page, user_of

SignIn = Callable[..., User]
QUEUE = "/manage/proposals"


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    """A refuge with one ring-fenced unit, and those who have to do with it."""
    return make_world(session, now)


def test_the_queue_holds_what_waits_the_oldest_first(
    client: PageClient, sign_in: SignIn, session: Session, world: World
) -> None:
    sign_in(user=user_of(session, world, "commissioner"))
    assert "Nothing waits for you" in client.page(QUEUE).text
    world.propose({"phone": "020 7946 0555"})
    world.correct("hours", "Mo-Fr 09:00-17:00")
    session.commit()

    page = client.page(QUEUE)

    assert "2 proposals wait, the oldest first." in page.text
    assert page.text.index("Edit Phone · Rowan Collective") < page.text.index(
        "Suggested correction Correction: Opening"
    )
    assert "a provider" in page.text
    assert "a police officer" in page.text


def test_a_commissioner_approves_what_was_looked_at(
    client: PageClient, sign_in: SignIn, session: Session, world: World
) -> None:
    made = world.propose({"description": "A house with a large garden, for women and their children."})
    session.commit()
    sign_in(user=user_of(session, world, "commissioner"))

    page = client.page(f"{QUEUE}/{made.id}")
    assert "added: large" in differences(page)["Description"]["Wanted"]
    assert "taken out" in differences(page)["Description"]["Was"] or "added" in page.text
    page = client.submit(f"{QUEUE}/{made.id}", {}, form="approve")

    assert page.h1 == "Proposals"
    assert "Approved." in page.text
    assert world.says("description").startswith("A house with a large garden")
    assert "large garden" in client.page(f"/services/{world.service.id}").text
    again = client.post(f"{QUEUE}/{made.id}/approve", data=_token(client, "/manage/listings"))
    assert again.status_code == 409


@pytest.mark.parametrize("action", ["return", "reject"])
def test_a_no_needs_a_comment_and_is_told(
    client: PageClient, sign_in: SignIn, session: Session, world: World, action: str
) -> None:
    made = world.propose({"phone": "020 7946 0555"})
    session.commit()
    sign_in(user=user_of(session, world, "commissioner"))
    page = client.page(f"{QUEUE}/{made.id}")
    form = next(form for form in page.all("form", page.one("main")) if form.get("id") == "answer")
    values = page.form_values(form)

    refused = client.post(f"{QUEUE}/{made.id}/{action}", data=values)
    done = client.post(f"{QUEUE}/{made.id}/{action}", data=values | {"comment": "Whose number is it?"})

    assert refused.status_code == 422
    assert Page(refused.text).field_errors()
    assert done.status_code == 303
    assert "Whose number is it?" in client.page(f"{QUEUE}/{made.id}").text
    assert world.says("phone") == "020 7946 0000"


def test_a_comment_about_a_person_is_stopped_and_kept_in_the_form(
    client: PageClient, sign_in: SignIn, session: Session, world: World
) -> None:
    made = world.propose({"phone": "020 7946 0555"})
    session.commit()
    sign_in(user=user_of(session, world, "commissioner"))

    page = client.submit(f"{QUEUE}/{made.id}", {"comment": "Her visa was refused."}, form="answer", status=422)

    assert "immigration status" in " ".join(page.field_errors())
    assert "Her visa was refused." in page.html


def test_what_changed_meanwhile_is_shown_before_it_is_approved(
    client: PageClient, sign_in: SignIn, session: Session, world: World
) -> None:
    made = world.propose({"phone": "020 7946 0555"})
    session.commit()
    sign_in(user=user_of(session, world, "commissioner"))
    page = client.page(f"{QUEUE}/{made.id}")
    seen = page.form_values(next(form for form in page.all("form") if form.get("id") == "approve"))
    _change_directly(world, {"phone": "020 7946 0777"})
    session.commit()

    response = client.post(f"{QUEUE}/{made.id}/approve", data=seen)

    assert response.status_code == 409
    shown = Page(response.text)
    assert "The listing has changed since you opened this page" in shown.text
    assert "0777" in differences(shown)["Phone Changed since"]["Says now"]
    assert world.says("phone") == "020 7946 0777"
    client.submit(f"{QUEUE}/{made.id}", {}, form="approve")
    assert world.says("phone") == "020 7946 0555"


def test_a_new_listing_shows_what_it_may_be_the_same_as(
    client: PageClient, sign_in: SignIn, session: Session, world: World
) -> None:
    sign_in(user=user_of(session, world, "commissioner"))

    propose_page(
        client, "/listings/organisations/new", {"name": "Rowan Colective", "by_and_for": "no", "phone": "020 7946 0001"}
    )
    page = client.page(client.page(QUEUE).link("Rowan Colective"))

    assert "It may be in the directory already" in page.text
    assert page.link("Rowan Collective") == f"/organisations/{world.organisation.id}"


def test_a_commissioner_saves_and_approves_at_once(
    client: PageClient, sign_in: SignIn, session: Session, world: World
) -> None:
    sign_in(user=user_of(session, world, "commissioner"))
    address = f"/listings/units/{world.unit.id}/edit"
    form = client.page(address)
    values = form.form_values(form.one("form", form.one("main")))
    assert values["programme"] == ["LDN-SAFE-2026"]

    response = client.post(address, data=values | {"bedspaces": "5", "approve": "yes"}, follow_redirects=True)

    assert "Saved and approved" in response.text
    assert world.says("bedspaces", UNIT, world.unit.id) == "5"
    assert world.says("programme", UNIT, world.unit.id) == "LDN-SAFE-2026"


def test_a_provider_cannot_approve_by_sending_the_word(
    client: PageClient, sign_in: SignIn, session: Session, world: World
) -> None:
    sign_in(user=user_of(session, world, "provider"))
    address = f"/listings/services/{world.service.id}/edit"
    form = client.page(address)
    values = form.form_values(form.one("form", form.one("main")))

    response = client.post(address, data=values | {"phone": "020 7946 0555", "approve": "yes"}, follow_redirects=True)

    assert "Sent to the commissioner" in response.text
    assert world.says("phone") == "020 7946 0000"


def test_what_others_had_proposed_is_looked_at_before_it_is_approved(
    client: PageClient, sign_in: SignIn, session: Session, world: World
) -> None:
    world.propose({"phone": "020 7946 0555", "hours": "Mo-Fr 09:00-17:00"})
    session.commit()
    sign_in(user=user_of(session, world, "commissioner"))
    address = f"/listings/services/{world.service.id}/edit"
    form = client.page(address)
    values = form.form_values(form.one("form", form.one("main")))

    response = client.post(address, data=values | {"phone": "020 7946 0888", "approve": "yes"}, follow_redirects=True)

    page = Page(response.text)
    assert "Look at all of it before you approve it" in page.text
    assert set(differences(page)) == {"Phone", "Opening hours"}
    assert world.says("phone") == "020 7946 0000"


def test_publishing_says_what_is_missing(client: PageClient, sign_in: SignIn, session: Session, world: World) -> None:
    draft = factories.service(session, world.organisation, name="Rowan advice", status="draft", phone="", hours="")
    session.commit()
    sign_in(user=user_of(session, world, "commissioner"))

    page = client.page(f"/listings/services/{draft.id}/status/published")

    assert "It cannot be published yet." in page.text
    assert page.all("form", page.one("main")) == []
    edit = f"/listings/services/{draft.id}/edit#"
    assert [link for link in page.all("a", page.one("main")) if link.get("href", "").startswith(edit)]


def test_a_listing_is_suspended_and_published_again(
    client: PageClient, sign_in: SignIn, session: Session, world: World
) -> None:
    sign_in(user=user_of(session, world, "commissioner"))
    address = f"/listings/services/{world.service.id}/status"
    assert client.page(address).link("Suspend") == f"{address}/suspended"

    page = client.submit(f"{address}/suspended", {}, form="status")

    assert "Rowan House is suspended." in page.text
    assert world.says("status") == "suspended"
    client.submit(f"{address}/published", {}, form="status")
    assert world.says("status") == "published"


def test_a_status_is_not_given_unseen(client: PageClient, sign_in: SignIn, session: Session, world: World) -> None:
    sign_in(user=user_of(session, world, "commissioner"))
    address = f"/listings/services/{world.service.id}/status/suspended"
    page = client.page(address)
    values = page.form_values(page.one("form", page.one("main")))
    world.approve(world.propose({"phone": "020 7946 0555"}).id)
    session.commit()

    response = client.post(address, data=values)

    assert response.status_code == 409
    assert "Somebody has changed it after you opened this page" in response.text
    assert world.says("status") == "published"


def test_a_listing_with_open_referrals_cannot_be_withdrawn(
    client: PageClient, sign_in: SignIn, session: Session, app: Flask, world: World, now: datetime
) -> None:
    advice = factories.service(
        session, world.organisation, kind="advocacy", referral_email="advice@example.org", response_target_minutes=60
    )
    referral(session, app.extensions["keystore"], user_of(session, world, "officer"), [advice], now)
    sign_in(user=user_of(session, world, "commissioner"))

    for kind, listing_id in (("services", advice.id), ("organisations", world.organisation.id)):
        address = f"/listings/{kind}/{listing_id}/status/withdrawn"
        page = client.page(address)
        assert "It cannot be withdrawn: 1 referral is open." in page.text
        refused = client.post(address, data=_token(client, f"/listings/{kind}/{listing_id}/edit") | {"number": "0"})
        assert refused.status_code == 409
    assert world.says("status", SERVICE, advice.id) == "published"


def test_units_have_no_status_of_their_own(client: PageClient, sign_in: SignIn, session: Session, world: World) -> None:
    sign_in(user=user_of(session, world, "commissioner"))

    assert client.get(f"/listings/units/{world.unit.id}/status").status_code == 404


def test_an_earlier_version_is_restored(client: PageClient, sign_in: SignIn, session: Session, world: World) -> None:
    world.approve(world.propose({"phone": "020 7946 0222"}).id)
    session.commit()
    sign_in(user=user_of(session, world, "commissioner"))
    address = f"/listings/services/{world.service.id}/versions"
    asked = client.page(client.page(f"{address}/1").link("Restore this version"))
    assert list(differences(asked)) == ["Phone"]

    page = client.submit(f"{address}/1/restore", {}, form="restore")

    assert "Version 1 is restored." in page.text
    assert "An earlier version was restored by you" in page.text
    assert world.says("phone") == "020 7946 0000"
    nothing_new = client.post(f"{address}/1/restore", data=_token(client, f"{address}/2/restore"))
    assert nothing_new.status_code == 409


def test_anybody_suggests_a_correction(client: PageClient, sign_in: SignIn, session: Session, world: World) -> None:
    sign_in(user=user_of(session, world, "officer"))
    listing = client.page(f"/services/{world.service.id}")
    fields = client.page(listing.link("Suggest a correction to Rowan House"))
    assert "Phone 020 7946 0000 Correct Phone" in fields.text

    form = client.page(fields.link("Correct Phone"))
    assert "Do not write anything about a person you support." in form.text
    page = propose_page(client, fields.link("Correct Phone"), {"phone": "020 7946 0321", "explanation": "I rang it."})

    assert page.h1 == "Thank you"
    assert world.says("phone") == "020 7946 0000"
    mine = client.page("/proposals")
    assert "Correction: Phone" in mine.text
    assert "0321" in client.page(mine.link("Rowan House")).text


def test_a_correction_about_a_person_is_stopped(
    client: PageClient, sign_in: SignIn, session: Session, world: World
) -> None:
    sign_in(user=user_of(session, world, "officer"))
    address = f"/listings/services/{world.service.id}/correct/description"

    page = propose_page(client, address, {"description": "Call Mrs Fatima Begum there."}, status=422)

    assert "looks like somebody" in " ".join(page.field_errors())
    assert "Call Mrs Fatima Begum there." in page.html


def test_a_correction_of_what_was_changed_meanwhile_is_asked_again(
    client: PageClient, sign_in: SignIn, session: Session, world: World
) -> None:
    sign_in(user=user_of(session, world, "officer"))
    address = f"/listings/services/{world.service.id}/correct/phone"
    page = client.page(address)
    values = page.form_values(page.one("form", page.one("main"))) | {"phone": "020 7946 0321"}
    _change_directly(world, {"phone": "020 7946 0777"})
    session.commit()

    response = client.post(address, data=values)

    assert response.status_code == 409
    shown = Page(response.text)
    assert "Somebody has changed this meanwhile" in shown.text
    assert "020 7946 0777" in shown.text
    sent = client.post(address, data=shown.form_values(shown.one("form", shown.one("main"))))
    assert sent.status_code == 303


@pytest.mark.parametrize("column", ["status", "programme", "organisation-id", "nothing"])
def test_what_is_not_to_be_corrected_is_not_there(
    client: PageClient, sign_in: SignIn, session: Session, world: World, column: str
) -> None:
    sign_in(user=user_of(session, world, "officer"))

    assert client.get(f"/listings/services/{world.service.id}/correct/{column}").status_code == 404


def test_drafts_and_units_cannot_be_corrected(
    client: PageClient, sign_in: SignIn, session: Session, world: World
) -> None:
    draft = factories.service(session, world.organisation, status="draft")
    sign_in(user=user_of(session, world, "officer"))

    assert client.get(f"/listings/services/{draft.id}/correct").status_code == 404
    assert client.get(f"/listings/units/{world.unit.id}/correct").status_code == 404


def test_whoever_keeps_a_listing_is_led_to_its_form(
    client: PageClient, sign_in: SignIn, session: Session, world: World
) -> None:
    sign_in(user=user_of(session, world, "provider"))

    page = client.page(f"/services/{world.service.id}")

    assert page.link("Edit Rowan House") == f"/listings/services/{world.service.id}/edit"
    assert "Suggest a correction" not in page.text
    assert "Status of" not in page.text
    assert client.page(f"/organisations/{world.organisation.id}").link("Edit Rowan Collective")


def _change_directly(world: World, wanted: dict[str, str]) -> None:
    """Somebody else's change that folds no proposal in."""
    edit = RowEdit(SERVICE, world.service.id, wanted)
    edit_catalogue(world.session, [edit], world.now, kind=ChangeKind.UPLOAD, made_by=world.commissioner.reference)


def _token(client: PageClient, path: str) -> dict[str, str]:
    page = client.page(path)
    return {"csrf_token": page.all("input", name="csrf_token")[0].get("value", "")}
