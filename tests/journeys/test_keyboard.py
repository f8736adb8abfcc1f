"""Without a mouse: everything can be reached, where one is can be seen, and three presses of Shift leave."""

import re

import pytest
from playwright.sync_api import FloatRect, Locator, expect

from tests.journeys.conftest import Visit
from tests.journeys.site import PASSWORD
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

EXIT = "https://www.bbc.co.uk/weather"
# Around what has the focus: an outline lies outside of it.
MARGIN = 8
# What decides how an element looks.
LOOK = """(({tagName, className, parentElement}) => `${tagName} ${className} ${parentElement?.className}`)
    (document.activeElement)"""


def test_from_signing_in_to_a_telephone_number(visit: Visit) -> None:
    officer = visit()
    keyboard = officer.page.keyboard
    officer.open("/sign-in")
    _tab_to(officer, officer.page.get_by_label("Email address"))
    keyboard.type(officer.site.emails["officer"])
    _tab_to(officer, officer.page.get_by_label("Password", exact=True))
    keyboard.type(PASSWORD)
    keyboard.press("Enter")
    officer.sees("Find specialist support for a victim")

    _tab_to(officer, officer.main.get_by_role("button", name="Find support"))
    keyboard.press("Enter")
    officer.sees("Find support")
    _tab_to(officer, officer.page.get_by_label("Where is the person"))
    keyboard.type("E8 3")
    _tab_to(officer, officer.page.get_by_label("Adults"))
    keyboard.type("1")
    _tab_to(officer, officer.page.get_by_label("A place that does not depend on public funds"))
    keyboard.press("Space")
    _tab_to(officer, officer.main.locator("summary", has_text="Domestic abuse"))
    keyboard.press("Enter")
    _tab_to(officer, officer.main.get_by_role("checkbox", name="Domestic abuse (any)"))
    keyboard.press("Space")
    _tab_to(officer, officer.main.get_by_role("button", name="Search").first)
    keyboard.press("Enter")

    officer.sees(re.compile("that fit"))
    expect(officer.main.locator(".app-asked li")).to_have_text(
        ["Domestic abuse", "Near E8 3", "1 adult", "A place that does not depend on public funds"]
    )
    _tab_to(officer, officer.main.locator(".app-result a[href^='tel:']").first)


def test_the_way_past_the_navigation(visit: Visit) -> None:
    officer = visit("officer")
    officer.open("/search")
    officer.page.keyboard.press("Tab")
    expect(officer.page.get_by_role("link", name="Skip to main content")).to_be_focused()
    officer.page.keyboard.press("Enter")
    expect(officer.main).to_be_focused()
    officer.page.keyboard.press("Tab")
    assert officer.main.locator(":focus").count() == 1


def test_the_map_can_be_walked(visit: Visit) -> None:
    advocate = visit("advocate")
    advocate.open("/availability")
    advocate.page.locator("#board-refresh").focus()
    tile = advocate.main.locator("svg a").first
    _tab_to(advocate, tile)
    name = (tile.get_attribute("aria-label") or "").partition(":")[0]
    advocate.page.keyboard.press("Enter")

    expect(advocate.main.get_by_role("heading", name=name, exact=True)).to_be_in_viewport()
    advocate.page.keyboard.press("Tab")
    focused = advocate.page.locator("section", has=advocate.page.locator(":focus"))
    expect(focused.get_by_role("heading").first).to_have_text(name)


@pytest.mark.parametrize("path", ["/search", "/availability", "/services/marigold-house", "/nowhere"])
def test_three_presses_of_shift_leave(visit: Visit, path: str) -> None:
    officer = visit("officer")
    _somewhere_else(officer)
    officer.open(path, status=404 if path == "/nowhere" else 200)
    for _ in range(3):
        officer.page.keyboard.press("Shift")

    officer.page.wait_for_url(EXIT)
    assert officer.page.title() == "Elsewhere"
    officer.foreign.clear()


@pytest.mark.parametrize("javascript", [True, False])
def test_the_button_leaves_and_tells_nobody_where_from(visit: Visit, javascript: bool) -> None:
    officer = visit("officer", phone=True, javascript=javascript)
    _somewhere_else(officer)
    officer.open("/search")
    with officer.page.expect_request(EXIT) as leaving:
        officer.page.get_by_role("button", name="Exit this page").click()

    officer.page.wait_for_url(EXIT)
    assert "referer" not in leaving.value.all_headers()
    officer.foreign.clear()


def test_a_focus_that_does_not_show_is_noticed(visit: Visit) -> None:
    somebody = visit()
    somebody.page.set_content("<style>a:focus { outline: none }</style><a href='#'>Here</a>")

    with pytest.raises(AssertionError, match="cannot see that this has the focus"):
        _tab_to(somebody, somebody.page.get_by_role("link"))


def _somewhere_else(visitor: Visitor) -> None:
    """What stands in for the page one escapes to, as there is no network here."""
    page = "<!doctype html><title>Elsewhere</title>"
    visitor.context.route(EXIT, lambda route: route.fulfill(body=page, content_type="text/html"))


def _tab_to(visitor: Visitor, target: Locator, most: int = 40) -> None:
    """Press Tab until `target` has the focus; it must show, there and on every kind of stop on the way."""
    seen = set()
    for _ in range(most):
        visitor.page.keyboard.press("Tab")
        kind = visitor.page.evaluate(LOOK)
        if kind not in seen:
            _shows_focus(visitor)
        seen.add(kind)
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{most} presses of Tab do not reach {target}")


def _shows_focus(visitor: Visitor) -> None:
    """What has the focus looks different from the same thing without it."""
    clip: FloatRect = visitor.page.evaluate(
        """margin => {
            const box = document.activeElement.getBoundingClientRect();
            const [left, top] = [Math.max(0, box.left - margin), Math.max(0, box.top - margin)];
            return {x: left, y: top, width: box.right + margin - left, height: box.bottom + margin - top};
        }""",
        MARGIN,
    )
    focused = visitor.page.screenshot(clip=clip)
    visitor.page.evaluate("window.focused = document.activeElement; window.focused.blur()")
    blurred = visitor.page.screenshot(clip=clip)
    visitor.page.evaluate("window.focused.focus({preventScroll: true})")
    what = visitor.page.evaluate("window.focused.outerHTML.slice(0, 200)")
    assert focused != blurred, f"one cannot see that this has the focus: {what}"
