"""How far an edition has come, in counts by police area. Nobody can read here what one colleague did.

An area of fewer than five people is counted with others, and where those are still fewer than five, with the smallest
of the areas that would stand by themselves: else the total would give them back. A median is said from five
acknowledgements on, because one of a single answer is that person's own.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from directory.publishing.cascade.issued import IssuedEdition, all_issued
from directory.publishing.cascade.models import EditionReceipt

FEWEST = 5
"""Of fewer people than these nothing is told by itself."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an edition has come with some people: to how many it goes, to how many of them the message has left,
    how many have seen and how many have acknowledged it; the share of the last in percent, rounded down; and the
    median of the minutes that took (None: fewer than five, so it is not told).
    """

    people: int
    sent: int
    seen: int
    acknowledged: int
    median_minutes: int | None = None

    @property
    def percent(self) -> int:
        """`100` is said of all of them alone."""
        return self.acknowledged * 100 // self.people if self.people else 0


@dataclass(frozen=True, slots=True)
class AreaProgress:
    """The same of one police area, or of several that are counted together because they are too small; their names,
    of which an empty one stands for people whose area is not known.
    """

    areas: tuple[str, ...]
    progress: Progress

    @property
    def is_pooled(self) -> bool:
        """Whether several areas are counted together."""
        return len(self.areas) > 1


@dataclass(frozen=True, slots=True)
class Cascade:
    """How far an edition has come. `total` is None where it went to some, but to fewer than five people."""

    edition: IssuedEdition
    total: Progress | None
    areas: tuple[AreaProgress, ...]


def cascade(session: Session, edition: IssuedEdition, now: datetime) -> Cascade:
    """One edition by area: those that stand by themselves by name, then those that are counted together."""
    counts = _counts(session, EditionReceipt.area, EditionReceipt.edition_id == edition.id, now)
    took = _minutes(session, edition)
    whole = _sum(counts, counts.keys(), took)
    if not whole.people:
        return Cascade(edition, whole, ())
    if whole.people < FEWEST:
        return Cascade(edition, None, ())
    alone, together = _groups({area: counted.people for area, counted in counts.items()})
    groups = [(area,) for area in alone] + ([together] if together else [])
    areas = tuple(AreaProgress(group, _sum(counts, group, took)) for group in groups)
    return Cascade(edition, whole, areas)


def all_cascades(session: Session, now: datetime) -> tuple[Cascade, ...]:
    """Every edition, newest first, with its total alone and without the median."""
    counts = _counts(session, EditionReceipt.edition_id, None, now)
    nobody = Progress(0, 0, 0, 0)
    found = ((edition, counts.get(str(edition.id), nobody)) for edition in all_issued(session))
    return tuple(Cascade(one, None if 0 < total.people < FEWEST else total, ()) for one, total in found)


def _groups(people: Mapping[str, int]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The areas that stand by themselves, and those that are counted together; each by name."""
    together = {area for area, number in people.items() if number < FEWEST}
    by_size = sorted(people.keys() - together, key=lambda area: (people[area], area))
    while together and sum(people[area] for area in together) < FEWEST and by_size:
        together.add(by_size.pop(0))
    return tuple(sorted(by_size)), tuple(sorted(together))


def _counts(session: Session, group: Any, where: ColumnElement[bool] | None, now: datetime) -> dict[str, Progress]:
    counted = (
        func.count(),
        func.sum(case((EditionReceipt.sent_at <= now, 1), else_=0)),
        func.count(EditionReceipt.seen_at),
        func.count(EditionReceipt.acknowledged_at),
    )
    query = select(group, *counted).group_by(group)
    rows = session.execute(query if where is None else query.where(where))
    return {str(name): Progress(*(int(number) for number in numbers)) for name, *numbers in rows}


def _minutes(session: Session, edition: IssuedEdition) -> dict[str, list[float]]:
    """How long each acknowledgement took, by area, after the message had left."""
    query = select(EditionReceipt.area, EditionReceipt.sent_at, EditionReceipt.acknowledged_at).where(
        EditionReceipt.edition_id == edition.id
    )
    took: dict[str, list[float]] = defaultdict(list)
    for area, sent_at, acknowledged_at in session.execute(query):
        if acknowledged_at is not None:
            # Somebody may acknowledge it in the directory before the message about it has left.
            took[area].append(max(0.0, (acknowledged_at - sent_at).total_seconds() / 60))
    return took


def _sum(counts: Mapping[str, Progress], areas: Iterable[str], took: Mapping[str, list[float]]) -> Progress:
    """The progress of several areas together."""
    names = list(areas)
    parts = [counts[name] for name in names]
    minutes = [one for name in names for one in took.get(name, ())]
    return Progress(
        people=sum(part.people for part in parts),
        sent=sum(part.sent for part in parts),
        seen=sum(part.seen for part in parts),
        acknowledged=sum(part.acknowledged for part in parts),
        median_minutes=round(median(minutes)) if len(minutes) >= FEWEST else None,
    )
