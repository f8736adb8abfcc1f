"""Sheets that have been uploaded and not applied yet: kept for a day, for whoever uploaded them alone."""

import json
import secrets
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from directory.accounts.permissions import Permission, Role, may
from directory.catalogue.versions.models import ListingKind
from directory.common.actor import Actor
from directory.common.errors import NotAllowedError, NotFoundError, RefusedError
from directory.editing.bulk import results, sheet
from directory.editing.bulk.checking import check_sheet
from directory.editing.bulk.columns import Columns, check_columns, remember
from directory.editing.bulk.results import Check
from directory.editing.bulk.sheet import Sheet
from directory.editing.models import StagedSheet

KEPT_FOR = timedelta(hours=24)
# Somebody who tries again and again does not fill the database.
MOST_PER_PERSON = 5
_GONE = "This upload is not there any more: uploads are kept for a day. Upload the file again."


@dataclass(frozen=True, slots=True)
class Staged:
    """An uploaded sheet. `columns` is None until somebody has said what they are, `check` until it was checked since.

    `chosen` are the numbers of the rows to apply; `change_id` is what it changed, once it has been applied.
    """

    id: str
    kind: ListingKind
    made_at: datetime
    sheet: Sheet
    columns: Columns | None
    check: Check | None
    chosen: frozenset[int]
    change_id: int | None


@dataclass(frozen=True, slots=True)
class Checked:
    """A dry run that is not kept yet: of which sheet, with which columns, and which rows are chosen."""

    sheet_id: str
    columns: Columns
    check: Check
    chosen: frozenset[int]


def require_bulk(actor: Actor) -> None:
    """Refuse anybody but a commissioner. Raises NotAllowedError."""
    if actor.role not in set(Role) or not may(Role(actor.role), Permission.CATALOGUE_BULK):
        raise NotAllowedError("Only commissioners change many listings at once.")


def stage(session: Session, actor: Actor, kind: ListingKind, uploaded: Sheet, now: datetime) -> str:
    """Keep an uploaded sheet, and return its id; the caller commits. Raises NotAllowedError."""
    require_bulk(actor)
    own = select(StagedSheet.id).where(StagedSheet.made_by == actor.user_id).order_by(StagedSheet.made_at.desc())
    too_old = session.scalars(own.offset(MOST_PER_PERSON - 1)).all()
    session.execute(delete(StagedSheet).where(StagedSheet.id.in_(too_old)))
    row = StagedSheet(id=secrets.token_hex(16), made_by=actor.user_id, made_at=now, kind=kind, cells=_packed(uploaded))
    session.add(row)
    session.flush()
    return row.id


def open_sheet(session: Session, actor: Actor, sheet_id: str, now: datetime) -> Staged:
    """An uploaded sheet. Raises NotFoundError for one of somebody else, one that is too old, and none at all."""
    return _staged(_row(session, actor, sheet_id, now))


def check_columns_and_rows(
    session: Session, actor: Actor, sheet_id: str, columns: Sequence[str], now: datetime
) -> Checked:
    """What the rows would do if the sheet's columns were these. Reads only: it may take long, and keeps nobody waiting.

    Raises NotFoundError, InvalidInputError for a choice that cannot be used, RefusedError once it was applied.
    """
    staged = _open(_row(session, actor, sheet_id, now))
    check_columns(staged.kind, staged.sheet, columns)
    found = check_sheet(session, actor, staged.kind, staged.sheet, columns, staged.made_at, now)
    chosen = frozenset(one.number for one in found.rows if one.chosen_at_first)
    return Checked(sheet_id, tuple(columns), found, chosen)


def check_rows_again(
    session: Session, actor: Actor, sheet_id: str, now: datetime, outdated: Iterable[int] = ()
) -> Checked:
    """What the rows would do now, because the catalogue may have changed; reads only.

    What was chosen stays chosen where it can still be applied, but for the `outdated` rows: those are marked, so that
    somebody looks at them before choosing them again. Raises as `check_columns_and_rows` does.
    """
    staged = _open(_row(session, actor, sheet_id, now))
    if staged.columns is None:
        raise NotFoundError(_GONE)
    marked = frozenset(outdated)
    found = check_sheet(session, actor, staged.kind, staged.sheet, staged.columns, staged.made_at, now)
    rows = tuple(replace(one, outdated=one.number in marked) for one in found.rows)
    can = {one.number for one in rows if one.can_be_applied}
    return Checked(sheet_id, staged.columns, replace(found, rows=rows), staged.chosen & can - marked)


def keep_check(session: Session, actor: Actor, checked: Checked, now: datetime) -> Staged:
    """Keep a dry run, and what the columns are for the next sheet; the caller commits.

    That the catalogue may have changed since does no harm: what is applied must do what was shown.
    """
    row = _row(session, actor, checked.sheet_id, now)
    staged = _open(row)
    remember(session, staged.kind, staged.sheet, checked.columns, now)
    row.cells = _packed(staged.sheet, checked.check)
    row.mapping = json.dumps({"columns": checked.columns, "chosen": sorted(checked.chosen)})
    session.flush()
    return replace(staged, columns=checked.columns, check=checked.check, chosen=checked.chosen)


def choose(
    session: Session, actor: Actor, sheet_id: str, shown: Iterable[int], chosen: Iterable[int], now: datetime
) -> Staged:
    """Of the rows `shown`, choose those in `chosen` and no others; rows with errors cannot be. The caller commits.

    Raises NotFoundError, RefusedError once it was applied.
    """
    row = _row(session, actor, sheet_id, now)
    staged = _open(row)
    if staged.columns is None or staged.check is None:
        raise NotFoundError(_GONE)
    can = {one.number for one in staged.check.rows if one.can_be_applied}
    wanted = frozenset(chosen) & frozenset(shown) & can
    return _note(row, staged, (staged.chosen - frozenset(shown)) | wanted)


def choose_all(session: Session, actor: Actor, sheet_id: str, now: datetime) -> Staged:
    """Choose every row that can be applied; the caller commits. Raises as `choose` does."""
    staged = open_sheet(session, actor, sheet_id, now)
    numbers = [one.number for one in staged.check.rows] if staged.check else []
    return choose(session, actor, sheet_id, numbers, numbers, now)


def choose_none(session: Session, actor: Actor, sheet_id: str, now: datetime) -> Staged:
    """Choose no row; the caller commits. Raises as `choose` does."""
    staged = open_sheet(session, actor, sheet_id, now)
    return choose(session, actor, sheet_id, staged.chosen, (), now)


def forget_sheets(session: Session, now: datetime) -> int:
    """Delete the sheets that are older than a day, and return how many; the caller commits."""
    old = session.scalars(select(StagedSheet.id).where(StagedSheet.made_at <= now - KEPT_FOR)).all()
    session.execute(delete(StagedSheet).where(StagedSheet.id.in_(old)))
    return len(old)


def lock_sheet(session: Session, actor: Actor, sheet_id: str, now: datetime) -> tuple[StagedSheet, Staged]:
    """A sheet's row, which nobody else changes from here on, and what is in it. Raises NotFoundError."""
    row = _row(session, actor, sheet_id, now, lock=True)
    return row, _staged(row)


def _row(session: Session, actor: Actor, sheet_id: str, now: datetime, *, lock: bool = False) -> StagedSheet:
    require_bulk(actor)
    query = select(StagedSheet).where(
        StagedSheet.id == sheet_id, StagedSheet.made_by == actor.user_id, StagedSheet.made_at > now - KEPT_FOR
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = session.scalars(query).one_or_none()
    if row is None:
        raise NotFoundError(_GONE)
    return row


def _open(row: StagedSheet) -> Staged:
    if row.change_id is not None:
        raise RefusedError("This upload has been applied. Upload a file again to change more.")
    return _staged(row)


def _staged(row: StagedSheet) -> Staged:
    content = json.loads(zlib.decompress(row.cells))
    mapping = json.loads(row.mapping) if row.mapping else {}
    return Staged(
        id=row.id,
        kind=row.kind,
        made_at=row.made_at,
        sheet=sheet.from_json(content["sheet"]),
        columns=tuple(mapping["columns"]) if mapping else None,
        check=results.from_json(content["check"]) if content.get("check") else None,
        chosen=frozenset(mapping.get("chosen", ())),
        change_id=row.change_id,
    )


def _note(row: StagedSheet, staged: Staged, chosen: frozenset[int]) -> Staged:
    row.mapping = json.dumps({"columns": staged.columns, "chosen": sorted(chosen)})
    return replace(staged, chosen=chosen)


def _packed(uploaded: Sheet, found: Check | None = None) -> bytes:
    content = {"sheet": sheet.as_json(uploaded), "check": results.as_json(found) if found else None}
    return zlib.compress(json.dumps(content, ensure_ascii=False).encode())
