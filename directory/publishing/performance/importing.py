"""Bringing performance figures in from a sheet: all of it or nothing, with every error by its cell."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.audit.events import Event
from directory.audit.log import record
from directory.catalogue.files import cells
from directory.catalogue.files.checking import close_codes
from directory.catalogue.files.locking import lock_for_writing
from directory.catalogue.files.tables import NEEDS, PERFORMANCE, SERVICES
from directory.catalogue.models import PerformanceFigure, Service
from directory.catalogue.vocabulary import ListingStatus
from directory.common.actor import Actor
from directory.common.clock import london_date
from directory.publishing.performance.measures import MEDIAN_RESPONSE, P90_RESPONSE, PARTS, RECEIVED
from directory.publishing.performance.sheets import (
    CellError,
    PerformanceSheet,
    SheetFigure,
    read_performance_sheet,
)
from directory.referrals.statistics import days_of

__all__ = [
    "CellError",
    "FigureChange",
    "PerformanceReport",
    "PerformanceSheet",
    "SheetFigure",
    "import_performance",
    "read_performance_sheet",
]

_Key = tuple[str, str, str]
"""Service id, quarter, measure."""


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure that is added or changed, as files write it: `was` and `now` are empty where it is not known."""

    service_id: str
    period: str
    measure: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class PerformanceReport:
    """What an import did, or in a dry run would do. With an error nothing was written, and nothing is compared.

    For the person who brings the sheet alone: it holds figures as they are, small ones too.
    """

    applied: bool
    added: tuple[FigureChange, ...] = ()
    changed: tuple[FigureChange, ...] = ()
    unchanged: int = 0
    errors: tuple[CellError, ...] = field(default=())

    @property
    def refused(self) -> bool:
        """Whether anything was wrong."""
        return bool(self.errors)


def import_performance(
    session: Session, content: bytes, filename: str, actor: Actor, now: datetime, *, dry_run: bool = False
) -> PerformanceReport:
    """Keep the figures of a sheet, all of them or none; the caller commits. A sheet never removes a figure.

    Raises UnreadableSheetError for what is no sheet, RefusedError when somebody else is changing the catalogue.
    """
    sheet = read_performance_sheet(content, filename)
    session.flush()
    if not dry_run:
        lock_for_writing(session, [NEEDS, SERVICES, PERFORMANCE])
    stored = _stored(session, sheet.figures)
    errors = [*sheet.errors, *_wrong_services(session, sheet.figures), *_wrong_periods(sheet.figures, now)]
    errors += _twice(sheet.figures)
    errors += _contradictions(sheet.figures, stored)
    if errors:
        return PerformanceReport(False, errors=tuple(sorted(errors, key=lambda error: (error.row or 0, error.column))))
    report = _compared(sheet.figures, stored)
    if dry_run:
        return report
    _write(session, sheet.figures, stored)
    if report.added or report.changed:
        counts = {"added": len(report.added), "changed": len(report.changed), "removed": 0}
        record(session, Event.PERFORMANCE_IMPORTED, actor.reference, now, **counts)
    return PerformanceReport(True, report.added, report.changed, report.unchanged)


def _key(figure: SheetFigure) -> _Key:
    return figure.service_id, figure.period, figure.measure


def _stored(session: Session, figures: Sequence[SheetFigure]) -> dict[_Key, Decimal | None]:
    """What is kept of the quarters that a sheet speaks of."""
    kept = PerformanceFigure
    query = select(kept.service_id, kept.period, kept.measure, kept.value)
    query = query.where(kept.period.in_(sorted({figure.period for figure in figures})))
    return {(row.service_id, row.period, row.measure): row.value for row in session.execute(query)}


def _wrong_services(session: Session, figures: Sequence[SheetFigure]) -> Iterator[CellError]:
    known = {row.id: row for row in session.execute(select(Service.id, Service.name, Service.status))}
    told: set[tuple[int, str]] = set()
    for figure in figures:
        service = known.get(figure.service_id)
        # In a wide sheet, one cell names the service of many figures.
        if (figure.row, figure.service_id) in told:
            continue
        if service is not None and service.status is not ListingStatus.WITHDRAWN:
            continue
        told.add((figure.row, figure.service_id))
        message, close = "This service is withdrawn: it has no figures any more.", tuple[str, ...]()
        if service is None:
            current = {one.id: one.name for one in known.values() if one.status is not ListingStatus.WITHDRAWN}
            message, close = "There is no service with this id.", _like(figure.service_id, current)
        yield CellError(figure.row, figure.service_column, figure.service_id, message, close)


def _like(text: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """The ids that are spelt most like `text`, or whose names are, each with its name."""
    ids = [code for code, name in known.items() if name.casefold() == text.casefold()]
    ids = ids or close_codes(text, known)
    return tuple(f"{code} ({known[code]})" for code in ids)


def _wrong_periods(figures: Sequence[SheetFigure], now: datetime) -> Iterator[CellError]:
    told: set[int] = set()
    for figure in figures:
        if figure.row not in told and days_of(figure.period)[1] > london_date(now):
            told.add(figure.row)
            message = "This quarter is not over, so its figures cannot be whole."
            yield CellError(figure.row, figure.period_column, figure.period, message)


def _twice(figures: Sequence[SheetFigure]) -> Iterator[CellError]:
    first: dict[_Key, int] = {}
    for figure in figures:
        row = first.setdefault(_key(figure), figure.row)
        if row != figure.row:
            message = f"This figure stands there twice: in rows {row} and {figure.row}."
            yield CellError(figure.row, figure.column, figure.text, message)


def _contradictions(figures: Sequence[SheetFigure], stored: Mapping[_Key, Decimal | None]) -> Iterator[CellError]:
    """Figures that cannot all be true, together with those that are kept: said of the last of them in the sheet."""
    by_quarter: defaultdict[tuple[str, str], list[SheetFigure]] = defaultdict(list)
    for figure in figures:
        by_quarter[figure.service_id, figure.period].append(figure)
    afterwards = dict(stored) | {_key(figure): figure.value for figure in figures}
    for (service_id, period), given in by_quarter.items():
        values = {code: afterwards.get((service_id, period, code)) for code in (*PARTS, RECEIVED)}
        received, parts = values.pop(RECEIVED), sum((value or Decimal(0) for value in values.values()), Decimal(0))
        if received is not None and parts > received:
            message = (
                f"Accepted, declined and not answered are {_said(parts)} together; received were {_said(received)}."
            )
            yield from _at_the_last(given, (RECEIVED, *PARTS), message)
        median, p90 = (afterwards.get((service_id, period, code)) for code in (MEDIAN_RESPONSE, P90_RESPONSE))
        if median is not None and p90 is not None and p90 < median:
            message = (
                f"Nine of ten answers cannot take less ({_said(p90)}) than half of them ({_said(median)} minutes)."
            )
            yield from _at_the_last(given, (MEDIAN_RESPONSE, P90_RESPONSE), message)


def _at_the_last(given: Sequence[SheetFigure], codes: Sequence[str], message: str) -> Iterator[CellError]:
    meant = [figure for figure in given if figure.measure in codes]
    if meant:
        yield CellError(meant[-1].row, meant[-1].column, meant[-1].text, message)


def _said(value: Decimal | None) -> str:
    """A figure as files write it; nothing for one that is not known."""
    return cells.DECIMAL.text(value)


def _compared(figures: Sequence[SheetFigure], stored: Mapping[_Key, Decimal | None]) -> PerformanceReport:
    added, changed, unchanged = [], [], 0
    for figure in figures:
        key = _key(figure)
        was, now = _said(stored.get(key)), _said(figure.value)
        change = FigureChange(*key, was, now)
        if key not in stored:
            added.append(change)
        elif stored[key] != figure.value:
            changed.append(change)
        else:
            unchanged += 1
    return PerformanceReport(False, tuple(added), tuple(changed), unchanged)


def _write(session: Session, figures: Sequence[SheetFigure], stored: Mapping[_Key, Decimal | None]) -> None:
    for figure in figures:
        key = _key(figure)
        if key not in stored:
            names = zip(("service_id", "period", "measure"), key, strict=True)
            session.add(PerformanceFigure(**dict(names), value=figure.value))
        elif stored[key] != figure.value:
            session.get_one(PerformanceFigure, key).value = figure.value
    session.flush()
