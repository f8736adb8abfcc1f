"""The register of disclosure requests: commissioners keep it, providers and auditors read it."""

import csv
import io
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.assurance.register import read_register
from directory.common.actor import SYSTEM
from directory.web.pages.disclosures import presenting
from tests import factories
from tests.assurance.requests import CAME, commissioner, entered
from tests.support.html import Page, text_of
from tests.support.pages import PageClient

SignIn = Callable[..., User]
PATH, NEW = "/disclosures", "/disclosures/new"
FILLED = {
    "received_on": "2026-11-20",
    "requester": "immigration_enforcement",
    "subject": "person",
    "basis": "none_given",
    "summary": "By telephone.",
}


def headings(page: Page) -> list[str]:
    """The entries, each with what became of it."""
    return [text_of(heading) for heading in page.all("h3")]


def newest(session: Session, now: datetime) -> int:
    """The number of the entry that was made last: databases do not begin with 1 again."""
    return max(entry.number for entry in read_register(session, SYSTEM, now).entries)


def test_an_empty_register_says_since_when(client: PageClient, sign_in: SignIn) -> None:
    sign_in("provider")

    page = client.page(PATH)

    assert "No request has been recorded since 22 November 2026, when the register began." in page.text
    assert "Organisations other than yours are not named." in page.text
    assert not page.all("a", href=NEW)


def test_a_request_is_entered_and_answered(
    client: PageClient, sign_in: SignIn, session: Session, now: datetime
) -> None:
    house = factories.organisation(session, name="Rose House")
    sign_in("commissioner")
    assert client.page(NEW).one("input", name="received_on").get("value") == "2026-11-22"

    page = client.submit(NEW, FILLED | {"organisation_id": house.id})

    number = newest(session, now)
    assert page.h1 == f"Request {number}: Immigration Enforcement"
    assert f"Request {number} is in the register." in page.text
    assert "Received 20 November 2026 Asked for A person Ground None was given About Rose House" in page.text
    assert "Summary By telephone. Answer Not answered yet Time 0 working days so far; due 18 December 2026" in page.text

    page = client.submit(f"{PATH}/{number}", {"decision": "nothing_held", "answered_on": "22/11/2026"})

    assert f"The answer to request {number} is recorded." in page.text
    assert "Answer Nothing held, 22 November 2026 Time after 0 working days" in page.text
    assert not page.all("form", page.one("main"))
    page = client.page(PATH)
    assert "1 entry. All are answered." in page.text
    assert headings(page) == [f"Request {number}: Immigration Enforcement Nothing held"]
    assert "Immigration Enforcement: 1 Nothing held: 1" in text_of(page.one("table"))


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"received_on": "soon"}, "Enter the date on which it came, such as 22/11/2026"),
        ({"received_on": "2026-11-23"}, "The request must have come already"),
        ({"organisation_id": "nowhere"}, "Choose an organisation from the list"),
        ({"summary": "Asked for Mrs Okonkwo."}, "Name nobody"),
    ],
)
def test_mistakes_stand_beside_their_fields(
    client: PageClient, sign_in: SignIn, session: Session, now: datetime, values: dict[str, str | list[str]], error: str
) -> None:
    sign_in("commissioner")

    page = client.submit(NEW, {**FILLED, **values}, status=422)

    (found,) = page.field_errors()
    assert error in found
    assert page.one("main").find(f".//*[@id='{next(iter(values))}']") is not None
    assert read_register(session, SYSTEM, now).entries == ()


def test_an_empty_form_is_refused_and_nothing_typed_is_lost(client: PageClient, sign_in: SignIn) -> None:
    sign_in("commissioner")

    page = client.submit(NEW, {"received_on": "", "summary": "By letter."}, status=422)

    assert len(page.field_errors()) == 4
    assert text_of(page.one("textarea")) == "By letter."


def test_entering_it_twice_enters_it_once(client: PageClient, sign_in: SignIn, session: Session, now: datetime) -> None:
    sign_in("commissioner")
    client.submit(NEW, FILLED)

    page = client.submit(NEW, FILLED)

    assert f"This is request {newest(session, now)} already, and was not entered twice." in page.text
    assert len(headings(client.page(PATH))) == 1


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"answered_on": "2026-11-22"}, "Choose how it was answered"),
        ({"decision": "refused", "answered_on": ""}, "Enter the date of the answer, such as 22/11/2026"),
        ({"decision": "refused", "answered_on": "1 November 2026"}, "The answer cannot be older than the request"),
    ],
)
def test_mistakes_in_an_answer(
    client: PageClient, sign_in: SignIn, session: Session, now: datetime, values: dict[str, str | list[str]], error: str
) -> None:
    number = entered(session, commissioner(session), now)
    sign_in("commissioner")

    page = client.submit(f"{PATH}/{number}", values, status=422)

    (found,) = page.field_errors()
    assert error in found


def test_who_answers_too_late_sees_the_answer(
    client: PageClient, sign_in: SignIn, session: Session, now: datetime
) -> None:
    number = entered(session, commissioner(session), now)
    sign_in("commissioner")
    form = client.page(f"{PATH}/{number}")
    sent = form.form_values(form.one("form", form.one("main"))) | {"decision": ["disclosed"]}
    client.submit(f"{PATH}/{number}", {"decision": "refused"})

    response = client.post(f"{PATH}/{number}/answer", data=sent)

    page = Page(response.get_data(as_text=True))
    assert response.status_code == 409
    assert f"Request {number} has been answered already. An answer is never changed." in page.text
    assert "Answer Refused" in page.text


def test_a_correction_stands_in_the_place_of_the_first(
    client: PageClient, sign_in: SignIn, session: Session, now: datetime
) -> None:
    number = entered(session, commissioner(session), now, decision="refused", summary="By letter.")
    sign_in("commissioner")
    address = client.page(f"{PATH}/{number}").link("Enter it correctly")

    assert "says all of this" in client.submit(address, {}, status=422).field_errors()[0]
    page = client.submit(address, {"requester": "police", "decision": "nothing_held"})

    right = newest(session, now)
    assert page.h1 == f"Request {right}: Police"
    assert f"Corrects request {number}" in page.text
    assert "Answer Nothing held, 2 November 2026" in page.text
    page = client.page(f"{PATH}/{number}")
    assert f"Corrected by request {right}, which stands in its place" in page.text
    assert not page.all("a", href=address)
    assert "It has been corrected already" in client.page(address, 409).text
    register = client.page(PATH)
    assert "Immigration Enforcement" not in text_of(register.one("table"))
    assert headings(register)[1].endswith("Corrected")


def test_of_two_corrections_the_second_is_told(
    client: PageClient, sign_in: SignIn, session: Session, now: datetime
) -> None:
    number = entered(session, commissioner(session), now)
    sign_in("commissioner")
    address = f"{PATH}/{number}/correct"
    form = client.page(address)
    sent = form.form_values(form.one("form", form.one("main"))) | {"requester": ["press"]}
    client.submit(address, {"requester": "police"})

    response = client.post(address, data=sent)

    assert response.status_code == 409
    assert "has been corrected by entry" in Page(response.get_data(as_text=True)).text


def test_what_is_overdue_is_said_in_words(client: PageClient, sign_in: SignIn, session: Session, now: datetime) -> None:
    keeper = commissioner(session)
    entered(session, keeper, now, received_on=CAME - timedelta(days=40))
    entered(session, keeper, now, received_on=date(2026, 8, 3), decision="refused", answered_on=date(2026, 10, 1))
    sign_in("auditor")

    page = client.page(PATH)

    assert "1 overdue: not answered within 20 working days." in page.text
    assert [heading.rpartition("Enforcement ")[2] for heading in headings(page)] == ["Overdue", "Refused"]
    assert "working days, more than 20" in page.text


def test_a_provider_reads_its_own_name_alone(
    client: PageClient, sign_in: SignIn, session: Session, now: datetime
) -> None:
    keeper = commissioner(session)
    provider = sign_in("provider")
    other = factories.organisation(session, name="Other Women")
    numbers = [
        entered(session, keeper, now, organisation_id=organisation_id)
        for organisation_id in (provider.organisation_id, other.id)
    ]

    paths = [PATH, f"{PATH}/csv", *(f"{PATH}/{number}" for number in numbers)]
    pages = [client.get(path).get_data(as_text=True) for path in paths]

    assert all("Other Women" not in text and other.id not in text for text in pages)
    assert "(yours)" in pages[0]
    assert "Another organisation" in pages[0]
    assert client.get(NEW).status_code == 403


def test_the_table_for_spreadsheets_runs_nothing(
    client: PageClient, sign_in: SignIn, session: Session, now: datetime
) -> None:
    number = entered(session, commissioner(session), now, summary="=HYPERLINK(1)", decision="refused")
    sign_in("auditor")

    response = client.get(f"{PATH}/csv")

    header, row = csv.reader(io.StringIO(response.get_data().decode("utf-8-sig")))
    assert response.mimetype == "text/csv"
    assert dict(zip(header, row, strict=True)) == {
        "number": str(number),
        "received on": "2026-11-02",
        "who asked": "Immigration Enforcement",
        "what was asked for": "A person",
        "ground": "None was given",
        "organisation": "No organisation",
        "summary": "'=HYPERLINK(1)",
        "answer": "Refused",
        "answered on": "2026-11-02",
        "working days": "0",
        "due on": "2026-11-30",
        "overdue or late": "no",
        "corrects": "",
        "corrected by": "",
    }


def test_pages_of_entries(
    client: PageClient, sign_in: SignIn, session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presenting, "PER_PAGE", 1)
    keeper = commissioner(session)
    for day in (2, 3):
        entered(session, keeper, now, received_on=date(2026, 11, day))
    sign_in("auditor")

    assert "Received 3 November 2026" in client.page(PATH).text
    assert "Received 2 November 2026" in client.page(f"{PATH}?page=2").text
    assert "There is nothing on this page." in client.page(f"{PATH}?page=3").text
    assert "2 entries" in client.page(f"{PATH}?page=x").text


def test_an_entry_that_is_not_there(client: PageClient, sign_in: SignIn) -> None:
    sign_in("commissioner")

    for number in ("999999", "0", "none", "9" * 30, "1.0", "²"):
        assert client.get(f"{PATH}/{number}").status_code == 404
        assert client.get(f"{PATH}/{number}/correct").status_code == 404
        form = client.page(NEW)
        token = {"csrf_token": form.form_values(form.one("form", form.one("main"))).get("csrf_token", [""])}
        assert client.post(f"{PATH}/{number}/answer", data=token).status_code == 404
