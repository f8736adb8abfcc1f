"""The form of a file: encoding, line ends, header, the number of cells."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from directory.capacity.files import import_folder
from directory.catalogue.files.errors import FileError
from directory.catalogue.models import Organisation
from tests.catalogue import folders

HEADER = "id,name,by_and_for,status"
ROW = "rose,Rose Trust,yes,published"


def errors_of(session: Session, folder: Path, now: datetime, content: bytes) -> list[FileError]:
    (folder / "organisations.csv").write_bytes(content)
    return list(import_folder(session, folder, now).errors)


@pytest.mark.parametrize(
    "content",
    [
        f"{HEADER}\n{ROW}\n".encode(),
        f"{HEADER}\n{ROW}".encode(),
        f"\ufeff{HEADER}\r\n{ROW}\r\n".encode(),
        f"{HEADER}\r{ROW}\r".encode(),
        f" id , name,by_and_for,status\n{ROW}\n\n,,,\n".encode(),
        b"status,by_and_for,name,id\npublished, yes ,Rose Trust,rose\n",
        f"{HEADER}\n{ROW},,\n".encode(),
    ],
    ids=["plain", "no last line end", "mark and CRLF", "CR", "blank rows", "other order", "empty cells at the end"],
)
def test_forms_that_spreadsheets_write_are_read(
    session: Session, tmp_path: Path, now: datetime, content: bytes
) -> None:
    assert errors_of(session, tmp_path, now, content) == []

    found = session.get_one(Organisation, "rose")
    assert (found.name, found.by_and_for, found.status) == ("Rose Trust", True, "published")


@pytest.mark.parametrize(
    ("content", "row", "column", "message"),
    [
        (f"{HEADER}\n{ROW}\ncafe,Caf\xe9,no,draft\n".encode("latin-1"), 3, None, "line 3 holds bytes of another"),
        (f"{HEADER}\n{ROW}\n".encode("utf-16"), 1, None, "not UTF-8"),
        (b"", 1, None, "must name the columns"),
        (b"\n\n", 1, None, "must name the columns"),
        (f"{HEADER},websit\n{ROW},\n".encode(), 1, "websit", "Did you mean website?"),
        (f"{HEADER},xyz\n{ROW},\n".encode(), 1, "xyz", "no such column"),
        (f"{HEADER},name\n{ROW},\n".encode(), 1, "name", "twice"),
        (f"{HEADER},\n{ROW},\n".encode(), 1, None, "Column 5 has no name"),
        (b"id,name,status\nrose,Rose,draft\n", 1, "by_and_for", "missing and must be there"),
        (f"{HEADER}\n{ROW},surplus\n".encode(), 2, None, "5 cells, the header 4"),
        (f"{HEADER}\n{ROW}\nfern,Fern\n".encode(), 3, None, "2 cells, the header 4"),
        (f'{HEADER}\n{ROW}\nfern,"Fern,no,draft\n'.encode(), 3, None, "quotation marks"),
        (f'{HEADER}\nrose,"Rose"s",no,draft\n'.encode(), 2, None, "quotation marks"),
    ],
)
def test_forms_that_are_wrong_are_told(
    session: Session, tmp_path: Path, now: datetime, content: bytes, row: int, column: str | None, message: str
) -> None:
    (error,) = errors_of(session, tmp_path, now, content)

    assert (error.file, error.row, error.column) == ("organisations.csv", row, column)
    assert message in error.message


def test_rows_count_as_a_spreadsheet_counts_them(session: Session, tmp_path: Path, now: datetime) -> None:
    content = 'id,name,description,by_and_for,status\nrose,Rose,"two\r\nlines",yes,draft\n\nfern,Fern,,yes,gone\n'

    (error,) = errors_of(session, tmp_path, now, content.encode())

    assert (error.row, error.column) == (4, "status")


def test_text_is_kept_composed_with_plain_line_ends_and_without_space_around(
    session: Session, tmp_path: Path, now: datetime
) -> None:
    content = 'id,name,description,by_and_for,status\nrose, Cafe\u0301 Rose ,"two\r\nlines ",yes,draft\n'

    assert errors_of(session, tmp_path, now, content.encode()) == []

    found = session.get_one(Organisation, "rose")
    assert (found.name, found.description) == ("Caf\u00e9 Rose", "two\nlines")


def test_a_file_that_cannot_be_read_is_not_followed_by_errors_about_what_refers_to_it(
    session: Session, tmp_path: Path, now: datetime
) -> None:
    folders.write(tmp_path, folders.small_catalogue())
    (tmp_path / "organisations.csv").write_bytes(b"\xff\xfe")

    report = import_folder(session, tmp_path, now)

    assert [error.file for error in report.errors] == ["organisations.csv"]


@pytest.mark.parametrize("name", ["Services.csv", "service.csv", "organizations.csv", "taxonomies/need.csv"])
def test_a_misspelt_file_name_is_not_passed_over(session: Session, tmp_path: Path, now: datetime, name: str) -> None:
    folders.write(tmp_path, folders.small_catalogue())
    (tmp_path / name).write_text("id\n")

    report = import_folder(session, tmp_path, now)

    assert [error.file for error in report.errors] == [name]


def test_other_files_in_the_folder_are_nobodys_business(session: Session, tmp_path: Path, now: datetime) -> None:
    folders.write(tmp_path, folders.small_catalogue())
    (tmp_path / "README.md").write_text("About this folder.")
    for name in (
        "notes.csv",
        "features.csv",
        "services2.csv",
        "units-2026.csv",
        "units_old.csv",
        "taxonomies/codes.csv",
    ):
        (tmp_path / name).write_text("whatever")

    assert not import_folder(session, tmp_path, now).refused
