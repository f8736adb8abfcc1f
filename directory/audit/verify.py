"""Checking the audit trail: that nothing in it was changed, taken out, put in or moved since it was written.

The chain alone shows every change by somebody who cannot also rewrite all that follows it. Whoever may write to the
whole database, entries and head, could take an old entry out and calculate every hash after it anew: the result is a
whole chain, of another history. So the head (its sequence and hash, the anchor) has to be noted from time to time where
that person cannot write, such as in an inspector's own records. A chain that still holds a noted anchor has not been
changed before it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import String, func, select, type_coerce
from sqlalchemy.orm import Session

from directory.audit.chain import FIRST_HASH, entry_hash
from directory.audit.events import Event
from directory.audit.models import AuditEntry, AuditHead

_BATCH = 1_000
_EVENTS = frozenset(event.value for event in Event)
# How many entries have been checked, and how many there were at the start.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place in the chain: the sequence of an entry and its hash, in hex. Sequence 0 is where the chain begins."""

    sequence: int
    hash: str

    def __str__(self) -> str:
        return f"{self.sequence}:{self.hash}"


@dataclass(frozen=True, slots=True)
class Problem:
    """The first entry at which the chain is not whole, and a sentence that says what is wrong with it."""

    sequence: int
    what: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found: `entries` is how many are whole, from the first on; `head` is None where it is missing."""

    entries: int
    first_problem: Problem | None
    head: Anchor | None

    @property
    def ok(self) -> bool:
        """Whether the chain is whole."""
        return self.first_problem is None


def verify(
    session: Session, progress: Progress = lambda _done, _total: None, expected: Sequence[Anchor] = ()
) -> Verdict:
    """Walk the whole chain and say whether it is whole, and holds every anchor of `expected`; stops at a problem.

    Entries that others add meanwhile are walked too; memory does not grow with their number.
    """
    noted = {anchor.sequence: anchor.hash for anchor in expected}
    if len(noted) < len(set(expected)):
        return Verdict(0, Problem(0, "Two of the expected heads contradict each other."), read_head(session))
    head = read_head(session)
    last = Anchor(0, FIRST_HASH)
    problem = _unlike_noted(last, noted)
    while problem is None:
        total = head.sequence if head else 0
        for row in _rows_after(session, last.sequence):
            problem = _problem_of(row, last) or _unlike_noted(Anchor(row.sequence, row.hash), noted)
            if problem:
                break
            last = Anchor(row.sequence, row.hash)
            if last.sequence % _BATCH == 0:
                progress(last.sequence, total)
        # The head is read after the entries, so what was added meanwhile is walked next, and is not taken for forged.
        head = read_head(session)
        if problem or head is None or head.sequence <= last.sequence or not _reaches(session, last.sequence):
            break
    progress(last.sequence, last.sequence)
    return Verdict(last.sequence, problem or _problem_at_end(head, last) or _not_reached(noted, last), head)


def read_head(session: Session) -> Anchor | None:
    """Where the chain ends; None when the head is missing."""
    row = session.execute(select(AuditHead.sequence, AuditHead.hash).where(AuditHead.id == 1)).one_or_none()
    return Anchor(row.sequence, row.hash) if row else None


def _rows_after(session: Session, sequence: int) -> Iterator[Any]:
    """The entries after `sequence`, in order, as the database has them: none is trusted to be well formed."""
    columns = (
        AuditEntry.sequence,
        type_coerce(AuditEntry.at, String).label("at"),
        AuditEntry.event,
        AuditEntry.actor,
        AuditEntry.details,
        AuditEntry.previous_hash,
        AuditEntry.hash,
    )
    while True:
        batch = session.execute(
            select(*columns).where(AuditEntry.sequence > sequence).order_by(AuditEntry.sequence).limit(_BATCH)
        ).all()
        yield from batch
        if len(batch) < _BATCH:
            return
        sequence = batch[-1].sequence


def _reaches(session: Session, sequence: int) -> bool:
    """Whether there is an entry after `sequence`."""
    return (session.scalar(select(func.max(AuditEntry.sequence))) or 0) > sequence


def _problem_of(row: Any, before: Anchor) -> Problem | None:
    if row.sequence != before.sequence + 1:
        return Problem(before.sequence + 1, f"It is missing: the entry after {before.sequence} is {row.sequence}.")
    if row.previous_hash != before.hash:
        return Problem(row.sequence, "It does not follow the entry before it: one of the two was put there later.")
    try:
        digest = entry_hash(row.sequence, _instant(row.at), row.event, row.actor, row.details, row.previous_hash)
    except (TypeError, ValueError):
        digest = ""  # something in it is not even of its column's kind
    if row.hash != digest:
        return Problem(row.sequence, "It was changed after it was written: its hash does not fit.")
    if row.event not in _EVENTS:
        return Problem(row.sequence, "Its event is none that this program can record.")
    return None


def _instant(value: object) -> datetime:
    """An instant as the driver gives it: text in UTC from SQLite, a date and time from PostgreSQL."""
    if isinstance(value, datetime):
        return value
    return datetime.fromisoformat(str(value)).replace(tzinfo=UTC)


def _unlike_noted(found: Anchor, noted: dict[int, str]) -> Problem | None:
    if noted.get(found.sequence, found.hash) == found.hash:
        return None
    return Problem(found.sequence, "It is not the entry that was noted: the chain was written anew, here or before.")


def _not_reached(noted: dict[int, str], last: Anchor) -> Problem | None:
    beyond = [sequence for sequence in noted if sequence > last.sequence]
    if not beyond:
        return None
    return Problem(last.sequence + 1, f"It is missing: the chain was noted to reach entry {max(beyond)}.")


def _problem_at_end(head: Anchor | None, last: Anchor) -> Problem | None:
    if head is None:
        return Problem(
            last.sequence + 1, "The chain has lost its head, so nobody can tell whether entries are missing."
        )
    if head.sequence > last.sequence:
        return Problem(last.sequence + 1, f"It is missing: the chain has had {head.sequence} entries.")
    if head.sequence < last.sequence:
        return Problem(head.sequence + 1, f"It was put there behind the chain's end, which is entry {head.sequence}.")
    if head.hash != last.hash:
        return Problem(last.sequence, "It is not the entry with which the chain ended.")
    return None
