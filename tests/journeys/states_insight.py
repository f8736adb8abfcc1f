"""The pages of insight, in the states that people meet them in."""

from playwright.sync_api import expect

from tests.journeys.states import State
from tests.journeys.visitor import Visitor


def _what_if(visitor: Visitor) -> None:
    visitor.main.get_by_role("button", name="Work it out").click()
    expect(visitor.main.get_by_role("heading", name="4 units more in North London")).to_be_visible()


def _every_mistake(visitor: Visitor) -> None:
    for label in ("Units to add", "Bedspaces in each", "Adults that each takes", "Children that each takes", "Nights"):
        visitor.page.get_by_label(label).fill("many")
    visitor.main.get_by_role("button", name="Work it out").click()
    visitor.mistakes.wait_for()


STATES = (
    State("insight", "insight.overview", "commissioner", "/insight"),
    State("insight-unmet", "insight.unmet", "commissioner", "/insight/unmet"),
    State("insight-coverage", "insight.coverage_page", "commissioner", "/insight/coverage"),
    State("insight-languages", "insight.coverage_page", "auditor", "/insight/coverage?subject=languages"),
    State("insight-capacity", "insight.capacity", "commissioner", "/insight/capacity"),
    State("insight-what-if", "insight.what_if", "commissioner", "/insight/what-if", act=_what_if),
    State("insight-what-if-mistakes", "insight.what_if", "commissioner", "/insight/what-if", act=_every_mistake),
)
# What answers with something else than a page.
NOT_PAGES = {"insight.unmet_csv", "insight.coverage_csv", "insight.capacity_csv"}
