"""Uploading an export changes nothing, whatever stands in the catalogue; and nothing in it would run."""

import csv
import io
from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.capacity.files import LISTING_TABLES
from directory.capacity.models import Unit
from directory.catalogue.files.cells import tidy
from directory.catalogue.files.errors import CellError
from directory.catalogue.models import Organisation
from directory.catalogue.versions.models import ListingKind
from directory.editing.bulk.exporting import SheetFormat, export_sheet
from directory.editing.bulk.results import Verdict
from tests import factories
from tests.editing.bulk.uploads import commissioner, upload

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
NASTY = (
    "=cmd|' /C calc'!A0",
    "@SUM(1,2)",
    "+44 20",
    "-1",
    "'=1",
    "''+1",
    "#N/A",
    "_x0041_",
    "_x005F_x0041_",
    "_x000D_",
    "1e5",
    "007",
    "TRUE",
    "2026-04-01",
    "01/04/2026",
    '"quoted"',
    "a;b,c",
    "one\ntwo",
    "\u00a0inside\u00a0too",
    "\ufeffmark",
    "\ufffe",
    "＝1",
    "=",
    "'",
    "sep=;",
    "עברית",
    "😀",
    "id",
    "",
)
texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(max_size=40),
    st.builds(lambda head, tail: head + tail, st.sampled_from([*DANGEROUS, "'", "''="]), st.text(max_size=12)),
)


def storable(text: str) -> str:
    """`text` as the catalogue would keep it, where it would."""
    try:
        return tidy(text)
    except CellError:
        return ""


def one_line(text: str) -> str:
    return storable(text.replace("\n", " ").replace("\t", " ").replace("\r", " "))


@pytest.mark.parametrize("form", list(SheetFormat))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(rows=st.lists(st.tuples(texts, texts, texts), min_size=1, max_size=6))
def test_uploading_an_export_changes_nothing(
    session: Session, now: datetime, form: SheetFormat, rows: list[tuple[str, str, str]]
) -> None:
    # What earlier examples made goes with this savepoint.
    with session.begin_nested() as example:
        actor = commissioner(session)
        for number, (name, description, number_of_charity) in enumerate(rows):
            factories.organisation(
                session,
                id=f"org-{number}",
                name=one_line(name) or "Name",
                description=storable(description),
                charity_number=one_line(number_of_charity)[:20].strip(),
                verified_on=date(2026, 4, number + 1),
            )

        content = export_sheet(session, ListingKind.ORGANISATION, form, actor, now).content
        staged = upload(session, actor, ListingKind.ORGANISATION, content, now)

        assert staged.check is not None
        assert not staged.check.problems
        assert [row for row in staged.check.rows if row.verdict is not Verdict.UNCHANGED] == []
        assert len(staged.check.rows) == len(rows)
        example.rollback()


@pytest.mark.parametrize("form", list(SheetFormat))
@pytest.mark.parametrize("kind", list(ListingKind))
def test_every_kind_comes_back_as_it_was(session: Session, now: datetime, kind: ListingKind, form: SheetFormat) -> None:
    service = factories.service(
        session, languages=["pa", "bfi"], genders=["woman", "man"], areas=["E09000009", "london"]
    )
    factories.unit(session, service, active_from=date(2026, 4, 1), name="Room 1", ringfence="nrpf")
    factories.unit(session, service, confirmed_at=None, state="closed", removed_at=now)

    content = export_sheet(session, kind, form, commissioner(session), now).content
    staged = upload(session, commissioner(session), kind, content, now)

    assert staged.check is not None
    assert [row.verdict for row in staged.check.rows] == [Verdict.UNCHANGED]
    assert list(staged.sheet.headers) == [column.name for column in LISTING_TABLES[kind].in_file]


def test_nothing_in_an_export_would_run(session: Session, now: datetime) -> None:
    for number, text in enumerate(NASTY):
        factories.organisation(session, id=f"org-{number}", name=one_line(text) or "Name", description=storable(text))
    actor = commissioner(session)

    as_csv = export_sheet(session, ListingKind.ORGANISATION, SheetFormat.CSV, actor, now).content
    as_xlsx = export_sheet(session, ListingKind.ORGANISATION, SheetFormat.XLSX, actor, now).content

    records = list(csv.reader(io.StringIO(as_csv.decode("utf-8-sig"), newline="")))
    assert len(records) == len(NASTY) + 1
    assert [cell for record in records for cell in record if cell.startswith(DANGEROUS)] == []
    cells = [cell for line in load_workbook(io.BytesIO(as_xlsx)).active.iter_rows() for cell in line]
    assert {cell.data_type for cell in cells if cell.value is not None} <= {"s", "n", "d"}
    assert [cell.value for cell in cells if isinstance(cell.value, str) and cell.value.startswith(DANGEROUS)] == []


def test_numbers_and_dates_stay_what_they_are_in_excel(session: Session, now: datetime) -> None:
    factories.unit(session, bedspaces=3, active_from=date(2026, 4, 1))

    content = export_sheet(session, ListingKind.UNIT, SheetFormat.XLSX, commissioner(session), now).content

    header, row = list(load_workbook(io.BytesIO(content)).active.values)
    values = dict(zip(header, row, strict=True))
    assert values["bedspaces"] == 3
    assert values["active_from"].date() == date(2026, 4, 1)
    assert session.scalars(select(Unit.id)).all() == [values["id"]]
    assert session.scalars(select(Organisation.id)).all()
