"""A referral from a doorstep to an arrival: an officer with a small phone, and a refuge worker who answers."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.referring import accept, referred
from tests.journeys.site import Site
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

HOUSE = "Marigold House"


def test_four_screens_from_results_to_a_sent_referral_and_on_to_the_arrival(visit: Visit, changing_site: Site) -> None:
    officer = visit("officer", phone=True, on=changing_site)
    officer.open("/search")
    officer.main.get_by_label("A place that does not depend on public funds").check()
    officer.main.get_by_label("Only refuges with a space now").check()
    officer.asks(near="Barnet", Adults="1", Ages_of_girls="4")
    officer.sees(re.compile("that fit"))
    card = officer.main.locator(".app-result", has_text=HOUSE)
    before = len(officer.addresses)
    card.get_by_role("button", name="Hold and refer").click()

    officer.sees(f"Refer to {HOUSE}")
    expect(officer.main).to_contain_text("Held for you until")
    expect(officer.main.get_by_role("group", name="Girls, by age").get_by_label("0 to 4")).to_have_value("1")
    assert officer.overflow() == 0
    fill_in(officer)
    officer.main.get_by_role("button", name="Continue").click()

    officer.sees("Check before you send")
    expect(officer.main).to_contain_text("Bluebell")
    assert officer.overflow() == 0
    officer.main.get_by_role("button", name="Send referral").click()

    officer.sees(re.compile("Referral "))
    expect(officer.main).to_contain_text(f"{HOUSE} has until")
    assert "Bluebell" not in officer.page.content()
    assert officer.overflow() == 0
    pages = [address for address in officer.addresses[before:] if "/holds" not in address]
    assert len({re.sub(r"\?.*", "", address) for address in pages}) <= 4, pages
    reference = officer.page.get_by_role("heading", level=1).inner_text().removeprefix("Referral ")
    assert not any("Bluebell" in address or "07700" in address for address in officer.addresses)

    answered(visit("provider", phone=True, on=changing_site), reference)

    officer.page.reload()
    expect(officer.main).to_contain_text(f"She arrived at {HOUSE}.")
    officer.open("/referrals")
    expect(officer.main).to_contain_text("She arrived")


def test_without_script_it_is_as_many_screens(visit: Visit, changing_site: Site) -> None:
    officer = visit("officer", phone=True, javascript=False, on=changing_site)
    officer.open("/search")
    officer.main.get_by_label("Only refuges with a space now").check()
    officer.asks(near="Hackney", Adults="1")
    officer.main.get_by_role("button", name="Hold and refer").first.click()
    officer.sees(re.compile("Refer to "))
    fill_in(officer)
    officer.main.get_by_role("button", name="Continue").click()
    officer.sees("Check before you send")
    officer.main.get_by_role("button", name="Send referral").click()
    officer.sees(re.compile("Referral "))
    expect(officer.main).to_contain_text("to answer.")

    officer.main.get_by_role("link", name="Withdraw this referral").click()
    officer.main.get_by_role("button", name="Withdraw referral").click()
    expect(officer.main).to_contain_text("This referral was withdrawn.")


@pytest.mark.parametrize(("role", "path"), [("officer", "/referrals"), ("provider", "/provider/referrals")])
def test_that_she_did_not_arrive_takes_a_second_yes(visit: Visit, role: str, path: str) -> None:
    somebody = visit(role, phone=True, javascript=False)
    with referred(somebody, then=accept) as reference:
        somebody.open(f"{path}/{reference}")
        somebody.main.get_by_role("button", name="She did not arrive").click()
        somebody.sees("End the referral because she did not arrive?")
        somebody.page.get_by_role("link", name="Back to the referral").click()
        somebody.sees(f"Referral {reference}")
        somebody.main.get_by_role("button", name="She did not arrive").click()
        somebody.main.get_by_role("button", name="She did not arrive: end it").click()
        expect(somebody.main).to_contain_text("She did not arrive at" if role == "officer" else "nothing more to do")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_mistake_in_a_tick_list_leads_to_the_list(visit: Visit, *, javascript: bool) -> None:
    officer = visit("officer", phone=True, javascript=javascript)
    officer.open("/referrals/new/service/marigold-advocacy")
    for box in officer.main.locator("#needs input:checked").all():
        box.uncheck()
    officer.main.get_by_role("button", name="Continue").click()
    officer.mistakes.get_by_role("link", name="What she needs help with").click()

    expect(officer.main.locator("#needs")).to_be_focused()


def test_a_service_without_units_is_referred_to_from_its_result(visit: Visit) -> None:
    officer = visit("officer", phone=True)
    officer.open("/search")
    officer.main.get_by_text("Kind of service").click()
    officer.main.get_by_role("group", name="Kinds of service").get_by_label("Advocacy").check()
    officer.asks(near="Ealing", Adults="1", Ages_of_boys="6")
    name = officer.main.locator(".app-result h3").first.inner_text()

    officer.main.get_by_role("button", name="Refer").first.click()

    officer.sees(f"Refer to {name}")
    expect(officer.main.get_by_role("group", name="Boys, by age").get_by_label("5 to 10")).to_have_value("1")
    expect(officer.main).not_to_contain_text("Held for you")


def fill_in(officer: Visitor) -> None:
    """What the search has not answered already."""
    officer.main.get_by_label("Refuge", exact=True).first.check()
    officer.main.get_by_label("Medium").check()
    officer.main.get_by_label("She has said yes to this referral").check()
    officer.main.get_by_label("In person").check()
    officer.main.get_by_label("What to call her").fill("Bluebell")
    officer.main.get_by_label("Text message").check()
    officer.main.get_by_label("Safe number or email address").fill("07700 900123")
    officer.main.get_by_label("When is it safe?").fill("mornings")


def answered(worker: Visitor, reference: str) -> None:
    """The refuge's worker takes her, and says that she has come."""
    worker.open("/")
    worker.page.get_by_role("button", name="Menu").click()
    worker.page.get_by_role("navigation").get_by_role("link", name="Inbox").click()
    worker.main.get_by_role("link", name=reference).click()
    expect(worker.main).to_contain_text("Bluebell")
    assert worker.overflow() == 0
    worker.main.get_by_role("button", name="Accept").click()
    expect(worker.main).to_contain_text("You said yes.")
    worker.main.get_by_role("button", name="She arrived").click()
    worker.sees("She arrived")
    assert "Bluebell" not in worker.page.content()
