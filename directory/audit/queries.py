"""Reading the audit trail. It knows references alone, and nothing here joins them to what they stand for."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from directory.audit.events import Event
from directory.audit.models import AuditEntry
from directory.common.paging import DEFAULT_PER_PAGE

Detail = str | int | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EntryFact:
    """One entry. `event` is text: an older or newer program may have recorded what this one has no word for."""

    sequence: int
    at: datetime
    event: str
    actor: str
    details: tuple[tuple[str, Detail], ...]


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Some entries, newest first; `older_than` is what to ask with for those before them, None where there are none."""

    entries: tuple[EntryFact, ...]
    older_than: int | None


def read_entries(
    session: Session,
    *,
    event: Event | None = None,
    reference: str = "",
    older_than: int | None = None,
    limit: int = DEFAULT_PER_PAGE,
) -> EntryPage:
    """Up to `limit` entries before sequence `older_than`, newest first: of one event, or about or by one `reference`.

    A reference is whole and exact: `user-12` as actor or account, a referral's, a hold's, a service's. Looking for a
    rare one reads the whole trail.
    """
    query = select(AuditEntry).order_by(AuditEntry.sequence.desc()).limit(limit + 1)
    if event is not None:
        query = query.where(AuditEntry.event == event.value)
    if reference:
        query = query.where(_about(reference))
    if older_than is not None:
        query = query.where(AuditEntry.sequence < older_than)
    found = [_fact(entry) for entry in session.scalars(query)]
    shown = found[:limit]
    return EntryPage(tuple(shown), shown[-1].sequence if len(found) > limit else None)


def _about(reference: str) -> ColumnElement[bool]:
    # Details are canonical JSON: a value in quotes ends at one of these, while a key ends at a colon.
    endings = [AuditEntry.details.contains(f'"{reference}"{end}', autoescape=True) for end in (",", "}", "]")]
    return or_(AuditEntry.actor == reference, *endings)


def _fact(entry: AuditEntry) -> EntryFact:
    details = json.loads(entry.details)
    return EntryFact(
        entry.sequence,
        entry.at,
        entry.event,
        entry.actor,
        tuple((key, tuple(value) if isinstance(value, list) else value) for key, value in details.items()),
    )
