"""From a draft to a published edition: prepared by one commissioner, signed off by another, published, never changed.

The caller begins to write (`begin_writing`), and commits. Whoever does something with an edition locks it first, so of
two people at the same moment one does it, and the other is told what the first has done.
"""

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from directory.audit.events import Event
from directory.audit.log import record
from directory.capacity.availability import Moment
from directory.common.actor import SYSTEM, Actor
from directory.common.dates import as_date
from directory.common.errors import NotAllowedError, NotFoundError, RefusedError
from directory.common.progress import Progress, no_progress
from directory.publishing.editions.canonical import content_hash, content_lines, lines, rows_of
from directory.publishing.editions.checking import as_json, blocking, check, count_warnings
from directory.publishing.editions.content import Built, build
from directory.publishing.editions.facts import EditionFacts
from directory.publishing.editions.models import Edition
from directory.publishing.editions.notes import checked_note
from directory.publishing.editions.people import commissioner
from directory.publishing.editions.performance_checks import find_in_figures
from directory.publishing.editions.reading import latest, read_by_id, read_edition
from directory.publishing.editions.sealing import SEALED, seal_of
from directory.publishing.editions.storing import counts_of, replace_entries
from directory.publishing.editions.vocabulary import EditionState

VERIFYING = "Comparing with what was signed off"


class EditionChangedError(RefusedError):
    """The draft, or what its checks find, is another than the one that was looked at. `current` is what it is now."""

    def __init__(self, current: EditionFacts, message: str) -> None:
        self.current = current
        super().__init__(message)


def draft(
    session: Session,
    actor: Actor,
    moment: Moment,
    progress: Progress = no_progress,
    *,
    corrects: int | None = None,
    note: str = "",
    built: Built | None = None,
) -> EditionFacts:
    """Freeze what is published now into the draft; an unsigned one gets this content, preparer and note instead.

    Reading a large catalogue takes many seconds, in which nobody else can write to SQLite once this session does: give
    as `built` what `build` read of the same moment before that. `SYSTEM` drafts for the schedule: then nobody has
    prepared it until somebody takes it over. Raises NotAllowedError; InvalidInputError naming `note`; NotFoundError
    where the edition that it `corrects` is not published; RefusedError while a draft is signed off, and where somebody
    else began one at this moment.
    """
    prepared_by = None if actor == SYSTEM else commissioner(session, actor)
    text = checked_note(session, note)
    if corrects is not None:
        read_edition(session, corrects)
    edition_id = _unsigned_draft(session)
    built = built or build(session, moment, progress)
    rows = rows_of(built.entries)
    digest = content_hash(lines(rows))
    values: dict[str, Any] = {
        "state": EditionState.DRAFT,
        "as_of": moment.today,
        "prepared_by_id": prepared_by,
        "prepared_at": moment.now,
        "corrects_number": corrects,
        "note": text,
        "content_hash": digest,
        "drafted_checks": find_in_figures(built.entries, built.quarters),
        **counts_of(built.entries),
    }
    edition_id = _begin(session, values) if edition_id is None else _again(session, edition_id, values)
    replace_entries(session, edition_id, rows, progress)
    record(session, Event.EDITION_DRAFTED, actor.reference, moment.now, edition=edition_id, content=digest)
    return read_by_id(session, edition_id)


def take_over(session: Session, edition_id: int, actor: Actor, moment: Moment) -> EditionFacts:
    """Stand for a draft that the schedule made, so that a colleague can sign it off.

    Raises NotAllowedError, NotFoundError; RefusedError where it is no draft, or somebody prepared it already: to stand
    for what a colleague prepared, draft it again.
    """
    user_id = commissioner(session, actor)
    edition = _locked(session, edition_id)
    _must_be_draft(edition)
    if edition.prepared_by_id is not None:
        raise RefusedError("Somebody has prepared this draft already. Draft it again to stand for it yourself.")
    _change(session, edition_id, prepared_by_id=user_id)
    details: dict[str, str | int] = {"edition": edition_id, "content": edition.content_hash}
    record(session, Event.EDITION_DRAFTED, actor.reference, moment.now, **details)
    return read_by_id(session, edition_id)


def discard(session: Session, edition_id: int, actor: Actor, moment: Moment) -> None:
    """Throw a draft away. Raises NotAllowedError, NotFoundError; RefusedError where it is signed off or published."""
    commissioner(session, actor)
    _must_be_draft(_locked(session, edition_id))
    session.execute(delete(Edition).where(Edition.id == edition_id))
    record(session, Event.EDITION_DISCARDED, actor.reference, moment.now, edition=edition_id)


def sign(session: Session, edition_id: int, content: str, warnings: int, actor: Actor, moment: Moment) -> EditionFacts:
    """Sign off the draft whose hash is `content` and whose checks have shown `warnings` findings.

    A second person: never whoever prepared it. Raises NotAllowedError, NotFoundError; RefusedError where nobody has
    prepared it or a check blocks; EditionChangedError where draft or findings are not those that were looked at.
    """
    user_id = commissioner(session, actor)
    edition = _locked(session, edition_id)
    _must_be_draft(edition)
    if edition.prepared_by_id is None:
        raise RefusedError("The schedule made this draft, and nobody stands for it yet. One person takes it over.")
    if edition.prepared_by_id == user_id:
        raise NotAllowedError("Whoever prepared an edition cannot sign it off: ask another commissioner.")
    if edition.content_hash != content:
        raise EditionChangedError(
            read_by_id(session, edition_id), "The draft was changed after you opened it. Look at it again first."
        )
    _must_hold_what_it_says(session, edition)
    found = check(session, edition_id, moment)
    if blocked := blocking(found):
        said = " ".join(f"{one.title} {one.found[0].name}: {one.found[0].why}" for one in blocked)
        raise RefusedError(f"This edition cannot be signed off, because this does not hold: {said}")
    if count_warnings(found) != warnings:
        message = (
            f"The checks find {count_warnings(found)} things by now; you were shown {warnings}. Look at them again."
        )
        raise EditionChangedError(read_by_id(session, edition_id), message)
    _change(
        session,
        edition_id,
        state=EditionState.SIGNED,
        signed_by_id=user_id,
        signed_at=moment.now,
        warnings=warnings,
        checks=as_json(found),
    )
    details: dict[str, str | int] = {"edition": edition_id, "content": content, "warnings": warnings}
    record(session, Event.EDITION_SIGNED, actor.reference, moment.now, **details)
    return read_by_id(session, edition_id)


def withdraw_signature(session: Session, edition_id: int, actor: Actor, moment: Moment) -> EditionFacts:
    """Let a signed edition be a draft again. Raises NotAllowedError, NotFoundError; RefusedError for any other."""
    commissioner(session, actor)
    edition = _locked(session, edition_id)
    _must_be_signed(edition)
    _change(
        session,
        edition_id,
        state=EditionState.DRAFT,
        signed_by_id=None,
        signed_at=None,
        warnings=0,
        checks="",
    )
    record(session, Event.EDITION_SIGNATURE_WITHDRAWN, actor.reference, moment.now, edition=edition_id)
    return read_by_id(session, edition_id)


def publish(
    session: Session, edition_id: int, actor: Actor, moment: Moment, progress: Progress = no_progress
) -> EditionFacts:
    """Publish a signed edition: numbered, sealed, chained to the one before, and never changed again.

    Whoever calls this sends it out in the same transaction. Raises NotAllowedError, NotFoundError; RefusedError where
    it is not signed off, has been published already, or does not hold what was signed off.
    """
    commissioner(session, actor)
    edition = _locked(session, edition_id)
    _must_be_signed(edition)
    progress(VERIFYING, 0, 1)
    _must_hold_what_it_says(session, edition)
    progress(VERIFYING, 1, 1)
    previous = latest(session)
    values = {name: getattr(edition, name) for name in SEALED} | {
        "number": previous.number + 1 if previous and previous.number else 1,
        "published_at": moment.now,
        "previous_seal": previous.seal if previous else "",
    }
    added = {name: values[name] for name in ("number", "published_at", "previous_seal")}
    seal = seal_of(values)
    _change(session, edition_id, state=EditionState.PUBLISHED, slot=None, seal=seal, **added)
    details: dict[str, str | int] = {"edition": edition_id, "content": edition.content_hash, "seal": seal}
    record(session, Event.EDITION_PUBLISHED, actor.reference, moment.now, number=values["number"], **details)
    return read_by_id(session, edition_id)


def _unsigned_draft(session: Session) -> int | None:
    """The id of the draft that is being prepared, locked; None where there is none."""
    edition = session.scalar(
        select(Edition)
        .where(Edition.state != EditionState.PUBLISHED)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if edition is not None and edition.state is EditionState.SIGNED:
        raise RefusedError(
            "An edition is signed off and waits to be published. Publish it, or withdraw the signature; then draft "
            "another."
        )
    return edition.id if edition else None


def _begin(session: Session, values: dict[str, Any]) -> int:
    """A new draft. There is one place for it, and the database gives it to one of those who ask at the same moment."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    unsigned = {"slot": 1, "warnings": 0, "checks": "", "previous_seal": "", "seal": ""}
    statement = insert(Edition).values(values | unsigned).on_conflict_do_nothing().returning(Edition.id)
    edition_id = session.scalar(statement)
    if edition_id is None:
        raise RefusedError("Somebody else began an edition at this moment. Look at theirs first.")
    return edition_id


def _again(session: Session, edition_id: int, values: dict[str, Any]) -> int:
    _change(session, edition_id, **values)
    return edition_id


def _change(session: Session, edition_id: int, **values: Any) -> None:
    statement = update(Edition).where(Edition.id == edition_id).values(values)
    session.execute(statement.execution_options(synchronize_session=False))


def _locked(session: Session, edition_id: int) -> Edition:
    read_by_id(session, edition_id)  # refuses what no database can be asked for
    edition = session.scalar(
        select(Edition).where(Edition.id == edition_id).with_for_update().execution_options(populate_existing=True)
    )
    if edition is None:
        raise NotFoundError("There is no such edition.")
    return edition


def _must_be_draft(edition: Edition) -> None:
    if edition.state is EditionState.PUBLISHED:
        raise RefusedError(_published_already(edition))
    if edition.state is EditionState.SIGNED:
        raise RefusedError("This edition is signed off. Withdraw the signature first.")


def _must_be_signed(edition: Edition) -> None:
    if edition.state is EditionState.PUBLISHED:
        raise RefusedError(_published_already(edition))
    if edition.state is EditionState.DRAFT:
        raise RefusedError(
            "This edition is not signed off: another commissioner than prepared it has to do that first."
        )


def _published_already(edition: Edition) -> str:
    when = f", on {as_date(edition.published_at)}" if edition.published_at else ""
    return f"It has been published already, as edition {edition.number}{when}. A correction is a new edition."


def _must_hold_what_it_says(session: Session, edition: Edition) -> None:
    if content_hash(content_lines(session, edition.id)) != edition.content_hash:
        raise RefusedError(
            "What this edition holds was changed in the database after it was drafted. Nothing was signed or "
            "published: draft it again, and tell whoever keeps the database."
        )
