"""Exporting writes a folder that imports again without a change, and never half of one."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from directory.capacity.files import export_folder
from directory.common.errors import RefusedError
from tests.catalogue import folders
from tests.catalogue.folders import HEADERS, NOTHING, bring_in, lines, small_catalogue, write


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.csv")}


def test_every_file_has_all_columns_in_the_order_of_the_design(session: Session, tmp_path: Path, now: datetime) -> None:
    export_folder(session, tmp_path / "out")

    assert contents(tmp_path / "out") == {file: (",".join(names) + "\n").encode() for file, names in HEADERS.items()}
    assert HEADERS["units.csv"] == [
        "id",
        "service_id",
        "name",
        "borough",
        "bedspaces",
        "max_adults",
        "max_children",
        "boys_max_age",
        "ringfence",
        "access_features",
        "not_from",
        "programme",
        "active_from",
        "active_until",
        "state",
        "confirmed_at",
    ]


def test_times_are_written_in_utc_and_lists_sorted(session: Session, tmp_path: Path, now: datetime) -> None:
    files = small_catalogue()
    files["units.csv"] = [
        folders.unit(id="rose-02", confirmed_at="2026-07-01T12:00:00", access_features="step-free;lift"),
        folders.unit(confirmed_at="-PT0.25S"),
    ]
    bring_in(session, write(tmp_path / "in", files), now)

    export_folder(session, tmp_path / "out")

    assert (tmp_path / "out" / "units.csv").read_text().splitlines()[1:] == [
        "rose-01,rose-house,Room 1,,2,1,1,,none,,,,,,open,2026-11-22T01:59:59.750000Z",
        "rose-02,rose-house,Room 1,,2,1,1,,none,lift;step-free,,,,,open,2026-07-01T11:00:00Z",
    ]


def test_what_was_removed_is_not_exported(session: Session, tmp_path: Path, now: datetime) -> None:
    bring_in(session, write(tmp_path / "in", small_catalogue()), now)
    files = small_catalogue() | {"services.csv": [folders.public_service()], "units.csv": [], "performance.csv": []}
    bring_in(session, write(tmp_path / "in", files), now)

    counts = export_folder(session, tmp_path / "out")

    assert (counts["services.csv"], counts["units.csv"], counts["performance.csv"]) == (1, 0, 0)
    later = now + timedelta(days=1)
    assert lines(bring_in(session, tmp_path / "out", later, whole=True, dry_run=True)) == NOTHING


def test_an_earlier_export_is_replaced(session: Session, tmp_path: Path, now: datetime) -> None:
    bring_in(session, write(tmp_path / "in", small_catalogue()), now)
    write(tmp_path / "out", {"units.csv": [folders.unit(id="old")]})

    export_folder(session, tmp_path / "out")

    assert b"old" not in contents(tmp_path / "out")["units.csv"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out"]


@pytest.mark.parametrize("other", ["notes.txt", "taxonomies/README.md", "sub/units.csv"])
def test_a_folder_that_holds_something_else_is_not_touched(
    session: Session, tmp_path: Path, now: datetime, other: str
) -> None:
    path = tmp_path / other
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine")

    with pytest.raises(RefusedError, match="no catalogue file"):
        export_folder(session, tmp_path)

    assert path.read_text() == "mine"
    assert not (tmp_path / "units.csv").exists()


def test_a_file_is_not_taken_for_a_folder(session: Session, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")

    with pytest.raises(RefusedError, match="not a folder"):
        export_folder(session, tmp_path / "out")
