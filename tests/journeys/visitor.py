"""Somebody with a browser of their own, who notes what must not happen while they use it."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, Response, WebError, expect

from tests.journeys.site import PASSWORD, Site

PHONE = {"width": 320, "height": 640}
DESKTOP = {"width": 1280, "height": 900}
HOME = "127.0.0.1"
# Chromium says this of every page with an error status, which a form with mistakes has.
_STATUS = re.compile(r"Failed to load resource: the server responded with a status of (403|404|409|410|422)")


@dataclass
class Visitor:
    """One browser context with one page. `addresses` holds what it opened; `foreign` and `errors` must stay empty."""

    context: BrowserContext
    site: Site
    page: Page = field(init=False)
    addresses: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    logged: int = field(init=False)

    def __post_init__(self) -> None:
        self.logged = len(self.site.log())
        self.context.set_default_timeout(20_000)
        self.context.on("request", self._note_request)
        self.context.on("console", self._note_console)
        self.context.on("weberror", self._note_error)
        self.page = self.context.new_page()

    def open(self, path: str, status: int = 200) -> Response:
        """Go to a path of the site (or to a whole address), which must answer with `status`."""
        response = self.page.goto(path)
        assert response is not None
        assert response.status == status, f"{path}: {response.status} instead of {status}"
        return response

    def sign_in(self, role: str) -> None:
        """Fill in the form that is shown; ends where it leads."""
        self.page.get_by_label("Email address").fill(self.site.emails[role])
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.main.get_by_role("button", name="Sign in").click()
        expect(self.page).not_to_have_url(re.compile("/sign-in"))

    @property
    def main(self) -> Locator:
        """The main part of the page, without navigation and footer."""
        return self.page.locator("main")

    @property
    def mistakes(self) -> Locator:
        """The summary of what is wrong with a form, which has the focus at first."""
        return self.page.locator(".govuk-error-summary")

    def sees(self, heading: str | re.Pattern[str]) -> None:
        """Wait for the page with this heading (h1)."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)

    def asks(self, near: str = "", **fields: str) -> None:
        """Fill in the search form's texts (by their labels, spaces as underscores) and send it."""
        self.page.get_by_label("Where is the person").fill(near)
        for label, text in fields.items():
            self.page.get_by_label(label.replace("_", " "), exact=True).fill(text)
        self.main.get_by_role("button", name="Search").first.click()

    def overflow(self) -> int:
        """By how many pixels the page is wider than the screen."""
        width = self.page.viewport_size
        assert width is not None
        reached: int = self.page.evaluate("document.documentElement.scrollWidth")
        return max(0, reached - width["width"])

    def problems(self) -> list[str]:
        """Everything that went wrong behind the page, on the server too."""
        failures = [f"server: {line}" for line in self.site.log()[self.logged :] if line["level"] == "error"]
        return [f"asked somebody else: {url}" for url in self.foreign] + self.errors + failures

    def _note_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("http", "https", "ws", "wss"):
            return
        if parts.hostname != HOME:
            self.foreign.append(request.url)
        elif request.is_navigation_request():
            self.addresses.append(request.url)

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not _STATUS.match(message.text):
            self.errors.append(f"console: {message.text}")

    def _note_error(self, error: WebError) -> None:
        self.errors.append(f"script: {error.error}")
