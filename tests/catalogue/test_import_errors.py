"""Everything that can be wrong in a folder is told by file, row, column and value, and then nothing is written."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.capacity.files import ImportReport, import_folder
from directory.capacity.models import Unit
from directory.catalogue.files import errors
from directory.catalogue.files.errors import FileError
from directory.catalogue.models import Need, Organisation, Service
from directory.common.errors import RefusedError
from tests.catalogue import folders

# file, column, cell, part of the message, part of what is allowed
WRONG_CELLS = [
    ("organisations.csv", "id", "Rose", "lower-case letters", ""),
    ("organisations.csv", "id", "rose--trust", "lower-case letters", ""),
    ("organisations.csv", "id", "r" * 81, "at most 80", ""),
    ("organisations.csv", "name", "", "empty and must be filled", ""),
    ("organisations.csv", "name", "   ", "empty and must be filled", ""),
    ("organisations.csv", "name", "x" * 201, "200 is the most", ""),
    ("organisations.csv", "name", "two\nlines", "one line", ""),
    ("organisations.csv", "name", "a\x00b", "control character", ""),
    ("organisations.csv", "description", "a\x1bb", "control character", ""),
    ("organisations.csv", "by_and_for", "true", "yes or no", "yes"),
    ("organisations.csv", "by_and_for", "", "must be filled", ""),
    ("organisations.csv", "communities", "latin-americans", "not known", "latin-american"),
    ("organisations.csv", "website", "javascript:alert(1)", "https://", "https://www.example.org"),
    ("organisations.csv", "website", "www.example.org", "https://", ""),
    ("organisations.csv", "website", "https://user:pass@example.org", "not the address", ""),
    ("organisations.csv", "website", "https://example.org:x/", "not the address", ""),
    ("organisations.csv", "source", "javascript:alert(1)", "where the facts were read", ""),
    ("organisations.csv", "phone", "0207", "can be dialled", ""),
    ("organisations.csv", "phone", "ask for Mary", "digits, spaces", ""),
    ("organisations.csv", "email", "info at example.org", "e-mail", ""),
    ("organisations.csv", "email", "info@localhost", "e-mail", ""),
    ("organisations.csv", "status", "live", "words that this column knows", "in_review"),
    ("organisations.csv", "verified_on", "01/04/2026", "not a date", "2026-04-01"),
    ("organisations.csv", "verified_on", "2026-02-30", "not a date", ""),
    ("organisations.csv", "verified_on", "20260401", "not a date", ""),
    ("services.csv", "organisation_id", "rosa", "is not known", "rose"),
    ("services.csv", "kind", "hostel", "words that this column knows", "floating_support"),
    ("services.csv", "needs", "refuge-spaces;domestic-abuse", "not known", "refuge-space"),
    ("services.csv", "needs", " ; ", "at least one", ""),
    ("services.csv", "languages", "pa;punjabi", "ISO 639", "pa (Punjabi)"),
    ("services.csv", "languages", "PA", "ISO 639", ""),
    ("services.csv", "genders", "woman;women", "words that this column knows", "non_binary"),
    ("services.csv", "min_age", "121", "from 0 to 120", "0 to 120"),
    ("services.csv", "min_age", "-1", "from 0 to 120", ""),
    ("services.csv", "min_age", "16.0", "from 0 to 120", ""),
    ("services.csv", "min_age", "१६", "from 0 to 120", ""),
    ("services.csv", "accepts_nrpf", "maybe", "words that this column knows", "if_funded"),
    ("services.csv", "areas", "E09000099", "no area", "E0900000"),
    ("services.csv", "areas", "Hackney", "no area", "E09000012"),
    ("services.csv", "areas", "London", "no area", "london"),
    ("services.csv", "location_disclosure", "private", "words that this column knows", "secret"),
    ("services.csv", "borough", "Hackney", "no borough's code", "E09000012"),
    ("services.csv", "access_features", "stepfree", "not known", "step-free"),
    ("services.csv", "hours", "9 to 5", "opening_hours", "24/7"),
    ("services.csv", "hours", "Mo-Fr 09:00", "at character 12", ""),
    ("services.csv", "response_target_minutes", "0", "from 1 to", ""),
    ("units.csv", "service_id", "rose-hous", "is not known", "rose-house"),
    ("units.csv", "bedspaces", "0", "from 1 to 100", ""),
    ("units.csv", "bedspaces", "101", "from 1 to 100", ""),
    ("units.csv", "bedspaces", "9" * 400, "from 1 to 100", ""),
    ("units.csv", "max_adults", "101", "from 0 to 100", ""),
    ("units.csv", "max_children", "", "must be filled", ""),
    ("units.csv", "max_children", "101", "from 0 to 100", ""),
    ("units.csv", "boys_max_age", "121", "from 0 to 120", ""),
    ("units.csv", "ringfence", "", "must be filled", ""),
    ("units.csv", "ringfence", "NRPF", "words that this column knows", "nrpf"),
    ("units.csv", "not_from", "E09000012;hackney", "no borough's code", "E09000012"),
    ("units.csv", "state", "vacant", "words that this column knows", "occupied"),
    ("units.csv", "confirmed_at", "2026-11-22T02:06:00Z", "in the future", "-PT2H"),
    ("units.csv", "confirmed_at", "PT2H", "in the future", "-PT2H"),
    ("units.csv", "confirmed_at", "2026-11-23", "in the future", "-PT2H"),
    ("units.csv", "confirmed_at", "2026-11-31", "ISO 8601", "-PT2H"),
    ("units.csv", "confirmed_at", "202611", "ISO 8601", "-PT2H"),
    ("units.csv", "confirmed_at", "2026-11-20T25:00Z", "ISO 8601", "-PT2H"),
    ("units.csv", "id", "rose;01", "single hyphens", ""),
    ("units.csv", "id", "rose--01", "single hyphens", ""),
    ("units.csv", "id", "u" * 81, "at most 80", ""),
    ("services.csv", "id", "rose house", "single hyphens", ""),
    ("units.csv", "confirmed_at", "yesterday", "ISO 8601", "-PT2H"),
    ("units.csv", "confirmed_at", "-P", "duration", "-PT2H"),
    ("units.csv", "confirmed_at", "-P9999999Y", "duration", "-PT2H"),
    ("units.csv", "confirmed_at", "-P50Y", "too far back", ""),
    ("units.csv", "confirmed_at", "2026-10-25T01:30:00", "clocks changed", "Z"),
    ("performance.csv", "service_id", "rose-hall", "is not known", "rose-house"),
    ("performance.csv", "period", "2026-Q5", "calendar quarter", "2026-Q2"),
    ("performance.csv", "measure", "Referrals received", "underscores", "referrals_received"),
    ("performance.csv", "value", "12%", "not a number", "3.5"),
    ("performance.csv", "value", "1234567890", "nine digits", ""),
    ("performance.csv", "value", "999999999.9999", "nine digits", ""),
    ("performance.csv", "value", "NaN", "not a number", ""),
    ("taxonomies/needs.csv", "code", "domestic abuse", "single hyphens", ""),
    ("organisations.csv", "id", "rose_trust", "lower-case letters", ""),
    ("organisations.csv", "phone", "020 7946 0123 ext", "an extension only", ""),
    ("taxonomies/needs.csv", "parent", "abuse", "is not known", "domestic-abuse"),
]


def import_with(
    session: Session, tmp_path: Path, now: datetime, file: str, row: int, cells: dict[str, str]
) -> ImportReport:
    """Import the small catalogue with some cells of one row exchanged."""
    files = folders.small_catalogue()
    files[file][row].update(cells)
    return import_folder(session, folders.write(tmp_path, files), now)


def nothing_was_written(session: Session) -> bool:
    models = (Organisation, Service, Unit, Need)
    return sum(session.scalar(select(func.count()).select_from(model)) or 0 for model in models) == 0


@pytest.mark.parametrize(("file", "column", "cell", "message", "allowed"), WRONG_CELLS)
def test_a_wrong_cell_is_told_with_its_place(
    session: Session, tmp_path: Path, now: datetime, file: str, column: str, cell: str, message: str, allowed: str
) -> None:
    row = 0
    if column == "code":
        row = 2  # nothing refers to it but the refuge, whose error comes after

    report = import_with(session, tmp_path, now, file, row, {column: cell})

    found = [error for error in report.errors if (error.file, error.row, error.column) == (file, row + 2, column)]
    assert found, [str(error) for error in report.errors]
    assert message in found[0].message
    assert allowed in " ".join(found[0].allowed)
    assert report.refused
    assert not report.applied
    assert nothing_was_written(session)


def test_the_value_told_is_the_item_of_a_list_that_is_wrong(session: Session, tmp_path: Path, now: datetime) -> None:
    report = import_with(session, tmp_path, now, "services.csv", 0, {"needs": "refuge-space; refuge-bed"})

    assert [(error.value, error.allowed) for error in report.errors] == [("refuge-bed", ("refuge-space",))]


@pytest.mark.parametrize(
    ("file", "row", "cells", "column", "message"),
    [
        ("services.csv", 0, {"min_age": "30", "max_age": "20"}, "max_age", "below min_age"),
        ("units.csv", 0, {"active_from": "2026-04-01", "active_until": "2026-04-01"}, "active_until", "after"),
        ("services.csv", 0, {"postcode": "E8 3PN"}, "postcode", "what is not stored cannot leak"),
        ("services.csv", 0, {"location_disclosure": "borough", "postcode": "E8 3PN"}, "postcode", "Only a service"),
        ("services.csv", 1, {"postcode": "ZZ9 9ZZ"}, "postcode", "does not know"),
        ("services.csv", 1, {"postcode": "UB1"}, "postcode", "not a full postcode"),
        ("services.csv", 1, {"borough": "E09000012"}, "borough", "lies in Ealing"),
    ],
)
def test_what_must_hold_within_a_row(
    session: Session,
    tmp_path: Path,
    now: datetime,
    file: str,
    row: int,
    cells: dict[str, str],
    column: str,
    message: str,
) -> None:
    report = import_with(session, tmp_path, now, file, row, cells)

    assert [(error.file, error.row, error.column) for error in report.errors] == [(file, row + 2, column)]
    assert message in report.errors[0].message


def test_an_id_that_stands_twice_names_both_rows(session: Session, tmp_path: Path, now: datetime) -> None:
    files = folders.small_catalogue()
    files["units.csv"] += [folders.unit(id="rose-02"), folders.unit(name="Another room")]

    report = import_folder(session, folders.write(tmp_path, files), now)

    assert report.errors == (
        FileError("units.csv", 4, "id", "rose-01", "The unit stands there twice: in rows 2 and 4.", ()),
    )


def test_a_figure_that_stands_twice_is_told_by_its_whole_key(session: Session, tmp_path: Path, now: datetime) -> None:
    files = folders.small_catalogue()
    files["performance.csv"].append(folders.figure(value="13"))

    report = import_folder(session, folders.write(tmp_path, files), now)

    assert [error.value for error in report.errors] == ["rose-house/2026-Q2/referrals_received"]


def test_parents_may_not_go_round_in_a_circle(session: Session, tmp_path: Path, now: datetime) -> None:
    files = folders.small_catalogue()
    files["taxonomies/needs.csv"][0]["parent"] = "forced-marriage"

    report = import_folder(session, folders.write(tmp_path, files), now)

    assert [(error.row, error.column) for error in report.errors] == [(2, "parent"), (3, "parent")]
    assert "domestic-abuse → forced-marriage → domestic-abuse" in report.errors[0].message


def test_a_term_may_not_be_its_own_parent(session: Session, tmp_path: Path, now: datetime) -> None:
    report = import_with(session, tmp_path, now, "taxonomies/needs.csv", 0, {"parent": "domestic-abuse"})

    assert [(error.row, error.column) for error in report.errors] == [(2, "parent")]


def test_all_errors_of_all_files_come_at_once_in_reading_order(session: Session, tmp_path: Path, now: datetime) -> None:
    files = folders.small_catalogue()
    files["units.csv"][0] |= {"state": "free", "bedspaces": "many"}
    files["organisations.csv"][0]["status"] = "on"
    files["services.csv"][1]["kind"] = "advice"

    report = import_folder(session, folders.write(tmp_path, files), now)

    assert [(error.file, error.row, error.column) for error in report.errors] == [
        ("organisations.csv", 2, "status"),
        ("services.csv", 3, "kind"),
        ("units.csv", 2, "bedspaces"),
        ("units.csv", 2, "state"),
    ]


def test_all_errors_are_counted_and_the_first_kept(
    session: Session, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errors, "KEPT", 2_000)
    files = folders.small_catalogue()
    files["performance.csv"] = [folders.figure(period=f"{year}") for year in range(2_500)]

    report = import_folder(session, folders.write(tmp_path, files), now)

    assert report.error_count == 2_500
    assert len(report.errors) == 2_000


@pytest.mark.parametrize("make", ["missing", "file", "empty"])
def test_what_is_no_folder_of_catalogue_files_is_refused(
    session: Session, tmp_path: Path, now: datetime, make: str
) -> None:
    path = tmp_path / "there"
    if make == "file":
        path.write_text("id\n")
    if make == "empty":
        path.mkdir()

    with pytest.raises(RefusedError, match="no catalogue files" if make == "empty" else "not a folder"):
        import_folder(session, path, now)
