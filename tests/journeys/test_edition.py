"""Two commissioners publish an edition, and an officer says that she has read it."""

import re

import pytest
from playwright.sync_api import expect

from directory.cli.demo_accounts import DEPUTY
from tests.journeys.conftest import Visit
from tests.journeys.site import PASSWORD, Site

pytestmark = pytest.mark.browser


def test_an_edition_is_drafted_signed_by_another_published_and_acknowledged(visit: Visit, changing_site: Site) -> None:
    author = visit("commissioner", on=changing_site)
    author.open("/editions")
    author.main.get_by_role("button", name="Prepare an edition").click()
    author.sees(re.compile(r"Prepare edition \d+"))
    number = author.page.get_by_role("heading", level=1).inner_text().rpartition(" ")[2]
    author.page.get_by_label("A note for readers").fill("With the figures of the newest quarter.")
    author.main.get_by_role("button", name="Draft the edition").click()
    author.sees("Drafting the edition")
    author.main.get_by_role("link", name="Read the checks").click()
    expect(author.main).to_contain_text("You prepared it, so a second pair of eyes is needed.")
    expect(author.main.get_by_role("button", name="Sign it")).to_have_count(0)

    # Neither the signature nor the progress of publishing needs a script.
    second = visit(on=changing_site, phone=True, javascript=False)
    second.open("/editions/prepare")
    second.page.get_by_label("Email address").fill(DEPUTY)
    second.page.get_by_label("Password", exact=True).fill(PASSWORD)
    second.main.get_by_role("button", name="Sign in").click()
    second.sees(f"Prepare edition {number}")
    second.page.get_by_label(re.compile(r"I have read the \d+ warnings")).check()
    second.main.get_by_role("button", name="Sign it").click()
    expect(second.page.get_by_role("alert")).to_contain_text("You have signed it.")
    second.main.get_by_role("button", name=f"Publish edition {number}").click()
    expect(second.main).to_contain_text(f"Edition {number} is published, and on its way to")
    assert second.main.locator("progress").count() >= 3
    assert second.overflow() == 0
    second.main.get_by_role("link", name=f"See edition {number}").click()
    second.sees(f"Edition {number}")

    officer = visit("officer", on=changing_site, phone=True)
    officer.open("/editions")
    officer.main.get_by_role("link", name=f"Edition {number}", exact=True).click()
    expect(officer.main).to_contain_text("With the figures of the newest quarter.")
    officer.main.get_by_role("button", name="I have read it").click()
    officer.sees(f"Edition {number}")
    expect(officer.main).to_contain_text("You said that you have read it")
