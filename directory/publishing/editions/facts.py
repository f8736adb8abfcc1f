"""What is told of editions."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from directory.publishing.editions.vocabulary import EditionState, EntryKind


@dataclass(frozen=True, slots=True)
class EditionFacts:
    """One edition. `number` is None until it is published; `prepared_by` and `signed_by` are names of colleagues
    (empty: the schedule, nobody yet). The counts are of what it holds.
    """

    id: int
    number: int | None
    state: EditionState
    as_of: date
    prepared_by_id: int | None
    prepared_by: str
    prepared_at: datetime
    signed_by_id: int | None
    signed_by: str
    signed_at: datetime | None
    published_at: datetime | None
    corrects_number: int | None
    note: str
    warnings: int
    content_hash: str
    previous_seal: str
    seal: str
    organisations: int
    services: int
    units: int
    bedspaces: int

    @property
    def reference(self) -> str:
        """How messages name it."""
        return f"E{self.number}" if self.number else f"draft-{self.id}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in an edition: what its canonical JSON says."""

    kind: EntryKind
    id: str
    body: Mapping[str, Any]


class Severity(enum.StrEnum):
    """Whether a finding keeps an edition from being signed, or has to be read by whoever signs it."""

    BLOCKS = "blocks"
    WARNS = "warns"


@dataclass(frozen=True, slots=True)
class CheckedListing:
    """One thing that a check found: what it is, its id and name, and why, in a sentence."""

    kind: EntryKind
    id: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Check:
    """What one check found; with nothing found, it passed. `code` is stable, `title` a sentence for people."""

    code: str
    severity: Severity
    title: str
    found: tuple[CheckedListing, ...]


class ChangeSort(enum.StrEnum):
    """How something differs from the edition before."""

    NEW = "new"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    CAPACITY_UP = "capacity_up"
    CAPACITY_DOWN = "capacity_down"


@dataclass(frozen=True, slots=True)
class EditionChange:
    """One difference, in plain words: `Phone is 020 7946 0001; it was 020 7946 0002.`"""

    sort: ChangeSort
    kind: EntryKind
    id: str
    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EditionDifference:
    """What is different from an earlier edition (`from_number` None: there is none, everything is new)."""

    from_number: int | None
    changes: tuple[EditionChange, ...]

    def of(self, sort: ChangeSort) -> tuple[EditionChange, ...]:
        """The changes of one sort, by name."""
        return tuple(change for change in self.changes if change.sort is sort)
