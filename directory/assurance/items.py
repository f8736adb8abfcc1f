"""One thing that auditors ask for: a figure of the whole, what it means, where it comes from, and whether it is met."""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from directory.capacity.availability import Moment
from directory.extensions import is_away

Failed = Callable[[Exception], None]
"""Told of an error that kept something from being worked out."""


class Standing(enum.StrEnum):
    """Whether what was promised is kept. `not_asked` is a check too long to run unasked."""

    MET = "met"
    NOT_MET = "not_met"
    NO_DATA = "no_data"
    NOT_ASKED = "not_asked"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Figure:
    """What an item says today: its standing, the figure in words, and further figures (what, how much).

    `edition` is the number of the one that it is about, where it is about one.
    """

    standing: Standing
    text: str
    more: tuple[tuple[str, str], ...] = ()
    edition: int | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """What is asked. `code` is stable; `meaning` says what is promised and when that is met, `source` what is read.

    All of it are sentences for people, without the name of anybody and without a word of any case. `work` reads the
    figure and changes nothing; one that is `long` reads everything that was ever written, and is run when asked for.
    """

    code: str
    title: str
    meaning: str
    source: str
    work: Callable[[Session, Moment], Figure]
    long: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A promise, and how it is kept."""

    promise: Promise
    figure: Figure


@dataclass(frozen=True, slots=True)
class Section:
    """Items that belong together."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything, at an instant. `checked` says whether the long checks were run."""

    sections: tuple[Section, ...]
    made_at: datetime
    checked: bool

    def count(self, standing: Standing) -> int:
        """How many items stand so."""
        return sum(item.figure.standing is standing for section in self.sections for item in section.items)


COULD_NOT = Figure(Standing.FAILED, "Could not be worked out: tell the system’s owner, whose log says more.")
NOT_ASKED = Figure(Standing.NOT_ASKED, "Not checked on this page yet.")


def tried(session: Session, promise: Promise, moment: Moment, failed: Failed) -> Figure:
    """The promise's figure; where its source fails, that it could not be worked out.

    One source that fails must not take the others with it, so its transaction is given up with it. Raises
    OperationalError where the database cannot be reached: then there is no page at all.
    """
    try:
        return promise.work(session, moment)
    except Exception as error:
        session.rollback()
        if isinstance(error, OperationalError) and is_away(error):
            raise
        failed(error)
        return COULD_NOT


def met(is_met: bool) -> Standing:
    """The one or the other."""
    return Standing.MET if is_met else Standing.NOT_MET


def counted(number: int, one: str, many: str = "") -> str:
    """`1 unit`, `2 units`, `no units`."""
    words = one if number == 1 else many or f"{one}s"
    return f"{number:,} {words}" if number else f"no {words}"


def percent(part: int, whole: int) -> int:
    """A share in percent, rounded down: 100 is said of all of them alone."""
    return part * 100 // whole if whole else 0
