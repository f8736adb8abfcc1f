"""Short texts beside the search, such as what "Safe to share?" asks of an officer: content that commissioners keep.

They are Markdown without HTML. The first version of each comes from `seed_data/guidance/`; once it is in the database
only a commissioner changes it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from directory.audit.events import Event
from directory.audit.log import record
from directory.catalogue.models import Guidance
from directory.common.actor import SYSTEM
from directory.common.errors import FieldProblem, InvalidInputError, NotFoundError, RefusedError
from directory.common.text import squeeze, unusable_characters

MAXIMUM_TITLE = 120
MAXIMUM_BODY = 6000


class ChangedMeanwhileError(RefusedError):
    """Somebody else saved this text after the caller had read it."""


@dataclass(frozen=True, slots=True)
class GuidanceText:
    """One text; `body` is Markdown, `updated_at` tells its versions apart."""

    key: str
    title: str
    body: str
    updated_at: datetime


def load_guidance(session: Session, folder: Path, now: datetime) -> list[str]:
    """Insert those texts of `folder` that the database has not; returns their keys.

    A file `some-key.md` begins with its title as `# Title`. What is there already is left as it is. Raises
    InvalidInputError, naming the file, when one cannot be used.
    """
    known = set(session.scalars(select(Guidance.key)))
    added = []
    for file in sorted(folder.glob("*.md")):
        if file.stem in known:
            continue
        heading, _, body = file.read_text(encoding="utf-8").partition("\n")
        if not heading.startswith("# "):
            raise InvalidInputError([FieldProblem(file.name, "The first line must be a title: # Title")])
        title, body = _checked(heading.removeprefix("# "), body, file.name)
        session.add(Guidance(key=file.stem, title=title, body=body, updated_at=now))
        added.append(file.stem)
    session.flush()
    return added


def read_guidance(session: Session, key: str) -> GuidanceText | None:
    """One text, or None where there is none of that key."""
    found = session.get(Guidance, key)
    return _text(found) if found else None


def list_guidance(session: Session) -> list[GuidanceText]:
    """Every text, by title."""
    return [_text(row) for row in session.scalars(select(Guidance).order_by(Guidance.title, Guidance.key))]


def update_guidance(
    session: Session,
    key: str,
    *,
    title: str,
    body: str,
    read_version: datetime,
    now: datetime,
    actor_reference: str = SYSTEM.reference,
) -> GuidanceText:
    """Put another text in the place of the one whose `updated_at` was `read_version`. The caller commits.

    Raises InvalidInputError naming `title` or `body`, NotFoundError for an unknown key, and ChangedMeanwhileError when
    somebody else was faster: then nothing is changed.
    """
    title, body = _checked(title, body)
    # Two saves in the same instant are still two versions.
    version = max(now, read_version + timedelta(microseconds=1))
    saved = session.execute(
        update(Guidance)
        .where(Guidance.key == key, Guidance.updated_at == read_version)
        .values(title=title, body=body, updated_at=version)
        .returning(Guidance.key)
        .execution_options(synchronize_session=False)
    ).first()
    session.expire_all()
    if saved is None:
        if session.get(Guidance, key) is None:
            raise NotFoundError("There is no such guidance.")
        raise ChangedMeanwhileError("Somebody else changed this text after you opened it. Look at theirs first.")
    record(session, Event.GUIDANCE_CHANGED, actor_reference, now, guidance=key)
    return GuidanceText(key, title, body, version)


def _checked(title: str, body: str, place: str = "") -> tuple[str, str]:
    """Title and body as they are kept. Raises InvalidInputError naming the field, or `place` where it is given."""
    title, body = squeeze(title), body.replace("\r\n", "\n").strip()
    problems = [
        *_problems(place or "title", "title", title, MAXIMUM_TITLE),
        *_problems(place or "body", "text", body, MAXIMUM_BODY),
    ]
    if problems:
        raise InvalidInputError(problems)
    return title, body


def _problems(field: str, word: str, text: str, longest: int) -> list[FieldProblem]:
    if not text:
        return [FieldProblem(field, f"Enter the {word}")]
    if len(text) > longest:
        return [FieldProblem(field, f"The {word} must be {longest:,} characters or fewer; it has {len(text):,}")]
    if unusable_characters(text):
        return [FieldProblem(field, f"The {word} contains a character that cannot be shown: type it again")]
    return []


def _text(row: Guidance) -> GuidanceText:
    return GuidanceText(row.key, row.title, row.body, row.updated_at)
