"""The pages of contracts and of units' histories, in the states that people meet them in."""

from playwright.sync_api import expect

from tests.journeys.states import State
from tests.journeys.visitor import Visitor

CODE = "LDN-SAFE-2026"
CONTRACT, UNIT = f"/manage/contracts/{CODE}", "/manage/units/marigold-02"


def _every_mistake(visitor: Visitor) -> None:
    visitor.page.get_by_label("Code").fill("NRPF-1")
    visitor.page.get_by_label("Units", exact=True).fill("many")
    visitor.page.get_by_label("Last day of the contract").fill("soon")
    visitor.main.get_by_role("button", name="Save").click()
    visitor.mistakes.wait_for()


def _somebody_was_faster(visitor: Visitor) -> None:
    """The form says which version it was filled with: with another one, theirs is shown beside it."""
    visitor.page.locator("input[name=version]").evaluate("field => { field.value = 'another' }")
    visitor.main.get_by_role("button", name="Save").click()
    visitor.main.get_by_role("region", name="What somebody else saved meanwhile").wait_for()


def _all_units(visitor: Visitor) -> None:
    visitor.main.get_by_text("All units of the programme").click()
    expect(visitor.main.get_by_role("heading", name="Marigold House")).to_be_visible()


STATES = (
    State("contracts", "contracts.listing", "commissioner", "/manage/contracts"),
    State("contract", "contracts.programme", "commissioner", CONTRACT, act=_all_units),
    State("contract-small", "contracts.programme", "commissioner", "/manage/contracts/BOROUGH-2025"),
    State("contract-missing", "contracts.programme", "commissioner", "/manage/contracts/NOT-THERE", status=404),
    State("contract-new", "contracts.new", "commissioner", "/manage/contracts/new?code=BOROUGH-2027"),
    State("contract-mistakes", "contracts.new", "commissioner", "/manage/contracts/new", act=_every_mistake),
    State("contract-edit", "contracts.edit", "commissioner", f"{CONTRACT}/edit"),
    State("contract-changed", "contracts.edit", "commissioner", f"{CONTRACT}/edit", act=_somebody_was_faster),
    State("contract-unit", "contracts.unit", "commissioner", UNIT),
    State("contract-unit-before", "contracts.unit", "commissioner", f"{UNIT}?month=2025-01"),
    State("unit-history", "unit_history.provider", "provider", "/provider/units/marigold-02/history"),
    State(
        "unit-history-month", "unit_history.provider", "provider", "/provider/units/marigold-02/history?month=2025-01"
    ),
)
# What answers with something else than a page.
NOT_PAGES = {"contracts.differences"}
