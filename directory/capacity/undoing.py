"""Taking a change of the catalogue back as one step, and restoring what a listing said before.

Both are changes themselves: they pass every check, and the history goes on. Nothing is rewritten.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from directory.capacity.current import CurrentListing, read_current
from directory.capacity.files import LISTING_TABLES, TABLES, ImportReport, edit_catalogue
from directory.capacity.holdings import belongings
from directory.catalogue.completeness import lacking
from directory.catalogue.files.edits import RowEdit, texts_of
from directory.catalogue.files.locking import lock_for_writing
from directory.catalogue.files.stored import load_stored
from directory.catalogue.versions.models import ChangeKind, ListingKind
from directory.catalogue.versions.reading import Version, read_change, version_of, versions_before, versions_by
from directory.catalogue.vocabulary import ListingStatus
from directory.common.actor import Actor
from directory.common.errors import NotFoundError, RefusedError

# A restored listing says what it said; whether it is shown, and when somebody last confirmed it, are other questions.
_NOT_RESTORED = frozenset({"status", "verified_on"})
# Owners before what belongs to them.
_ORDER = tuple(ListingKind)
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Conflict:
    """What stands in the way of taking a change back: the column that was changed since, empty for the whole row."""

    kind: ListingKind
    listing_id: str
    column: str
    message: str


class ConflictError(RefusedError):
    """Something stands in the way of what was said before. Nothing was changed."""

    def __init__(
        self,
        conflicts: Sequence[Conflict],
        message: str = "It cannot be taken back as a whole: some of it has been changed since.",
    ) -> None:
        self.conflicts = tuple(conflicts)
        super().__init__(message)


def undo_change(session: Session, change_id: int, actor: Actor, now: datetime) -> ImportReport:
    """Make the catalogue say what it said before one change, in all that the change concerned; the caller commits.

    What others have changed since in other columns stays. A unit's state goes back only where nobody has confirmed it
    since; a unit that it added goes only where its state is what it was then, and one that it removed comes back
    unconfirmed. Raises NotFoundError for no such change; ConflictError, with every conflict, when anything that it made
    was changed since, or when a published listing would lack what it must say; RefusedError when it was taken back
    already or nothing is left of it. The report may be `refused`, when what was said before is not allowed any more.
    """
    lock_for_writing(session, list(TABLES))
    if read_change(session, change_id).undone_by_id is not None:
        raise RefusedError("This change has been taken back already.")
    versions, before = versions_by(session, change_id), versions_before(session, change_id)
    now_said = _now_said(session, versions)
    edits: list[RowEdit] = []
    conflicts: list[Conflict] = []
    for version in sorted(versions, key=lambda one: _ORDER.index(one.kind)):
        row = (version.kind, version.listing_id)
        edit, found = _taken_back(version, before.get(row), now_said.get(row))
        edits += [edit] if edit else []
        conflicts += [*found, *_lacking(version, before.get(row), now_said.get(row), edit)]
    conflicts += _left_behind(session, edits)
    if conflicts:
        raise ConflictError(conflicts)
    if not edits:
        raise RefusedError("Nothing is left of this change to take back.")
    return edit_catalogue(session, edits, now, kind=ChangeKind.UNDO, made_by=actor.reference, undoes_id=change_id)


def restore_version(
    session: Session, kind: ListingKind, listing_id: str, number: int, actor: Actor, now: datetime
) -> ImportReport:
    """Make a listing or unit say again what it said in version `number`; the caller commits.

    Its status stays as it is, and so does when it was confirmed; one that was removed comes back as a draft, a unit
    closed. Raises NotFoundError for no such version, RefusedError when it says nothing else than now, ConflictError
    when a published listing would lack what it must say.
    """
    lock_for_writing(session, list(TABLES))
    version = version_of(session, kind, listing_id, number)
    try:
        current: CurrentListing | None = read_current(session, kind, listing_id)
    except NotFoundError:
        current = None
    texts = {name: text for name, text in version.values.items() if name not in _NOT_RESTORED}
    if current is None and "status" in version.values:
        texts["status"] = "draft"
    elif current is not None and all(current.values.get(name) == text for name, text in texts.items()):
        raise RefusedError("That version says nothing else than what is said now.")
    edit = RowEdit(kind, listing_id, texts)
    conflicts = _lacking(version, version, current.values if current else None, edit)
    if conflicts:
        columns = ", ".join(one.column.replace("_", " ") for one in conflicts)
        raise ConflictError(conflicts, f"It is published, and that version lacks what it must say: {columns}.")
    return edit_catalogue(session, [edit], now, kind=ChangeKind.RESTORE, made_by=actor.reference)


def _now_said(session: Session, versions: Sequence[Version]) -> dict[tuple[ListingKind, str], Mapping[str, str]]:
    """What is said now of each row that there still is, with what is true only for now."""
    said: dict[tuple[ListingKind, str], Mapping[str, str]] = {}
    for kind, table in LISTING_TABLES.items():
        ids = [version.listing_id for version in versions if version.kind is kind]
        for start in range(0, len(ids), _BATCH):
            stored = load_stored(session, table, ids=ids[start : start + _BATCH])
            said |= {(kind, key[0]): texts_of(table, row.values) for key, row in stored.items() if not row.removed}
    return said


def _taken_back(
    version: Version, before: Version | None, now_said: Mapping[str, str] | None
) -> tuple[RowEdit | None, list[Conflict]]:
    """What takes one version back, and what stands in the way of it."""
    kind, listing_id = version.kind, version.listing_id
    if version.removed:
        if now_said is not None:
            return None, [Conflict(kind, listing_id, "", "It has come back since.")]
        texts = (dict(before.values) if before else {}) | dict(version.live.get("before", {}))
        # A unit comes back in its state, but confirmed by nobody: while it was gone its provider could not say more.
        return RowEdit(kind, listing_id, texts | ({"confirmed_at": ""} if kind is ListingKind.UNIT else {})), []
    if now_said is None:
        return None, [Conflict(kind, listing_id, "", "It has been removed since.")]
    if before is None or before.removed:
        # Of a unit, whoever lives there now counts as well: its provider has said so since.
        state = {name: text for name, text in version.live.get("after", {}).items() if name == "state"}
        made = {**version.values, **state}
        changed = [name for name, text in made.items() if now_said.get(name) != text]
        conflicts = [Conflict(kind, listing_id, name, "It has been changed since it was added.") for name in changed]
        return RowEdit(kind, listing_id, {}, removed=True), conflicts
    return _columns_taken_back(version, before, now_said)


def _columns_taken_back(
    version: Version, before: Version, now_said: Mapping[str, str]
) -> tuple[RowEdit | None, list[Conflict]]:
    texts: dict[str, str] = {}
    conflicts: list[Conflict] = []
    for name, made in version.values.items():
        was, is_now = before.values.get(name, ""), now_said.get(name, "")
        if made in {was, is_now}:
            texts |= {name: was} if was != made else {}
        elif is_now != was:
            conflicts.append(Conflict(version.kind, version.listing_id, name, "It has been changed since."))
    live = version.live.get("after", {})
    if live and all(now_said.get(name) == text for name, text in live.items()):
        texts |= dict(version.live["before"])
    return (RowEdit(version.kind, version.listing_id, texts) if texts else None), conflicts


def _lacking(
    version: Version, before: Version | None, now_said: Mapping[str, str] | None, edit: RowEdit | None
) -> list[Conflict]:
    """What a published listing must say and would not any more: publishing demands it, on whichever way.

    What it lacks already, or lacked when it was published with what is to come back, is no reason.
    """
    if edit is None or edit.removed:
        return []
    after = {**(now_said or {}), **edit.texts}
    if after.get("status") != ListingStatus.PUBLISHED:
        return []
    known = [said for said in (now_said, before.values if before else None) if said]
    excused = {
        column
        for said in known
        if said.get("status") == ListingStatus.PUBLISHED
        for column in lacking(version.kind, said)
    }
    return [
        Conflict(version.kind, version.listing_id, column, "It is published, and must say this.")
        for column in lacking(version.kind, after)
        if column not in excused
    ]


def _left_behind(session: Session, edits: Sequence[RowEdit]) -> list[Conflict]:
    """What would go with a listing that goes, although the change did not bring it."""
    going = {(edit.kind, edit.id) for edit in edits if edit.removed}
    return [
        Conflict(kind, owner_id, "", f"It has got a {LISTING_TABLES[child_kind].noun} since: {child_id}.")
        for kind, owner_id in sorted(going)
        for child_kind, child_id in belongings(session, kind, owner_id)
        if (child_kind, child_id) not in going
    ]
