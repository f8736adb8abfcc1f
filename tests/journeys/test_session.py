"""Being signed in, and having left: the cookie, and what the browser's back button shows."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Launch, Visit
from tests.journeys.site import Site, served
from tests.support.commands import SECRET

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def ordinary_browser(launch: Launch) -> Browser:
    """A browser that keeps left pages in memory, as those of ordinary people do and those of tests do not."""
    return launch(ignore_default_args=["--disable-back-forward-cache"])


def test_the_cookie_is_for_the_server_alone_and_ends_with_the_browser(visit: Visit) -> None:
    cookies = visit("officer").context.cookies()

    assert [(cookie["name"], cookie["path"], cookie["expires"]) for cookie in cookies] == [("directory", "/", -1)]
    assert (cookies[0]["httpOnly"], cookies[0]["sameSite"]) == (True, "Lax")


def test_in_production_the_cookie_is_bound_to_its_host_and_to_tls(visit: Visit, site: Site, tmp_path: Path) -> None:
    log = tmp_path / "production.log"
    with served(site.database_url, log, SUPPORT_DIRECTORY_ENV="production") as address:
        officer = visit(on=Site(address, site.database_url, log, site.emails))
        officer.open("/sign-in")
        officer.sign_in("officer")
        (cookie,) = officer.context.cookies()
        expect(officer.page.locator("body")).not_to_contain_text("Fictional data")

    assert len(SECRET) >= 32
    assert (cookie["name"], cookie["secure"], cookie["path"]) == ("__Host-directory", True, "/")
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["domain"]) == (True, "Lax", "127.0.0.1")


def test_after_signing_out_the_back_button_shows_nothing(visit: Visit, ordinary_browser: Browser) -> None:
    # Signing out ends every session of an account, so this one is nobody else's here.
    worker = visit(using=ordinary_browser)
    worker.open("/sign-in?next=/search")
    worker.sign_in("provider")
    worker.asks(near="Southall", Adults="1")
    expect(worker.main.locator(".app-asked")).to_contain_text("Near Southall")
    worker.main.locator(".app-result").first.get_by_role("heading").get_by_role("link").click()
    expect(worker.main).to_contain_text("About the service")
    worker.page.get_by_role("button", name="Sign out").click()
    worker.sees("Find specialist support for a victim")

    for _ in range(3):
        worker.page.go_back()
        worker.sees("Sign in")
        expect(worker.page.locator("body")).not_to_contain_text("Southall")


def test_signing_out_ends_the_session_wherever_its_cookie_is(visit: Visit) -> None:
    here, elsewhere = visit(), visit()
    for browser in (here, elsewhere):
        browser.open("/sign-in?next=/availability")
        browser.sign_in("provider")
        browser.sees("Bed availability")
    here.page.get_by_role("button", name="Sign out").click()
    here.sees("Find specialist support for a victim")

    elsewhere.page.reload()

    elsewhere.sees("Sign in")


def test_a_wrong_password_tells_nothing_and_can_be_tried_again(visit: Visit) -> None:
    officer = visit(phone=True)
    officer.open("/sign-in")
    officer.page.get_by_label("Email address").fill("nobody@met.example")
    officer.page.get_by_label("Password", exact=True).fill("wrong password")
    officer.main.get_by_role("button", name="Sign in").click()

    expect(officer.mistakes).to_be_focused()
    expect(officer.page.get_by_label("Email address")).to_have_value("nobody@met.example")
    expect(officer.page.get_by_label("Password", exact=True)).to_have_value("")
    officer.sign_in("officer")
    officer.sees("Find specialist support for a victim")
