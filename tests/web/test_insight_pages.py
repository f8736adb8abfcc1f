"""The pages of insight: what they show, what they hide, and that every mark is a word or a number too."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.catalogue.vocabulary import ServiceKind
from tests import factories
from tests.insight.worlds import count
from tests.support.clock import Clock
from tests.support.html import Page, text_of
from tests.support.pages import PageClient

SignIn = Callable[..., User]
DAY = date(2026, 8, 14)


@pytest.fixture(autouse=True)
def terms(session: Session) -> None:
    factories.taxonomies(session)


@pytest.fixture
def summer(session: Session) -> None:
    """A quarter of searches in vain."""
    count(session, DAY, 23, factories.HACKNEY, "domestic-abuse", "2")
    count(session, DAY, 3, factories.HACKNEY, "housing", "5+")
    count(session, DAY, 12, factories.EALING, "housing", "4")


def matrix(page: Page, name: str) -> dict[str, list[str]]:
    """A matrix's rows by their heads, cells as they are read aloud."""
    table = next(one for one in page.all("table") if text_of(page.one("caption", one)).startswith(name))
    rows = {}
    for row in page.all("tr", page.one("tbody", table)):
        cells = [page.all("span", cell, class_="govuk-visually-hidden") or [cell] for cell in page.all("td", row)]
        rows[text_of(page.one("th", row))] = [text_of(cell[0]) for cell in cells]
    return rows


def sheet(client: PageClient, path: str) -> list[list[str]]:
    """A CSV file's rows."""
    response = client.get(path)
    assert response.status_code == 200
    assert response.mimetype == "text/csv"
    return list(csv.reader(io.StringIO(response.get_data().decode("utf-8-sig"))))


@pytest.mark.parametrize("path", ["", "/unmet", "/coverage", "/capacity", "/what-if"])
def test_there_is_a_page_before_there_is_anything_to_show(client: PageClient, sign_in: SignIn, path: str) -> None:
    sign_in("auditor")

    page = client.page(f"/insight{path}")

    assert page.h1
    if path == "/unmet":
        assert "There is nothing to show yet" in page.text
        assert "October to December 2026 is shown from 4 January 2027." in page.text
    if path == "/what-if":
        assert "There is no quarter to reckon with yet" in page.text


@pytest.mark.parametrize("role", ["officer", "provider", "administrator"])
def test_others_may_not(client: PageClient, sign_in: SignIn, role: str) -> None:
    sign_in(role)

    assert client.get("/insight/unmet").status_code == 403


def test_the_overview(client: PageClient, sign_in: SignIn, session: Session, summer: None) -> None:
    factories.service(session, kind=ServiceKind.ADVOCACY, areas=[factories.HACKNEY])
    factories.service(session, kind=ServiceKind.HELPLINE, areas=["uk"])
    sign_in("commissioner")

    page = client.page("/insight")

    assert "Searches that found nothing 40 July to September 2026" in page.text
    assert "1 further service is for all of London or more" in page.text
    assert page.link("Unmet need") == "/insight/unmet"


def test_unmet_need(client: PageClient, sign_in: SignIn, summer: None) -> None:
    sign_in("commissioner")

    page = client.page("/insight/unmet")

    needs = matrix(page, "Searches that found nothing, by need")
    assert needs["Domestic abuse"][1] == "25"  # Central East is the first
    assert needs["Housing and safe accommodation"][1] == "fewer than 5"
    assert set(needs["Forced marriage"][1:]) == {"fewer than 5"}
    households = matrix(page, "Searches that found nothing, by size of household")
    assert households["4 people"].count("10") == 2  # all, and West Area
    assert "August 2026" in page.text
    rows = sheet(client, "/insight/unmet/csv/needs?quarter=2026-Q3")
    assert rows[0][:3] == ["Need", "All", "Central East"]
    assert [row[2] for row in rows if row[0] == "Domestic abuse"] == ["25"]
    assert sheet(client, "/insight/unmet/csv/households")[1][0] == "1 person"
    assert ["2026-08", "40"] in sheet(client, "/insight/unmet/csv/months")


def test_no_true_number_stands_in_the_page(client: PageClient, sign_in: SignIn, summer: None) -> None:
    sign_in("commissioner")

    for path in ("/insight/unmet", "/insight/unmet/csv/needs", "/insight/unmet/csv/households", "/insight"):
        text = client.get(path).get_data(as_text=True)
        assert ">23<" not in text
        assert ",23," not in text
        assert ">38<" not in text


@pytest.mark.parametrize(
    "path",
    [
        *("/unmet?quarter=2026-Q4", "/unmet?quarter=soon", "/unmet/csv/needs?quarter=2026-Q4", "/unmet/csv/people"),
        *("/unmet/csv/needs?quarter=2026-Q2", "/coverage/csv/people"),
    ],
)
def test_what_is_not_shown_is_not_found(client: PageClient, sign_in: SignIn, summer: None, path: str) -> None:
    sign_in("commissioner")

    assert client.get(f"/insight{path}").status_code == 404


def test_a_quarter_with_too_few_and_links_between_quarters(
    client: PageClient, sign_in: SignIn, session: Session, clock: Clock, summer: None
) -> None:
    count(session, date(2026, 10, 2), 2)
    clock.now = datetime(2027, 1, 4, 12, tzinfo=UTC)
    sign_in("commissioner")

    page = client.page("/insight/unmet")

    assert "Too few searches found nothing in this quarter to show a table." in page.text
    assert page.link("July to September 2026") == "/insight/unmet?quarter=2026-Q3"


def test_coverage_marks_gaps_in_words(client: PageClient, sign_in: SignIn, session: Session, summer: None) -> None:
    factories.service(session, kind=ServiceKind.ADVOCACY, needs=["domestic-abuse"], areas=[factories.HACKNEY])
    factories.service(session, kind=ServiceKind.ADVOCACY, needs=["domestic-abuse"], areas=["england"])
    sign_in("commissioner")

    page = client.page(f"/insight/coverage?subject=needs&borough={factories.HACKNEY}&need=housing")

    rows = matrix(page, "Services by need and borough: Hackney")
    assert rows["Domestic abuse"] == ["1 local, 1 for all of London or more"]
    assert rows["Housing and safe accommodation"] == ["none"]
    whole = matrix(client.page("/insight/coverage"), "Services by need and borough")
    assert "none, 10 searches" in whole["Housing and safe accommodation"]
    assert "no local service, 1 for all of London or more" in whole["Domestic abuse"]
    assert "Housing and safe accommodation in Ealing: Nobody. Residents: 367,100." in page.text
    lines = sheet(client, "/insight/coverage/csv/needs")
    assert lines[0] == ["need", "need_name", "borough", "borough_name", "services", "local", "for_london_or_more"]
    assert ["domestic-abuse", "Domestic abuse", factories.HACKNEY, "Hackney", "2", "1", "1"] in lines


def test_languages_and_communities_admit_what_they_do_not_know(
    client: PageClient, sign_in: SignIn, session: Session
) -> None:
    factories.service(
        session, kind=ServiceKind.ADVOCACY, languages=["so"], communities=["deaf"], areas=[factories.HACKNEY]
    )
    sign_in("commissioner")

    page = client.page("/insight/coverage?subject=languages&borough=&need=housing")
    assert "There are no census figures here" in page.text
    assert matrix(page, "Services by language")["Somali"].count("none") == 32
    page = client.page("/insight/coverage?subject=communities&borough=&need=housing")
    assert matrix(page, "Services by community")["Deaf people"].count("1") == 1
    assert "Latin American" in page.text.partition("No service at all")[2]
    assert sheet(client, "/insight/coverage/csv/communities")[0][-1] == "services"


def test_a_choice_that_there_is_not(client: PageClient, sign_in: SignIn) -> None:
    sign_in("commissioner")

    assert client.page("/insight/coverage?subject=people", status=422).one("title").text.startswith("Error: ")


def test_capacity_says_what_it_cannot_split(client: PageClient, sign_in: SignIn) -> None:
    sign_in("commissioner")

    page = client.page("/insight/capacity")

    assert "Demand is not split by ring-fence, and cannot be." in page.text
    assert next(text_of(one) for one in page.all("h2")) == "July to September 2026"
    rows = sheet(client, "/insight/capacity/csv")
    assert [row[:3] for row in rows[1:3]] == [["2026-Q3", "not ring-fenced", "0"], ["2026-Q3", "ring-fenced", "0"]]


def test_what_if(client: PageClient, sign_in: SignIn, summer: None) -> None:
    sign_in("commissioner")

    page = client.submit("/insight/what-if", {"units": "2", "part": "north-east", "takes": "anybody", "nights": "92"})

    assert "2 units more in North-east London" in page.text
    assert "there is room for 2 stays of 92 nights" in page.text
    rows = [text_of(row) for row in page.all("tr")]
    assert "2 people 25 Yes" in rows
    assert "5 people or more fewer than 5 No" in rows
    assert "What this cannot tell" in page.text


@pytest.mark.parametrize(
    ("field", "value"),
    [("units", "51"), ("units", "0"), ("bedspaces", "many"), ("adults", "-1"), ("children", ""), ("nights", "9999999")],
)
def test_numbers_only(client: PageClient, sign_in: SignIn, summer: None, field: str, value: str) -> None:
    sign_in("commissioner")

    page = client.submit("/insight/what-if", {field: value}, status=422)

    assert page.all("a", href=f"#{field}")


def test_a_part_that_there_is_not(client: PageClient, sign_in: SignIn, summer: None) -> None:
    sign_in("commissioner")

    assert client.get("/insight/what-if?part=wales&units=1").status_code == 422
