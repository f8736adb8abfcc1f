"""The freshness report: for commissioners and auditors, worst first, with the way to do something about it."""

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.capacity.models import RingFence, UnitState
from directory.capacity.overdue import DueSubject, UnansweredReminders
from directory.catalogue.models import Service
from directory.messaging.models import OutboxMessage
from directory.web.pages.freshness import presenting
from tests import factories
from tests.support.clock import Clock
from tests.support.html import Page, text_of
from tests.support.pages import PageClient

SignIn = Callable[..., User]
PATH = "/manage/freshness"


def service(session: Session, now: datetime, name: str, *ages: timedelta | None, listed: int = 7) -> Service:
    """A service whose units were confirmed that long ago (None: never), and its listing `listed` days ago."""
    made = factories.service(
        session, name=name, verified_on=(now - timedelta(days=listed)).date(), referral_email="desk@example.org"
    )
    for age in ages:
        factories.unit(session, made, confirmed_at=None if age is None else now - age)
    return made


def asked_in_vain(session: Session, asked: Service, count: int, now: datetime) -> None:
    """A service has not answered that many reminders."""
    session.add(
        UnansweredReminders(
            service_id=asked.id, subject=DueSubject.UNITS, count=count, first_at=now, last_on=now.date()
        )
    )
    session.flush()


def rows(page: Page) -> list[str]:
    """The table's rows, as texts."""
    return [text_of(row) for row in page.all("tr") if row.get("id", "").startswith("service-")]


def test_shares_and_services_worst_first(client: PageClient, session: Session, sign_in: SignIn, now: datetime) -> None:
    service(session, now, "Fresh House", timedelta(hours=2), timedelta(hours=3))
    service(session, now, "Old House", timedelta(hours=30), timedelta(hours=100))
    silent = service(session, now, "Silent House", None)
    asked_in_vain(session, silent, 3, now)
    sign_in("commissioner")

    page = client.page(PATH)

    assert [text_of(share) for share in page.all("div", page.one("dl", class_="app-shares"))] == [
        "Confirmed within 24 hours 40% 2 of 5 units",
        "Confirmed within 72 hours 60% 3 of 5 units",
        "Never confirmed 20% 1 of 5 units",
    ]
    first, second, third = rows(page)
    assert first.startswith("Silent House")
    assert "Reminders without an answer: 3 Ranked last" in first
    assert "at least one never" in first
    assert second.startswith("Old House")
    assert "0 of 2 within 24 hours1 of 2 within 72 hoursthe oldest 4 days ago" in second
    assert "Ranked last" not in second
    assert third.startswith("Fresh House")
    assert "Send a link now" not in third
    assert page.all("a", href=f"/provider/contacts/{silent.id}")


def test_nothing_tells_what_a_unit_is_funded_for_or_who_holds_it(
    client: PageClient, session: Session, sign_in: SignIn, now: datetime
) -> None:
    house = service(session, now, "Some House")
    unit = factories.unit(session, house, name="Room 7", ringfence=RingFence.NRPF, programme="P")
    factories.hold(session, unit)
    sign_in("commissioner")

    text = client.page(PATH).text.casefold() + client.get(f"{PATH}/csv").text.casefold()

    for word in ("room 7", "nrpf", "ring-fence", "held", "hold"):
        assert word not in text, word


def test_a_listing_whose_review_is_due_says_so(
    client: PageClient, session: Session, sign_in: SignIn, now: datetime
) -> None:
    service(session, now, "A helpline", listed=91)
    sign_in("commissioner")

    (row,) = rows(client.page(PATH))

    assert "no units" in row
    assert "Listing: review due, confirmed 23 August 2026" in row


def test_closed_units_and_drafts_are_not_counted(
    client: PageClient, session: Session, sign_in: SignIn, now: datetime
) -> None:
    house = service(session, now, "Some House")
    factories.unit(session, house, state=UnitState.CLOSED)
    factories.service(session, name="A draft", status="draft")
    sign_in("commissioner")

    page = client.page(PATH)

    assert "0 of 0 units" in page.text
    assert len(rows(page)) == 1


def test_an_empty_catalogue(client: PageClient, sign_in: SignIn) -> None:
    sign_in("commissioner")

    assert "Nothing is published yet" in client.page(PATH).text


def test_auditors_read_and_do_nothing(
    client: PageClient, session: Session, sign_in: SignIn, now: datetime, app: Flask
) -> None:
    house = service(session, now, "Old House", None)
    sign_in("auditor")
    app.config["WTF_CSRF_ENABLED"] = False

    page = client.page(PATH)

    assert len(rows(page)) == 1
    assert not page.all("form", page.one("main"))
    assert "Contacts" not in page.text
    assert client.get(f"/provider/contacts/{house.id}").status_code == 403
    assert client.post(f"{PATH}/{house.id}/remind").status_code == 403


def test_a_link_is_sent_at_once_and_not_twice(
    client: PageClient, session: Session, sign_in: SignIn, now: datetime, clock: Clock
) -> None:
    house = service(session, now, "Old House", None)
    sign_in("commissioner")
    remind = f"{PATH}/{house.id}/remind"

    page = client.submit(PATH, {}, form=remind)

    assert "A link is on its way." in page.text
    message = session.scalars(select(OutboxMessage)).one()
    assert (message.kind, message.address, message.path) == ("update_due", "desk@example.org", "/u")
    clock.advance(minutes=5)
    again = client.submit(PATH, {}, form=remind, status=409)
    assert "They have been reminded today already." in again.text
    assert len(session.scalars(select(OutboxMessage)).all()) == 1


def test_a_service_that_nobody_can_be_reminded_of(
    client: PageClient, session: Session, sign_in: SignIn, app: Flask, now: datetime
) -> None:
    house = service(session, now, "Old House", None)
    house.referral_email = ""
    session.flush()
    sign_in("commissioner")

    page = client.submit(PATH, {}, form=f"{PATH}/{house.id}/remind", status=409)

    assert "no contact who could be reminded" in page.text
    app.config["WTF_CSRF_ENABLED"] = False
    assert client.post(f"{PATH}/nowhere/remind").status_code == 404
    assert client.post(f"{PATH}/a%00b/remind").status_code == 404


def test_more_than_a_page(
    client: PageClient, session: Session, sign_in: SignIn, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presenting, "PER_PAGE", 2)
    for number in range(5):
        service(session, now, f"House {number}", timedelta(days=number + 2))
    sign_in("auditor")

    pages = [client.page(f"{PATH}?page={number}") for number in (1, 2, 3)]

    assert [len(rows(page)) for page in pages] == [2, 2, 1]
    assert pages[0].link("Next page") == f"{PATH}?page=2"
    assert pages[2].link("Previous page") == f"{PATH}?page=2"
    assert "There is nothing on this page." in client.page(f"{PATH}?page=9").text
    for word in ("0", "-1", "x", "²", "9" * 30):
        assert rows(client.page(f"{PATH}?page={word}")) == rows(pages[0])


def test_the_table_for_a_spreadsheet(client: PageClient, session: Session, sign_in: SignIn, now: datetime) -> None:
    harmful = service(session, now, "=HYPERLINK(A1)", None)
    asked_in_vain(session, harmful, 3, now)
    sign_in("auditor")

    response = client.get(f"{PATH}/csv")

    assert response.mimetype == "text/csv"
    assert response.headers["Content-Disposition"] == "attachment; filename=freshness.csv"
    (line,) = csv.DictReader(io.StringIO(response.text))
    assert tuple(line) == presenting.COLUMNS
    assert (line["service"], line["name"]) == (harmful.id, "'=HYPERLINK(A1)")
    assert (line["units"], line["never"], line["reminders_without_answer"]) == ("1", "1", "3")
    assert (line["ranked_last"], line["listing_due"], line["oldest_confirmed_at"]) == ("yes", "no", "")


def test_a_service_that_has_left_three_reminders_unanswered_says_so_on_its_page(
    client: PageClient, session: Session, sign_in: SignIn, now: datetime
) -> None:
    house = service(session, now, "Old House", None)
    sign_in("officer")
    asked_in_vain(session, house, 2, now)
    assert "Not confirmed after three reminders" not in client.page(f"/services/{house.id}").text

    session.get_one(UnansweredReminders, (house.id, DueSubject.UNITS)).count = 3
    session.flush()

    assert "Not confirmed after three reminders: phone them." in client.page(f"/services/{house.id}").text
