"""How editions differ, as lists read it: a summary in a few lines, and the changes in groups, a page at a time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import url_for
from sqlalchemy.orm import Session

from directory.publishing.editions.difference import difference
from directory.publishing.editions.facts import ChangeSort, EditionChange, EditionDifference, EditionFacts
from directory.publishing.editions.vocabulary import EntryKind
from directory.web.pages.editions.contexts import ChangeGroup, ChangeLine
from directory.web.pages.editions.remembering import remembered
from directory.web.pages.editions.words import KINDS, SORTS, counted

_kept: dict[str, "Summary"] = {}
_MOST_KEPT = 500
FIRST = 10
"""So many changes stand in a summary."""
_FIRST = "The first edition: everything in it is new"
_NOTHING = "Nothing has changed"
_GONE = (ChangeSort.WITHDRAWN,)


@dataclass(frozen=True, slots=True)
class Summary:
    """What differs from the edition before: a few words for each sort, how many changes there are, and the first."""

    lines: tuple[str, ...]
    total: int
    first: tuple[EditionChange, ...]


def summary_of(session: Session, edition: EditionFacts, before: EditionFacts | None) -> Summary:
    """The summary of an edition; `before` is the one published last where it is still being prepared."""

    def worked_out() -> Summary:
        found = difference(session, edition.id)
        changes = in_order(found)
        return Summary(_in_lines(found), len(changes), tuple(changes[:FIRST]))

    key = edition.seal or f"{edition.content_hash} after {before.seal if before else 'nothing'}"
    return remembered(_kept, key, _MOST_KEPT, worked_out)


def lines_of(session: Session, edition: EditionFacts) -> tuple[str, ...]:
    """What differs from the edition before in a few words each, such as `2 services changed`; of a published one."""
    return summary_of(session, edition, None).lines


def in_one_line(lines: Sequence[str]) -> str:
    """All of them in a sentence."""
    return ", ".join([lines[0], *(line[:1].lower() + line[1:] for line in lines[1:])])


def in_order(found: EditionDifference) -> list[EditionChange]:
    """Every change, sort by sort."""
    return [change for sort in ChangeSort for change in found.of(sort)]


def change_groups(changes: Sequence[EditionChange], shown: slice, number: int | None) -> Iterator[ChangeGroup]:
    """A page of the changes, in their groups. `number` is the edition's, None for the one being prepared."""
    counts: Mapping[ChangeSort, int] = {sort: sum(one.sort is sort for one in changes) for sort in ChangeSort}
    before = changes[shown.start - 1].sort if 0 < shown.start <= len(changes) else None
    for sort, group in groupby(changes[shown], key=lambda change: change.sort):
        lines = tuple(change_line(change, number) for change in group)
        yield ChangeGroup(SORTS[sort], counts[sort], sort is before, lines)


def change_line(change: EditionChange, number: int | None) -> ChangeLine:
    """One change, with the page of what changed where this edition has one."""
    href = ""
    if change.kind is EntryKind.SERVICE and change.sort not in _GONE:
        href = (
            url_for("editions.service", number=number, service_id=change.id)
            if number
            else url_for("listings.service", service_id=change.id)
        )
    return ChangeLine(change.name, KINDS[change.kind], href, change.words)


def _in_lines(found: EditionDifference) -> tuple[str, ...]:
    if found.from_number is None:
        return (_FIRST,)
    return tuple(_lines(found)) or (_NOTHING,)


def _lines(found: EditionDifference) -> Iterator[str]:
    for sort in ChangeSort:
        changes = found.of(sort)
        for kind in EntryKind:
            number = sum(change.kind is kind for change in changes)
            if number:
                yield _line(sort, kind, number)


def _line(sort: ChangeSort, kind: EntryKind, number: int) -> str:
    if kind is EntryKind.PERFORMANCE:
        return f"Performance figures of {counted(number, 'service')} {SORTS[sort].lower()}"
    things = counted(number, KINDS[kind])
    match sort:
        case ChangeSort.NEW:
            return f"{number:,} new {KINDS[kind] if number == 1 else f'{KINDS[kind]}s'}"
        case ChangeSort.CAPACITY_UP | ChangeSort.CAPACITY_DOWN:
            return f"{SORTS[sort]} in {things}"
        case _:
            return f"{things} {SORTS[sort].lower()}"
