"""The pages of performance, in the states that people meet them in."""

from tests.journeys.states import State
from tests.journeys.visitor import Visitor

IMPORT, QUARTERS = "/performance/import", "/performance"
_WRONG = b"service_id,period,measure,value\nnowhere,2026-Q3,height,many\nmarigold-house,2026-Q3,occupancy_percent,140\n"
_RIGHT = b"service_id,period,measure,value\nmarigold-house,2026-Q3,median_response_minutes,21\n"


def _upload(visitor: Visitor, content: bytes) -> None:
    file = {"name": "figures-of-the-third-quarter.csv", "mimeType": "text/csv", "buffer": content}
    visitor.page.get_by_label("File").set_input_files(file)
    visitor.main.get_by_role("button", name="Check the file").click()
    visitor.sees("What the file would change")


def _without_a_file(visitor: Visitor) -> None:
    visitor.main.get_by_role("button", name="Check the file").click()
    visitor.mistakes.wait_for()


def _faulty_file(visitor: Visitor) -> None:
    _upload(visitor, _WRONG)
    visitor.main.get_by_role("heading", name="What is wrong").wait_for()


def _file_that_changes(visitor: Visitor) -> None:
    _upload(visitor, _RIGHT)
    visitor.main.get_by_role("button", name="Import these figures").wait_for()


def _every_table(visitor: Visitor) -> None:
    for summary in visitor.main.get_by_text("The figures as a table").all():
        summary.click()


STATES = (
    State("performance", "performance.quarter", "officer", QUARTERS),
    State("performance-nobody", "performance.quarter", "officer", f"{QUARTERS}?kind=helpline&borough=E09000001"),
    State("performance-mistake", "performance.quarter", "officer", f"{QUARTERS}?quarter=2026-Q9", status=422),
    State("performance-kinds", "performance.kinds", "provider", "/performance/kinds?source=imported"),
    State("performance-boroughs", "performance.boroughs", "auditor", "/performance/boroughs?source=imported"),
    State(
        "performance-service",
        "performance.service",
        "officer",
        "/performance/services/marigold-house",
        act=_every_table,
    ),
    State("performance-measures", "performance.measures_page", "officer", "/performance/measures"),
    State("performance-import", "performance.import_form", "commissioner", IMPORT, act=_without_a_file),
    State("performance-import-wrong", "performance.import_form", "commissioner", IMPORT, act=_faulty_file),
    State("performance-import-check", "performance.import_form", "commissioner", IMPORT, act=_file_that_changes),
)
# What answers with something else than a page.
NOT_PAGES = {"performance.download"}
