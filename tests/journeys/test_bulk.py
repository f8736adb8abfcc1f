"""A commissioner changes many listings at once, sees it happen, and takes it back; an officer sees the difference."""

import csv
import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.site import Site
from tests.journeys.states_bulk import HEADER, apply, check
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

PHONE = "020 7946 0987"
SHEET = (
    ("Organisations of spring 2026",),
    HEADER,
    ("saffron-steps", "Saffron Steps", PHONE, "Yes"),
    ("", "A wholly new organisation", "", "No"),
)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_sheet_is_applied_with_a_bar_and_taken_back(visit: Visit, changing_site: Site, javascript: bool) -> None:
    commissioner = visit("commissioner", on=changing_site, phone=not javascript, javascript=javascript)
    check(commissioner, SHEET)
    expect(commissioner.main).to_contain_text("2 of 2 rows chosen")
    commissioner.page.get_by_label("Row 4: A wholly new organisation").uncheck()

    apply(commissioner)

    expect(commissioner.main).to_contain_text("Done: 1 row applied, 0 of them new.")
    assert commissioner.main.locator("progress").count() >= 5
    expect(commissioner.main.locator("progress:visible")).to_have_count(0)
    assert commissioner.overflow() == 0
    _expect_phone(commissioner, PHONE)
    commissioner.open("/manage/changes")
    commissioner.main.get_by_role("link", name="Spreadsheet").first.click()
    commissioner.main.get_by_role("button", name="Undo this change").click()
    commissioner.sees("Last changes")
    expect(commissioner.page.get_by_role("alert")).to_contain_text("The change was taken back")
    _expect_phone(commissioner, None)


def test_the_page_comes_piece_by_piece(visit: Visit, changing_site: Site) -> None:
    commissioner = visit("commissioner", on=changing_site)
    rows = [(f"many-{number}", f"One of many {number}", "", "no") for number in range(400)]
    check(commissioner, [HEADER, *rows])

    commissioner.main.get_by_role("button", name="Apply the chosen rows").click()

    commissioner.sees("Applying your file")
    commissioner.main.get_by_role("link", name="See what was changed").click()
    commissioner.sees("What the upload changed")
    commissioner.main.get_by_role("button", name="Undo this upload").click()
    commissioner.sees("Last changes")


def test_a_file_is_taken_out_and_uploaded_again_without_a_change(visit: Visit, changing_site: Site) -> None:
    commissioner = visit("commissioner", on=changing_site)
    commissioner.open("/manage/bulk")
    with commissioner.page.expect_download() as waiting:
        commissioner.main.get_by_role("link", name="CSV file of services").click()
    path = waiting.value.path()
    assert re.fullmatch(r"services-\d{4}-\d{2}-\d{2}\.csv", waiting.value.suggested_filename)
    with open(path, encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.reader(file))) > 50

    commissioner.page.get_by_label("Services", exact=True).check()
    commissioner.page.get_by_label("File", exact=True).set_input_files(path)
    commissioner.main.get_by_role("button", name="Upload").click()
    commissioner.main.get_by_role("button", name="Check the rows").click()

    expect(commissioner.main).to_contain_text("there is nothing to apply")


def _expect_phone(visitor: Visitor, phone: str | None) -> None:
    visitor.open("/organisations/saffron-steps")
    if phone:
        expect(visitor.main).to_contain_text(phone)
    else:
        expect(visitor.main).not_to_contain_text(PHONE)
