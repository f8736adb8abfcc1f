"""Whether published editions are what was published: by their content, their seals, their chain and the audit trail.

A changed entry does not fit the content's hash; a changed number, date, person or note not the seal; a seal made anew
not the next edition's; and whoever makes all of them anew cannot make the audit trail say so too, as that is chained
by itself (`audit verify` guards it).
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import String, select, type_coerce
from sqlalchemy.orm import Session

from directory.audit.events import Event
from directory.audit.models import AuditEntry
from directory.common.progress import Progress, no_progress
from directory.publishing.editions.canonical import content_hash, content_lines
from directory.publishing.editions.models import Edition
from directory.publishing.editions.sealing import SEALED, seal_of
from directory.publishing.editions.storing import counts_of_lines
from directory.publishing.editions.vocabulary import EditionState

VERIFYING = "Checking editions"
_INSTANTS = ("prepared_at", "signed_at", "published_at")
_Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EditionProblem:
    """Something that is not as it was published: the edition's number, and a sentence that says what."""

    number: int
    what: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many published editions were checked, and everything that is wrong, by number."""

    editions: int
    problems: tuple[EditionProblem, ...]

    @property
    def ok(self) -> bool:
        """Whether every edition is what was published."""
        return not self.problems


@dataclass(slots=True)
class _Trail:
    """What the audit trail says of editions: publications by number, and signatures by the edition's id, in order."""

    published: defaultdict[int, list[_Values]] = field(default_factory=lambda: defaultdict(list))
    signed: defaultdict[int, list[_Values]] = field(default_factory=lambda: defaultdict(list))


def verify(session: Session, progress: Progress = no_progress) -> Verdict:
    """Check every published edition, from the first on; memory does not grow with what they hold."""
    trail = _read_trail(session)
    editions = _read_editions(session)
    problems: list[EditionProblem] = []
    previous_seal = ""
    for done, edition in enumerate(editions):
        progress(VERIFYING, done, len(editions))
        number = _number(edition)
        checks = (
            _of_content(session, edition),
            _of_seal(edition, previous_seal),
            _of_trail(edition, trail),
        )
        problems += [EditionProblem(number, what) for found in checks for what in found]
        previous_seal = str(edition["seal"])
    progress(VERIFYING, len(editions), len(editions))
    problems += _missing({_number(edition) for edition in editions}, trail)
    return Verdict(len(editions), tuple(sorted(problems, key=lambda problem: problem.number)))


def _read_editions(session: Session) -> list[_Values]:
    """Every published edition as the database has it: nothing is trusted to be of its column's kind."""
    names = ("id", *SEALED, "seal")
    state = type_coerce(Edition.state, String)
    rows = session.execute(
        select(*(type_coerce(getattr(Edition, name), String).label(name) for name in names))
        .where(state == EditionState.PUBLISHED.value)
        .order_by(Edition.number, Edition.id)
    )
    return [{name: _as_kept(name, value) for name, value in zip(names, row, strict=True)} for row in rows]


def _as_kept(name: str, value: object) -> object:
    """A value as the seal takes it; SQLite's driver gives instants as text in UTC."""
    if name in _INSTANTS and isinstance(value, str):
        try:
            read = datetime.fromisoformat(value)
        except ValueError:
            return value
        # An offset is never kept: what names one was put there by somebody else.
        return read.replace(tzinfo=UTC) if read.tzinfo is None else value
    return value


def _number(edition: _Values) -> int:
    return edition["number"] if isinstance(edition["number"], int) else 0


def _of_content(session: Session, edition: _Values) -> Iterator[str]:
    counted: dict[str, int] = {}
    digest = content_hash(counts_of_lines(content_lines(session, edition["id"]), counted))
    if digest != edition["content_hash"]:
        yield "What it holds is not what was published: an entry was changed, added or taken out."
    elif any(edition[name] != count for name, count in counted.items()):
        yield "It says that it holds more or less than it does."


def _of_seal(edition: _Values, previous_seal: str) -> Iterator[str]:
    if seal_of(edition) != edition["seal"]:
        yield "Its number, a date, a person, its note or its hash was changed: its seal does not fit."
    if edition["previous_seal"] != previous_seal:
        yield "It does not follow the edition before it: one of the two was sealed anew, or one between them is gone."


def _of_trail(edition: _Values, trail: _Trail) -> Iterator[str]:
    told = trail.published[_number(edition)]
    if not told:
        yield "The audit trail does not know that it was published."
        return
    if len(told) > 1:
        yield "The audit trail knows of two publications with this number."
    said = told[0]
    if said["content"] != edition["content_hash"]:
        yield "The audit trail names another hash for what was published."
    if said["seal"] != edition["seal"]:
        yield "The audit trail names another seal: it was sealed anew."
    if said["edition"] != edition["id"] or said["at"] != edition["published_at"]:
        yield "The audit trail names another edition or instant for this publication."
    signature = next(iter(trail.signed[edition["id"]][-1:]), None)
    if signature is None or not _fits(signature, edition):
        yield "The audit trail names another signature than it has."


def _fits(signature: _Values, edition: _Values) -> bool:
    return bool(
        signature["actor"] == f"user-{edition['signed_by_id']}"
        and signature["at"] == edition["signed_at"]
        and signature["content"] == edition["content_hash"]
        and signature["warnings"] == edition["warnings"]
    )


def _missing(numbers: set[int], trail: _Trail) -> Iterable[EditionProblem]:
    known_of = {number for number, told in trail.published.items() if told and isinstance(number, int)}
    for number in range(1, max(numbers | known_of, default=0) + 1):
        if number not in numbers:
            known = "the audit trail says that it was published" if number in known_of else "later ones are there"
            yield EditionProblem(number, f"It is missing: {known}.")


def _read_trail(session: Session) -> _Trail:
    trail = _Trail()
    events = {Event.EDITION_PUBLISHED.value, Event.EDITION_SIGNED.value}
    rows = session.execute(
        select(AuditEntry.event, AuditEntry.at, AuditEntry.actor, AuditEntry.details)
        .where(AuditEntry.event.in_(events))
        .order_by(AuditEntry.sequence)
    )
    for row in rows:
        said = defaultdict[str, Any](str, _details(row.details)) | {"at": row.at, "actor": row.actor}
        if row.event == Event.EDITION_PUBLISHED:
            trail.published[said["number"]].append(said)
        else:
            trail.signed[said["edition"]].append(said)
    return trail


def _details(text: str) -> dict[str, Any]:
    """What an entry says; nothing where it cannot be read, which `audit verify` explains. Lists were never written."""
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(read, dict):
        return {}
    return {name: value for name, value in read.items() if isinstance(value, str | int)}
