"""Uploading a sheet as the pages do, in one call."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from directory.catalogue.versions.models import ListingKind
from directory.common.actor import Actor
from directory.editing.bulk.columns import known_headers, suggest
from directory.editing.bulk.results import CheckedRow
from directory.editing.bulk.sheets import read_sheet
from directory.editing.bulk.staging import Staged, check_columns_and_rows, keep_check, stage
from tests import factories
from tests.editing.bulk.workbooks import as_csv, workbook


def commissioner(session: Session) -> Actor:
    """Somebody who may."""
    return Actor(factories.user(session, "commissioner").id, "commissioner")


def upload(
    session: Session, actor: Actor, kind: ListingKind, rows: Sequence[Sequence[Any]] | bytes, now: datetime
) -> Staged:
    """A sheet (a file, or rows of it) whose columns are what is suggested, checked."""
    texts = isinstance(rows, bytes) or all(isinstance(cell, str) for row in rows for cell in row)
    content = rows if isinstance(rows, bytes) else as_csv(rows) if texts else workbook(rows)
    sheet = read_sheet(content, known_headers(session, kind))
    sheet_id = stage(session, actor, kind, sheet, now)
    checked = check_columns_and_rows(session, actor, sheet_id, suggest(session, kind, sheet), now)
    return keep_check(session, actor, checked, now)


def row(staged: Staged, number: int) -> CheckedRow:
    """What was found of the row with this number."""
    assert staged.check is not None
    return next(one for one in staged.check.rows if one.number == number)
