"""Holding a space on a phone, with and without script; and the screen when the hold runs out."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.site import Site
from tests.journeys.states import held

pytestmark = pytest.mark.browser

THUMB = 44


def test_without_script_a_space_is_held_extended_and_released(visit: Visit, changing_site: Site) -> None:
    officer = visit("officer", phone=True, javascript=False, on=changing_site)
    officer.open("/search")
    officer.asks(near="Hackney", Adults="1")
    button = officer.main.get_by_role("button", name="Hold only").first
    box = button.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= THUMB

    button.click()
    officer.sees(re.compile("Held for you until"))
    officer.main.get_by_role("button", name="Extend once").click()
    expect(officer.main.get_by_role("alert")).to_contain_text("Extended.")
    officer.main.get_by_role("button", name="Release: not needed").click()
    officer.sees("My holds")
    expect(officer.main.get_by_text("No space is held for you now.")).to_be_visible()


def test_the_last_minutes_are_told_aloud_and_then_it_has_run_out(visit: Visit) -> None:
    officer = visit("officer", phone=True)
    officer.page.clock.install()
    # A minute more than it takes: on a busy machine a page may take that long.
    with held(officer, minutes=17):
        officer.open("/holds/journey0")
        left, said = officer.main.locator("[data-hold-left]"), officer.main.locator("[data-hold-announce]")
        expect(left).to_have_text(re.compile("1[567] minutes left"))
        officer.page.clock.run_for(125_000)
        expect(left).to_have_text(re.compile("1[345] minutes left"))
        expect(said).to_have_text(re.compile("This hold has 1[345] minutes left"))
        officer.page.clock.run_for(240_000)
        expect(said).to_have_text(re.compile("This hold has 1[345] minutes left"))
    with held(officer, minutes=-1):
        officer.page.clock.run_for(70_000)
        officer.sees("This hold has run out")
    expect(officer.main.get_by_text("Do not send anybody there.")).to_be_visible()
