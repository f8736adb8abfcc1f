"""Every page of the product, in every state that people meet it in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from playwright.sync_api import expect

from tests.journeys.visitor import Visitor

Question = dict[str, Any]
Act = Callable[[Visitor], None]

MANY: Question = {"near": "Hackney"}
HOUSEHOLD: Question = {"near": "E8 3", "adults": 1, "child": ["4f"], "nrpf": True}
NOTHING: Question = {"near": "Hackney", "adults": 9, "child": ["15m"], "kind": ["refuge"]}
EVERYTHING: Question = {
    "near": "Southal",
    "within": 20,
    "avoid": ["E09000012"],
    "adults": 1,
    "child": ["4f", "13m"],
    "gender": "woman",
    "age": 30,
    "need": ["domestic-abuse"],
    "language": ["ar", "so"],
    "community": ["south-asian"],
    "by_and_for": True,
    "access": ["step-free"],
    "nrpf": True,
    "space": True,
    "open": True,
    "kind": ["refuge"],
    "must": ["by_and_for"],
    "prefer_distance": "far",
}


def _nothing(_visitor: Visitor) -> None:
    """The page is as it opens."""


@dataclass(frozen=True, slots=True)
class State:
    """A page: its route's endpoint, who opens it, where, with what question in the link, and what they do there."""

    name: str
    endpoint: str
    role: str | None
    path: str
    question: Question = field(default_factory=dict)
    age: timedelta = timedelta(0)
    status: int = 200
    act: Act = _nothing

    def show(self, visitor: Visitor) -> None:
        """Open the page and bring it into this state."""
        link = visitor.site.link(self.question, self.age) if "{link}" in self.path else ""
        visitor.open(self.path.format(link=link), self.status)
        self.act(visitor)


def _wrong_password(visitor: Visitor) -> None:
    visitor.page.get_by_label("Email address").fill("nobody@met.example")
    visitor.page.get_by_label("Password", exact=True).fill("wrong password")
    visitor.main.get_by_role("button", name="Sign in").click()
    visitor.mistakes.wait_for()


def _every_mistake(visitor: Visitor) -> None:
    visitor.asks(near="ZZ1", Adults="many", Ages_of_girls="four", Ages_of_boys="99")
    visitor.mistakes.wait_for()


def _hayes(visitor: Visitor) -> None:
    visitor.asks(near="Hayes")
    visitor.page.get_by_role("radio").first.wait_for()


def _narrow_the_needs(visitor: Visitor) -> None:
    visitor.page.get_by_label("Find in this list").first.fill("abuse")
    expect(visitor.main.get_by_text("terms contain this")).to_be_visible()


def _mistake_on_the_board(visitor: Visitor) -> None:
    visitor.main.get_by_text("Show what fits one household").click()
    visitor.page.get_by_label("Ages of girls").fill("tall")
    visitor.main.get_by_role("button", name="Show what fits").click()
    visitor.mistakes.wait_for()


def _find_a_word(visitor: Visitor) -> None:
    visitor.page.get_by_label("Find a word on this page").fill("dv")
    expect(visitor.main.get_by_text("terms contain this")).to_be_visible()


def _empty_guidance(visitor: Visitor) -> None:
    visitor.page.get_by_label("Text").fill("")
    visitor.main.get_by_role("button", name="Save").click()
    visitor.mistakes.wait_for()


def _preview(visitor: Visitor) -> None:
    visitor.main.get_by_role("button", name="Preview").click()
    visitor.main.get_by_role("region", name="How it will look (not saved yet)").wait_for()


def _save_as_it_is(visitor: Visitor) -> None:
    visitor.main.get_by_role("button", name="Save").click()
    visitor.page.get_by_role("alert").wait_for()


STATES = (
    State("start", "start.page", None, "/"),
    State("start-signed-in", "start.page", "commissioner", "/"),
    State("start-auditor", "start.page", "auditor", "/"),
    State("sign-in", "sign_in.form", None, "/sign-in"),
    State("sign-in-refused", "sign_in.form", None, "/sign-in", act=_wrong_password),
    State("search", "search.form", "officer", "/search"),
    State("search-narrowed", "search.form", "officer", "/search", act=_narrow_the_needs),
    State("search-mistakes", "search.form", "officer", "/search", act=_every_mistake),
    State("search-which-place", "search.form", "officer", "/search", act=_hayes),
    State("search-changed", "search.change", "officer", "/search/{link}/change", EVERYTHING),
    State("results", "search.results", "officer", "/search/{link}", HOUSEHOLD),
    State("results-many", "search.results", "officer", "/search/{link}", MANY),
    State("results-last-page", "search.results", "officer", "/search/{link}?page=3", MANY),
    State("results-past-the-end", "search.results", "officer", "/search/{link}?page=99", MANY),
    State("results-everything-asked", "search.results", "officer", "/search/{link}", EVERYTHING),
    State("results-nothing-asked", "search.results", "officer", "/search/{link}"),
    State("results-none", "search.results", "officer", "/search/{link}", NOTHING),
    State("results-expired", "search.results", "officer", "/search/{link}", MANY, timedelta(hours=1), 410),
    State("board", "availability.board", "advocate", "/availability"),
    State("board-mistake", "availability.board", "advocate", "/availability", act=_mistake_on_the_board),
    State("board-household", "availability.for_household", "advocate", "/availability/{link}", HOUSEHOLD),
    State("board-nothing-fits", "availability.for_household", "advocate", "/availability/{link}", NOTHING),
    State("organisation", "listings.organisation", "officer", "/organisations/marigold-women"),
    State("organisation-draft", "listings.organisation", "commissioner", "/organisations/southall-black-sisters"),
    State("service-draft", "listings.service", "commissioner", "/services/sbs-advice"),
    State("service-refuge", "listings.service", "officer", "/services/marigold-house"),
    State("service-without-units", "listings.service", "auditor", "/services/marigold-house"),
    State("unit", "listings.unit", "officer", "/services/marigold-house/units/marigold-02"),
    State("terms", "help.terms", "officer", "/help/terms"),
    State("terms-narrowed", "help.terms", "officer", "/help/terms", act=_find_a_word),
    State("guidance", "guidance.listing", "officer", "/guidance"),
    State("guidance-manage", "guidance.manage", "commissioner", "/manage/guidance"),
    State("guidance-edit", "guidance.edit", "commissioner", "/manage/guidance/safe-to-share"),
    State("guidance-mistake", "guidance.edit", "commissioner", "/manage/guidance/pathways", act=_empty_guidance),
    State("guidance-preview", "guidance.edit", "commissioner", "/manage/guidance/pathways", act=_preview),
    State("guidance-saved", "guidance.edit", "commissioner", "/manage/guidance/pathways", act=_save_as_it_is),
    State("accessibility", "about.accessibility", None, "/accessibility"),
    State("privacy", "about.privacy", None, "/privacy"),
    State("error-403", "guidance.manage", "officer", "/manage/guidance", status=403),
    State("error-404", "", None, "/nowhere", status=404),
    State("error-404-signed-in", "listings.service", "officer", "/services/nowhere", status=404),
)
# What answers with something else than a page.
NOT_PAGES = {"asset", "health.live", "health.ready"}
