"""Bringing figures in from a sheet: both forms, every error by its cell, all or nothing."""

import io
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import pytest
from openpyxl import Workbook  # type: ignore[import-untyped]
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.audit.events import Event
from directory.audit.log import flush_audit
from directory.audit.models import AuditEntry
from directory.catalogue.models import PerformanceFigure
from directory.catalogue.vocabulary import ListingStatus
from directory.common.actor import SYSTEM
from directory.editing.bulk.sheet import UnreadableSheetError
from directory.publishing.performance.importing import PerformanceReport, import_performance
from tests import factories

LONG = "service_id,period,measure,value\n"
WIDE = "service_id,period,referrals_received,Referrals accepted,occupancy_percent\n"


@pytest.fixture(autouse=True)
def house(session: Session) -> str:
    """A service."""
    return factories.service(session, id="rose-house", name="Rose House").id


def bring(session: Session, text: str | bytes, now: datetime, *, dry_run: bool = False) -> PerformanceReport:
    content = text.encode() if isinstance(text, str) else text
    return import_performance(session, content, "figures.csv", SYSTEM, now, dry_run=dry_run)


def kept(session: Session) -> dict[tuple[str, str], Decimal | None]:
    rows = session.execute(select(PerformanceFigure.period, PerformanceFigure.measure, PerformanceFigure.value))
    return {(row.period, row.measure): row.value for row in rows}


def workbook(rows: Sequence[Sequence[object]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_row_for_each_figure(session: Session, now: datetime) -> None:
    sheet = LONG + "rose-house,2026-Q3,referrals_received,40\nrose-house,2026-Q3,Occupancy,87.5\n"

    report = bring(session, sheet, now)

    assert report.applied
    assert [(one.measure, one.was, one.now) for one in report.added] == [
        ("referrals_received", "", "40"),
        ("occupancy_percent", "", "87.5"),
    ]
    assert kept(session) == {("2026-Q3", "referrals_received"): 40, ("2026-Q3", "occupancy_percent"): Decimal("87.5")}
    flush_audit(session)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.event == Event.PERFORMANCE_IMPORTED)).one()
    assert '"added":2' in entry.details


def test_a_column_for_each_measure(session: Session, now: datetime) -> None:
    rows = [
        ["Performance figures"],
        ["Service ID", "Service name", "Quarter", "referrals_received", "Referrals accepted"],
        ["rose-house", "Rose House", "2026-Q3", 40, 22.0],
        ["rose-house", "Rose House", "2026-Q2", 38, None],
    ]

    report = bring(session, workbook(rows), now)

    assert report.errors == ()
    assert kept(session) == {
        ("2026-Q3", "referrals_received"): 40,
        ("2026-Q3", "referrals_accepted"): 22,
        ("2026-Q2", "referrals_received"): 38,
    }


def test_what_is_there_is_changed_and_nothing_is_removed(session: Session, now: datetime) -> None:
    bring(session, LONG + "rose-house,2026-Q3,referrals_received,40\nrose-house,2026-Q3,placements,12\n", now)
    sheet = LONG + "rose-house,2026-Q3,referrals_received,41\nrose-house,2026-Q3,departures,\n"

    trial = bring(session, sheet, now, dry_run=True)
    before = kept(session)
    report = bring(session, sheet, now)

    assert not trial.applied
    assert before["2026-Q3", "referrals_received"] == 40
    assert [(one.measure, one.was, one.now) for one in report.changed] == [("referrals_received", "40", "41")]
    assert trial.changed == report.changed
    assert trial.added == report.added
    assert kept(session) == {
        ("2026-Q3", "referrals_received"): 41,
        ("2026-Q3", "placements"): 12,
        ("2026-Q3", "departures"): None,
    }
    assert bring(session, sheet, now).unchanged == 2


WRONG = [
    ("rose-hose,2026-Q3,placements,9", "A service_id", "no service with this id", "rose-house (Rose House)"),
    ("Rose House,2026-Q3,placements,9", "A service_id", "no service with this id", "rose-house (Rose House)"),
    ("gone,2026-Q3,placements,9", "A service_id", "withdrawn", ""),
    (",2026-Q3,placements,9", "A service_id", "must be filled", ""),
    ("rose-house,Q3 2026,placements,9", "B period", "not a calendar quarter", "2026-Q3"),
    ("rose-house,2026-Q4,placements,9", "B period", "not over", ""),
    ("rose-house,1999-Q4,placements,9", "B period", "too long ago", "2000-Q1 or later"),
    ("rose-house,2026-Q3,placement,9", "C measure", "no such measure", "placements"),
    ("rose-house,2026-Q3,occupancy_percent,94%", "D value", "per cent sign", "94"),
    ("rose-house,2026-Q3,occupancy_percent,0.94", "D value", "part of one", "94"),
    ("rose-house,2026-Q3,occupancy_percent,101", "D value", "more than a hundred", "0 to 100"),
    ('rose-house,2026-Q3,placements,"1,240"', "D value", "without separators", "1240"),
    ('rose-house,2026-Q3,median_stay_nights,"3,5"', "D value", "point before decimals", "3.5"),
    ("rose-house,2026-Q3,placements,3.5", "D value", "whole number", ""),
    ("rose-house,2026-Q3,placements,-3", "D value", "less than nought", ""),
    ("rose-house,2026-Q3,placements,<5", "D value", "number itself", ""),
    ("rose-house,2026-Q3,placements,n/a", "D value", "not a number", "42"),
    ("rose-house,2026-Q3,placements,#REF!", "D value", "shows the error", ""),
]


@pytest.mark.parametrize(("row", "column", "message", "allowed"), WRONG)
def test_every_error_is_told_by_its_cell(
    session: Session, now: datetime, row: str, column: str, message: str, allowed: str
) -> None:
    factories.service(session, id="gone", status=ListingStatus.WITHDRAWN)
    good = "rose-house,2026-Q2,placements,9\n"

    report = bring(session, f"{LONG}{good}{row}\n", now)

    (error,) = report.errors
    assert (error.row, error.column) == (3, column)
    assert message in error.message
    assert not allowed or allowed in error.allowed
    assert message in str(error)
    assert not report.applied
    assert kept(session) == {}


def test_figures_that_cannot_all_be_true_are_refused(session: Session, now: datetime) -> None:
    bring(session, LONG + "rose-house,2026-Q3,referrals_received,20\n", now)
    more = "rose-house,2026-Q3,referrals_accepted,15\nrose-house,2026-Q3,declined_too_far,6\n"
    slow = "rose-house,2026-Q3,median_response_minutes,60\nrose-house,2026-Q3,p90_response_minutes,30\n"

    report = bring(session, LONG + more + slow, now)

    assert [(error.row, error.column) for error in report.errors] == [(3, "D value"), (5, "D value")]
    assert "21 together; received were 20" in report.errors[0].message


def test_a_figure_stands_there_once(session: Session, now: datetime) -> None:
    report = bring(session, LONG + "rose-house,2026-Q3,placements,9\n" * 2, now)

    assert [(error.row, error.message) for error in report.errors] == [
        (3, "This figure stands there twice: in rows 2 and 3.")
    ]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("service_id,period,measure", "no column value"),
        ("service_id,value,measure", "no column period"),
        ("service_id,period", "no column of figures"),
        ("service_id,period,placments", "not known"),
        ("service_id,period,placements,Placements", "is the same"),
        ("service_id,period,measure,value,placements", "Use one form"),
    ],
)
def test_columns_must_be_known(session: Session, now: datetime, header: str, message: str) -> None:
    report = bring(session, f"{header}\nrose-house,2026-Q3,7,9,9\n"[: len(header) + 40], now)

    assert report.errors
    assert any(message in error.message for error in report.errors)
    assert {error.row for error in report.errors} == {None}


def test_what_is_no_sheet_is_refused(session: Session, now: datetime) -> None:
    for content in (b"", b"%PDF-1.7", b"service_id,period,measure,value\n"):
        with pytest.raises(UnreadableSheetError):
            bring(session, content, now)
