"""The search from form to results, as an officer's browser sees it; with no need in any address or log."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.capacity.models import RingFence, UnitState
from directory.catalogue.vocabulary import AcceptsNrpf, ServiceKind
from directory.common.changes import ChangeMark
from directory.models import Base
from tests import factories
from tests.support.clock import Clock
from tests.support.pages import PageClient

SignIn = Callable[..., User]


@pytest.fixture(autouse=True)
def terms(session: Session) -> None:
    factories.taxonomies(session)


def test_the_form_asks_little_and_says_what_is_forgotten(client: PageClient, sign_in: SignIn) -> None:
    sign_in()

    page = client.page("/search")

    assert page.h1 == "Find support"
    assert "A place that does not depend on public funds" in page.text
    assert "then forgotten" in page.text


def test_a_search_shows_who_fits_and_how_to_reach_them(client: PageClient, sign_in: SignIn, session: Session) -> None:
    refuge = factories.service(session, name="Marigold House", professional_phone="020 7946 0456")
    factories.unit(session, refuge, name="Room 2")
    sign_in()

    page = client.submit("/search", {"near": "e83pn", "adults": "1", "girls": "4", "boys": "7"})

    assert page.h1 == "1 service that fits"
    assert "1 adult and 2 children (girl 4, boy 7)" in page.text
    assert page.link("Marigold House") == f"/services/{refuge.id}"
    assert page.link("Call (professionals) 020 7946 0456 Marigold House") == "tel:+442079460456"
    assert "Space available" in page.text
    assert "Confirmed just now" in page.text


def test_the_question_stands_in_no_address_and_no_log(
    client: PageClient, sign_in: SignIn, capsys: pytest.CaptureFixture[str]
) -> None:
    sign_in()
    form = client.page("/search")
    values = form.form_values(form.one("form", form.one("main")))
    response = client.post("/search", data=values | {"near": "Southall", "adults": "3", "nrpf": "y", "need": "housing"})
    address = response.headers["Location"]
    client.get(address)
    log = capsys.readouterr().err

    assert response.status_code == 303
    assert '"route": "/search/<link>"' in log
    for word in ("outhall", "nrpf", "housing", "adults"):
        assert word not in address + log
    assert address.rsplit("/", 1)[1] not in log


def test_a_search_leaves_nothing_behind(client: PageClient, sign_in: SignIn, session: Session) -> None:
    """Rule 2 of the firewall: the answer to "a place that does not depend on public funds" is used and forgotten."""
    refuge = factories.service(session, accepts_nrpf=AcceptsNrpf.YES)
    factories.unit(session, refuge, ringfence=RingFence.NRPF)
    sign_in()

    before = everything(session)
    assert client.submit("/search", {"near": "Hackney", "adults": "1", "nrpf": "y"}).h1 == "1 service that fits"
    client.submit("/availability", {"adults": "1", "nrpf": "y"}, form="/availability")

    assert everything(session) == before
    session.execute(update(ChangeMark).values(token="nrpf"))
    assert everything(session) != before


def everything(session: Session) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, but for the gazetteer's."""
    gazetteer = {"postcodes", "postcode_sectors", "sector_boroughs", "named_places", "boroughs"}
    return {
        table.name: sorted(map(tuple, session.execute(select(table))), key=repr)
        for table in Base.metadata.sorted_tables
        if table.name not in gazetteer
    }


def test_errors_stand_beside_their_fields_and_keep_what_was_typed(client: PageClient, sign_in: SignIn) -> None:
    sign_in()

    page = client.submit(
        "/search", {"near": "Nowhere Land", "adults": "two", "girls": "4 and", "age": "1.5"}, status=422
    )

    assert page.h1 == "Find support"
    assert page.text.count("Adults must be a whole number from 1 to 20") == 2
    assert page.text.count("Ages of girls must be whole numbers with commas between, such as 4, 7") == 2
    assert page.text.count("Their age must be a whole number from 0 to 120") == 2
    values = page.form_values(page.one("form", page.one("main")))
    assert (values["near"], values["adults"], values["girls"]) == (["Nowhere Land"], ["two"], ["4 and"])


def test_a_name_of_two_places_is_asked_back(client: PageClient, sign_in: SignIn) -> None:
    sign_in()
    page = client.submit("/search", {"near": "Hayes"}, status=422)
    values = page.form_values(page.one("form", page.one("main")))

    response = client.post("/search", data=values | {"near_choice": "Hayes, Hillingdon"}, follow_redirects=True)

    assert "Near Hayes, Hillingdon" in response.get_data(as_text=True)


def test_a_typing_slip_is_put_right_and_said(client: PageClient, sign_in: SignIn) -> None:
    sign_in()

    page = client.submit("/search", {"near": "Southal"})

    assert "Showing Southall. You typed “Southal”." in page.text


def test_a_link_can_be_shown_to_a_colleague_and_expires(
    client: PageClient, sign_in: SignIn, session: Session, clock: Clock
) -> None:
    factories.service(session, kind=ServiceKind.HELPLINE)
    sign_in()
    page = client.submit("/search", {"near": "Hackney"})
    link = page.link("Change this search").removesuffix("/change")
    client.delete_cookie("directory")
    sign_in("advocate")

    assert client.page(link).h1 == "1 service that fits"
    clock.now += timedelta(minutes=30, seconds=1)
    assert client.page(link, status=410).h1 == "This search has expired"
    assert client.page(f"{link}/change", status=410).h1 == "This search has expired"
    assert client.page("/search/made-up", status=410).h1 == "This search has expired"


def test_a_search_can_be_changed(client: PageClient, sign_in: SignIn) -> None:
    sign_in()
    asked = {
        "near": ["Hackney"],
        "within": ["5"],
        "adults": ["2"],
        "boys": ["13"],
        "nrpf": ["y"],
        "need": ["coercive-control", "housing"],
        "avoid": [factories.EALING],
        "gender": ["woman"],
        "must": ["by_and_for"],
        "by_and_for": ["y"],
        "open_now": ["y"],
        "prefer_distance": ["far"],
    }
    page = client.submit("/search", {**asked})

    form = client.page(page.link("Change this search"))

    values = form.form_values(form.one("form", form.one("main")))
    assert {name: sorted(values.get(name, [])) for name in asked} == asked


def test_where_nothing_fits_the_page_still_helps(client: PageClient, sign_in: SignIn, session: Session) -> None:
    refuge = factories.service(session, name="Small House")
    factories.unit(session, refuge, max_children=0)
    factories.service(session, name="Night line", kind=ServiceKind.HELPLINE, areas=["uk"])
    sign_in()

    page = client.submit("/search", {"near": "Hackney", "adults": "1", "girls": "4", "kind": ["refuge"]})

    assert page.h1 == "Nothing fits all of this"
    assert "Missing: No unit that fits 1 adult and 1 child." in page.text
    assert "Night line" in page.text


def test_what_fits_only_if_funded_is_shown_apart(client: PageClient, sign_in: SignIn, session: Session) -> None:
    factories.unit(session, factories.service(session, name="Bridge House", accepts_nrpf=AcceptsNrpf.IF_FUNDED))
    sign_in()

    page = client.submit("/search", {"adults": "1", "nrpf": "y"})

    assert page.h1 == "Nothing fits outright"
    assert "Only if funding is found" in page.text
    assert "Bridge House" in page.text


def test_results_come_in_pages(client: PageClient, sign_in: SignIn, session: Session) -> None:
    for _ in range(21):
        factories.service(session, kind=ServiceKind.HELPLINE)
    sign_in()

    first = client.submit("/search", {"near": "Hackney"})
    link = first.link("Change this search").removesuffix("/change")
    second = client.page(f"{link}?page=2")

    assert "Page 1 of 2" in first.text
    assert len(second.all("li", class_="app-result")) == 1
    assert "There is nothing on this page" in client.page(f"{link}?page=99").text
    assert client.page(f"{link}?page=x").h1 == first.h1


@pytest.mark.parametrize("ringfence", list(RingFence))
def test_results_look_the_same_whatever_a_unit_is_funded_for(
    client: PageClient, sign_in: SignIn, session: Session, ringfence: RingFence
) -> None:
    refuge = factories.service(session, id="twin", name="Twin House", accepts_nrpf=AcceptsNrpf.YES)
    factories.unit(session, refuge, id="twin-1", name="Room 1", ringfence=ringfence, programme="LDN-SAFE-2026")
    sign_in()

    page = client.submit("/search", {"adults": "1", "nrpf": "y"})
    (card,) = page.all("li", class_="app-result")

    text = " ".join("".join(card.itertext()).split())
    assert text.startswith("Twin House Refuge")
    assert "Room 1 in Hackney, 4 bedspaces Space available Confirmed just now" in text
    assert not any(word in page.text.lower() for word in ("ring-fence", "ringfence", "ldn-safe"))


def test_nobody_searches_without_the_permission(client: PageClient, sign_in: SignIn) -> None:
    assert client.get("/search").status_code == 303
    sign_in("auditor")
    assert client.get("/search").status_code == 403
    assert client.get("/search/anything").status_code == 403


def test_the_board_counts_spaces_by_borough(client: PageClient, sign_in: SignIn, session: Session) -> None:
    refuge = factories.service(session, name="Marigold House", borough_code=factories.HACKNEY)
    factories.unit(session, refuge, name="Room 1")
    factories.unit(session, refuge, name="Room 2", state=UnitState.OCCUPIED)
    sign_in("advocate")

    page = client.page("/availability")

    assert page.h1 == "Bed availability"
    assert "1 unit with space, 4 bedspaces" in page.text
    assert "Marigold House: Room 1" in page.text
    assert "Marigold House: Room 2" not in page.text
    assert "1 other unit occupied, held or not confirmed." in page.text


def test_the_board_can_be_asked_for_one_household(client: PageClient, sign_in: SignIn, session: Session) -> None:
    refuge = factories.service(session)
    factories.unit(session, refuge, name="Large room", bedspaces=4)
    factories.unit(session, refuge, name="Single room", bedspaces=1, max_children=0)
    sign_in("advocate")

    page = client.submit("/availability", {"adults": "1", "girls": "4"}, form="/availability")

    assert "Large room" in page.text
    assert "Single room" not in page.text
    assert "1 adult and 1 child (girl 4)" in page.text
    assert client.submit("/availability", {"adults": "0"}, form="/availability", status=422).h1 == "Bed availability"
    assert client.submit("/availability", {}, form="/availability").h1 == "Bed availability"
    assert client.page("/availability/made-up", status=410).h1 == "This search has expired"


def test_an_empty_board_points_to_other_support(client: PageClient, sign_in: SignIn) -> None:
    sign_in("advocate")

    page = client.page("/availability")

    assert "No space is known to be free now." in page.text
