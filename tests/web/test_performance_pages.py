"""Performance in the browser: by service, kind, borough and quarter, one service over time, and importing figures."""

import csv
import io
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from directory.accounts.models import User
from directory.audit.events import Event
from directory.audit.models import AuditEntry
from directory.catalogue.models import PerformanceFigure, Service
from directory.catalogue.vocabulary import ListingStatus, ServiceKind
from directory.referrals.models import ReferralCount
from directory.web.pages.performance import import_presenting
from directory.web.pages.performance.blueprint import MOST_BYTES
from directory.web.pages.performance.carrying import Carried, SheetGoneError, close, open_again
from tests import factories
from tests.support.databases import count_statements
from tests.support.html import Page, text_of
from tests.support.pages import PageClient

SignIn = Callable[..., User]
SVG = "{http://www.w3.org/2000/svg}svg"
NEWEST, BEFORE, NOT_FINAL = "2026-Q3", "2026-Q2", "2026-Q4"
USUAL = {"referrals_received": 40, "referrals_accepted": 30, "median_response_minutes": 35}
SENTENCE = "Usually answers within 35 minutes; accepted about 8 of 10 last quarter."


def figures(session: Session, service: Service, quarter: str = NEWEST, **values: int) -> Service:
    """What a service itself reported."""
    for measure, value in values.items():
        session.add(PerformanceFigure(service_id=service.id, period=quarter, measure=measure, value=value))
    session.flush()
    return service


def counted(session: Session, service: Service, asked: int, accepted: int) -> None:
    """What the directory recorded in the newest quarter: those not accepted had no space, all were quick."""
    counts = {"asked": asked, "accepted": accepted, "declined.service.no_capacity": asked - accepted}
    for measure, count in (counts | {"answered.30": asked, "answered_in_time": asked}).items():
        session.add(ReferralCount(month="2026-08", service_id=service.id, measure=measure, count=count))
    session.flush()


def house(session: Session, name: str = "Marigold House", **values: Any) -> Service:
    """A service with the usual figures."""
    return figures(session, factories.service(session, name=name), **USUAL | values)


def three_houses(session: Session) -> list[Service]:
    """Three refuges, as few as have a range."""
    times = {"Ember House": 20, "Indigo House": 30, "Kestrel House": 70}
    return [
        house(session, name, median_response_minutes=minutes, answered_within_target_percent=85)
        for name, minutes in times.items()
    ]


def row_of(page: Page, name: str) -> str:
    """What the table says in the row that begins with `name`."""
    return next(text_of(row) for row in page.all("tr") if text_of(row).startswith(name))


# Reading.


def test_without_figures_the_pages_say_so_and_officers_may_not_import(client: PageClient, sign_in: SignIn) -> None:
    sign_in("officer")

    for path in ("", "/kinds", "/boroughs", "/download.csv"):
        page = client.page(f"/performance{path}")
        assert "There are no figures to show yet" in page.text
        assert "Import figures" not in page.text
    client.page("/performance/import", 403)


def test_both_sources_stand_side_by_side_and_a_difference_is_marked(
    client: PageClient, sign_in: SignIn, session: Session
) -> None:
    marigold, ember = house(session), house(session, "Ember House")
    counted(session, marigold, asked=60, accepted=30)
    counted(session, ember, asked=40, accepted=30)
    sign_in("officer")

    page = client.page("/performance?measure=referrals_received")

    assert "July to September 2026 · Referrals received" in page.text
    differing, alike = row_of(page, "Marigold House"), row_of(page, "Ember House")
    assert "Service’s own figure: 40 Directory’s records: 60 Sources differ" in differing
    assert "40 Directory’s records: 40" in alike
    assert "Sources differ" not in alike
    one_source = row_of(client.page("/performance?measure=referrals_received&source=imported"), "Marigold House")
    assert "Service’s own figure: 40 Sources differ Directory’s records: 60." in one_source
    assert row_of(page, "Referrals received").startswith("Referrals received 100")


def test_small_numbers_are_hidden_in_words_everywhere(client: PageClient, sign_in: SignIn, session: Session) -> None:
    small = house(session, referrals_received=41, declined_no_capacity=3)
    sign_in("auditor")

    table = row_of(client.page("/performance?measure=declined_no_capacity"), "Marigold House")
    download = client.get("/performance/download.csv").get_data(as_text=True)
    service = client.page(f"/performance/services/{small.id}")

    assert "Service’s own figure: hidden: fewer than 5" in table
    assert not [row for row in csv.DictReader(io.StringIO(download)) if row["figure"] == "3"]
    assert "Declined: no capacity" not in [text_of(heading) for heading in service.all("h3")]


def test_kind_borough_and_quarter_narrow_the_table(client: PageClient, sign_in: SignIn, session: Session) -> None:
    house(session)
    advice = factories.service(session, name="Elm advice", kind=ServiceKind.LEGAL_ADVICE, borough_code=factories.EALING)
    figures(session, advice, BEFORE, median_response_minutes=50, referrals_received=30)
    figures(session, advice, referrals_received=30)
    sign_in("officer")

    assert "Elm advice" not in client.page("/performance?kind=refuge").text
    assert "Not known of 1 service." in client.page("/performance?borough=E09000009").text
    before = client.page(f"/performance?kind=legal_advice&quarter={BEFORE}")
    assert "50 minutes" in row_of(before, "Elm advice")
    nobody = client.page("/performance?kind=helpline")
    assert "No service has a figure of this" in nobody.text
    assert "There is nothing on this page" in client.page("/performance?page=9").text


def test_what_is_in_no_list_is_refused_in_words(client: PageClient, sign_in: SignIn, session: Session) -> None:
    house(session)
    figures(session, house(session, "Ember House"), NOT_FINAL, referrals_received=7)
    sign_in("officer")

    for asked in (f"quarter={NOT_FINAL}", "quarter=soon", "measure=height", "kind=castle", "borough=E1", "source=me"):
        page = client.page(f"/performance?{asked}", 422)
        assert "what you asked for is not in it" in page.text
        assert not page.all("table")
    for path in ("/kinds", "/boroughs", "/download.csv"):
        assert not client.page(f"/performance{path}?quarter={NOT_FINAL}", 422).all("table")


def test_a_group_has_a_range_from_three_shown_figures_on(client: PageClient, sign_in: SignIn, session: Session) -> None:
    three_houses(session)
    advice = factories.service(session, kind=ServiceKind.LEGAL_ADVICE, borough_code=factories.EALING)
    figures(session, advice, **USUAL)
    sign_in("officer")

    by_kind, by_borough = client.page("/performance/kinds"), client.page("/performance/boroughs")

    assert "Services: 3 Lowest: 20 minutes Median: 30 minutes Highest: 70 minutes" in row_of(by_kind, "Refuge")
    assert "Fewer than three shown figures: Legal advice." in by_kind.text
    assert "Median: 30 minutes" in row_of(by_borough, "Hackney")
    bands = client.page("/performance/kinds?measure=answered_within_target_percent")
    assert "Lowest: from 80% Median: from 80% Highest: from 80%" in row_of(bands, "Refuge")
    assert "Fewer than three shown figures: Ealing." in by_borough.text
    assert len(by_kind.all(SVG)) == 1
    assert "no group has three services" in client.page("/performance/kinds?borough=E09000009").text


def test_a_service_is_shown_over_the_quarters_and_beside_its_peers(
    client: PageClient, sign_in: SignIn, session: Session
) -> None:
    ember, *_ = three_houses(session)
    figures(session, ember, BEFORE, median_response_minutes=45, referrals_received=30)
    counted(session, ember, asked=60, accepted=30)
    sign_in("officer")

    page = client.page(f"/performance/services/{ember.id}")

    assert page.h1 == "Performance of Ember House"
    assert page.link("See its listing") == f"/services/{ember.id}"
    assert "2026-Q2 45 minutes" in page.text
    peers = "Services: 3 Lowest: 20 minutes Median: 30 minutes Highest: 70 minutes This service: 20 minutes"
    assert peers in row_of(page, "Response time: median")
    assert "They differ by more than a tenth." in page.text
    assert "Its own figures and the directory's differ" in text_of(page.one("dl", class_="app-flags"))
    assert len({svg.get("aria-labelledby") for svg in page.all(SVG)}) == len(page.all(SVG)) > 3


def test_a_service_that_is_not_published_has_no_page_and_one_without_figures_says_so(
    client: PageClient, sign_in: SignIn, session: Session
) -> None:
    house(session)
    draft = house(session, "Ember House")
    draft.status = ListingStatus.DRAFT
    silent = factories.service(session, name="Indigo House")
    sign_in("officer")

    client.page(f"/performance/services/{draft.id}", 404)
    assert "No figure of this service may be shown" in client.page(f"/performance/services/{silent.id}").text


def test_the_download_says_what_the_pages_say_and_spreadsheets_run_nothing_of_it(
    client: PageClient, sign_in: SignIn, session: Session
) -> None:
    house(session, "=HYPERLINK(1)")
    house(session, "Ember House")
    sign_in("officer")

    answer = client.get("/performance/download.csv?kind=refuge")
    rows = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))

    assert answer.headers["Content-Disposition"] == f'attachment; filename="performance-{NEWEST}.csv"'
    assert {row["service"] for row in rows} == {"'=HYPERLINK(1)", "Ember House"}
    assert ("median_response_minutes", "imported", "35 minutes") in {
        (row["measure"], row["source"], row["figure"]) for row in rows
    }


def test_every_measure_is_defined(client: PageClient, sign_in: SignIn) -> None:
    sign_in("provider")

    page = client.page("/performance/measures")

    assert page.h1 == "What the measures mean"
    for name in ("Referrals received", "Response time: median", "Occupancy"):
        assert name in [text_of(heading) for heading in page.all("h2")]


# Beside listings.


def test_a_listing_says_how_the_service_usually_answers(client: PageClient, sign_in: SignIn, session: Session) -> None:
    told, silent = house(session), factories.service(session, name="Ember House")
    sign_in("officer")

    page = client.page(f"/services/{told.id}")

    assert SENTENCE in page.text
    assert page.link("See its performance") == f"/performance/services/{told.id}"
    assert "Usually answers" not in client.page(f"/services/{silent.id}").text


def test_search_results_say_so_too_with_as_many_statements_for_one_as_for_many(
    client: PageClient, sign_in: SignIn, session: Session
) -> None:
    factories.taxonomies(session)
    factories.unit(session, house(session))
    sign_in("officer")
    engine = session.get_bind().engine

    def results() -> tuple[Page, int]:
        link = client.post("/search", data=client.page("/search").form_values(_search_form(client)) | {"adults": "1"})
        client.get(link.location)
        with count_statements(engine) as statements:
            page = client.page(link.location)
        return page, len(statements)

    page, few = results()
    for number in range(3):
        factories.unit(session, house(session, f"House {number}"))
    session.commit()
    fuller, many = results()

    assert page.text.count(SENTENCE) == 1
    assert fuller.text.count(SENTENCE) == 4
    assert many == few


def _search_form(client: PageClient) -> Any:
    page = client.page("/search")
    return page.all("form", page.one("main"))[0]


# Importing.


def upload(client: PageClient, content: bytes, status: int = 200, name: str = "figures.csv") -> Page:
    """Send a file as the form does; the page that comes."""
    page = client.page("/performance/import")
    token = page.form_values(page.one("form", page.one("main")))["csrf_token"][0]
    # Given as it is, the test's client would write a large file to the disk and leave it open.
    boundary, body = encode_multipart({"csrf_token": token, "file": FileStorage(io.BytesIO(content), name)})
    answer = client.post("/performance/import", data=body, content_type=f"multipart/form-data; boundary={boundary}")
    assert answer.status_code == status
    return Page(answer.get_data(as_text=True))


def confirm(client: PageClient, checked: Page, status: int = 200, **others: str) -> Page:
    """Press the button of the page that shows what a file would change."""
    values: Mapping[str, Any] = checked.form_values(checked.one("form", checked.one("main"))) | others
    answer = client.post("/performance/import/confirm", data=values, follow_redirects=True)
    assert answer.status_code == status
    return Page(answer.get_data(as_text=True))


def sheet(service: Service, received: int = 50) -> bytes:
    return f"service_id,period,measure,value\n{service.id},{NEWEST},referrals_received,{received}\n".encode()


def kept(session: Session, service: Service) -> int | None:
    query = select(PerformanceFigure.value).where(
        PerformanceFigure.service_id == service.id, PerformanceFigure.measure == "referrals_received"
    )
    value = session.scalar(query)
    return None if value is None else int(value)


def test_a_file_is_checked_confirmed_and_kept(client: PageClient, sign_in: SignIn, session: Session) -> None:
    marigold = house(session)
    sign_in("commissioner")

    checked = upload(client, sheet(marigold))

    assert checked.h1 == "What the file would change"
    assert "was 40 becomes 50" in checked.text
    assert kept(session, marigold) == 40
    done = confirm(client, checked)
    assert "Imported: 0 new figures, 1 changed ones." in done.text
    assert kept(session, marigold) == 50
    assert session.scalar(select(func.count()).where(AuditEntry.event == Event.PERFORMANCE_IMPORTED)) == 1
    assert "there is nothing to import" in upload(client, sheet(marigold)).text


def test_errors_are_told_by_cell_and_nothing_can_be_confirmed(
    client: PageClient, sign_in: SignIn, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    marigold = house(session)
    monkeypatch.setattr(import_presenting, "MOST_LINES", 1)
    sign_in("commissioner")
    text = (
        f"service_id,period,measure,value\n{marigold.id},{NEWEST},height,5\n{marigold.id},{NEWEST},occupancy_percent,x"
    )

    page = upload(client, text.encode(), 422)

    assert "Row 2, column C measure" in page.text
    assert "“height”" in page.text
    assert "And 1 more." in page.text
    assert not page.all("form", page.one("main"))
    assert "Choose a file" in client.submit("/performance/import", {}, status=422).text


def test_what_is_confirmed_must_be_what_was_seen(client: PageClient, sign_in: SignIn, session: Session) -> None:
    marigold = house(session)
    sign_in("commissioner")
    checked = upload(client, sheet(marigold))
    session.execute(
        PerformanceFigure.__table__.update().where(PerformanceFigure.measure == "referrals_received").values(value=44)
    )

    again = confirm(client, checked, 409)

    assert "Something has changed since you looked at this" in again.text
    assert "was 44 becomes 50" in again.text
    assert kept(session, marigold) == 44
    confirm(client, again)
    assert kept(session, marigold) == 50


def test_what_was_never_checked_cannot_be_confirmed(client: PageClient, sign_in: SignIn, session: Session) -> None:
    marigold = house(session)
    sign_in("commissioner")
    checked = upload(client, sheet(marigold))

    # As long as a sheet may be that comes back sealed, which is more than other forms may be.
    for forged in ("forged", "x" * 600_000):
        assert "Choose the file again" in confirm(client, checked, 422, sheet=forged).text
    assert kept(session, marigold) == 40


def test_a_sealed_sheet_is_for_whoever_checked_it_and_holds_all_of_it(now: datetime) -> None:
    sheet = Carried(b"a,b\r\n" * 1000, "figures.csv", "seen")

    sealed = close(sheet, 7, "secret", now)

    assert open_again(sealed, 7, "secret", now + timedelta(minutes=59)) == sheet
    for user, secret, later in ((8, "secret", 0), (7, "another", 0), (7, "secret", 61)):
        with pytest.raises(SheetGoneError):
            open_again(sealed, user, secret, now + timedelta(minutes=later))


def test_a_file_that_is_too_large_or_no_sheet_is_refused_where_it_is_chosen(
    client: PageClient, sign_in: SignIn, session: Session
) -> None:
    sign_in("commissioner")

    assert "larger than 2 MB" in upload(client, b"x" * (MOST_BYTES + 1), 413).text
    assert "larger than 2 MB" in upload(client, b"x" * (MOST_BYTES + 2**17), 413).text
    assert upload(client, b"\xff\xfe\x00", 422).all("p", class_="govuk-error-message")
    assert session.scalar(select(func.count()).select_from(PerformanceFigure)) == 0
