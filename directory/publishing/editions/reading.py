"""Reading editions: what they are, what they hold, and the files that were made of them."""

import json
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from directory.accounts.models import User
from directory.common.errors import NotFoundError
from directory.common.text import unusable_characters
from directory.publishing.editions.facts import EditionFacts, Entry
from directory.publishing.editions.models import Edition, EditionEntry, EditionFile
from directory.publishing.editions.vocabulary import EditionState, EntryKind

_MOST = 2**31 - 1
_prepared_by, _signed_by = aliased(User), aliased(User)
_Query = Select[Edition, str, str]
_EDITION: _Query = (
    select(Edition, _prepared_by.name.label("prepared_by"), _signed_by.name.label("signed_by"))
    .outerjoin(_prepared_by, _prepared_by.id == Edition.prepared_by_id)
    .outerjoin(_signed_by, _signed_by.id == Edition.signed_by_id)
    .execution_options(populate_existing=True)
)


def published_editions(session: Session) -> list[EditionFacts]:
    """Every published edition, newest first."""
    return _read(session, _EDITION.where(Edition.state == EditionState.PUBLISHED).order_by(Edition.number.desc()))


def latest(session: Session) -> EditionFacts | None:
    """The edition that was published last; None before the first."""
    query = _EDITION.where(Edition.state == EditionState.PUBLISHED).order_by(Edition.number.desc()).limit(1)
    return next(iter(_read(session, query)), None)


def before(session: Session, edition: EditionFacts) -> EditionFacts | None:
    """The edition published before this one; of one in preparation, the last; None where there is none."""
    query = _EDITION.where(Edition.state == EditionState.PUBLISHED, Edition.id != edition.id)
    if edition.number is not None:
        query = query.where(Edition.number < edition.number)
    return next(iter(_read(session, query.order_by(Edition.number.desc()).limit(1))), None)


def read_edition(session: Session, number: int) -> EditionFacts:
    """The published edition with this number. Raises NotFoundError."""
    return _only(session, _EDITION.where(Edition.number == number) if _is_possible(number) else None)


def read_by_id(session: Session, edition_id: int) -> EditionFacts:
    """An edition, published or not. Raises NotFoundError."""
    return _only(session, _EDITION.where(Edition.id == edition_id) if _is_possible(edition_id) else None)


def edition_in_preparation(session: Session) -> EditionFacts | None:
    """The edition that is a draft or signed off; there is one at most."""
    return next(iter(_read(session, _EDITION.where(Edition.state != EditionState.PUBLISHED))), None)


def corrected_by(session: Session, number: int) -> int | None:
    """The number of the last published edition that says it corrects this one; None where none does."""
    query = select(Edition.number).where(Edition.corrects_number == number, Edition.number.is_not(None))
    return session.scalar(query.order_by(Edition.number.desc()).limit(1)) if _is_possible(number) else None


def entries(session: Session, edition_id: int, kind: EntryKind) -> list[Entry]:
    """What an edition holds of one kind, by id; one statement."""
    query = select(EditionEntry.entry_id, EditionEntry.body).where(
        EditionEntry.edition_id == edition_id, EditionEntry.kind == kind
    )
    found = [Entry(kind, row.entry_id, json.loads(row.body)) for row in session.execute(query)]
    # Ordered here, because databases differ in how they order text.
    return sorted(found, key=lambda entry: entry.id)


def entry(session: Session, edition_id: int, kind: EntryKind, entry_id: str) -> Entry:
    """One thing in an edition. Raises NotFoundError."""
    body = None
    if not unusable_characters(entry_id):
        query = select(EditionEntry.body).where(
            EditionEntry.edition_id == edition_id, EditionEntry.kind == kind, EditionEntry.entry_id == entry_id
        )
        body = session.scalar(query)
    if body is None:
        raise NotFoundError(f"This edition holds no such {kind.value}.")
    return Entry(kind, entry_id, json.loads(body))


def keep_file(session: Session, edition_id: int, name: str, content: bytes, now: datetime) -> None:
    """Keep a file that was made of a published edition; what was kept under this name is replaced. The caller commits.

    Of an edition that is not published nothing is kept: it may still be changed.
    """
    published = select(Edition.id).where(Edition.id == edition_id, Edition.state == EditionState.PUBLISHED)
    if session.scalar(published) is None:
        return
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(EditionFile).values(edition_id=edition_id, name=name, content=content, made_at=now)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["edition_id", "name"], set_={"content": content, "made_at": now}
        )
    )


def read_file(session: Session, edition_id: int, name: str) -> bytes | None:
    """A file that was kept; None where none is, so that it has to be made."""
    return session.scalar(
        select(EditionFile.content).where(EditionFile.edition_id == edition_id, EditionFile.name == name)
    )


def _is_possible(number: int) -> bool:
    """Whether a database can be asked for it."""
    return 0 < number <= _MOST


def _only(session: Session, query: _Query | None) -> EditionFacts:
    found = _read(session, query) if query is not None else []
    if not found:
        raise NotFoundError("There is no such edition.")
    return found[0]


def _read(session: Session, query: _Query) -> list[EditionFacts]:
    return [_facts(row[0], row[1] or "", row[2] or "") for row in session.execute(query)]


def _facts(edition: Edition, prepared_by: str, signed_by: str) -> EditionFacts:
    return EditionFacts(
        id=edition.id,
        number=edition.number,
        state=edition.state,
        as_of=edition.as_of,
        prepared_by_id=edition.prepared_by_id,
        prepared_by=prepared_by,
        prepared_at=edition.prepared_at,
        signed_by_id=edition.signed_by_id,
        signed_by=signed_by,
        signed_at=edition.signed_at,
        published_at=edition.published_at,
        corrects_number=edition.corrects_number,
        note=edition.note,
        warnings=edition.warnings,
        content_hash=edition.content_hash,
        previous_seal=edition.previous_seal,
        seal=edition.seal,
        organisations=edition.organisations,
        services=edition.services,
        units=edition.units,
        bedspaces=edition.bedspaces,
    )
