"""What a dry run of a sheet found: row by row, what would be added or changed, and what is wrong, by cell."""

import enum
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


class Verdict(enum.StrEnum):
    """What applying a row would do. A `faulty` one cannot be applied."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAULTY = "faulty"


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong with a cell: `C7`, its column's header, what stands there, a sentence, and what would be right.

    `cell` is empty where the sheet has no column for it, and then `header` is what the directory calls it.
    """

    cell: str
    header: str
    value: str
    message: str
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A column of the catalogue: what it says now and what it would say, as files write it."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """A listing that may be the same as one that a row would add, and why."""

    id: str
    name: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row of the sheet by its number. `id` and `name` are empty where they could not be told.

    `outdated`: when it was to be applied, it did something else than what had been shown; this is what it does now.
    """

    number: int
    id: str
    name: str
    verdict: Verdict
    fields: tuple[FieldChange, ...] = ()
    problems: tuple[CellProblem, ...] = ()
    notices: tuple[str, ...] = ()
    likenesses: tuple[Likeness, ...] = ()
    outdated: bool = False

    @property
    def can_be_applied(self) -> bool:
        """Whether there is anything to do, and nothing wrong."""
        return self.verdict in (Verdict.ADDED, Verdict.CHANGED)

    @property
    def chosen_at_first(self) -> bool:
        """Whether it is chosen until somebody says otherwise: not where it may be there already."""
        return self.can_be_applied and not self.likenesses


@dataclass(frozen=True, slots=True)
class Check:
    """A dry run: when it was, every row, and what is wrong that belongs to no row."""

    at: datetime
    rows: tuple[CheckedRow, ...]
    problems: tuple[str, ...] = ()

    def counts(self) -> Counter[Verdict]:
        """How many rows got which verdict."""
        return Counter(row.verdict for row in self.rows)


def as_json(check: Check) -> dict[str, Any]:
    """A check in words that JSON has."""
    return {
        "at": check.at.isoformat(),
        "problems": check.problems,
        "rows": [
            [
                *(row.number, row.id, row.name, row.verdict.value),
                [[field.column, field.before, field.after] for field in row.fields],
                [[one.cell, one.header, one.value, one.message, one.allowed] for one in row.problems],
                row.notices,
                [[one.id, one.name, one.because] for one in row.likenesses],
                row.outdated,
            ]
            for row in check.rows
        ],
    }


def from_json(content: Mapping[str, Any]) -> Check:
    """The check that `as_json` was given."""
    return Check(
        datetime.fromisoformat(content["at"]),
        tuple(_row(row) for row in content["rows"]),
        tuple(content["problems"]),
    )


def _problem(cell: str, header: str, value: str, message: str, allowed: Sequence[str]) -> CellProblem:
    return CellProblem(cell, header, value, message, tuple(allowed))


def _row(content: Sequence[Any]) -> CheckedRow:
    number, listing_id, name, verdict, fields, problems, notices, likenesses, outdated = content
    return CheckedRow(
        number=number,
        id=listing_id,
        name=name,
        verdict=Verdict(verdict),
        fields=tuple(FieldChange(*field) for field in fields),
        problems=tuple(_problem(*one) for one in problems),
        notices=tuple(notices),
        likenesses=tuple(Likeness(one_id, one, tuple(because)) for one_id, one, because in likenesses),
        outdated=outdated,
    )
