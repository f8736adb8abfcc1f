"""Which editions have been published, as far as those need to know who send them, print them or carry them along."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, Select, select, type_coerce
from sqlalchemy.orm import Session

from directory.common.errors import NotFoundError
from directory.common.orm import UtcDateTime
from directory.publishing.editions.models import Edition, EditionEntry
from directory.publishing.editions.vocabulary import EntryKind


@dataclass(frozen=True, slots=True)
class IssuedEdition:
    """A published edition: its number, the London date whose catalogue it holds, and when it was published."""

    id: int
    number: int
    as_of: date
    published_at: datetime

    @property
    def reference(self) -> str:
        """How messages name it."""
        return f"E{self.number}"


def latest_issued(session: Session) -> IssuedEdition | None:
    """The newest one; None before the first."""
    row = session.execute(_issued().order_by(Edition.number.desc()).limit(1)).one_or_none()
    return IssuedEdition(*row) if row is not None else None


def read_issued(session: Session, number: int) -> IssuedEdition:
    """The one with this number. Raises NotFoundError."""
    # No database keeps larger numbers there, and PostgreSQL refuses even to look for one.
    row = session.execute(_issued().where(Edition.number == number)).one_or_none() if 0 < number < 2**31 else None
    if row is None:
        raise NotFoundError("There is no such edition.")
    return IssuedEdition(*row)


def issued_by_id(session: Session, edition_id: int) -> IssuedEdition:
    """The one with this id. Raises NotFoundError where it is none that has been published."""
    row = session.execute(_issued().where(Edition.id == edition_id)).one_or_none()
    if row is None:
        raise NotFoundError("There is no such edition.")
    return IssuedEdition(*row)


def all_issued(session: Session) -> list[IssuedEdition]:
    """All of them, newest first."""
    return [IssuedEdition(*row) for row in session.execute(_issued().order_by(Edition.number.desc()))]


def service_bodies(session: Session, edition: IssuedEdition) -> list[Mapping[str, Any]]:
    """What the edition says of each service, by id (publishing/editions/content.py has the keys)."""
    query = select(EditionEntry.entry_id, EditionEntry.body).where(
        EditionEntry.edition_id == edition.id, EditionEntry.kind == EntryKind.SERVICE
    )
    # Ordered here, because databases differ in how they order text.
    return [json.loads(row.body) for row in sorted(session.execute(query), key=lambda row: str(row.entry_id))]


def _issued() -> Select[int, int, date, datetime]:
    """Those that have a number have been published: the database sees to it."""
    number = type_coerce(Edition.number, Integer)
    published_at = type_coerce(Edition.published_at, UtcDateTime())
    return select(Edition.id, number, Edition.as_of, published_at).where(Edition.number.is_not(None))
