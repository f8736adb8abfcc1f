"""Guidance: a commissioner writes it, everybody reads it."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.site import Site

pytestmark = pytest.mark.browser

ADDED = "\n\n- **On Sundays** ask for the duty adviser."
SEEN = "On Sundays ask for the duty adviser."


def test_what_a_commissioner_saves_an_officer_reads_at_once(visit: Visit, changing_site: Site) -> None:
    officer = visit("officer", phone=True, on=changing_site)
    officer.open("/search")
    expect(officer.main).not_to_contain_text("duty adviser")

    commissioner = visit("commissioner", on=changing_site)
    commissioner.open("/")
    commissioner.main.get_by_role("link", name="Edit the guidance").click()
    commissioner.main.get_by_role("link", name="Edit Safe to share?").click()
    text = commissioner.page.get_by_label("Text")
    text.fill(text.input_value() + ADDED)
    commissioner.main.get_by_role("button", name="Preview").click()
    expect(commissioner.page.get_by_role("region", name="How it will look (not saved yet)")).to_contain_text(SEEN)
    officer.page.reload()
    expect(officer.main).not_to_contain_text("duty adviser")

    commissioner.main.get_by_role("button", name="Save").click()
    commissioner.sees("Edit guidance")
    expect(commissioner.page.get_by_role("alert")).to_contain_text("is saved. Everybody sees it from now on.")

    officer.page.reload()
    expect(officer.main.get_by_role("region", name="Safe to share?")).to_contain_text(SEEN)
    officer.asks(near="Hackney")
    expect(officer.main).to_contain_text(SEEN)
    officer.main.locator(".app-result").first.get_by_role("heading").get_by_role("link").click()
    officer.main.locator("summary", has_text="Safe to share?").click()
    expect(officer.main.get_by_text(SEEN)).to_be_visible()


def test_two_commissioners_at_once_lose_nothing(visit: Visit, changing_site: Site) -> None:
    first, second = visit("commissioner", on=changing_site), visit("commissioner", on=changing_site)
    for commissioner in (first, second):
        commissioner.open("/manage/guidance/pathways")
    first.page.get_by_label("Text").fill("Text of the first.")
    first.main.get_by_role("button", name="Save").click()
    first.sees("Edit guidance")

    second.page.get_by_label("Text").fill("Text of the second.")
    second.main.get_by_role("button", name="Save").click()

    expect(second.mistakes).to_be_focused()
    expect(second.main.get_by_role("region", name="What somebody else saved")).to_contain_text("Text of the first.")
    expect(second.page.get_by_label("Text")).to_have_value("Text of the second.")


def test_an_officer_cannot_edit(visit: Visit) -> None:
    officer = visit("officer")
    officer.open("/")
    expect(officer.page.get_by_role("link", name="Edit", exact=True)).to_have_count(0)
    officer.open("/manage/guidance", status=403)
    officer.sees("You may not open this page")
