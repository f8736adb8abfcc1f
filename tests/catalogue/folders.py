"""Folders of catalogue files for tests: small, complete and right, unless a test says otherwise."""

import csv
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from directory.capacity.files import TABLES, ImportReport, import_folder

Row = Mapping[str, str]
HEADERS = {table.file: [column.name for column in table.in_file] for table in TABLES}

NEEDS = [
    {"code": "domestic-abuse", "name": "Domestic abuse", "synonyms": "DA;domestic violence"},
    {"code": "forced-marriage", "name": "Forced marriage", "parent": "domestic-abuse"},
    {"code": "refuge-space", "name": "Refuge"},
]
COMMUNITIES = [{"code": "latin-american", "name": "Latin American"}, {"code": "deaf", "name": "Deaf people"}]
ACCESS = [{"code": "step-free", "name": "Step-free entrance"}, {"code": "lift", "name": "Lift"}]


def organisation(**cells: str) -> dict[str, str]:
    """A row of organisations.csv."""
    return {"id": "rose", "name": "Rose Trust", "by_and_for": "yes", "status": "published"} | cells


def service(**cells: str) -> dict[str, str]:
    """A row of services.csv: a refuge whose place is secret."""
    return {
        "id": "rose-house",
        "organisation_id": "rose",
        "name": "Rose House",
        "kind": "refuge",
        "needs": "refuge-space",
        "location_disclosure": "secret",
        "borough": "E09000012",
        "status": "published",
    } | cells


def public_service(**cells: str) -> dict[str, str]:
    """A row of services.csv: an advice service with a public postcode in Ealing."""
    return (
        service(id="rose-advice", name="Rose Advice", kind="advocacy", location_disclosure="public", postcode="UB1 3AJ")
        | {"borough": "", "needs": "domestic-abuse"}
        | cells
    )


def unit(**cells: str) -> dict[str, str]:
    """A row of units.csv."""
    return {
        "id": "rose-01",
        "service_id": "rose-house",
        "name": "Room 1",
        "bedspaces": "2",
        "max_adults": "1",
        "max_children": "1",
        "ringfence": "none",
        "state": "open",
        "confirmed_at": "-PT2H",
    } | cells


def figure(**cells: str) -> dict[str, str]:
    """A row of performance.csv."""
    return {"service_id": "rose-house", "period": "2026-Q2", "measure": "referrals_received", "value": "12"} | cells


def small_catalogue() -> dict[str, list[dict[str, str]]]:
    """One organisation with a refuge of one unit, an advice service and a figure, and the terms that they use."""
    return {
        "taxonomies/needs.csv": [dict(row) for row in NEEDS],
        "taxonomies/communities.csv": [dict(row) for row in COMMUNITIES],
        "taxonomies/access_features.csv": [dict(row) for row in ACCESS],
        "organisations.csv": [organisation()],
        "services.csv": [service(), public_service()],
        "units.csv": [unit()],
        "performance.csv": [figure()],
    }


def write(folder: Path, files: Mapping[str, Sequence[Row]], headers: Mapping[str, Sequence[str]] | None = None) -> Path:
    """Write `files` (rows by file) to `folder`, with all columns unless `headers` names others."""
    for file, rows in files.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as target:
            writer = csv.DictWriter(target, (headers or {}).get(file, HEADERS[file]), restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def bring_in(session: Session, folder: Path, now: datetime, **options: Any) -> ImportReport:
    """Import `folder` and insist that nothing was wrong with it."""
    report = import_folder(session, folder, now, **options)
    assert [str(error) for error in report.errors] == []
    return report


def lines(report: ImportReport) -> dict[str, list[str]]:
    """The difference as short lines: `units.csv rose-01`, `units.csv rose-01 state: open → closed`."""
    difference = report.difference
    return {
        "added": [f"{entry.file} {entry.id}" for entry in difference.added],
        "changed": [
            f"{change.file} {change.id} {name}: {before} → {after}"
            for change in difference.changed
            for name, (before, after) in change.fields.items()
        ],
        "removed": [f"{entry.file} {entry.id}" for entry in difference.removed],
    }


NOTHING: dict[str, list[str]] = {"added": [], "changed": [], "removed": []}
