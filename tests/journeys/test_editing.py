"""Keeping listings true: a provider proposes, a commissioner answers, an officer corrects; and two do it at once."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.site import Site

pytestmark = pytest.mark.browser


def test_what_a_provider_proposes_is_seen_once_it_is_approved(visit: Visit, changing_site: Site) -> None:
    provider = visit("provider", phone=True, javascript=False, on=changing_site)
    provider.open("/provider/listings")
    provider.main.get_by_role("link", name="Edit Marigold advocacy team").click()
    provider.page.get_by_label("Phone", exact=True).fill("020 7946 0599")
    provider.main.locator("summary", has_text="Languages").click()
    provider.page.get_by_label("Other languages").fill("Tigrinya")
    provider.page.get_by_label("Why? (optional)").fill("A new line, and a new colleague.")
    provider.main.get_by_role("button", name="Send to the commissioner").click()
    provider.sees("Sent to the commissioner")
    assert provider.overflow() == 0
    officer = visit("officer", on=changing_site)
    officer.open("/services/marigold-advocacy")
    expect(officer.main).not_to_contain_text("020 7946 0599")

    commissioner = visit("commissioner", on=changing_site)
    commissioner.open("/manage")
    commissioner.main.get_by_role("link", name=re.compile("Proposals: ")).click()
    commissioner.main.get_by_role("link", name="Marigold advocacy team").click()
    expect(commissioner.main.locator("ins", has_text="0599")).to_be_visible()
    commissioner.page.get_by_label("What should be changed").fill("Is the new line for anybody?")
    commissioner.main.get_by_role("button", name="Ask for changes").click()
    commissioner.sees("Proposals")

    provider.open("/proposals")
    provider.main.get_by_role("link", name="Marigold advocacy team").click()
    expect(provider.main).to_contain_text("Is the new line for anybody?")
    provider.main.get_by_role("button", name="Change it and send it again").click()
    expect(provider.page.get_by_label("Phone", exact=True)).to_have_value("020 7946 0599")
    provider.page.get_by_label("Why? (optional)").fill("Yes, it is.")
    provider.main.get_by_role("button", name="Send to the commissioner").click()
    provider.sees("Sent to the commissioner")

    commissioner.open("/manage/proposals")
    commissioner.main.get_by_role("link", name="Marigold advocacy team").click()
    commissioner.main.get_by_role("button", name="Approve").click()
    commissioner.sees("Proposals")
    officer.page.reload()
    expect(officer.main).to_contain_text("020 7946 0599")
    expect(officer.main).to_contain_text("Tigrinya")


def test_an_officer_suggests_a_correction(visit: Visit, changing_site: Site) -> None:
    officer = visit("officer", phone=True, on=changing_site)
    officer.open("/organisations/marigold-women")
    officer.main.get_by_role("link", name="Suggest a correction").click()
    officer.main.get_by_role("link", name="Correct Website").click()
    expect(officer.main).to_contain_text("Do not write anything about a person you support.")
    officer.page.get_by_label("Website").fill("https://www.marigold-women.example.org")
    officer.main.get_by_role("button", name="Send").click()
    officer.sees("Thank you")

    commissioner = visit("commissioner", on=changing_site)
    commissioner.open("/manage/proposals")
    expect(commissioner.main).to_contain_text("Suggested correction")


def test_two_people_at_once_lose_nothing(visit: Visit, changing_site: Site) -> None:
    provider = visit("provider", phone=True, javascript=False, on=changing_site)
    provider.open("/provider/listings")
    provider.main.get_by_role("link", name="Edit Marigold after-school circle").click()
    provider.page.get_by_label("Opening hours").fill("Mo-Fr 15:00-18:00")
    provider.page.get_by_label("Description").fill("Homework, food and play after school.")
    commissioner = visit("commissioner", on=changing_site)
    commissioner.open(provider.page.url)
    commissioner.page.get_by_label("Opening hours").fill("Mo-Th 15:00-18:00")
    commissioner.main.get_by_role("button", name="Save and approve now").click()
    expect(commissioner.page.get_by_role("alert")).to_contain_text("Saved and approved")

    provider.main.get_by_role("button", name="Send to the commissioner").click()

    provider.sees("Somebody else changed Marigold after-school circle")
    assert provider.overflow() == 0
    expect(provider.main).to_contain_text("15:00-18:00")
    provider.page.get_by_label("Keep theirs").check()
    provider.main.get_by_role("button", name="Send again").click()
    provider.sees("Sent to the commissioner")
    expect(provider.main).to_contain_text("Marigold after-school circle: Description.")


def test_a_commissioner_restores_what_was_said_before(visit: Visit, changing_site: Site) -> None:
    commissioner = visit("commissioner", on=changing_site)
    commissioner.open("/services/marigold-house")
    commissioner.main.get_by_role("link", name="Edit Marigold House").click()
    commissioner.page.get_by_label("Youngest age").fill("18")
    commissioner.main.get_by_role("button", name="Save and approve now").click()
    commissioner.main.get_by_role("link", name="Versions of Marigold House").click()
    commissioner.main.get_by_role("button", name="Compare").click()
    expect(commissioner.main.get_by_role("heading", name="Youngest age")).to_be_visible()

    commissioner.page.go_back()
    commissioner.main.get_by_role("link", name="Version 1", exact=True).click()
    commissioner.main.get_by_role("button", name="Restore this version").click()
    commissioner.main.get_by_role("button", name="Restore version 1").click()

    expect(commissioner.page.get_by_role("alert")).to_contain_text("Version 1 is restored")
    commissioner.open("/services/marigold-house")
    expect(commissioner.main).to_contain_text("Women, 16 and over")
