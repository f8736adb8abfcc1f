"""Trying to give back what is hidden, as somebody would who wants to: from what is shown, and nothing else.

What is shown of a service are a total and some of its parts. Within them every hidden number has a lowest and a highest
possible value; where the service's own figures and the directory's are of the same people, each narrows the other. A
number for which one value is left has been told. That none is told this way is not yet a proof (the tests look for
twins in many small worlds), but a mistake in the rule, or figures that were never thought of, would show here first.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from directory.publishing.performance.disclosing import REST, is_shown
from directory.publishing.performance.facts import QuarterFigures, ServiceFigures, Shown, ShownState, Source
from directory.publishing.performance.london import total_shown
from directory.publishing.performance.measures import PARTS, RECEIVED
from directory.publishing.performance.reading import read_quarter, shown_quarters
from directory.referrals.statistics import FEWEST

_COUNTS = (RECEIVED, *PARTS)
_FAR = 10**9

_Sum = tuple[frozenset[str], int]
"""Hidden numbers, by name, and what they add up to."""


@dataclass(frozen=True, slots=True)
class SuppressionCheck:
    """What came of trying on one quarter: how many counts, how many of them are hidden, and which were given back."""

    quarter: str
    cells: int
    hidden: int
    problems: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing was given back."""
        return not self.problems


def check_suppression(session: Session, now: datetime) -> tuple[SuppressionCheck, ...]:
    """Every quarter that is shown, newest first."""
    return tuple(check_quarter(read_quarter(session, quarter, now)) for quarter in shown_quarters(session, now))


def check_quarter(figures: QuarterFigures) -> SuppressionCheck:
    """One quarter, by what is shown of it."""
    shown = [one.of(source) for one in figures.services for source in Source]
    states = [row[code].state for row in shown for code in _COUNTS if code in row]
    problems = [problem for one in figures.services for problem in _problems(one)]
    for code in _COUNTS:
        total = total_shown(code, [one.computed for one in figures.services])
        if code in figures.london and figures.london[code] != total:
            problems.append(f"London: {code} is another number than what is shown of services adds up to.")
    return SuppressionCheck(figures.quarter, len(states), states.count(ShownState.HIDDEN), tuple(problems))


def _problems(one: ServiceFigures) -> Iterator[str]:
    for source in Source:
        yield from (f"{one.service_id}, {source.value}: {text}" for text in _sums_told(one.of(source)))
    yield from (f"{one.service_id}: {text}" for text in _told(_sums(one)))


def _sums_told(shown: Mapping[str, Shown]) -> Iterator[str]:
    """What is small and shown, or small and left over."""
    for code in _COUNTS:
        value = shown[code].value if code in shown else None
        if value is not None and value < FEWEST:
            yield f"{code} is under {FEWEST} and shown."
    for cells, left in _sum(shown, ""):
        if left < FEWEST:
            yield f"{left} are left for {', '.join(sorted(cells))}."


def _sum(shown: Mapping[str, Shown], own: str) -> Iterator[_Sum]:
    """The hidden parts of one source with what no part names, which is its `own`, and how much they are together."""
    if is_shown(shown, RECEIVED) and any(code in shown for code in PARTS):
        hidden = [code for code in PARTS if code in shown and not is_shown(shown, code)]
        seen = sum(_whole(shown[code]) for code in PARTS if is_shown(shown, code))
        yield frozenset({f"{own}{REST}", *hidden}), _whole(shown[RECEIVED]) - seen


def _sums(one: ServiceFigures) -> list[_Sum]:
    """What binds the hidden numbers of a service. Two sources speak of the same people where nothing contradicts it."""
    imported, computed = list(_sum(one.imported, "other ")), list(_sum(one.computed, ""))
    both = [code for code in _COUNTS if is_shown(one.imported, code) and is_shown(one.computed, code)]
    if RECEIVED not in both or any(one.imported[code].value != one.computed[code].value for code in both):
        return [*computed]
    # What one of them shows and the other hides is one more sum.
    across = [
        (frozenset({code}), _whole(first[code]))
        for first, second in ((one.imported, one.computed), (one.computed, one.imported))
        for code in PARTS
        if is_shown(first, code) and code in second and not is_shown(second, code)
    ]
    return [*imported, *computed, *across]


def _told(sums: list[_Sum]) -> list[str]:
    """The hidden numbers for which one value is left, once every sum has drawn their bounds together."""
    bounds = {cell: (0, _FAR) for codes, _ in sums for cell in codes}
    while _drawn_together(sums, bounds):
        pass
    # What no part names and is no small number, nobody hides.
    alone = {cell for codes, total in sums for cell in codes if len(codes) == 1 and total >= FEWEST}
    open_to_all = {cell for cell in alone if cell.endswith(REST)}
    return [
        f"{cell} can only be {low}."
        for cell, (low, high) in sorted(bounds.items())
        if low == high and cell not in open_to_all
    ]


def _drawn_together(sums: list[_Sum], bounds: dict[str, tuple[int, int]]) -> bool:
    """Narrow the bounds of each sum's numbers by those of the others; whether any has become narrower."""
    narrower = False
    for codes, total in sums:
        lowest, highest = (sum(bounds[cell][end] for cell in codes) for end in (0, 1))
        for cell in codes:
            low, high = bounds[cell]
            found = max(low, total - highest + high), min(high, total - lowest + low)
            # Sums that contradict each other are not of the same people: then nothing is told.
            if found != (low, high) and found[0] <= found[1]:
                bounds[cell], narrower = found, True
                lowest, highest = lowest + found[0] - low, highest + found[1] - high
    return narrower


def _whole(shown: Shown) -> int:
    return int(shown.value or 0)
