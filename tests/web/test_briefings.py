"""One page of A4 for each police area: what stands on it, in what order, and that it stays one page."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.publishing.cascade.areas import police_areas
from directory.web.pages.briefings import presenting
from directory.web.pdf import pdf_is_possible
from tests.publishing.cascade.world import body, issue
from tests.support.html import Page, text_of
from tests.support.pages import PageClient

SignIn = Callable[..., User]
EAST, HACKNEY, EALING = "central-east", "E09000012", "E09000009"
needs_pdf = pytest.mark.skipif(not pdf_is_possible(), reason="this machine has no Pango")


def rows(page: Page, place: int) -> list[list[str]]:
    """The rows of the list at this place on the page: lines, refuges, by and for."""
    table = page.all("table")[place]
    return [[text_of(cell) for cell in row if cell.tag in ("th", "td")] for row in page.all("tr", table)][1:]


def crowd(count: int, name: str = "Service", **facts: Any) -> list[dict[str, Any]]:
    """Many services of every kind that a page has a list for, with languages."""
    made = []
    for number in range(count):
        kind = ("helpline", "refuge", "advocacy", "counselling")[number % 4]
        made.append(
            body(
                number,
                name=f"{name} {number:03}",
                organisation_name=f"{name} and friends {number:03}",
                kind=kind,
                hours="24/7" if kind in ("helpline", "refuge") else "Mo-Fr 09:00-17:00",
                by_and_for=number % 8 < 4,
                languages=["ar", "bn", "so", "ur", "fa", "ckb", "en"][: number % 7 + 1],
                units=number % 9 + 1 if kind == "refuge" else None,
                bedspaces=number % 9 + 4 if kind == "refuge" else None,
                phone="020 7946 0123, option 2 at night",
                **facts,
            )
        )
    return made


@pytest.fixture
def officer(sign_in: SignIn) -> User:
    """An officer who is signed in."""
    return sign_in("officer")


@pytest.mark.usefixtures("officer")
def test_every_area_has_a_page(client: PageClient, session: Session) -> None:
    edition = issue(session)

    page = client.page(f"/editions/{edition.number}/briefing")

    areas = police_areas(session)
    assert len(areas) == 13
    for area in areas:
        assert f"/editions/{edition.number}/briefing/{area.slug}" in [link.get("href") for link in page.all("a")]
    assert "Hackney and Tower Hamlets" in page.text


@pytest.mark.usefixtures("officer")
def test_what_stands_on_it_and_in_what_order(client: PageClient, session: Session) -> None:
    line = {"kind": "helpline", "hours": "24/7"}
    services = [
        body(1, name="Zebra line", areas=[HACKNEY], languages=["ar"], **line),
        body(2, name="Aster line", languages=["so", "ar"], **line),
        body(3, name="Ealing line", areas=[EALING], **line),
        body(4, name="Line without a number", phone="", **line),
        body(5, name="Small house", kind="refuge", areas=[], units=2, bedspaces=5, phone=""),
        body(6, name="Large house", kind="refuge", areas=[], units=7, bedspaces=16, organisation_name="Large house"),
        body(7, name="Led by us", by_and_for=True, areas=[], borough=HACKNEY),
        body(8, name="Far away", by_and_for=True, areas=[EALING], borough=EALING),
        body(9, name="Counselling", kind="counselling"),
    ]
    edition = issue(session, services)

    page = client.page(f"/editions/{edition.number}/briefing/{EAST}")

    assert page.h1 == f"Edition {edition.number}: briefing for Central East"
    assert "as it was on 23 November 2026. Central East is Hackney and Tower Hamlets." in page.text
    assert rows(page, 0) == [
        ["Zebra line (Organisation 1)", "Arabic", "020 7946 0000"],
        ["Aster line (Organisation 2)", "Arabic and Somali", "020 7946 0000"],
    ]
    assert rows(page, 1) == [
        ["Large house", "7 units, 16 bedspaces", "020 7946 0000"],
        ["Small house (Organisation 5)", "2 units, 5 bedspaces", "through the directory"],
    ]
    assert [row[0] for row in rows(page, 2)] == ["Led by us (Organisation 7)"]
    assert "Those for Central East first, then those for all of London, by name." in page.text
    assert "Arabic 2, Somali 1" in page.text
    assert "Also in the directory: counselling 1, helpline 1." in page.text
    assert "more in the directory" not in page.text


@pytest.mark.usefixtures("officer")
def test_a_refuge_is_on_every_page_alike_so_that_none_tells_where_it_is(client: PageClient, session: Session) -> None:
    services = [
        body(number, kind="refuge", areas=[], borough=borough, units=number, location_disclosure=disclosure)
        for number, (borough, disclosure) in enumerate([(HACKNEY, "secret"), (EALING, "borough"), (None, "secret")], 1)
    ]
    edition = issue(session, services)

    pages = [client.page(f"/editions/{edition.number}/briefing/{area}") for area in (EAST, "west-area", "south-west")]

    assert rows(pages[0], 0) == rows(pages[1], 0) == rows(pages[2], 0)
    assert len(rows(pages[0], 0)) == 3


@pytest.mark.usefixtures("officer")
def test_where_a_secret_service_lies_puts_it_on_no_page(client: PageClient, session: Session) -> None:
    hidden = body(1, by_and_for=True, areas=[EALING], borough=HACKNEY, location_disclosure="secret")
    edition = issue(session, [hidden])

    assert "Service 1" not in client.page(f"/editions/{edition.number}/briefing/{EAST}").text
    assert "Service 1" in client.page(f"/editions/{edition.number}/briefing/west-area").text


@pytest.mark.usefixtures("officer")
def test_what_does_not_fit_is_counted(client: PageClient, session: Session) -> None:
    edition = issue(session, crowd(200))

    page = client.page(f"/editions/{edition.number}/briefing/{EAST}")

    shown = [len(rows(page, place)) for place in range(3)]
    assert min(shown) >= 5
    for place, total in enumerate((50, 50, 50)):
        assert f"and {total - shown[place]} more in the directory" in page.text
    # The same page, whoever asks for it and whenever.
    assert page.text == client.page(f"/editions/{edition.number}/briefing/{EAST}").text


@pytest.mark.usefixtures("officer")
def test_an_empty_edition_has_a_page_that_says_so(client: PageClient, session: Session) -> None:
    edition = issue(session)

    page = client.page(f"/editions/{edition.number}/briefing/{EAST}")

    assert page.all("table") == []
    assert "None is published for this area." in page.text


@pytest.mark.usefixtures("officer")
@pytest.mark.parametrize("path", ["/editions/9/briefing", "/editions/9/briefing/x", "/editions/{}/briefing/x"])
def test_what_is_not_there_is_not_found(client: PageClient, session: Session, path: str) -> None:
    edition = issue(session)

    client.page(path.format(edition.number), status=404)


@needs_pdf
@pytest.mark.usefixtures("officer")
@pytest.mark.parametrize(
    ("services", "text"),
    [
        (crowd(200), "Service 000"),
        (crowd(200, "WOMEN WITH WWW"), "WOMEN WITH WWW 000"),
        (crowd(200, "Frauenhausmitbewohnerinnenvereinigung" * 4), "Frauenhaus"),
        ([], "None is published"),
    ],
    ids=["usual", "wide", "long", "none"],
)
def test_it_is_one_page_of_a4(client: PageClient, session: Session, services: list[Any], text: str) -> None:
    edition = issue(session, services)

    # South West has the most boroughs, and those with the longest names.
    response = client.get(f"/editions/{edition.number}/briefing/south-west.pdf")

    assert (response.status_code, response.mimetype) == (200, "application/pdf")
    pdf = PdfReader(BytesIO(response.data))
    assert len(pdf.pages) == 1
    assert [round(float(side) / 72 * 25.4) for side in pdf.pages[0].mediabox[2:]] == [210, 297]
    printed = pdf.pages[0].extract_text()
    assert text in printed.replace("\n", "")
    assert "Richmond upon Thames" in printed
    assert pdf.metadata is not None
    assert pdf.metadata.title == f"Edition {edition.number}: briefing for South West"


@needs_pdf
@pytest.mark.usefixtures("officer")
def test_that_check_bites(client: PageClient, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presenting, "share_out", lambda lists, _cost: tuple(len(rows) for rows in lists))
    edition = issue(session, crowd(200))

    response = client.get(f"/editions/{edition.number}/briefing/south-west.pdf")

    assert len(PdfReader(BytesIO(response.data)).pages) > 1
