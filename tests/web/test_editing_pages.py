"""A provider's listings, the form with which they are edited, and what becomes of a proposal."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.editing.reviewing import reject, return_for_changes
from tests import factories
from tests.editing.world import UNIT, World, make_world
from tests.support.html import Page, text_of
from tests.support.pages import PageClient
from tests.web.editing_world import another_provider, differences, propose_page, user_of

SignIn = Callable[..., User]


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    """A refuge with one ring-fenced unit, and those who have to do with it."""
    return make_world(session, now)


def service_form(world: World) -> str:
    """The address of the service's form."""
    return f"/listings/services/{world.service.id}/edit"


def test_a_provider_sees_what_it_keeps(client: PageClient, sign_in: SignIn, session: Session, world: World) -> None:
    world.correct("phone", "020 7946 0999")
    factories.service(session, world.organisation, name="Rowan advice", kind="advocacy", status="draft")
    factories.service(session, name="Somebody else’s")
    sign_in(user=user_of(session, world, "provider"))

    page = client.page("/provider/listings")

    assert "Rowan House" in page.text
    assert "1 proposal waits for the commissioner" in page.text
    assert "Ring-fenced: yes" in page.text
    assert "Draft Advocacy" in page.text
    assert "Somebody else" not in page.text
    assert "LDN-SAFE" not in page.html


def test_an_edit_waits_and_the_published_listing_stays(
    client: PageClient, sign_in: SignIn, session: Session, world: World
) -> None:
    sign_in(user=user_of(session, world, "provider"))

    page = propose_page(client, service_form(world), {"phone": "020 7946 0555", "explanation": "A new line."})

    assert page.h1 == "Sent to the commissioner"
    assert "The published listing stays as it is until then" in page.text
    assert world.says("phone") == "020 7946 0000"
    assert "020 7946 0555" not in client.page(f"/services/{world.service.id}").text
    mine = client.page("/proposals")
    assert "Rowan House Waiting for the commissioner Phone" in mine.text
    proposal = client.page(mine.link("Rowan House"))
    assert differences(proposal)["Phone"] == {
        "Was": "020 7946 taken out: 0000, end of what was taken out",
        "Wanted": "020 7946 added: 0555, end of what was added",
    }
    assert "A new line." in proposal.text


def test_lists_are_ticked_and_other_languages_are_typed(
    client: PageClient, sign_in: SignIn, session: Session, world: World
) -> None:
    sign_in(user=user_of(session, world, "provider"))

    propose_page(
        client,
        service_form(world),
        {"needs": ["domestic-abuse", "housing"], "other_languages": "Tigrinya, somali", "areas": ["london"]},
    )

    mine = client.page(client.page("/proposals").link("Rowan House"))
    assert set(differences(mine)) == {"Needs that it meets", "Languages"}
    assert "Somali" in differences(mine)["Languages"]["Wanted"]
    assert "Tigrinya" in differences(mine)["Languages"]["Wanted"]


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    client: PageClient, sign_in: SignIn, session: Session, world: World
) -> None:
    sign_in(user=user_of(session, world, "provider"))

    page = propose_page(
        client,
        service_form(world),
        {"name": "", "phone": "nonsense", "hours": "whenever", "min_age": "ten", "description": "Brand new words."},
        status=422,
    )

    errors = " ".join(page.field_errors())
    for label in ("Name", "Phone", "Opening hours", "Youngest age"):
        assert f"{label}:" in errors
    assert "nonsense" in page.html
    assert "Brand new words." in page.html
    assert "Oldest age" not in errors


def test_a_language_that_nobody_knows_is_refused(
    client: PageClient, sign_in: SignIn, session: Session, world: World
) -> None:
    sign_in(user=user_of(session, world, "provider"))

    page = propose_page(client, service_form(world), {"other_languages": "Elvish"}, status=422)

    assert page.field_errors() == ["“Elvish” is not the English name of a language that the directory knows"]


def test_without_a_change_nothing_is_sent(client: PageClient, sign_in: SignIn, session: Session, world: World) -> None:
    sign_in(user=user_of(session, world, "provider"))

    page = propose_page(client, service_form(world), {}, status=422)

    assert page.field_errors() == ["You have not changed anything"]


def test_other_organisations_listings_are_not_there(
    client: PageClient, sign_in: SignIn, session: Session, world: World
) -> None:
    sign_in(user=another_provider(session))

    for kind, listing_id in (
        ("organisations", world.organisation.id),
        ("services", world.service.id),
        ("units", world.unit.id),
    ):
        for page in ("edit", "versions"):
            assert client.get(f"/listings/{kind}/{listing_id}/{page}").status_code == 404
    assert client.get(f"/listings/units/new?owner={world.service.id}").status_code == 404


def test_a_provider_reads_the_ring_fence_and_never_the_programme(
    client: PageClient, sign_in: SignIn, session: Session, world: World
) -> None:
    made = world.propose({"programme": "", "name": "Room 2"}, world.commissioner, kind=UNIT, listing_id=world.unit.id)
    world.approve(made.id)
    session.commit()
    sign_in(user=user_of(session, world, "provider"))

    page = client.page(f"/listings/units/{world.unit.id}/edit")

    assert "Ring-fence No recourse to public funds" in page.text
    assert page.all("input", name="ringfence") == []
    for path in (
        "/provider/listings",
        f"/listings/units/{world.unit.id}/versions",
        "/proposals",
        f"/proposals/{made.id}",
    ):
        response = client.get(path)
        assert response.status_code == 200
        assert "LDN-SAFE" not in response.text
        assert "Programme" not in response.text
    assert "LDN-SAFE" not in page.html


def test_a_returned_proposal_is_changed_and_sent_again(
    client: PageClient, sign_in: SignIn, session: Session, world: World, now: datetime
) -> None:
    first = world.propose({"phone": "020 7946 0555"})
    return_for_changes(session, first.id, "Is it for anybody?", world.commissioner, now)
    session.commit()
    sign_in(user=user_of(session, world, "provider"))

    proposal = client.page(f"/proposals/{first.id}")
    assert "Is it for anybody?" in proposal.text
    form = client.page(proposal.link("Change it and send it again"))
    assert form.one("input", name="phone").get("value") == "020 7946 0555"
    assert "The commissioner asked for changes: Is it for anybody?" in form.text
    page = propose_page(client, proposal.link("Change it and send it again"), {"phone": "020 7946 0556"})

    assert page.h1 == "Sent to the commissioner"
    assert "Part of a newer proposal" in client.page(f"/proposals/{first.id}").text


def test_a_proposal_is_taken_back_once(client: PageClient, sign_in: SignIn, session: Session, world: World) -> None:
    made = world.propose({"phone": "020 7946 0555"})
    session.commit()
    sign_in(user=user_of(session, world, "provider"))

    page = client.submit(f"/proposals/{made.id}", {}, form="take-back")

    assert "You have taken your proposal back" in page.text
    assert client.post(f"/proposals/{made.id}/withdraw", data=_token(client)).status_code == 409


def test_a_rejected_proposal_says_why(
    client: PageClient, sign_in: SignIn, session: Session, world: World, now: datetime
) -> None:
    made = world.propose({"phone": "020 7946 0555"})
    reject(session, made.id, "That line is closed.", world.commissioner, now)
    session.commit()
    sign_in(user=user_of(session, world, "provider"))

    page = client.page(f"/proposals/{made.id}")

    assert "Rejected" in page.text
    assert "That line is closed." in page.text
    assert page.all("form", page.one("main")) == []


def test_two_people_at_once_choose_and_lose_nothing(
    client: PageClient, sign_in: SignIn, session: Session, world: World
) -> None:
    sign_in(user=user_of(session, world, "provider"))
    form = client.page(service_form(world))
    mine = form.form_values(form.one("form", form.one("main"))) | {
        "phone": "020 7946 0111",
        "description": "My words.",
    }
    world.approve(world.propose({"phone": "020 7946 0222", "hours": "Mo 09:00-17:00"}, world.colleague).id)
    session.commit()

    response = client.post(service_form(world), data=mine)

    assert response.status_code == 409
    conflict = Page(response.text)
    assert list(differences(conflict)) == ["Phone"]
    assert "0222" in differences(conflict)["Phone"]["Theirs: what it says now"]
    assert "0111" in differences(conflict)["Phone"]["Yours"]
    sent = conflict.form_values(conflict.one("form", conflict.one("main")))
    unanswered = client.post(service_form(world), data=sent)
    assert unanswered.status_code == 422
    assert Page(unanswered.text).field_errors() == ["Choose whose words to keep"]
    back = Page(client.post(service_form(world), data=sent | {"back": "yes"}).text)
    assert back.one("input", name="phone").get("value") == "020 7946 0111"
    assert "My words." in back.html
    done = client.post(service_form(world), data=sent | {"keep_phone": "theirs"}, follow_redirects=True)
    assert Page(done.text).h1 == "Sent to the commissioner"
    newest = client.page(client.page("/proposals").all("a", class_="govuk-!-font-weight-bold")[0].get("href", ""))
    # Hours, which somebody else changed alone, stay as they are by now.
    assert list(differences(newest)) == ["Description"]


def test_mine_is_sent_where_mine_is_chosen(client: PageClient, sign_in: SignIn, session: Session, world: World) -> None:
    sign_in(user=user_of(session, world, "provider"))
    form = client.page(service_form(world))
    mine = form.form_values(form.one("form", form.one("main"))) | {"phone": "020 7946 0111"}
    world.approve(world.propose({"phone": "020 7946 0222"}, world.colleague).id)
    session.commit()
    conflict = Page(client.post(service_form(world), data=mine).text)
    sent = conflict.form_values(conflict.one("form", conflict.one("main")))

    done = client.post(service_form(world), data=sent | {"keep_phone": "yours"}, follow_redirects=True)

    assert "You proposed to change Rowan House: Phone." in Page(done.text).text


def test_a_service_and_a_unit_are_added(client: PageClient, sign_in: SignIn, session: Session, world: World) -> None:
    sign_in(user=user_of(session, world, "provider"))

    page = propose_page(
        client,
        "/listings/services/new",
        {"name": "Rowan advice", "kind": "advocacy", "needs": ["domestic-abuse"], "location_disclosure": "borough"},
    )
    assert "You proposed to add Rowan advice" in page.text
    page = propose_page(
        client,
        f"/listings/units/new?owner={world.service.id}",
        {"name": "Room 9", "bedspaces": "2", "max_adults": "1", "max_children": "1"},
    )

    assert "You proposed to add Room 9" in page.text
    listed = client.page("/proposals")
    assert "New unit" in listed.text
    again = client.page(client.page(listed.link("Rowan advice")).link("Change it and send it again"))
    assert again.one("input", name="name").get("value") == "Rowan advice"


def test_mistakes_in_a_new_listing_are_said_at_their_fields(
    client: PageClient, sign_in: SignIn, session: Session, world: World
) -> None:
    sign_in(user=user_of(session, world, "provider"))

    page = propose_page(client, "/listings/services/new", {"name": "Rowan advice"}, status=422)

    errors = " ".join(page.field_errors())
    assert "Kind of service:" in errors
    assert "Needs that it meets:" in errors
    assert page.one("input", name="name").get("value") == "Rowan advice"


def test_only_commissioners_add_organisations(
    client: PageClient, sign_in: SignIn, session: Session, world: World
) -> None:
    sign_in(user=user_of(session, world, "provider"))

    assert client.get("/listings/organisations/new").status_code == 404


def test_an_explanation_about_a_person_is_stopped(
    client: PageClient, sign_in: SignIn, session: Session, world: World
) -> None:
    sign_in(user=user_of(session, world, "provider"))

    page = propose_page(
        client,
        service_form(world),
        {"phone": "020 7946 0555", "explanation": "Her visa was refused."},
        status=422,
    )

    assert "immigration status" in " ".join(page.field_errors())
    assert "Her visa was refused." in page.html


def _token(client: PageClient) -> dict[str, str]:
    page = client.page("/provider/listings")
    return {"csrf_token": page.all("input", name="csrf_token")[0].get("value", "")}


@pytest.mark.parametrize(
    "path",
    ["/proposals/1", "/proposals/x", "/listings/nothing/x/edit", "/listings/services/nowhere/edit", "/proposals/²"],
)
def test_what_is_not_there_is_not_found(client: PageClient, sign_in: SignIn, session: Session, path: str) -> None:
    sign_in("provider")

    assert client.get(path).status_code == 404


def test_a_version_of_ones_own_listing(client: PageClient, sign_in: SignIn, session: Session, world: World) -> None:
    world.approve(world.propose({"phone": "020 7946 0222"}).id)
    world.approve(world.propose({"phone": "020 7946 0333"}, world.colleague).id)
    session.commit()
    sign_in(user=user_of(session, world, "provider"))
    address = f"/listings/services/{world.service.id}/versions"

    page = client.page(address)

    assert "Version 3, the newest A proposal was approved by a commissioner" in page.text
    assert "Changed: Phone" in page.text
    assert "020 7946 0222" in client.page(f"{address}/2").text
    assert "Restore" not in client.page(f"{address}/2").text
    compared = client.submit(address, {"older": "1", "newer": "3"}, form="compare")
    assert list(differences(compared)) == ["Phone"]
    assert text_of(compared.one("h1")) == "Rowan House: versions 1 and 3"
    assert client.get(f"{address}/9").status_code == 404
    assert client.get(f"{address}/2/restore").status_code == 403


@pytest.mark.parametrize(
    "hostile",
    [
        {"seen": '{"phone": "\\u0000", "needs": "\\ud800"}', "phone": "020 7946 0555"},
        {"seen": "[1, 2]", "phone": "020 7946 0555"},
        {"seen": "{", "phone": "020 7946 0555"},
        {"seen": '{"programme": "x", "status": "draft"}', "phone": "020 7946 0555"},
        {"needs": ["\x00"], "borough": "\x00", "kind": "\x00"},
        {"needs": ["nothing"], "areas": ["nowhere"], "genders": ["?"], "languages": ["xx"]},
        {"version": "99", "replaces": "77", "phone": "020 7946 0555"},
        {"version": "\x00", "phone": "020 7946 0555"},
        {"was": '{"phone": "x", "programme": "y"}', "keep_phone": "elsewhere"},
        {"status": "published", "programme": "X", "ringfence": "none", "phone": "020 7946 0555"},
        {"other_languages": "\x00, ; ,,"},
    ],
)
def test_what_somebody_makes_up_breaks_nothing(
    client: PageClient, sign_in: SignIn, session: Session, world: World, hostile: dict[str, str | list[str]]
) -> None:
    sign_in(user=user_of(session, world, "provider"))
    form = client.page(service_form(world))
    values = form.form_values(form.one("form", form.one("main")))

    response = client.post(service_form(world), data={**values, **hostile})

    assert response.status_code in (303, 404, 409, 422)
    assert world.says("status") == "published"
    assert world.says("phone") == "020 7946 0000"


def test_an_owner_that_nobody_has_is_not_found(
    client: PageClient, sign_in: SignIn, session: Session, world: World
) -> None:
    sign_in(user=user_of(session, world, "commissioner"))

    for address in ("units/new?owner=%00", "services/new?owner=nobody", "services/new", "units/new?proposal=99"):
        assert client.get(f"/listings/{address}").status_code == 404
