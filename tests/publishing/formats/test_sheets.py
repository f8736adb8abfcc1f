"""Editions as tables: words for people, and nothing that a spreadsheet would run."""

import csv
import io
from zipfile import ZipFile

from openpyxl import load_workbook  # type: ignore[import-untyped]

from directory.publishing.formats.holding import Held
from directory.publishing.formats.sheets import (
    as_csv,
    as_xlsx,
    organisations_table,
    performance_table,
    programmes_table,
    services_table,
)
from directory.publishing.formats.workbook import LARGEST_WHOLE, edition_tables
from directory.publishing.performance.measures import measures
from tests.publishing.formats.world import edition, organisation_body, performance_body, service_body, terms

HIDDEN = "hidden: fewer than 5"


def rows_of(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_services_are_told_in_words() -> None:
    (row,) = rows_of(as_csv(services_table([service_body()], terms())))

    assert row["service_id"] == "lantern-advice"
    assert row["needs"] == "Domestic abuse"
    assert row["languages"] == "Portuguese; Spanish"
    assert row["areas"] == "All of London; Hackney"
    assert row["for_whom"] == "Women, 16 and over"
    assert row["hours"] == "Monday to Friday, 9am to 5pm; closed on bank holidays"
    assert row["units"] == ""


def test_cells_are_harmless_in_both_forms() -> None:
    nasty = '=HYPERLINK("https://example.org","here")'
    table = organisations_table([organisation_body(name=nasty, description="\u0001 _x0041_")], terms())

    (row,) = rows_of(as_csv(table))
    workbook = as_xlsx([table])

    assert row["name"] == "'" + nasty
    sheet = load_workbook(io.BytesIO(workbook)).active
    cell = sheet["B2"]
    assert (cell.value, cell.data_type) == ("'" + nasty, "s")
    assert b"<f>" not in ZipFile(io.BytesIO(workbook)).read("xl/worksheets/sheet1.xml")


def test_figures_are_the_texts_that_everybody_may_read() -> None:
    texts = {"referrals_received": {"imported": "58", "computed": "60"}, "placements": {"imported": HIDDEN}}
    table = performance_table([performance_body(texts)], {"lantern-advice": service_body()}, measures())

    rows = rows_of(as_csv(table))

    assert [(row["measure"], row["from_the_service"], row["from_the_directory"]) for row in rows] == [
        ("referrals_received", "58", "60"),
        ("placements", HIDDEN, ""),
    ]
    assert {(row["service"], row["kind"], row["quarter"]) for row in rows} == {
        ("Lantern advice", "Advocacy", "2026-Q3")
    }


def test_a_programme_says_where_it_must_not_say() -> None:
    keys = ("units", "bedspaces", "ringfenced_units", "live_units", "live_bedspaces")
    body = {"code": "LDN-1", "name": "London"} | dict.fromkeys(keys, 7) | {"ringfenced_units": None}

    (row,) = rows_of(as_csv(programmes_table([body])))

    assert (row["live_units"], row["ringfenced_units"]) == ("7", "not told: too few to say")


def test_a_workbook_has_a_sheet_for_each_kind() -> None:
    held = Held([organisation_body()], [service_body()], [], [performance_body({})])

    book = load_workbook(io.BytesIO(as_xlsx(edition_tables(edition(), held, terms(), measures()))))

    assert book.sheetnames == ["Edition", "Organisations", "Services", "Programmes", "Performance", "Measures"]
    assert book["Edition"]["B2"].value == 3
    assert book["Services"].max_row == 2


def test_figures_of_a_large_edition_are_not_in_its_workbook() -> None:
    services = [service_body(id=f"service-{number}") for number in range(LARGEST_WHOLE + 1)]

    tables = edition_tables(edition(), Held([], services, [], []), terms(), measures())

    assert [table.rows for table in tables if table.title == "Performance"] == [
        [("Too many rows for a workbook: they are in performance.csv",)]
    ]
