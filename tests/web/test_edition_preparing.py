"""Preparing an edition in the browser: a draft, its checks, a second person's signature, publishing with progress."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape

import pytest
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.catalogue.models import Service
from directory.catalogue.vocabulary import ListingStatus
from directory.publishing.cascade.receipts import receipt_of
from directory.publishing.editions.lifecycle import discard
from directory.publishing.editions.models import Edition
from directory.publishing.editions.reading import edition_in_preparation, latest
from directory.publishing.editions.vocabulary import EditionState
from tests import factories
from tests.support.clock import Clock
from tests.support.html import Page, text_of
from tests.support.pages import PageClient
from tests.web.edition_world import acting, drafted, moment_of, published, signed

SignIn = Callable[..., User]
PREPARE = "/editions/prepare"


@pytest.fixture(autouse=True)
def house(session: Session) -> Service:
    """Something to publish; its listing says too little, and was never confirmed: warnings."""
    return factories.service(session, factories.organisation(session, name="Marigold Women"), name="Marigold House")


@pytest.fixture
def me(sign_in: SignIn) -> User:
    """The commissioner who sits in front of the pages."""
    return sign_in("commissioner")


def press(client: PageClient, action: str, status: int = 200, page: Page | None = None, **values: str) -> str:
    """Send the page's form with this action; all that comes, redirects followed."""
    shown = page or client.page(PREPARE)
    form = next(form for form in shown.all("form") if form.get("action") == action)
    sent = shown.form_values(form) | values
    answer = client.post(action, data=sent, follow_redirects=True)
    assert answer.status_code == status
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())


def somebody_else(client: PageClient, sign_in: SignIn) -> User:
    """Another commissioner sits down in front of the pages."""
    client.delete_cookie("directory")
    client.signed_in = False
    return sign_in("commissioner")


def tasks(page: Page) -> list[str]:
    """The state of each step."""
    return [text_of(one) for one in page.all("div", class_="govuk-task-list__status")]


def actions(page: Page) -> set[str]:
    """What can be done on the page."""
    forms = page.all("form", page.one("main"))
    return {form.get("action", "").removeprefix(f"{PREPARE}/") for form in forms}


def test_with_nothing_drafted_there_is_one_thing_to_do(client: PageClient, me: User) -> None:
    page = client.page(PREPARE)

    assert page.h1 == "Prepare edition 1"
    assert tasks(page) == ["To do", *["Cannot start yet"] * 4]
    assert actions(page) == {"draft"}
    assert client.get(f"{PREPARE}/changes").status_code == 303
    assert client.get(f"{PREPARE}/checks/incomplete").status_code == 303


def test_from_a_draft_to_an_edition(
    client: PageClient, me: User, sign_in: SignIn, session: Session, clock: Clock
) -> None:
    officer = factories.user(session, "officer")

    told = press(client, f"{PREPARE}/draft", note="The first of all.")

    assert "Drafting the edition" in told
    assert "Drafted: 1 organisation, 1 service, 0 units with 0 bedspaces. Read the checks" in told
    page = client.page(PREPARE)
    assert "Not so: Every listing says what it has to say." in page.text
    assert "You prepared it, so a second pair of eyes is needed." in page.text
    assert actions(page) == {"draft", "discard"}

    clock.advance(minutes=5)
    second = somebody_else(client, sign_in)
    assert tasks(client.page(PREPARE))[3] == "To do"
    refused = press(client, f"{PREPARE}/sign", status=422)
    assert "Read the warnings, and tick that you have read them" in refused
    assert "You have signed it" in press(client, f"{PREPARE}/sign", read="y")
    page = client.page(PREPARE)
    assert f"{second.name} signed it on 22 November 2026 at 2:05am" in page.text
    assert actions(page) == {"withdraw", "publish"}

    told = press(client, f"{PREPARE}/publish")

    assert "Comparing with what was signed off" in told
    assert "Edition 1 is published, and on its way to 1 officer. See edition 1" in told
    made = latest(session)
    assert made is not None
    assert (made.prepared_by, made.signed_by, made.note) == (me.name, second.name, "The first of all.")
    assert receipt_of(session, made.id, officer.id) is not None
    assert client.page(PREPARE).h1 == "Prepare edition 2"


def test_progress_is_told_piece_by_piece(client: PageClient, me: User, session: Session, now: datetime) -> None:
    signed(session, now, drafted(session, now, me))
    page = client.page(PREPARE)
    form = next(form for form in page.all("form") if form.get("action") == f"{PREPARE}/publish")

    answer = client.post(f"{PREPARE}/publish", data=page.form_values(form), buffered=False)
    pieces = [piece.decode() for piece in answer.response]

    assert "<progress" not in pieces[0]
    assert len([piece for piece in pieces if "<progress" in piece]) >= 3
    assert "See edition 1" in pieces[-2]
    assert answer.headers["X-Accel-Buffering"] == "no"


def test_pressed_twice_it_is_published_once(client: PageClient, me: User, session: Session, now: datetime) -> None:
    signed(session, now, drafted(session, now, me))
    page = client.page(PREPARE)

    press(client, f"{PREPARE}/publish", page=page)
    again = press(client, f"{PREPARE}/publish", page=page)

    assert "This is the record, and it never changes." in again
    assert session.query(Edition).count() == 1


def test_the_note_is_screened(client: PageClient, me: User, session: Session, now: datetime) -> None:
    for note in ("She came on a spouse visa.", "x" * 301):
        page = client.page(PREPARE)
        form = next(form for form in page.all("form") if form.get("action") == f"{PREPARE}/draft")
        answer = client.post(f"{PREPARE}/draft", data=page.form_values(form) | {"note": note})
        assert answer.status_code == 422
        assert Page(answer.get_data(as_text=True)).field_errors()
    assert edition_in_preparation(session) is None


def test_the_schedules_draft_is_taken_over(
    client: PageClient, me: User, sign_in: SignIn, session: Session, now: datetime
) -> None:
    drafted(session, now)
    page = client.page(PREPARE)
    assert "nobody stands for it yet" in page.text
    assert actions(page) == {"take-over", "draft", "discard"}

    assert "You stand for this draft now." in press(client, f"{PREPARE}/take-over")

    # Whoever saw the schedule's draft too, and comes later.
    assert "Somebody has prepared this draft already." in press(client, f"{PREPARE}/take-over", 409, page)
    somebody_else(client, sign_in)
    assert "sign" in actions(client.page(PREPARE))


def test_what_blocks_keeps_it_from_being_signed(
    client: PageClient, me: User, session: Session, now: datetime, house: Service
) -> None:
    house.status = ListingStatus.DRAFT
    session.flush()
    made = drafted(session, now, factories.user(session, "commissioner"))

    page = client.page(PREPARE)

    assert tasks(page)[1] == "1 to mend"
    assert "It cannot be signed like this" in page.text
    assert "Nobody can sign it while a check blocks." in page.text
    assert "sign" not in actions(page)
    values = {
        **page.form_values(page.all("form", page.one("main"))[0]),
        "edition": str(made.id),
        "content_hash": made.content_hash,
        "drafted_at": made.prepared_at.isoformat(),
        "warnings": "0",
    }
    answer = client.post(f"{PREPARE}/sign", data=values | {"read": "y"})
    assert answer.status_code == 409
    assert "cannot be signed off" in answer.get_data(as_text=True)


def test_a_draft_that_is_another_by_now_is_neither_signed_nor_thrown_away(
    client: PageClient, me: User, session: Session, now: datetime, house: Service
) -> None:
    author = factories.user(session, "commissioner")
    drafted(session, now, author)
    page = client.page(PREPARE)
    house.phone = "020 7946 0002"
    session.flush()
    made = drafted(session, now, author)

    for action, more in (("sign", {"read": "y"}), ("discard", {}), ("draft", {})):
        assert "The draft was changed after you opened it." in press(client, f"{PREPARE}/{action}", 409, page, **more)

    assert edition_in_preparation(session) == made


def test_a_note_that_was_not_shown_is_not_signed(
    client: PageClient, me: User, session: Session, now: datetime, house: Service
) -> None:
    author = factories.user(session, "commissioner")
    first = drafted(session, now, author, note="Two numbers are put right.")
    page = client.page(PREPARE)
    made = drafted(session, now + timedelta(seconds=1), author, note="Nobody has read this.")
    assert made.content_hash == first.content_hash

    assert "The draft was changed after you opened it." in press(client, f"{PREPARE}/sign", 409, page, read="y")

    assert edition_in_preparation(session) == made


def test_more_warnings_than_were_shown_are_shown_first(
    client: PageClient, me: User, session: Session, now: datetime, house: Service
) -> None:
    drafted(session, now, factories.user(session, "commissioner"))
    page = client.page(PREPARE)
    house.phone = "020 7946 0002"
    session.flush()

    told = press(client, f"{PREPARE}/sign", 409, page, read="y")

    assert "Look at them again." in told
    assert "The catalogue has not changed since it was drafted." in told


def test_somebody_else_was_faster(client: PageClient, me: User, session: Session, now: datetime) -> None:
    empty = client.page(PREPARE)
    author = factories.user(session, "commissioner")
    made = drafted(session, now, author)

    assert "Somebody else was faster, and has drafted an edition." in press(client, f"{PREPARE}/draft", 409, empty)

    shown = client.page(PREPARE)
    discard(session, made.id, acting(author), moment_of(now))
    for action in ("sign", "discard", "draft"):
        assert "what you saw is not there any more" in press(client, f"{PREPARE}/{action}", 409, shown, read="y")


def test_a_signature_is_withdrawn(client: PageClient, me: User, session: Session, now: datetime) -> None:
    signed(session, now, drafted(session, now, me))
    page = client.page(PREPARE)

    assert "It is a draft again." in press(client, f"{PREPARE}/withdraw")

    assert "It is not signed, so it cannot be published." in press(client, f"{PREPARE}/publish", 409, page)
    made = edition_in_preparation(session)
    assert made is not None
    assert made.state is EditionState.DRAFT
    assert "The draft is discarded." in press(client, f"{PREPARE}/discard")
    assert edition_in_preparation(session) is None


def test_whoever_prepared_it_cannot_sign_it(client: PageClient, me: User, session: Session, now: datetime) -> None:
    made = drafted(session, now, me)
    page = client.page(PREPARE)
    values = {
        **page.form_values(page.all("form", page.one("main"))[0]),
        "edition": str(made.id),
        "content_hash": made.content_hash,
        "drafted_at": made.prepared_at.isoformat(),
        "warnings": "1",
        "read": "y",
    }

    answer = client.post(f"{PREPARE}/sign", data=values)

    assert answer.status_code == 403
    assert "ask another commissioner" in answer.get_data(as_text=True)


def test_publishing_that_fails_changes_nothing(
    client: PageClient, me: User, session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed(session, now, drafted(session, now, me))

    def fail(*_arguments: object) -> int:
        raise OSError("the disk is full")

    monkeypatch.setattr("directory.web.pages.editions.publishing.send_out", fail)

    told = press(client, f"{PREPARE}/publish")

    assert "Nothing was published. Try again: it is still signed." in told
    assert "disk" not in told
    assert latest(session) is None
    assert "publish" in actions(client.page(PREPARE))


def test_everything_that_a_check_found_has_a_page(
    client: PageClient, me: User, session: Session, now: datetime, house: Service
) -> None:
    for number in range(12):
        factories.service(session, house.organisation, name=f"House {number:02}")
    drafted(session, now, me)
    assert "All 13" in client.page(PREPARE).text

    whole = client.page(f"{PREPARE}/checks/incomplete")

    assert whole.h1 == "Not so: Every listing says what it has to say."
    assert "House 11" in whole.text
    # Each leads to where it is mended.
    assert client.get(whole.link("Marigold House")).status_code == 200
    stale = client.page(f"{PREPARE}/checks/stale_listings")
    assert stale.link("Marigold House") == f"/manage/freshness#service-{house.id}"
    assert "There is nothing on this page." in client.page(f"{PREPARE}/checks/incomplete?page=9").text
    assert client.page(f"{PREPARE}/checks/secret_location").h1.startswith("Passed: ")
    client.page(f"{PREPARE}/checks/nothing", status=404)
    assert client.page(f"{PREPARE}/changes").h1 == "What has changed in the draft"


def test_a_correction_says_what_was_wrong(
    client: PageClient, me: User, session: Session, now: datetime, clock: Clock
) -> None:
    published(session, now)
    clock.advance(minutes=30)
    path = "/editions/1/correct"
    assert client.page("/editions/1").link("Publish a correction of edition 1") == path

    assert client.submit(path, {}, status=422).field_errors() == ["Say what was wrong with it"]
    assert client.submit(path, {"note": "She has no visa."}, status=422).field_errors()
    client.submit(path, {"note": "Phones of refuges were wrong."})

    page = client.page(PREPARE)
    assert "Edition 1" in page.text
    assert "Phones of refuges were wrong." in page.text
    assert "The correction takes its place." in client.page(path).text
    # Drafted again, it is a correction still.
    press(client, f"{PREPARE}/draft")
    made = edition_in_preparation(session)
    assert made is not None
    assert made.corrects_number == 1
    signed(session, now + timedelta(minutes=30), made)
    waiting = client.page(path)
    assert "waits to be published" in waiting.text
    assert not waiting.all("form", waiting.one("main"))
    client.page("/editions/9/correct", status=404)


def test_how_often_one_is_due_can_be_said(client: PageClient, me: User, session: Session) -> None:
    assert "The next one is due on 1 December 2026." in client.page("/editions/schedule").text

    wrong = client.submit("/editions/schedule", {"day": "31"}, status=422)
    assert wrong.field_errors() == ["Enter a day from 1 to 28"]
    after = client.submit("/editions/schedule", {"every_months": "3", "day": "15"})

    assert "Saved. The next edition is due on 15 January 2027." in after.text
    page = client.page("/editions/schedule")
    assert page.form_values(page.all("form", page.one("main"))[0])["every_months"] == ["3"]
