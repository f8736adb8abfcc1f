"""The link to results: shown to a colleague, expired, and telling nothing by itself."""

import re
from base64 import urlsafe_b64decode
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.site import Site
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

QUESTION = {"near": "Southall", "adults": 1, "child": ["4f"], "nrpf": True}
TELLING = re.compile(rb"southall|ealing|hackney|nrpf|fund|adult|girl|child|refuge|need|near", re.IGNORECASE)
OPAQUE = re.compile(r"/(search|availability)/(?P<link>[A-Za-z0-9_-]+={0,2})(/change)?(\?page=\d+)?")


def test_a_colleague_opens_the_link(visit: Visit) -> None:
    officer = visit("officer", phone=True)
    officer.open("/search")
    officer.asks(near="Southall", Adults="1", Ages_of_girls="4")
    heading = officer.page.get_by_role("heading", level=1).inner_text()
    expect(officer.main).to_contain_text("You can show this page to a colleague until")

    colleague = visit("advocate")
    colleague.open(officer.page.url)

    colleague.sees(heading)
    expect(colleague.main.locator(".app-asked")).to_contain_text("1 adult and 1 child (girl 4)")
    assert colleague.main.locator(".app-result h3").all_inner_texts() == (
        officer.main.locator(".app-result h3").all_inner_texts()
    )


def test_somebody_who_is_not_signed_in_sees_results_only_after_signing_in(visit: Visit, site: Site) -> None:
    colleague = visit()
    colleague.open(f"/search/{site.link(QUESTION)}")
    colleague.sees("Sign in")
    expect(colleague.page.locator("body")).not_to_contain_text("Southall")

    colleague.sign_in("advocate")

    colleague.sees(re.compile("that fit"))
    expect(colleague.main.locator(".app-asked")).to_contain_text("Near Southall")


@pytest.mark.parametrize("path", ["/search/{}", "/search/{}/change", "/availability/{}"])
def test_after_half_an_hour_the_link_tells_nothing(visit: Visit, site: Site, path: str) -> None:
    officer = visit("officer", phone=True)
    officer.open(path.format(site.link(QUESTION, age=timedelta(minutes=31))), status=410)

    officer.sees("This search has expired")
    expect(officer.page.locator("body")).not_to_contain_text("Southall")
    officer.main.get_by_role("button", name="Search again").click()
    officer.sees("Find support")


def test_a_link_that_lost_a_letter_counts_as_expired(visit: Visit, site: Site) -> None:
    link = site.link(QUESTION)
    officer = visit("officer", phone=True)
    officer.open(f"/search/{link[:40]}{link[41:]}", status=410)

    officer.sees("This search has expired")


def test_no_word_of_the_question_stands_in_an_address_or_a_log(visit: Visit, site: Site) -> None:
    officer = visit("officer", phone=True)
    officer.open("/search")
    logged = len(site.log())
    officer.page.get_by_label("A place that does not depend on public funds").check()
    officer.asks(near="Southall", Adults="1", Ages_of_girls="4")
    officer.main.get_by_role("link", name="Next").click()
    officer.main.get_by_role("link", name="Change this search").click()
    officer.sees("Find support")
    officer.asks(near="Hackneyy", Adults="none")
    officer.mistakes.wait_for()
    _ask_the_board(officer)

    addresses = [url.removeprefix(site.address) for url in officer.addresses]
    matches = [OPAQUE.fullmatch(address) for address in addresses]
    links = [match["link"] for match in matches if match]
    assert {address for address, match in zip(addresses, matches, strict=True) if not match} == {
        "/search",
        "/availability",
    }
    assert len(set(links)) == 2
    assert [link for link in links if TELLING.search(urlsafe_b64decode(link))] == []
    told = [
        value
        for line in site.log()[logged:]
        for name, value in line.items()
        if name not in ("request_id", "timestamp", "route") and TELLING.search(str(value).encode())
    ]
    routes = {line["route"] for line in site.log()[logged:]}
    assert told == []
    assert {"/search", "/search/<link>", "/search/<link>/change", "/availability/<link>"} <= routes
    assert not [route for route in routes if urlsplit(route).query]


def _ask_the_board(officer: Visitor) -> None:
    officer.open("/availability")
    officer.main.get_by_text("Show what fits one household").click()
    officer.page.get_by_label("Adults").fill("1")
    officer.main.get_by_label("A place that does not depend on public funds").check()
    officer.main.get_by_role("button", name="Show what fits").click()
    expect(officer.main.locator(".app-asked")).to_contain_text("1 adult")
