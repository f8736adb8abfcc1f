"""What other people's folders may write differently: ids, bounds, figures, phones and times."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.capacity.files import export_folder
from directory.capacity.models import Unit
from directory.catalogue.models import PerformanceFigure, Service
from tests.catalogue import folders


def test_ids_may_be_written_as_others_write_them(session: Session, tmp_path: Path, now: datetime) -> None:
    files = folders.small_catalogue()
    files["taxonomies/needs.csv"].append({"code": "Legal_Aid.2", "name": "Legal aid", "parent": "domestic-abuse"})
    files["services.csv"] = [folders.service(id="Rose_House.A", needs="Legal_Aid.2;refuge-space")]
    files["units.csv"] = [folders.unit(id="RH_01.b", service_id="Rose_House.A")]
    files["performance.csv"] = [
        folders.figure(service_id="Rose_House.A", measure=measure) for measure in ("spaces_offered", "spaces-offered")
    ]

    folders.bring_in(session, folders.write(tmp_path / "in", files), now)
    export_folder(session, tmp_path / "out")

    again = folders.bring_in(session, tmp_path / "out", now, whole=True, dry_run=True)
    assert folders.lines(again) == folders.NOTHING


def test_units_may_be_large_or_for_children_alone(session: Session, tmp_path: Path, now: datetime) -> None:
    files = folders.small_catalogue()
    files["units.csv"] = [
        folders.unit(bedspaces="100", max_adults="100", max_children="100", boys_max_age="120"),
        folders.unit(id="rose-02", max_adults="0", max_children="0", boys_max_age="0"),
    ]

    folders.bring_in(session, folders.write(tmp_path, files), now)

    found = session.get_one(Unit, "rose-01")
    assert (found.bedspaces, found.max_adults, found.max_children, found.boys_max_age) == (100, 100, 100, 120)


@pytest.mark.parametrize(
    ("written", "kept"),
    [("1.2345", "1.234"), ("1.2355", "1.236"), ("-0.0005", "0"), ("12.3456789", "12.346"), ("0.00050000001", "0.001")],
)
def test_figures_are_rounded_to_what_is_kept(
    session: Session, tmp_path: Path, now: datetime, written: str, kept: str
) -> None:
    files = folders.small_catalogue()
    files["performance.csv"][0]["value"] = written
    folder = folders.write(tmp_path, files)

    folders.bring_in(session, folder, now)

    assert session.scalars(select(PerformanceFigure.value)).one() == Decimal(kept)
    assert folders.lines(folders.bring_in(session, folder, now, dry_run=True))["changed"] == []


@pytest.mark.parametrize("phone", ["020 7946 0123 ext 4", "020 7946 0123 x4", "+44 20 7946 0123, extension 12"])
def test_a_phones_extension_stays_as_it_is_written(session: Session, tmp_path: Path, now: datetime, phone: str) -> None:
    files = folders.small_catalogue()
    files["services.csv"][0]["professional_phone"] = phone

    folders.bring_in(session, folders.write(tmp_path, files), now)

    assert session.get_one(Service, "rose-house").professional_phone == phone


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-11-20", datetime(2026, 11, 20, 0, 0, tzinfo=UTC)),
        ("2026-07-01", datetime(2026, 6, 30, 23, 0, tzinfo=UTC)),
        ("20261120", datetime(2026, 11, 20, 0, 0, tzinfo=UTC)),
        ("20261120T020000Z", datetime(2026, 11, 20, 2, 0, tzinfo=UTC)),
        ("2026-11-20T02:00+01", datetime(2026, 11, 20, 1, 0, tzinfo=UTC)),
        ("2026-11-20T02:00:00.5+0100", datetime(2026, 11, 20, 1, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-11-20 02:00Z", datetime(2026, 11, 20, 2, 0, tzinfo=UTC)),
        ("2026-W47-5T02", datetime(2026, 11, 20, 2, 0, tzinfo=UTC)),
    ],
)
def test_confirmations_may_be_in_any_form_of_iso_8601(
    session: Session, tmp_path: Path, now: datetime, written: str, moment: datetime
) -> None:
    files = folders.small_catalogue()
    files["units.csv"][0]["confirmed_at"] = written

    folders.bring_in(session, folders.write(tmp_path, files), now)

    assert session.get_one(Unit, "rose-01").confirmed_at == moment
