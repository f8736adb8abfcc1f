"""The auditor's page."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.accounts.permissions import Role
from directory.audit.events import Event
from directory.audit.log import flush_audit, record
from tests import factories
from tests.audit.chain import HEAD, make_chain, some_details
from tests.support.html import text_of
from tests.support.pages import PageClient

SignIn = Callable[..., User]


def rows(client: PageClient, path: str = "/audit") -> list[str]:
    """The text of each line of the table."""
    page = client.page(path)
    return [text_of(row) for row in page.all("tr", page.one("tbody"))]


def test_an_auditor_reads_what_was_done(client: PageClient, sign_in: SignIn, session: Session, now: datetime) -> None:
    auditor = sign_in("auditor")
    shown = ("needs", "adults")
    record(session, Event.REFERRAL_SHOWN, "user-7", now, referral="abcdefghij", fields=shown)
    session.commit()

    first, second = rows(client)

    assert first == (
        "Referral shown by user-7 22 November 2026 at 2am, entry 2 What was shown: needs, adults Referral: abcdefghij"
    )
    assert second == f"Signed in by user-{auditor.id} 22 November 2026 at 2am, entry 1"


def test_the_page_shows_where_the_chain_ends(client: PageClient, sign_in: SignIn, session: Session) -> None:
    sign_in("auditor")

    head = session.execute(HEAD).one()
    assert text_of(client.page("/audit").one("code", id="head")) == f"{head.sequence}:{head.hash}"


def test_a_chain_without_a_head_is_said_out_loud(client: PageClient, sign_in: SignIn, session: Session) -> None:
    sign_in("auditor")
    session.execute(text("DELETE FROM audit_head"))

    assert "The chain has lost its head." in client.page("/audit").text


def test_every_event_has_its_line(client: PageClient, sign_in: SignIn, session: Session, now: datetime) -> None:
    sign_in("auditor")
    for event in Event:
        record(session, event, "system", now, **some_details(event))
    session.commit()

    newest = rows(client)
    oldest_shown = 1 + len(Event) + 1 - len(newest)
    lines = newest + rows(client, f"/audit?before={oldest_shown}")

    assert len(lines) == len(Event) + 1
    assert not [line for line in lines if "_" in line], "an event or a detail without words"


def test_who_did_it_is_a_reference_and_never_a_name(client: PageClient, sign_in: SignIn, session: Session) -> None:
    auditor = sign_in("auditor", name="Quilla Marrow", email="quilla@example.org")

    page = client.page("/audit")

    table = text_of(page.one("table"))
    assert f"user-{auditor.id}" in table
    assert "Quilla" not in table
    assert "quilla@" not in page.html


def test_it_is_narrowed_to_an_event_and_a_reference(
    client: PageClient, sign_in: SignIn, session: Session, now: datetime
) -> None:
    sign_in("auditor")
    for hold, service in (("h1", "a-house"), ("h2", "b-house"), ("h3", "a-house")):
        record(session, Event.HOLD_MADE, "user-1", now, hold=hold, service=service)
    record(session, Event.HOLD_EXPIRED, "system", now, hold="h1", service="a-house")
    session.commit()

    page = client.submit("/audit", {"event": "hold_made", "reference": " a-house "}, form="/audit")

    found = [text_of(row) for row in page.all("tr", page.one("tbody"))]
    assert ["h3" in found[0], "h1" in found[1], len(found)] == [True, True, 2]
    assert page.link("Show everything") == "/audit"
    assert page.one("input", id="reference").get("value") == "a-house"


def test_what_nothing_fits_says_so(client: PageClient, sign_in: SignIn) -> None:
    sign_in("auditor")

    assert "No entry fits." in client.page("/audit?reference=nobody").text
    assert "No entry fits." in client.page("/audit?before=1").text


@pytest.mark.parametrize(
    ("question", "error"),
    [
        ("reference=two+words", "Enter a reference as the trail shows it"),
        ("reference=" + "a" * 81, "Enter a reference as the trail shows it"),
        ("reference=%00", "It held characters that cannot be kept"),
        ("event=victim_found", "Choose what was done from the list"),
    ],
)
def test_what_can_be_no_reference_is_said_at_its_field(
    client: PageClient, sign_in: SignIn, question: str, error: str
) -> None:
    sign_in("auditor")

    page = client.page(f"/audit?{question}", status=422)

    assert [found for found in page.field_errors() if error in found]
    assert page.all("table") == []


@pytest.mark.parametrize("before", ["", "x", "-1", "1.5", "9" * 30, "²"])
def test_a_page_that_is_no_number_is_the_newest(client: PageClient, sign_in: SignIn, before: str) -> None:
    sign_in("auditor")

    assert len(rows(client, f"/audit?before={before}")) == 1


def test_older_entries_are_on_the_pages_after(
    client: PageClient, sign_in: SignIn, session: Session, now: datetime
) -> None:
    sign_in("auditor")
    make_chain(session, now, 120)
    session.commit()

    pages, path = [], "/audit?event=signed_in"
    for _ in range(3):
        page = client.page(path)
        pages.append([row.get("id") for row in page.all("tr", page.one("tbody"))])
        older = [link.get("href") for link in page.all("a", rel="next")]
        path = str(older[0]) if older else ""

    assert [len(page) for page in pages] == [50, 50, 21]
    assert path == ""
    assert [line for page in pages for line in page] == [f"entry-{number}" for number in range(121, 0, -1)]
    assert page.link("Newest entries").startswith("/audit?event=")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
def test_nobody_else_may_read_it(client: PageClient, sign_in: SignIn, role: Role) -> None:
    sign_in(role)

    page = client.page("/audit", status=403)

    assert "Audit trail" not in page.text


def test_the_navigation_leads_an_auditor_there(client: PageClient, sign_in: SignIn) -> None:
    sign_in("auditor")

    assert client.page("/guidance").link("Audit trail") == "/audit"


def test_reading_writes_nothing(client: PageClient, sign_in: SignIn, session: Session) -> None:
    sign_in("auditor")
    before = session.execute(HEAD).one()
    client.page("/audit")
    flush_audit(session)

    assert session.execute(HEAD).one() == before
    assert factories.user(session)


def test_before_the_first_entry_there_is_nothing_to_ask_for(client: PageClient, sign_in: SignIn) -> None:
    sign_in("auditor")

    assert rows(client, "/audit?before=0") == rows(client, "/audit")
