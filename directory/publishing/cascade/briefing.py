"""What is on the page of a police area that is printed from an edition, and what comes first on it.

Each service stands in one list: lines that answer day and night, refuges, and services led by and for those whom they
support. The order is the same whoever prints it: of the lines and the services those that are there for this area in
particular come first, then those for all of London, each by name; refuges by their number of units, then by name.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.orm import Session

from directory.catalogue.vocabulary import ServiceKind
from directory.publishing.cascade.areas import PoliceArea
from directory.publishing.cascade.issued import IssuedEdition, service_bodies
from directory.publishing.cascade.local import Body, covers, is_local, is_refuge, is_round_the_clock

Word = TypeVar("Word", bound=str)


@dataclass(frozen=True, slots=True)
class Briefed:
    """A service on the page. `phone` is the public one, or empty; units and bedspaces are None but for refuges."""

    organisation: str
    name: str
    kind: ServiceKind
    languages: tuple[str, ...]
    phone: str
    units: int | None
    bedspaces: int | None
    is_local: bool


@dataclass(frozen=True, slots=True)
class Briefing:
    """All of what an edition holds for an area, in order; the page shows what fits and counts the rest.

    `languages` has every language (its code) with how many services speak it, most first; `others` the kinds of the
    services that stand in none of the lists, with how many there are, most first.
    """

    edition: IssuedEdition
    area: PoliceArea
    lines: tuple[Briefed, ...]
    refuges: tuple[Briefed, ...]
    by_and_for: tuple[Briefed, ...]
    languages: tuple[tuple[str, int], ...]
    others: tuple[tuple[ServiceKind, int], ...]


def read_briefing(session: Session, edition: IssuedEdition, area: PoliceArea) -> Briefing:
    """What the edition holds for the area."""
    bodies = [body for body in service_bodies(session, edition) if covers(body, area)]
    refuges = [body for body in bodies if is_refuge(body)]
    lines = [body for body in bodies if not is_refuge(body) and body["phone"] and is_round_the_clock(body["hours"])]
    listed = {body["id"] for body in (*refuges, *lines)}
    led = [body for body in bodies if body["by_and_for"] and body["id"] not in listed]
    listed |= {body["id"] for body in led}
    kinds = Counter(ServiceKind(body["kind"]) for body in bodies if body["id"] not in listed)
    return Briefing(
        edition=edition,
        area=area,
        lines=_nearest_first(lines, area),
        refuges=_largest_first(refuges, area),
        by_and_for=_nearest_first(led, area),
        languages=_most_first(Counter(code for body in bodies for code in body["languages"])),
        others=_most_first(kinds),
    )


def _nearest_first(bodies: Iterable[Body], area: PoliceArea) -> tuple[Briefed, ...]:
    briefed = (_briefed(body, area) for body in bodies)
    return tuple(sorted(briefed, key=lambda one: (not one.is_local, one.name.casefold(), one.organisation.casefold())))


def _largest_first(bodies: Iterable[Body], area: PoliceArea) -> tuple[Briefed, ...]:
    briefed = (_briefed(body, area) for body in bodies)
    return tuple(sorted(briefed, key=lambda one: (-(one.units or 0), -(one.bedspaces or 0), one.name.casefold())))


def _briefed(body: Body, area: PoliceArea) -> Briefed:
    return Briefed(
        organisation=body["organisation_name"],
        name=body["name"],
        kind=ServiceKind(body["kind"]),
        languages=tuple(body["languages"]),
        phone=body["phone"],
        units=body["units"],
        bedspaces=body["bedspaces"],
        is_local=is_local(body, area),
    )


def _most_first(counted: Counter[Word]) -> tuple[tuple[Word, int], ...]:
    return tuple(sorted(counted.items(), key=lambda item: (-item[1], item[0])))
