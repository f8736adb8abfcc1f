"""Confirming vacancies where there is hardly a signal: two taps, one small page, no script, no signing in."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from directory.capacity.models import Unit, UnitState
from tests.journeys.axe import violations
from tests.journeys.conftest import Visit
from tests.journeys.site import Site
from tests.journeys.states_upkeep import link
from tests.journeys.visitor import Visitor
from tests.support.databases import committing

pytestmark = pytest.mark.browser

# What the product has promised: see README, "What was measured".
MOST_BYTES = 30 * 1000
MOST_SECONDS = 3.0
BYTES_PER_SECOND = 50 * 1000
LATENCY_MS = 300
THUMB = 44
# Nothing else on the site that changes reads these.
HOUSE, OTHER = "neem-house", "zagros-house"


@dataclass
class Traffic:
    """What a visitor's page has fetched over the slow line, in bytes as they travelled, headers included."""

    bytes: int = 0
    requests: int = 0


@contextmanager
def slow_line(visitor: Visitor) -> Iterator[Traffic]:
    """The visitor's browser is on a line like 2G's better days, and starts with an empty cache."""
    traffic = Traffic()
    devtools = visitor.context.new_cdp_session(visitor.page)

    def note(event: dict[str, Any]) -> None:
        traffic.bytes += int(event["encodedDataLength"])
        traffic.requests += 1

    devtools.on("Network.loadingFinished", note)
    devtools.send("Network.enable")
    devtools.send("Network.clearBrowserCache")
    devtools.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY_MS,
            "downloadThroughput": BYTES_PER_SECOND,
            "uploadThroughput": BYTES_PER_SECOND,
        },
    )
    yield traffic
    devtools.detach()


def seconds_to_load(visitor: Visitor) -> float:
    """From the beginning of the navigation until everything on the page was there, by the browser's own clock."""
    timing = visitor.page.evaluate("performance.getEntriesByType('navigation')[0].toJSON()")
    assert timing["loadEventEnd"] > 0
    return float(timing["loadEventEnd"]) / 1000


def icon_bytes(visitor: Visitor) -> int:
    """Browsers fetch the icon besides, unseen by their own tools."""
    address = visitor.page.locator("link[rel=icon]").get_attribute("href")
    with urlopen(visitor.site.address + str(address)) as response:  # noqa: S310 - our own server
        return len(response.read()) + len(bytes(response.headers))


def states_of(site: Site, service_id: str) -> list[UnitState]:
    """The states of a service's units, by their names."""
    with committing(site.database_url) as session:
        return list(
            session.scalars(select(Unit.state).where(Unit.service_id == service_id).order_by(Unit.name, Unit.id))
        )


def not_confirmed_by_a_link(site: Site, service_id: str) -> int:
    """How many of its units were confirmed otherwise."""
    with committing(site.database_url) as session:
        query = select(func.count()).select_from(Unit).where(Unit.service_id == service_id)
        return session.scalars(query.where(Unit.confirmed_by.not_like("link-%"))).one()


def test_two_taps_without_a_script(visit: Visit, changing_site: Site) -> None:
    before = states_of(changing_site, HOUSE)
    worker = visit(phone=True, javascript=False, on=changing_site)
    path = link(changing_site.database_url, HOUSE)

    # The first tap is on the link, the second one on the button.
    worker.open(path)
    button = worker.main.get_by_role("button", name="Confirm")
    expect(button).to_be_in_viewport()
    button.click()

    worker.sees("Thank you")
    expect(worker.main).to_contain_text(f"{len(before)} units are confirmed.")
    assert states_of(changing_site, HOUSE) == before
    assert not_confirmed_by_a_link(changing_site, HOUSE) == 0
    # The link is used, and going back does not send anything again.
    worker.open(path, status=410)
    worker.sees("This has been confirmed already")


def test_a_change_is_one_more_tap(visit: Visit, changing_site: Site) -> None:
    before = states_of(changing_site, OTHER)
    worker = visit(phone=True, javascript=False, on=changing_site)
    worker.open(link(changing_site.database_url, OTHER))
    room = worker.main.get_by_role("group").first
    wanted = "Closed" if before[0] is not UnitState.CLOSED else "Open"
    choice = room.locator("label").filter(has_text=re.compile(f"^ ?{wanted}$"))
    box = choice.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= THUMB

    choice.click()
    worker.main.get_by_role("button", name="Confirm").click()

    worker.sees("Thank you")
    expect(worker.main).to_contain_text("1 of them is changed, as you said.")
    assert states_of(changing_site, OTHER) == [UnitState(wanted.lower()), *before[1:]]
    assert worker.overflow() == 0


def test_on_a_slow_line_it_is_there_at_once(visit: Visit, site: Site) -> None:
    worker = visit(phone=True, javascript=False)
    path = link(site.database_url, HOUSE)

    with slow_line(worker) as traffic:
        worker.open(path)
        seconds = seconds_to_load(worker)
        total = traffic.bytes + icon_bytes(worker)

    assert traffic.requests == 2, "the page and its style sheet"
    assert total < MOST_BYTES, f"{total} bytes on the first visit"
    assert seconds < MOST_SECONDS, f"there after {seconds:.2f} seconds"


def test_the_line_is_slow_indeed(visit: Visit) -> None:
    """Else the test before proves nothing: the ordinary sign-in page takes longer, and is too heavy."""
    worker = visit(phone=True)

    with slow_line(worker) as traffic:
        worker.open("/sign-in")
        seconds = seconds_to_load(worker)

    assert traffic.bytes > MOST_BYTES / 2
    assert seconds > 2 * LATENCY_MS / 1000


def test_the_thank_you_page_shuts_nobody_out(visit: Visit, changing_site: Site) -> None:
    worker = visit(phone=True, on=changing_site)
    worker.open(link(changing_site.database_url, HOUSE))
    worker.main.get_by_role("button", name="Confirm").click()
    worker.sees("Thank you")

    assert violations(worker.page) == []
    assert worker.overflow() == 0
    # From here on to the sign-in page, which does not learn the link.
    worker.main.get_by_role("link", name="Sign in to change anything else").click()
    worker.sees("Sign in")
    assert worker.page.evaluate("document.referrer") == ""
    assert urlsplit(worker.page.url).query == "next=/provider"


def test_at_home_everything_is_confirmed_with_one_button(visit: Visit, changing_site: Site) -> None:
    worker = visit("provider", phone=True, javascript=False, on=changing_site)
    worker.open("/provider")
    units = worker.main.locator(".app-own-units__unit").count()

    worker.main.get_by_role("button", name=re.compile("^Everything is still right")).click()

    expect(worker.main.get_by_role("alert")).to_contain_text(f"{units} units are confirmed.")
    expect(worker.main.locator(".app-own-units__facts").filter(has_text="Confirmed just now by you")).to_have_count(
        units
    )


def test_the_poster_is_one_page_with_nothing_else_on_it(visit: Visit) -> None:
    worker = visit("provider")
    worker.open("/provider/poster")
    printed = worker.page.pdf(prefer_css_page_size=True)
    worker.page.emulate_media(media="print")

    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    expect(worker.page.get_by_role("navigation")).to_have_count(0)
    expect(worker.page.get_by_role("contentinfo")).to_have_count(0)
    expect(worker.page.locator(".govuk-exit-this-page")).not_to_be_visible()
    expect(worker.main.get_by_role("img")).to_be_visible()
