"""Places as people type them."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visit

pytestmark = pytest.mark.browser


def test_a_name_that_two_places_have_is_asked_about(visit: Visit) -> None:
    officer = visit("officer", phone=True)
    officer.open("/search")
    officer.page.get_by_label("Ages of girls").fill("7")
    officer.asks(near="Hayes")

    officer.sees("Find support")
    expect(officer.mistakes).to_be_focused()
    officer.mistakes.get_by_role("link").first.click()
    choices = officer.page.get_by_role("group", name="Which place do you mean?").get_by_role("radio")
    assert choices.count() == 2
    officer.page.get_by_label("Hayes, Hillingdon").check()
    officer.main.get_by_role("button", name="Search").first.click()

    expect(officer.page.get_by_role("heading", level=1)).to_have_text(re.compile("fit"))
    expect(officer.main.locator(".app-asked")).to_contain_text("Near Hayes")
    expect(officer.main.locator(".app-asked")).to_contain_text("girl 7")


def test_after_the_choice_another_place_can_be_typed(visit: Visit) -> None:
    officer = visit("officer", phone=True)
    officer.open("/search")
    officer.asks(near="Hayes")
    officer.sees("Find support")
    officer.page.get_by_label("Hayes, Hillingdon").check()
    officer.asks(near="Lewisham")

    officer.sees(re.compile("fit"))
    assert "Near Lewisham" in officer.main.locator(".app-asked").inner_text()


def test_a_slip_of_the_thumb_is_put_right_and_said(visit: Visit) -> None:
    officer = visit("officer", phone=True)
    officer.open("/search")
    officer.asks(near="Southal")

    officer.sees(re.compile("that fit"))
    expect(officer.main.locator(".govuk-inset-text")).to_contain_text("Showing Southall. You typed “Southal”")


def test_a_place_that_is_nowhere_gets_help(visit: Visit) -> None:
    officer = visit("officer", phone=True)
    officer.open("/search")
    officer.asks(near="Xyzzyqq", Adults="2")

    officer.sees("Find support")
    assert officer.page.title().startswith("Error: ")
    expect(officer.mistakes).to_contain_text("Xyzzyqq")
    officer.mistakes.get_by_role("link").first.click()
    place = officer.page.get_by_label("Where is the person")
    expect(place).to_be_focused()
    expect(place).to_have_value("Xyzzyqq")
    expect(officer.page.get_by_label("Adults")).to_have_value("2")
    assert officer.overflow() == 0


def test_every_mistake_is_named_beside_its_field(visit: Visit) -> None:
    officer = visit("officer", phone=True)
    officer.open("/search")
    officer.asks(near="ZZ1", Adults="many", Ages_of_girls="four")

    officer.sees("Find support")
    summary = officer.mistakes.get_by_role("link")
    assert summary.count() == 3
    for number in range(3):
        target = officer.page.locator(summary.nth(number).get_attribute("href") or "")
        message = summary.nth(number).inner_text()
        expect(officer.main.locator(".govuk-form-group--error", has=target)).to_contain_text(message)
