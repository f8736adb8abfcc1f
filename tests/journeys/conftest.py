"""Journeys: real people's tasks in a real Chromium, on the product's own server with the demonstration's data.

The browser asks nobody but that server: names do not resolve, and a request to anybody else fails the test, as does
anything that the browser complains of, such as a script that the policy refuses. What a failed test saw is kept in
`.test-artefacts/`.

Chromium and its driver live as long as this folder's tests follow each other: the driver keeps an event loop going in
this thread, which tests elsewhere need for themselves.
"""

import re
import shutil
from collections.abc import Callable, Generator, Iterator
from http import HTTPStatus
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserType, StorageState, expect, sync_playwright

from directory.paths import ROOT
from tests.journeys.site import Site, demonstration
from tests.journeys.visitor import DESKTOP, PHONE, Visitor
from tests.support.databases import Databases

ARTEFACTS = ROOT / ".test-artefacts"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
# Machines that test are busy; a page that is there is not waited for.
PATIENCE_MS = 20_000
Launch = Callable[..., Browser]
Visit = Callable[..., Visitor]
FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember for the fixtures that a test has failed."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture(scope="package")
def chromium() -> Iterator[BrowserType]:
    """The driver of browsers."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        yield playwright.chromium


@pytest.fixture(scope="package")
def launch(chromium: BrowserType) -> Iterator[Launch]:
    """Starts the machine's Chromium; options as Playwright's."""
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    assert program, "These tests need a browser: install your system's `chromium` package."
    started: list[Browser] = []

    def start(**options: list[str]) -> Browser:
        started.append(chromium.launch(executable_path=program, args=list(ARGUMENTS), **options))
        return started[-1]

    yield start
    for browser in started:
        browser.close()


@pytest.fixture(scope="package")
def browser(launch: Launch) -> Browser:
    """The browser that visitors share, each in a context of their own."""
    return launch()


@pytest.fixture(scope="session")
def site(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration, shared: journeys on it change nothing."""
    folder = tmp_path_factory.mktemp("site")
    with databases.filled("sqlite") as url, demonstration(url, folder) as running:
        yield running


@pytest.fixture(scope="session")
def changing_site(databases: Databases, database_kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Another one for journeys that change something, on SQLite and on PostgreSQL: change what no other test reads."""
    folder = tmp_path_factory.mktemp("changing-site")
    with databases.filled(database_kind) as url, demonstration(url, folder) as running:
        yield running


@pytest.fixture(scope="session")
def sessions() -> dict[tuple[str, str], StorageState]:
    """Cookies of people who have signed in, by address and role."""
    return {}


def _still_counts(site: Site, state: StorageState | None) -> bool:
    """Whether somebody is still signed in with these cookies: a test that signs out ends all sessions of an account."""
    if state is None:
        return False
    cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in state["cookies"])
    connection = HTTPConnection(urlsplit(site.address).netloc, timeout=PATIENCE_MS / 1000)
    try:
        connection.request("GET", "/guidance", headers={"Cookie": cookies})
        return connection.getresponse().status == HTTPStatus.OK
    finally:
        connection.close()


@pytest.fixture
def visit(
    browser: Browser,
    request: pytest.FixtureRequest,
    sessions: dict[tuple[str, str], StorageState],
) -> Iterator[Visit]:
    """Somebody comes with a browser: `visit("officer", phone=True)`, signed in; `visit()`, not signed in.

    `on` is another site than the shared one, `using` another browser, `javascript=False` one without scripts.
    """
    visitors: list[Visitor] = []

    def arrive(
        role: str | None = None,
        *,
        phone: bool = False,
        javascript: bool = True,
        on: Site | None = None,
        using: Browser | None = None,
    ) -> Visitor:
        place = on or request.getfixturevalue("site")
        if role and not _still_counts(place, sessions.get((place.address, role))):
            newcomer = arrive(on=place)
            newcomer.open("/sign-in")
            newcomer.sign_in(role)
            sessions[place.address, role] = newcomer.context.storage_state()
            visitors.remove(newcomer)
            assert newcomer.problems() == []
            newcomer.context.close()
        context = (using or browser).new_context(
            base_url=place.address,
            viewport=PHONE if phone else DESKTOP,
            has_touch=phone,
            java_script_enabled=javascript,
            locale="en-GB",
            timezone_id="Europe/London",
            storage_state=sessions[place.address, role] if role else None,
        )
        visitors.append(Visitor(context, place))
        return visitors[-1]

    yield arrive
    if request.node.stash.get(FAILED, False):
        _keep_what_they_saw(visitors, request.node.nodeid)
    problems = [problem for visitor in visitors for problem in visitor.problems()]
    for visitor in visitors:
        visitor.context.close()
    assert problems == []


def _keep_what_they_saw(visitors: list[Visitor], test: str) -> None:
    ARTEFACTS.mkdir(exist_ok=True)
    name = re.sub(r"[^A-Za-z0-9-]+", "-", test.rpartition("/")[2])
    for number, visitor in enumerate(visitors):
        visitor.page.screenshot(path=ARTEFACTS / f"{name}-{number}.png", full_page=True)
