"""The main job: an officer at a door, at night, with a small phone."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import Visit
from tests.journeys.visitor import PHONE, Visitor

pytestmark = pytest.mark.browser

THUMB = 44
RESULTS = re.compile(r"\d+ services? that fits?")


def test_from_the_doorstep_to_somebody_who_can_help(visit: Visit) -> None:
    officer = visit(phone=True)
    officer.open("/")
    officer.main.get_by_role("button", name="Sign in to find support").click()
    officer.sees("Sign in")
    officer.sign_in("officer")
    officer.sees("Find support")

    officer.page.get_by_label("A place that does not depend on public funds").check()
    officer.asks(near="E8 3", Adults="1", Ages_of_girls="4")

    officer.sees(RESULTS)
    asked = officer.main.locator(".app-asked li")
    expect(asked).to_have_text(
        ["Near E8 3", "1 adult and 1 child (girl 4)", "A place that does not depend on public funds"]
    )
    first = officer.main.locator(".app-result").first
    expect(first).to_contain_text("Space available")
    expect(first).to_contain_text("Has room for 1 adult and 1 child")
    for number in first.locator("a[href^='tel:']").all():
        _can_be_called(number)
    assert officer.overflow() == 0


def test_from_a_result_to_its_service_its_unit_and_back(visit: Visit) -> None:
    officer = _found(visit("officer", phone=True), near="Hackney", Adults="1")
    first = officer.main.locator(".app-result", has_text="Space available").first
    service = first.get_by_role("heading").inner_text()
    unit = first.locator(".app-units a").first.inner_text()

    first.get_by_role("heading").get_by_role("link").click()
    officer.sees(service)
    _can_be_called(officer.main.locator("a[href^='tel:']").first)
    expect(officer.main).to_contain_text("Safe to share?")

    officer.main.get_by_role("link", name=unit, exact=True).click()
    officer.sees(f"{unit}, {service}")
    expect(officer.main).to_contain_text("the address is kept secret")
    _can_be_called(officer.main.locator("a[href^='tel:']").first)

    officer.page.get_by_role("link", name=f"Back to {service}").click()
    officer.sees(service)
    officer.page.go_back()
    officer.page.go_back()
    officer.page.go_back()
    officer.sees(RESULTS)


def test_the_question_can_be_changed_and_nothing_is_typed_twice(visit: Visit) -> None:
    officer = visit("officer", phone=True)
    officer.open("/search")
    officer.main.get_by_label("Only refuges with a space now").check()
    officer.asks(near="Hackney", Adults="1", Ages_of_boys="13, 3")
    officer.sees(RESULTS)
    before = _count(officer)

    officer.main.get_by_role("link", name="Change this search").click()
    officer.sees("Find support")
    expect(officer.page.get_by_label("Where is the person")).to_have_value("Hackney")
    expect(officer.page.get_by_label("Ages of boys")).to_have_value("13, 3")
    box = officer.main.get_by_label("Only refuges with a space now")
    expect(box).to_be_checked()
    box.uncheck()
    officer.asks(near="Hackney", Adults="1", Ages_of_boys="")

    officer.sees(RESULTS)
    expect(officer.main.locator(".app-asked li")).to_have_text(["Near Hackney", "1 adult"])
    assert _count(officer) > before


def test_pages_follow_each_other(visit: Visit) -> None:
    officer = _found(visit("officer", phone=True), near="Hackney")
    names = officer.main.locator(".app-result h3").all_inner_texts()
    expect(officer.main).to_contain_text("Page 1 of")

    officer.main.get_by_role("link", name="Next").click()
    expect(officer.main).to_contain_text("Page 2 of")
    assert set(officer.main.locator(".app-result h3").all_inner_texts()).isdisjoint(names)
    assert officer.main.locator("ol.app-results").get_attribute("start") == str(len(names) + 1)

    officer.main.get_by_role("link", name="Previous").click()
    expect(officer.main).to_contain_text("Page 1 of")
    assert officer.main.locator(".app-result h3").all_inner_texts() == names


def test_a_need_is_found_by_another_word_for_it(visit: Visit) -> None:
    officer = visit("officer", phone=True)
    officer.open("/search")
    officer.page.get_by_label("Find in this list").first.fill("fgm")
    box = officer.main.get_by_label("Female genital mutilation", exact=False).locator("visible=true").first
    box.check()
    officer.asks(near="Southwark")

    officer.sees(RESULTS)
    expect(officer.main.locator(".app-asked li").first).to_contain_text("Female genital mutilation")


def test_when_nothing_fits_there_is_still_somebody_to_call(visit: Visit) -> None:
    officer = visit("officer", phone=True)
    officer.open("/search")
    officer.main.get_by_text("Kind of service").click()
    officer.main.get_by_role("group", name="Kinds of service").get_by_label("Refuge").check()
    officer.asks(near="Hackney", Adults="9", Ages_of_girls="4")

    officer.sees("Nothing fits all of this")
    close = officer.main.locator("#near-misses ~ .app-results").first.locator(".app-result")
    assert 1 <= close.count() <= 10
    expect(close.first).to_contain_text("Missing: No unit that fits 9 adults and 1 child")
    _can_be_called(close.first.locator("a[href^='tel:']").first)
    _can_be_called(officer.main.locator("#pathways ~ .app-results a[href^='tel:']").first)
    expect(officer.main.get_by_role("heading", name="When no space fits tonight")).to_be_visible()
    assert officer.overflow() == 0


def _found(officer: Visitor, **question: str) -> Visitor:
    officer.open("/search")
    officer.asks(**question)
    officer.sees(RESULTS)
    return officer


def _count(officer: Visitor) -> int:
    return int(officer.page.get_by_role("heading", level=1).inner_text().split()[0])


def _can_be_called(link: Locator) -> None:
    """One tap: a number in full, as large as a thumb, on the screen's width."""
    assert re.fullmatch(r"tel:\+44\d{9,10}", link.get_attribute("href") or "")
    box = link.bounding_box()
    assert box is not None
    assert box["height"] >= THUMB
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
