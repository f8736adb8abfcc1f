"""The bed board, as advocates use it all day."""

import re

import pytest
from playwright.sync_api import expect

from directory.capacity.models import Unit, UnitState
from tests.journeys.conftest import Visit
from tests.journeys.site import Site
from tests.support.databases import committing

pytestmark = pytest.mark.browser


def test_a_tile_of_the_map_leads_to_its_borough(visit: Visit) -> None:
    advocate = visit("advocate")
    advocate.open("/availability")
    tile = advocate.main.locator("svg a").last
    name, count = (tile.get_attribute("aria-label") or "").split(": ")

    tile.click()

    heading = advocate.main.get_by_role("heading", name=name, exact=True)
    expect(heading).to_be_in_viewport()
    assert advocate.page.url.endswith(f"#{heading.get_attribute('id')}")
    section = advocate.main.get_by_role("region", name=name, exact=True)
    assert section.locator(".app-spaces > li").count() == int(count)
    section.get_by_role("link", name="Back to the map").click()
    expect(advocate.main.locator("svg")).to_be_in_viewport()


def test_map_table_and_list_say_the_same(visit: Visit) -> None:
    advocate = visit("advocate")
    advocate.open("/availability")
    tiles = dict((tile.get_attribute("aria-label") or "").split(": ") for tile in advocate.main.locator("svg a").all())
    table = {
        row.get_by_role("rowheader").inner_text(): row.get_by_role("cell").first.inner_text()
        for row in advocate.main.locator("tbody tr").all()
    }
    listed = {
        section.get_by_role("heading").inner_text(): str(section.locator(".app-spaces > li").count())
        for section in advocate.main.locator("#board section").all()
    }

    assert tiles == table == listed
    assert advocate.main.locator("svg text.app-tile__count").count() == 33
    total = sum(int(count) for count in table.values())
    expect(advocate.main.locator("#board-total")).to_contain_text(f"{total} units with space")


def test_the_board_for_one_household(visit: Visit) -> None:
    advocate = visit("advocate")
    advocate.open("/availability")
    everything = advocate.main.locator(".app-spaces > li").count()
    advocate.main.get_by_text("Show what fits one household").click()
    advocate.page.get_by_label("Adults").fill("1")
    advocate.page.get_by_label("Ages of boys").fill("12")
    advocate.main.get_by_label("A place that does not depend on public funds").check()
    avoided = advocate.main.locator("tbody th").first.inner_text()
    advocate.main.get_by_role("checkbox", name=avoided, exact=True).check()
    advocate.main.get_by_role("button", name="Show what fits").click()

    expect(advocate.main.locator(".app-asked")).to_contain_text(f"Not in {avoided}")
    expect(advocate.main.locator(".app-asked")).to_contain_text("1 adult and 1 child (boy 12)")
    fitting = advocate.main.locator(".app-spaces > li")
    assert 0 < fitting.count() < everything
    for unit in fitting.all():
        expect(unit).to_contain_text(re.compile(r"and \d child"))
        expect(unit).not_to_contain_text(re.compile(r"boys up to ([0-9]|1[01])\b"))
    assert avoided not in advocate.main.locator("tbody th").all_inner_texts()

    advocate.main.get_by_role("link", name="Show all spaces").click()
    expect(advocate.main.locator(".app-spaces > li")).to_have_count(everything)


def test_a_mistake_on_the_board_is_named_and_the_board_still_there(visit: Visit) -> None:
    advocate = visit("advocate")
    advocate.open("/availability")
    advocate.main.get_by_text("Show what fits one household").click()
    advocate.page.get_by_label("Ages of girls").fill("tall")
    advocate.main.get_by_role("button", name="Show what fits").click()

    expect(advocate.mistakes).to_be_focused()
    advocate.mistakes.get_by_role("link").first.click()
    expect(advocate.page.get_by_label("Ages of girls")).to_be_focused()
    assert advocate.main.locator(".app-spaces > li").count() > 0


def test_by_itself_it_stays_true_and_in_its_place(visit: Visit, changing_site: Site) -> None:
    advocate = visit("advocate", on=changing_site)
    advocate.page.clock.install()
    advocate.open("/availability")
    units = [unit.get_attribute("id") for unit in advocate.main.locator(".app-spaces > li").all()]
    taken, read = units[0] or "", advocate.main.locator(f"#{units[12]}").get_by_role("link").first
    read.scroll_into_view_if_needed()
    read.focus()
    before = read.bounding_box()
    assert before is not None
    total = advocate.main.locator("#board-total").inner_text()
    with committing(changing_site.database_url) as session:
        session.get_one(Unit, taken.removeprefix("unit-")).state = UnitState.OCCUPIED

    advocate.page.clock.fast_forward(61_000)

    expect(advocate.main.locator(f"#{taken}")).to_have_count(0)
    expect(advocate.main.locator("#board-total")).not_to_have_text(total)
    expect(read).to_be_focused()
    after = read.bounding_box()
    assert after is not None
    assert after["y"] == pytest.approx(before["y"], abs=2)


def test_refresh_by_hand_keeps_the_focus_and_the_address(visit: Visit) -> None:
    advocate = visit("advocate")
    advocate.open("/availability")
    advocate.page.evaluate("document.querySelector('#board-total').dataset.read = 'yes'")
    advocate.page.locator("#board-refresh").focus()
    advocate.page.keyboard.press("Enter")

    expect(advocate.main.locator("[data-read]")).to_have_count(0)
    expect(advocate.page.locator("#board-refresh")).to_be_focused()
    assert advocate.page.url.endswith("/availability")


def test_after_the_session_has_ended_the_board_says_so(visit: Visit) -> None:
    # Signing out ends every session of an account, so this one is nobody else's here.
    worker, colleague = visit(), visit()
    for browser in (worker, colleague):
        browser.open("/sign-in?next=/availability")
        browser.sign_in("provider")
        browser.sees("Bed availability")
    colleague.page.get_by_role("button", name="Sign out").click()
    colleague.sees("Find specialist support for a victim")

    worker.page.locator("#board-refresh").click()

    expect(worker.main.get_by_text("This page can no longer be refreshed")).to_be_visible()


def test_without_a_connection_the_board_says_so(visit: Visit) -> None:
    advocate = visit("advocate")
    advocate.open("/availability")
    advocate.context.set_offline(True)
    advocate.page.locator("#board-refresh").click()

    expect(advocate.main.get_by_text("No connection")).to_be_visible()
    assert advocate.main.locator(".app-spaces > li").count() > 0
    assert [error for error in advocate.errors if "ERR_INTERNET_DISCONNECTED" not in error] == []
    advocate.errors.clear()
