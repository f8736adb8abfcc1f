"""Reading guidance, and, for commissioners, writing it."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.catalogue.guidance import read_guidance, update_guidance
from directory.catalogue.models import Guidance
from tests import factories
from tests.support.clock import Clock
from tests.support.html import Page
from tests.support.pages import PageClient

SignIn = Callable[..., User]
ADDRESS = "/manage/guidance/safe-to-share"


@pytest.fixture
def text(session: Session) -> Guidance:
    """The text that is edited."""
    return factories.guidance(session, key="safe-to-share", title="Safe to share?", body="Call [999](tel:999).")


def test_everybody_who_is_signed_in_reads_it(client: PageClient, sign_in: SignIn, text: Guidance) -> None:
    sign_in("auditor")

    page = client.page("/guidance")

    assert "Safe to share? Call 999." in page.text
    assert "Last changed on 1 November 2026" in page.text


def test_without_any_the_page_says_so(client: PageClient, sign_in: SignIn) -> None:
    sign_in("officer")

    assert "There is no guidance yet." in client.page("/guidance").text


def test_a_commissioner_changes_it_for_everybody(
    client: PageClient, sign_in: SignIn, session: Session, text: Guidance, clock: Clock
) -> None:
    sign_in("commissioner")

    page = client.submit(ADDRESS, {"title": "Safe to share: new", "body": "# Do\r\n\r\n- this"})

    assert "“Safe to share: new” is saved." in page.text
    session.expire_all()
    saved = read_guidance(session, "safe-to-share")
    assert saved is not None
    assert (saved.title, saved.body, saved.updated_at) == ("Safe to share: new", "# Do\n\n- this", clock.now)
    assert "Safe to share: new Do this" in client.page("/guidance").text


def test_the_message_about_saving_is_shown_once(client: PageClient, sign_in: SignIn, text: Guidance) -> None:
    sign_in("commissioner")
    client.submit(ADDRESS, {"title": "New"})

    assert "is saved" not in client.page("/manage/guidance").text


def test_a_preview_shows_the_text_and_saves_nothing(
    client: PageClient, sign_in: SignIn, session: Session, text: Guidance
) -> None:
    sign_in("commissioner")
    form = client.page(ADDRESS)
    values = form.form_values(form.one("form", form.one("main")))

    response = client.post(ADDRESS, data=values | {"body": "**Brand new** text", "preview": "yes"})

    assert response.status_code == 200
    assert "<strong>Brand new</strong> text" in response.text
    assert "**Brand new** text" in response.text
    assert read_guidance(session, "safe-to-share").body == "Call [999](tel:999)."  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"title": ""}, "Enter the title"),
        ({"body": "  "}, "Enter the text"),
        ({"title": "x" * 121}, "The title must be 120 characters or fewer; it has 121"),
        ({"body": "x" * 6001}, "The text must be 6,000 characters or fewer; it has 6,001"),
        ({"body": "a\x07b"}, "It held characters that cannot be kept. They are gone: check it, and send it again"),
        ({"title": "a\nb"}, "It held characters that cannot be kept. They are gone: check it, and send it again"),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_field(
    client: PageClient, sign_in: SignIn, session: Session, text: Guidance, values: dict[str, str], error: str
) -> None:
    sign_in("commissioner")
    form = client.page(ADDRESS)
    filled_in = form.form_values(form.one("form", form.one("main")))

    response = client.post(ADDRESS, data=filled_in | values)

    assert response.status_code == 422
    assert error in response.text
    assert read_guidance(session, "safe-to-share").title == "Safe to share?"  # type: ignore[union-attr]


def test_two_people_at_once_do_not_overwrite_each_other_unseen(
    client: PageClient, sign_in: SignIn, session: Session, text: Guidance, clock: Clock
) -> None:
    sign_in("commissioner")
    form = client.page(ADDRESS)
    mine = form.form_values(form.one("form", form.one("main"))) | {"body": "Mine"}
    update_guidance(
        session, "safe-to-share", title="Theirs", body="Their words", read_version=text.updated_at, now=clock.now
    )

    response = client.post(ADDRESS, data=mine)

    assert response.status_code == 409
    assert "Somebody else changed this text after you opened it" in response.text
    assert "Their words" in response.text
    assert "Mine" in response.text
    assert read_guidance(session, "safe-to-share").body == "Their words"  # type: ignore[union-attr]


def test_after_reading_theirs_one_s_own_can_be_saved(
    client: PageClient, sign_in: SignIn, session: Session, text: Guidance, clock: Clock
) -> None:
    sign_in("commissioner")
    form = client.page(ADDRESS)
    mine = form.form_values(form.one("form", form.one("main"))) | {"body": "Mine"}
    update_guidance(
        session, "safe-to-share", title="Theirs", body="Their words", read_version=text.updated_at, now=clock.now
    )
    conflict = Page(client.post(ADDRESS, data=mine).text)

    response = client.post(ADDRESS, data=conflict.form_values(conflict.one("form", conflict.one("main"))))

    assert response.status_code == 303
    assert read_guidance(session, "safe-to-share").body == "Mine"  # type: ignore[union-attr]


@pytest.mark.parametrize("version", ["", "yesterday", "2026-11-01", "2026-11-01T09:00:00", "0001-01-01T00:00:00+23:59"])
def test_a_version_that_nobody_read_saves_nothing(
    client: PageClient, sign_in: SignIn, session: Session, text: Guidance, version: str
) -> None:
    sign_in("commissioner")

    client.submit(ADDRESS, {"version": version, "body": "Mine"}, status=409)

    assert read_guidance(session, "safe-to-share").body == "Call [999](tel:999)."  # type: ignore[union-attr]


def test_markup_in_a_text_stays_text(client: PageClient, sign_in: SignIn, session: Session) -> None:
    factories.guidance(session, title="<script>a</script>", body="<script>b</script> [x](javascript:c)")
    sign_in("officer")

    html = client.page("/guidance").html

    assert "<script>a" not in html
    assert "<script>b" not in html
    assert 'href="javascript' not in html


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_text_is_not_found(client: PageClient, sign_in: SignIn, text: Guidance, method: str) -> None:
    sign_in("commissioner")
    form = client.page(ADDRESS)
    values = form.form_values(form.one("form", form.one("main")))

    response = client.open("/manage/guidance/unknown", method=method, data=values if method == "POST" else None)

    assert response.status_code == 404
