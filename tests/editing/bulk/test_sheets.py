"""Files as people really have them: every encoding, title rows, merged cells, formulas, dates; and hostile ones."""

import io
import zipfile
from datetime import date, datetime, time
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.datavalidation import DataValidation

from directory.common.sheets_safe import as_it_was, harmless
from directory.editing.bulk import workbooks as reader
from directory.editing.bulk.sheet import MAX_BYTES, MAX_ROWS, Sheet, UnreadableSheetError, as_json, from_json, letter_of
from directory.editing.bulk.sheets import read_sheet
from tests.editing.bulk.workbooks import as_csv, known, saved, workbook

HEADER = ["ID", "Org name", "Phone no."]
ROSE = ["rose", "Rose Café", "020 7946 0001"]


def read(content: bytes) -> Sheet:
    return read_sheet(content, known)


def cells(sheet: Sheet) -> list[tuple[str, ...]]:
    return [row.cells for row in sheet.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_file_is_read_however_it_was_written(encoding: str, delimiter: str) -> None:
    content = as_csv([HEADER, ROSE], delimiter).decode().encode(encoding)

    sheet = read(content)

    assert sheet.headers == tuple(HEADER)
    assert cells(sheet) == [tuple(ROSE)]


def test_a_delimiter_is_not_mistaken_for_what_stands_in_cells() -> None:
    lists = [["ID", "Notes", "Name"], ["rose", "one, two, three, four", "a, b"], ["iris", "five, six, seven", "c, d"]]

    assert cells(read(as_csv(lists, ";"))) == [tuple(row) for row in lists[1:]]
    assert (
        cells(read(as_csv([[text.replace(",", ";") for text in row] for row in lists])))[0][1]
        == "one; two; three; four"
    )


def test_quotes_lines_and_excels_own_line_are_understood() -> None:
    sheet = read(b'sep=;\r\nid;name\r\nrose;"Rose ""House""\r\nof two lines; really"\r\n')

    assert cells(sheet) == [("rose", 'Rose "House"\r\nof two lines; really')]


def test_quotes_that_do_not_match_are_told_by_row() -> None:
    with pytest.raises(UnreadableSheetError, match=r"From row 3 on.*quotation marks"):
        read(b'id,name\nrose,Rose\niris,"Iris\nfern,Fern')


def test_rows_keep_the_numbers_that_the_spreadsheet_shows() -> None:
    sheet = read(as_csv([["A list"], [], ["Of 2026", "", ""], HEADER, ROSE, [], ["", "", ""], ["iris", "Iris", ""]]))

    assert [row.number for row in sheet.rows] == [5, 8]


def test_empty_columns_and_spaces_go() -> None:
    sheet = read(as_csv([["", "\u00a0ID ", "", "Org  name"], ["", "rose\u00a0", " ", "  Rose\u00a0House "]]))

    assert sheet.headers == ("ID", "Org name")
    assert sheet.letters == ("B", "D")
    assert cells(sheet) == [("rose", "Rose\u00a0House")]


def test_a_column_without_a_heading_is_kept() -> None:
    assert read(as_csv([["ID", ""], ["rose", "Rose"]])).headers == ("ID", "")


def test_where_no_header_is_known_the_first_row_of_several_cells_is_it() -> None:
    assert read(as_csv([["Title"], ["This", "That"], ["1", "2"]])).headers == ("This", "That")


def test_a_sheet_with_merged_titles_and_all_that_excel_knows() -> None:
    def dress(sheet: Any) -> None:
        sheet.merge_cells("A1:F1")
        sheet["A2"].comment = Comment("Somebody’s note", "Somebody")
        sheet.add_data_validation(DataValidation(type="list", formula1='"open,closed"'))
        sheet.auto_filter.ref = "A3:F5"
        sheet.freeze_panes = "A4"

    sheet = read(
        workbook(
            [
                ["Refuges in London – spring 2026"],
                [None, "updated", date(2026, 4, 1)],
                ["ID", "Org name", "Beds", "Start date", "Status", "Notes"],
                ["rose", "Rose House", 3.0, date(2026, 4, 1), True, 0.5],
                ["iris", "Iris", 4, datetime.fromisoformat("2026-04-01T13:30"), False, time(9, 30)],
            ],
            dress,
        )
    )

    assert cells(sheet) == [
        ("rose", "Rose House", "3", "2026-04-01", "yes", "0.5"),
        ("iris", "Iris", "4", "2026-04-01T13:30:00", "no", "09:30"),
    ]
    assert [row.number for row in sheet.rows] == [4, 5]


def test_a_cell_merged_downwards_counts_for_each_of_its_rows() -> None:
    sheet = read(
        workbook(
            [["Service", "ID"], ["Rose House", "rose-1"], [None, "rose-2"], ["Iris", "iris-1"]],
            lambda made: made.merge_cells("A2:A3"),
        )
    )

    assert cells(sheet) == [("Rose House", "rose-1"), ("Rose House", "rose-2"), ("Iris", "iris-1")]
    assert [(note.row, note.column) for note in sheet.notices] == [(3, 0)]


def test_a_formula_gives_the_value_that_was_kept_and_is_never_worked_out() -> None:
    content = workbook([["ID", "Beds", "Notes"], ["rose", "=1+1", '=HYPERLINK("http://example.org")']])
    kept = _with_cached(content, "B2", "2")

    sheet = read(kept)

    assert cells(sheet) == [("rose", "2", "")]
    assert [(note.row, note.column) for note in sheet.notices] == [(2, 1)]
    assert [(note.row, note.column) for note in sheet.errors] == [(2, 2)]
    assert "no value was kept" in sheet.errors[0].message


def test_cells_that_show_an_error_are_told() -> None:
    def spoil(sheet: Any) -> None:
        sheet["B2"].value = "#REF!"
        sheet["B2"].data_type = "e"

    sheet = read(workbook([["ID", "Beds"], ["rose", None], ["iris", 2]], spoil))

    assert cells(sheet) == [("rose", ""), ("iris", "2")]
    assert "B2 shows the error #REF!" in sheet.errors[0].message
    assert read(as_csv([["ID", "Beds"], ["rose", "#N/A"]])).errors[0].message.startswith("B2 shows the error #N/A")


def test_the_first_visible_worksheet_that_holds_anything_is_read() -> None:
    made = Workbook()
    made.active.title = "Empty"
    hidden = made.create_sheet("Lists")
    hidden.append(["ID", "Org name"])
    hidden.append(["hidden", "Hidden"])
    hidden.sheet_state = "hidden"
    shown = made.create_sheet("Organisations")
    shown.append(["ID", "Org name"])
    shown.append(["rose", "Rose"])

    sheet = read(saved(made))

    assert cells(sheet) == [("rose", "Rose")]
    assert sheet.remarks == ("The worksheet “Organisations” was read, and no other.",)


def test_what_excel_writes_for_characters_it_cannot_hold_is_read() -> None:
    assert cells(read(workbook([["ID", "Notes"], ["rose", "one_x000D_\ntwo"]]))) == [("rose", "one\ntwo")]


def test_a_size_that_a_sheet_only_claims_to_have_costs_nothing() -> None:
    content = _replaced(workbook([["ID", "Beds"], ["rose", 2]]), 'ref="A1:B2"', 'ref="A1:XFD1048576"')

    assert cells(read(content)) == [("rose", "2")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504), "password"),
        (b"PK\x03\x04 and no more", "damaged"),
        (b"%PDF-1.7\n", "PDF"),
        (b"  <!doctype html><title>x</title>", "web page"),
        (bytes(range(256)) * 8, "neither"),
        (b"\xff\xfe\x00", "neither"),
        (b"\xff\xfe\x41", "neither"),
        (b"\x00" * 100, "neither"),
        (b"id,name\n", "no rows"),
        (b",,,\n,,,\n", "nothing in it"),
        (b"x" * (MAX_BYTES + 1), "10 MB"),
    ],
)
def test_what_is_no_sheet_is_refused_with_what_to_do(content: bytes, said: str) -> None:
    with pytest.raises(UnreadableSheetError, match=said):
        read(content)


def test_archives_that_are_no_workbooks_are_refused() -> None:
    for names, said in (
        (["content.xml", "mimetype"], "ods"),
        (["photo.jpg"], "no Excel workbook"),
        (["xl/x"], "damaged"),
    ):
        with pytest.raises(UnreadableSheetError, match=said):
            read(_archive(dict.fromkeys(names, b"x")))


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(UnreadableSheetError, match="too large once it is unpacked"):
        read(_archive({"xl/workbook.xml": b"", "xl/worksheets/sheet1.xml": b" " * (97 * 1024 * 1024)}))


def test_entities_are_not_unfolded() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><worksheet xmlns='
    content = _replaced(workbook([["ID", "Beds"], ["rose", 2]]), "<worksheet xmlns=", bomb)

    with pytest.raises(UnreadableSheetError, match="damaged"):
        read(content)


def test_a_damaged_workbook_is_refused() -> None:
    content = workbook([["ID", "Beds"], ["rose", 2]])
    for broken in (content[:-40], _replaced(content, "<sheetData>", "<sheetData><row"), content[:600]):
        with pytest.raises(UnreadableSheetError):
            read(broken)


def test_too_many_rows_and_columns_are_refused() -> None:
    with pytest.raises(UnreadableSheetError, match="20,001 rows"):
        read(as_csv([["id"], *([f"row-{number}"] for number in range(MAX_ROWS + 1))]))
    with pytest.raises(UnreadableSheetError, match="columns"):
        read(as_csv([[f"header {number}" for number in range(101)], ["x"]]))
    with pytest.raises(UnreadableSheetError, match="columns"):
        read(workbook([[f"header {number}" for number in range(400)], ["x"]]))


def test_as_many_as_may_be_are_read() -> None:
    assert len(read(as_csv([["id"], *([f"row-{number}"] for number in range(MAX_ROWS))])).rows) == MAX_ROWS


def test_control_characters_and_endless_cells_are_told_by_cell() -> None:
    sheet = read(as_csv([["ID", "Notes"], ["rose", "a\x07b"], ["iris", "x" * 40_000]]))

    assert [(note.row, note.column) for note in sheet.errors] == [(2, 1), (3, 1)]


def test_a_sheet_survives_being_kept() -> None:
    sheet = read(workbook([["ID", "Beds"], ["rose", "=1+1"]]))

    assert from_json(as_json(sheet)) == sheet


@pytest.mark.parametrize("text", ["=1+1", "+44 20", "-1", "@x", "'=x", "''@", "＝1", "#N/A", "'#REF!", "\tx"])
def test_what_could_run_is_made_harmless_and_comes_back(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert as_it_was(harmless(text)) == text


@pytest.mark.parametrize("text", ["", "Rose", "'tis", "a=b", "#1", "1-2", "O'Neill"])
def test_what_is_harmless_stays(text: str) -> None:
    assert harmless(text) == text
    assert as_it_was(text) == text


def test_columns_are_called_as_in_a_spreadsheet() -> None:
    assert [letter_of(place) for place in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
    assert [reader._place_of(letters) for letters in ("A", "Z", "AA", "ZZ")] == [0, 25, 26, 701]


def _archive(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def _replaced(content: bytes, before: str, after: str) -> bytes:
    """A workbook with something else in the XML of its first worksheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {part.filename: archive.read(part) for part in archive.infolist()}
    name = "xl/worksheets/sheet1.xml"
    changed = parts[name].decode().replace(before, after, 1)
    assert changed != parts[name].decode(), f"{before} is not there"
    return _archive(parts | {name: changed.encode()})


def _with_cached(content: bytes, cell: str, value: str) -> bytes:
    """A workbook in which Excel has kept the value of a formula."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read("xl/worksheets/sheet1.xml").decode()
    start = text.index(f'r="{cell}"')
    old = text[start : text.index("</c>", start)]
    return _replaced(content, old, old.replace("<v />", f"<v>{value}</v>").replace("<v></v>", f"<v>{value}</v>"))
