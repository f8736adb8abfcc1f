"""The assurance page: figures of the whole in words, for auditors and commissioners."""

import csv
import io
from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.assurance import referral_items
from tests import factories
from tests.assurance.requests import commissioner, entered
from tests.support.html import Page, text_of
from tests.support.pages import PageClient

SignIn = Callable[..., User]
PATH = "/assurance"


def standings(page: Page) -> dict[str, str]:
    """How each item stands, by its code."""
    return {heading.get("id", ""): text_of(page.one("strong", heading)) for heading in page.all("h3")}


def test_an_auditor_reads_how_promises_are_kept(
    client: PageClient, sign_in: SignIn, session: Session, now: datetime
) -> None:
    service = factories.service(session, name="Rose House", verified_on=now.date())
    factories.unit(session, service)
    entered(session, commissioner(session), now, decision="disclosed", summary="By letter.")
    account = sign_in("auditor")

    page = client.page(PATH)

    stands = standings(page)
    assert stands["units-confirmed"] == "Met"
    assert stands["firewall-kept"] == "Not met"
    assert stands["editions-on-time"] == "No data yet"
    assert stands["trail-whole"] == "Not checked"
    assert "Met: 5 · Not met: 1 · No data yet: 5 · Not checked: 3" in page.text
    assert "As of 22 November 2026 at 2am." in page.text
    assert page.link("The audit trail, entry by entry: The audit trail is whole") == "/audit"
    assert page.link("The register, request by request: Nothing goes to immigration enforcement") == "/disclosures"
    for secret in ("Rose House", "By letter", account.name, "user-"):
        assert secret not in page.text


def test_long_checks_are_run_when_asked_for(client: PageClient, sign_in: SignIn) -> None:
    sign_in("commissioner")

    page = client.submit(PATH, {})

    stands = standings(page)
    assert (stands["trail-whole"], stands["history-whole"]) == ("Met", "Met")
    assert not page.all("form", page.one("main"))
    assert page.link("Download this page (CSV)") == f"{PATH}/csv?check=yes"
    # A commissioner may not open the audit trail.
    assert not page.all("a", href="/audit")


def test_a_source_that_fails_does_not_take_the_page_down(
    client: PageClient, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_given: object) -> None:
        raise KeyError("of a case")

    monkeypatch.setattr(referral_items, "shown_quarters", broken)
    sign_in("auditor")

    page = client.page(PATH)

    assert standings(page)["suppression"] == "Could not be worked out"
    assert "of a case" not in page.text
    logged = capsys.readouterr().err
    assert "KeyError" in logged
    assert "of a case" not in logged


def test_the_table_for_spreadsheets(client: PageClient, sign_in: SignIn) -> None:
    sign_in("auditor")

    response = client.get(f"{PATH}/csv?check=yes")

    header, *rows = csv.reader(io.StringIO(response.get_data().decode("utf-8-sig")))
    assert response.mimetype == "text/csv"
    assert header == ["section", "item", "standing", "figure", "further", "what it means", "where it is from", "as of"]
    (trail,) = (row for row in rows if row[1] == "The audit trail is whole")
    assert trail[0] == "Integrity"
    assert trail[2] == "Met"
    assert trail[3].endswith("the chain is whole")
    assert trail[7] == "2026-11-22T02:00+00:00"
    assert len(rows) == len(standings(client.page(PATH)))
