"""What is told of disclosure requests, and how one is entered."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from directory.assurance.vocabulary import WORKING_DAYS_TO_ANSWER, Basis, Decision, Requester, Subject
from directory.common.working_days import is_working_day, working_day_after


class Whose(enum.StrEnum):
    """Whether a request was about an organisation, as far as the reader may know.

    A provider is told its own; that another was asked about may be known, which one may not.
    """

    NOBODY = "nobody"
    OWN = "own"
    ANOTHER = "another"
    NAMED = "named"


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation that a request can be about."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A request as it is entered. `corrects` is the number of the earlier entry that was wrong.

    Only a correction may have its answer at once: `decision` is pending and `answered_on` empty for all others.
    """

    received_on: date
    requester: Requester
    subject: Subject
    basis: Basis
    organisation_id: str | None
    summary: str
    corrects: int | None = None
    decision: Decision = Decision.PENDING
    answered_on: date | None = None


@dataclass(frozen=True, slots=True)
class DisclosureFacts:
    """One entry of the register, as its reader may see it.

    `organisation` is a name (empty where `whose` says nobody, or another), `organisation_id` likewise. `corrects` and
    `corrected_by` are numbers of entries. `days` are working days: until the answer, or until today where there is
    none. Days are London's.
    """

    number: int
    received_on: date
    requester: Requester
    subject: Subject
    basis: Basis
    whose: Whose
    organisation_id: str
    organisation: str
    summary: str
    decision: Decision
    answered_on: date | None
    corrects: int | None
    corrected_by: int | None
    recorded_at: datetime
    days: int
    due_on: date

    @property
    def stands(self) -> bool:
        """Whether it counts: an entry that was corrected is kept to be read, and stands for nothing any more."""
        return self.corrected_by is None

    @property
    def waits(self) -> bool:
        """Whether it is still to be answered."""
        return self.stands and self.decision is Decision.PENDING

    @property
    def late(self) -> bool:
        """Whether it was answered too late, or is overdue."""
        return self.days > WORKING_DAYS_TO_ANSWER


@dataclass(frozen=True, slots=True)
class Tally:
    """How the requests of one sort of body were answered."""

    requester: Requester
    answers: dict[Decision, int]

    @property
    def total(self) -> int:
        """How many there were."""
        return sum(self.answers.values())


@dataclass(frozen=True, slots=True)
class Register:
    """The whole register, newest request first. `kept_since` is the day from which it is kept."""

    entries: tuple[DisclosureFacts, ...]
    kept_since: date

    @property
    def standing(self) -> tuple[DisclosureFacts, ...]:
        """The entries that count: without those that were corrected."""
        return tuple(entry for entry in self.entries if entry.stands)

    @property
    def waiting(self) -> tuple[DisclosureFacts, ...]:
        """Those still to be answered."""
        return tuple(entry for entry in self.entries if entry.waits)

    @property
    def overdue(self) -> tuple[DisclosureFacts, ...]:
        """Those still to be answered, later than they should have been."""
        return tuple(entry for entry in self.waiting if entry.late)


def tallies(entries: Sequence[DisclosureFacts]) -> tuple[Tally, ...]:
    """The entries counted by who asked (in the order of the vocabulary, without those who never did) and answer."""
    found = []
    for requester in Requester:
        theirs = [entry for entry in entries if entry.requester is requester]
        if theirs:
            counts = {decision: sum(one.decision is decision for one in theirs) for decision in Decision}
            found.append(Tally(requester, counts))
    return tuple(found)


def working_days_between(first: date, last: date) -> int:
    """How many working days came after `first` until `last`, which counts; 0 where that is not later."""
    return sum(is_working_day(date.fromordinal(day)) for day in range(first.toordinal() + 1, last.toordinal() + 1))


def due_on(received_on: date) -> date:
    """The last day on which an answer is in time."""
    return working_day_after(received_on, WORKING_DAYS_TO_ANSWER)
