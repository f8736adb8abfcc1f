"""Everything works without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visit

pytestmark = pytest.mark.browser


def test_the_officers_whole_job(visit: Visit) -> None:
    officer = visit(phone=True, javascript=False)
    officer.open("/")
    officer.main.get_by_role("button", name="Sign in to find support").click()
    officer.sign_in("officer")
    officer.sees("Find support")
    expect(officer.page.get_by_label("Find in this list").first).not_to_be_visible()

    officer.main.locator("summary", has_text="Immigration advice").click()
    officer.main.get_by_role("group", name="What help is needed?").locator("details[open] input").first.check()
    officer.main.locator("summary", has_text="The person, and languages").click()
    officer.main.get_by_role("checkbox", name=re.compile("^Arabic")).check()
    officer.main.get_by_label("A place that does not depend on public funds").check()
    officer.asks(near="Southal")

    officer.sees(re.compile("fits?$"))
    expect(officer.main).to_contain_text("You typed “Southal”")
    expect(officer.main.locator(".app-asked")).to_contain_text("Arabic (if possible)")
    officer.main.get_by_role("link", name="Change this search").click()
    expect(officer.main.get_by_role("checkbox", name=re.compile("^Arabic"))).to_be_checked()
    officer.asks(near="Hackney", Adults="1")

    result = officer.main.locator(".app-result").first
    name = result.get_by_role("heading").inner_text()
    expect(result.locator("a[href^='tel:']").first).to_be_visible()
    result.get_by_role("heading").get_by_role("link").click()
    officer.sees(name)
    officer.main.locator("summary", has_text="Safe to share?").click()
    expect(officer.main).to_contain_text("Do not pass their details to Immigration Enforcement")


def test_hayes_is_asked_about(visit: Visit) -> None:
    officer = visit("officer", phone=True, javascript=False)
    officer.open("/search")
    officer.asks(near="Hayes")
    expect(officer.mistakes).to_be_visible()
    officer.page.get_by_label("Hayes, Bromley").check()
    officer.main.get_by_role("button", name="Search").first.click()

    expect(officer.main.locator(".app-asked")).to_contain_text("Near Hayes")


def test_the_board(visit: Visit) -> None:
    advocate = visit("advocate", phone=True, javascript=False)
    advocate.open("/")
    advocate.page.get_by_role("navigation").get_by_role("link", name="Bed availability").click()
    advocate.sees("Bed availability")
    everything = advocate.main.locator(".app-spaces > li").count()
    advocate.main.locator("summary", has_text="Show what fits one household").click()
    advocate.page.get_by_label("Adults").fill("2")
    advocate.main.get_by_role("button", name="Show what fits").click()
    expect(advocate.main.locator(".app-asked")).to_contain_text("2 adults")
    fitting = advocate.main.locator(".app-spaces > li").count()
    assert 0 < fitting < everything

    advocate.page.get_by_role("link", name="Refresh").click()
    expect(advocate.main.locator(".app-spaces > li")).to_have_count(fitting)
    advocate.main.locator("tbody th a").last.click()
    expect(advocate.main.locator("section").last).to_be_in_viewport()


def test_signing_out(visit: Visit) -> None:
    # Signing out ends every session of an account, so this one is nobody else's here.
    worker = visit(phone=True, javascript=False)
    worker.open("/sign-in")
    worker.sign_in("provider")
    worker.page.get_by_role("button", name="Sign out").click()
    worker.sees("Find specialist support for a victim")
    worker.open("/search")

    worker.sees("Sign in")
