"""Contracts in words, and as a table for spreadsheets."""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby

from directory.capacity.contracts.differences import WhoActs
from directory.capacity.contracts.reconciliation import Reconciliation
from directory.common.dates import as_date
from directory.common.sheets_safe import harmless
from directory.web.pages.contracts.contexts import ProgrammePage, ServiceUnits, SumLine
from directory.web.pages.unit_history.presenting import nights_rows

_HEADER = (
    *("programme", "what", "contracted", "in the directory", "who must act"),
    *("unit", "unit name", "service", "organisation", "details"),
)


def dates_in_words(first: date | None, until: date | None) -> str:
    """From the first to the last day; `until` is the day after the last one."""
    last = until - timedelta(days=1) if until else None
    if first and last:
        return f"{as_date(first)} to {as_date(last)}"
    if first:
        return f"From {as_date(first)}, without an end"
    return f"Until {as_date(last)}" if last else "Without limits"


def programme_page(found: Reconciliation) -> ProgrammePage:
    """The page of one programme."""
    programme = found.programme
    groups = groupby(found.units, key=lambda unit: (unit.service_id, unit.service_name))
    return ProgrammePage(
        programme=programme,
        dates=dates_in_words(programme.active_from, programme.active_until),
        sums=tuple(_sums(found)),
        live=found.live,
        today=found.today,
        for_commissioner=found.for_whom(WhoActs.COMMISSIONER),
        for_providers=found.for_whom(WhoActs.PROVIDER),
        services=tuple(ServiceUnits(service_id, name, tuple(units)) for (service_id, name), units in groups),
        nights=nights_rows(found.spans, found.nights),
    )


def as_csv(found: Reconciliation) -> bytes:
    """The sums and the differences, one in each row; spreadsheets read it as UTF-8 and run nothing of it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_HEADER)
    for row in _rows(found):
        writer.writerow([harmless(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _sums(found: Reconciliation) -> Iterator[SumLine]:
    contracted, live = found.programme, found.live
    for what, wanted, there in (
        ("Units", contracted.units, live.units),
        ("Bedspaces", contracted.bedspaces, live.bedspaces),
        ("Ring-fenced units", contracted.ringfenced_units, live.ringfenced_units),
    ):
        apart = "" if wanted == there else f"{wanted - there} missing" if there < wanted else f"{there - wanted} more"
        yield SumLine(what, wanted, there, apart)


def _rows(found: Reconciliation) -> Iterator[tuple[str, ...]]:
    code = found.programme.code
    for line in _sums(found):
        yield code, line.what.lower(), str(line.contracted), str(line.live), "", "", "", "", "", ""
    for one in found.differences:
        unit = one.unit
        where = (unit.id, unit.name, unit.service_name, unit.organisation_name) if unit else ("", "", "", "")
        yield code, one.kind.value, "", "", one.who.value, *where, one.text
