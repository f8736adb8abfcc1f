"""Small worlds of figures, everything that is shown of them, and somebody who tries to give back what is hidden.

The attack knows the rule itself. It looks for *twins*: worlds that differ in a hidden number and look the same down to
the last byte. Where a hidden number has no twin, whoever knows the rule can work it out.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import permutations

from directory.catalogue.vocabulary import ServiceKind
from directory.publishing.performance.computing import Computed, quarter_of
from directory.publishing.performance.disclosing import REST, disclose
from directory.publishing.performance.facts import QuarterFigures, ServiceFigures, Shown, ShownState, Source
from directory.publishing.performance.measures import ACCEPTED, PARTS, RECEIVED, UNANSWERED, WITHIN_TARGET
from directory.publishing.performance.reading import Listing, assemble

FEWEST = 5
CELLS = (REST, *PARTS)


@dataclass(frozen=True)
class Place:
    """A service: what became of those whom it was asked about, and what it says of them itself.

    `says` are the measures that it gives of the same people; None where it gives none. `own` are figures of its own.
    """

    parts: Mapping[str, int]
    in_time: int = 0
    says: frozenset[str] | None = None
    own: Mapping[str, int] | None = None

    @property
    def received(self) -> int:
        return sum(self.parts.values())

    def imported(self) -> dict[str, Decimal]:
        """What it says."""
        if self.own is not None:
            return {code: Decimal(value) for code, value in self.own.items()}
        everything = {RECEIVED: self.received, **self.parts}
        said = {code: Decimal(everything.get(code, 0)) for code in self.says or () if code != WITHIN_TARGET}
        if self.says and WITHIN_TARGET in self.says and self.received:
            said[WITHIN_TARGET] = Decimal(100 * self.in_time) / self.received
        return said

    def counters(self) -> Counter[str]:
        """What the directory counts."""
        answers = self.received - self.parts.get(REST, 0) - self.parts.get(UNANSWERED, 0)
        counted = Counter({"asked": self.received, "answered.30": answers, "answered_in_time": self.in_time})
        for code, count in self.parts.items():
            name = {ACCEPTED: "accepted", UNANSWERED: "unanswered"}.get(code, code.replace("_", ".provider.", 1))
            if code != REST:
                counted[name] = count
        return counted


World = tuple[Place, ...]


def place(rest: int = 0, says: Sequence[str] | None = None, **parts: int) -> Place:
    """A service, by the names of its parts without `declined_` and `referrals_`."""
    named = {next(code for code in PARTS if code.endswith(name)): count for name, count in parts.items()}
    return Place({code: named.get(code, 0) for code in PARTS} | {REST: rest}, says=frozenset(says) if says else None)


def computed_of(world: World) -> Computed:
    """What the directory's records say of a world."""
    counts = {
        (f"service-{number}", measure): count
        for number, one in enumerate(world)
        for measure, count in one.counters().items()
        if count
    }
    return quarter_of(counts, {})


def look(world: World) -> QuarterFigures:
    """Everything that is shown of a world."""
    listings = [
        Listing(f"service-{number}", f"Service {number}", "org", "Org", ServiceKind.REFUGE, None)
        for number in range(len(world))
    ]
    imported = {f"service-{number}": one.imported() for number, one in enumerate(world)}
    return assemble("2026-Q3", listings, imported, computed_of(world))


def attack(world: World) -> list[str]:
    """What can be worked out of a world by what is shown of it; nothing, where the rule holds."""
    shown = look(world)
    problems = []
    for one in shown.services:
        for source in Source:
            problems += [f"{one.service_id} {source} {text}" for text in _row_problems(one.of(source))]
    problems += [f"London: {text}" for text in _total_problems(shown)]
    wanted = set(_hidden_cells(world, shown))
    for twin in _twins(world):
        if not wanted:
            break
        differing = {cell for cell in wanted if _number(world, cell) != _number(twin, cell)}
        if differing and look(twin) == shown:
            wanted -= differing
    problems += [f"{world[number]}: {code} is given back" for number, code in sorted(wanted)]
    return problems + [text for number, one in enumerate(world) for text in _share_problems(number, one)]


def _whole(shown: Shown) -> int:
    return int(shown.value or 0)


def _visible(figures: Mapping[str, Shown], code: str) -> bool:
    return code in figures and figures[code].state is ShownState.SHOWN


def _row_problems(figures: Mapping[str, Shown]) -> Iterator[str]:
    """What a service's own sums tell: nobody under FEWEST, neither alone nor together."""
    small = [code for code in (RECEIVED, *PARTS) if _visible(figures, code) and _whole(figures[code]) < FEWEST]
    yield from (f"{code} is small and shown" for code in small)
    if _visible(figures, RECEIVED) and any(code in figures for code in PARTS):
        left = _whole(figures[RECEIVED]) - sum(_whole(figures[code]) for code in PARTS if _visible(figures, code))
        if left < FEWEST:
            yield f"what is not shown is {left}"


def _total_problems(figures: QuarterFigures) -> Iterator[str]:
    """London's counts are sums of what is shown, and cannot be more: then they tell nothing."""
    for code in (RECEIVED, *PARTS):
        seen = sum(_whole(one.computed[code]) for one in figures.services if _visible(one.computed, code))
        if _visible(figures.london, code) and _whole(figures.london[code]) != seen:
            yield f"{code}: {_whole(figures.london[code]) - seen} more than is shown of services"


_Cell = tuple[int, str]


def _hidden_cells(world: World, figures: QuarterFigures) -> Iterator[_Cell]:
    """The numbers of a world that somebody hides, by service and part."""
    of_service = {one.service_id: one for one in figures.services}
    for number in range(len(world)):
        one = of_service.get(f"service-{number}")
        for code in (RECEIVED, *PARTS):
            shown = one is not None and (_visible(one.computed, code) or _said(world[number], one, code))
            # Of a service that nobody was referred to, there is nobody to protect.
            if not shown and world[number].received:
                yield number, code


def _said(place: Place, one: ServiceFigures, code: str) -> bool:
    return place.says is not None and _visible(one.imported, code)


def _number(world: World, cell: _Cell) -> int:
    number, code = cell
    return world[number].received if code == RECEIVED else world[number].parts.get(code, 0)


def _twins(world: World) -> Iterator[World]:
    """Worlds in which one or two people of a service had another answer, or a small one has one person more or less."""
    for number, one in enumerate(world):
        for size in (1, 2):
            for giving, taking in permutations(CELLS, 2):
                if one.parts.get(giving, 0) >= size:
                    yield _stepped(world, number, {giving: -size, taking: size})
        if one.received <= FEWEST:
            for code in CELLS:
                yield _stepped(world, number, {code: 1})
                if one.parts.get(code, 0):
                    yield _stepped(world, number, {code: -1})


def _stepped(world: World, number: int, step: Mapping[str, int]) -> World:
    parts = {code: world[number].parts.get(code, 0) + step.get(code, 0) for code in CELLS}
    in_time = min(world[number].in_time, sum(parts.values()))
    return (*world[:number], replace(world[number], parts=parts, in_time=in_time), *world[number + 1 :])


def _share_problems(number: int, one: Place) -> Iterator[str]:
    """A share is told when fewer than FEWEST numbers of people look like it."""
    if one.own is not None or one.received < FEWEST:
        return
    mine = _shares(replace(one, in_time=one.in_time))
    alike = sum(_shares(replace(one, in_time=people)) == mine for people in range(one.received + 1))
    if alike < FEWEST:
        yield f"service-{number}: {alike} numbers look like {mine}"


def _shares(one: Place) -> list[str]:
    values = computed_of((one,)).services["service-0"]
    shown = disclose(one.imported(), values)
    return [shown[source][WITHIN_TARGET].text for source in Source if WITHIN_TARGET in shown[source]]
