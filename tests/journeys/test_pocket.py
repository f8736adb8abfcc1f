"""Contacts to carry along: there where there is no signal, gone after a week, and nothing else is kept with them."""

import re
from io import BytesIO
from typing import Any

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.journeys.axe import violations
from tests.journeys.conftest import Visit
from tests.journeys.site import Site
from tests.journeys.states_cascade import AREA, edition, saved
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

PAGE = f"/pocket/{AREA}"
EIGHT_DAYS_MS = 8 * 24 * 60 * 60 * 1000
KEPT = """async () => {
  const found = {};
  for (const name of await caches.keys()) {
    const store = await caches.open(name);
    for (const request of await store.keys()) {
      found[new URL(request.url).pathname] = await (await store.match(request)).text();
    }
  }
  return found;
}"""
# The page as it would be after its week: what the server said of its time lies in the past.
AGE = """async (page) => {
  const store = await caches.open("pocket");
  const kept = await store.match(page);
  const headers = new Headers(kept.headers);
  headers.set("Pocket-Until", new Date(Date.now() - 1000).toISOString());
  await store.put(page, new Response(await kept.text(), { headers }));
}"""


def kept(visitor: Visitor) -> dict[str, Any]:
    """What the telephone keeps of the site, by path."""
    found: dict[str, Any] = visitor.page.evaluate(KEPT)
    return found


def offline(visitor: Visitor) -> None:
    """There is no signal any more. What the browser says of requests that fail for that is no problem of ours."""
    visitor.context.set_offline(True)


def online(visitor: Visitor) -> None:
    """There is one again."""
    visitor.context.set_offline(False)
    visitor.errors[:] = [error for error in visitor.errors if "ERR_INTERNET_DISCONNECTED" not in error]


def test_it_is_there_without_a_signal_and_nothing_else_is(visit: Visit) -> None:
    officer = visit("officer", phone=True)
    saved(officer)
    first = officer.main.get_by_role("listitem").first.inner_text()
    for path in ("/search", "/services/marigold-house", "/pocket"):
        officer.open(path)
    saved(officer)

    assert sorted(re.sub("/static/[0-9a-f]+/", "", path) for path in kept(officer)) == [
        PAGE,
        "favicon.svg",
        "pocket.css",
        "pocket.js",
    ]
    text = kept(officer)[PAGE]
    for word in ("csrf", "sign-out", "of the demonstration", officer.site.emails["officer"]):
        assert word not in text

    offline(officer)
    officer.open(PAGE)

    officer.sees("Contacts: Central East")
    assert officer.main.get_by_role("listitem").first.inner_text() == first
    expect(officer.page.get_by_text("Works offline until")).to_be_visible()
    # It looks as it did: the style sheet is there too.
    assert officer.page.evaluate("getComputedStyle(document.querySelector('header')).color") == "rgb(255, 255, 255)"
    assert officer.overflow() == 0
    officer.open("/pocket/west-area", status=404)
    officer.sees("This page is not on this phone")
    assert violations(officer.page) == []
    online(officer)


def test_it_is_there_while_the_directory_is_down(visit: Visit) -> None:
    officer = visit("officer", phone=True)
    saved(officer)
    officer.context.route(f"**{PAGE}", lambda route: route.fulfill(status=503, body="Service Unavailable"))

    officer.open(PAGE)

    officer.sees("Contacts: Central East")
    expect(officer.page.get_by_text("Works offline until")).to_be_visible()
    officer.context.unroute(f"**{PAGE}")


def test_after_seven_days_it_is_gone_and_says_so(visit: Visit) -> None:
    officer = visit("officer", phone=True)
    saved(officer)
    offline(officer)

    # The telephone's clock has moved on while the page was open, or is opened again.
    officer.page.clock.install()
    officer.open(PAGE)
    expect(officer.page.get_by_text("Works offline until")).to_be_visible()
    officer.page.clock.fast_forward(EIGHT_DAYS_MS)
    expect(officer.page.get_by_text("ran out on")).to_be_visible()
    expect(officer.main.get_by_role("listitem")).to_have_count(0)
    officer.page.wait_for_function("async () => (await caches.keys()).length === 0")
    online(officer)


def test_the_worker_shows_nothing_that_has_run_out(visit: Visit) -> None:
    officer = visit("officer", phone=True)
    saved(officer)
    officer.page.evaluate(AGE, PAGE)
    offline(officer)

    officer.open(PAGE, status=404)

    officer.sees("This page is not on this phone")
    assert kept(officer) == {}
    online(officer)


def test_it_can_be_filtered_and_removed(visit: Visit) -> None:
    officer = visit("officer", phone=True)
    saved(officer)
    entries = officer.main.get_by_role("listitem")
    everything = entries.count()
    box = officer.page.get_by_label("Find in this list")
    box.fill("punjabi")
    expect(officer.page.get_by_text(re.compile(r"^\d+ of \d+ contacts contain this"))).to_be_visible()
    assert 0 < entries.count() < everything
    officer.page.reload()
    expect(box).to_have_value("")
    expect(officer.page.get_by_text("Works offline until")).to_be_visible()
    assert not any("punjabi" in address.lower() for address in officer.addresses)

    officer.main.get_by_role("button", name="Remove from this phone").click()

    expect(officer.page.get_by_text("Removed from this phone")).to_be_visible()
    assert kept(officer) == {}


def test_without_javascript_it_is_a_list(visit: Visit, site: Site) -> None:
    edition(site.database_url)
    officer = visit("officer", phone=True, javascript=False)
    officer.open(PAGE)

    expect(officer.main.get_by_role("listitem").first).to_be_visible()
    expect(officer.page.get_by_label("Find in this list")).to_be_hidden()


def test_a_briefing_prints_as_one_page(visit: Visit, site: Site) -> None:
    officer = visit("officer")
    officer.open(f"/editions/{edition(site.database_url).number}/briefing/{AREA}")

    printed = PdfReader(BytesIO(officer.page.pdf(prefer_css_page_size=True)))

    assert len(printed.pages) == 1
    assert "Sign out" not in printed.pages[0].extract_text()
