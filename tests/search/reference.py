"""What a match is, said plainly: design section 4 over plain data, one sentence after the other, slow and obvious.

It shares nothing with the product but the places and geopy. Where the two differ, one of them misreads the design.
"""

from dataclasses import dataclass
from typing import Any

from geopy.distance import great_circle

from directory.places.lookup import BoroughFact, Place
from tests.search.worlds import HOURS, PARENT_OF, TODAY, ServiceData, UnitData


@dataclass(frozen=True)
class Expected:
    """Ids of services with the ids of their units that fit; near misses with the names of what they may have failed."""

    results: dict[str, frozenset[str]]
    conditional: dict[str, frozenset[str]]
    near_misses: dict[str, frozenset[str]]


def expect(world: tuple[ServiceData, ...], question: dict[str, Any], place: Place | None, boroughs: Any) -> Expected:
    """The answer that the design asks for."""
    asked = Asked(question, place, {borough.code: borough for borough in boroughs})
    results, conditional, near_misses = {}, {}, {}
    for service in world:
        if service.status != "published" or service.organisation_status != "published":
            continue
        wholes: list[UnitData | None] = [None] if service.kind != "refuge" else list(service.units)
        offered = [whole for whole in wholes if asked.may_be_offered(service, whole)]
        failures = {whole: asked.failures(service, whole) for whole in offered}
        fitting = [whole for whole in offered if not failures[whole]]
        outright = [whole for whole in fitting if asked.funding(service, whole) == "outright"]
        if_funded = [whole for whole in fitting if asked.funding(service, whole) == "if_funded"]
        if outright:
            results[service.id] = ids(outright)
        elif if_funded:
            conditional[service.id] = ids(if_funded)
        else:
            missed = frozenset(
                next(iter(failures[whole]))
                for whole in offered
                if len(failures[whole]) == 1 and asked.funding(service, whole) == "outright"
            )
            if missed:
                near_misses[service.id] = missed
    return Expected(results, conditional, near_misses if not results else {})


def ids(wholes: list[UnitData | None]) -> frozenset[str]:
    return frozenset(whole.id for whole in wholes if whole is not None)


class Asked:
    """One question, put to one service or unit at a time."""

    def __init__(self, question: dict[str, Any], place: Place | None, boroughs: dict[str, BoroughFact]) -> None:
        self.q = question
        self.place = place
        self.boroughs = boroughs

    def may_be_offered(self, service: ServiceData, unit: UnitData | None) -> bool:
        """Never offered: closed, outside its contract, or in (or not known to be outside) an avoided borough."""
        if unit is not None and not offerable(unit):
            return False
        if self.q.get("avoid"):
            borough = self.borough(service, unit)
            return borough is not None and borough not in self.q["avoid"]
        return True

    def funding(self, service: ServiceData, unit: UnitData | None) -> str:
        """outright, if_funded or no."""
        ringfenced = unit is not None and unit.ringfenced
        if not self.q.get("nrpf"):
            return "no" if ringfenced else "outright"
        if ringfenced or service.accepts_nrpf == "yes":
            return "outright"
        return "if_funded" if service.accepts_nrpf == "if_funded" else "no"

    def failures(self, service: ServiceData, unit: UnitData | None) -> set[str]:
        """The names of the musts that are not met."""
        checks = {
            "need": all(answers(service.needs, need) for need in self.q.get("need", [])),
            "access": set(self.q.get("access", [])) <= (unit.access if unit is not None else service.access),
            "gender": "gender" not in self.q or self.q["gender"] in service.genders,
            "age": "age" not in self.q or within_bounds(self.q["age"], service.ages),
            "area": self.area(service, unit),
            "household": unit is None or self.household_fits(unit),
            "not_from": unit is None or self.place is None or not unit.not_from & set(self.place.borough_codes),
            "space": not self.q.get("space") or self.has_space(service, unit),
            "open": not self.q.get("open") or HOURS[service.hours],
            "kind": not self.q.get("kind") or service.kind in self.q["kind"],
            "language": not self.must("language") or bool(service.languages & set(self.q["language"])),
            "community": not self.must("community") or bool(self.known_communities(service) & set(self.q["community"])),
            "by_and_for": not self.by_and_for_is_a_must() or self.is_by_and_for(service),
        }
        return {name for name, met in checks.items() if not met}

    def must(self, name: str) -> bool:
        return name in self.q.get("must", []) and bool(self.q.get(name))

    def by_and_for_is_a_must(self) -> bool:
        return "by_and_for" in self.q.get("must", []) and self.q.get("by_and_for", True)

    def known_communities(self, service: ServiceData) -> frozenset[str]:
        return service.communities | service.organisation_communities

    def is_by_and_for(self, service: ServiceData) -> bool:
        if not self.q.get("community"):
            return service.by_and_for
        return service.by_and_for and bool(service.organisation_communities & set(self.q["community"]))

    def borough(self, service: ServiceData, unit: UnitData | None) -> str | None:
        return (unit.borough if unit is not None else None) or service.borough

    def area(self, service: ServiceData, unit: UnitData | None) -> bool:
        if self.place is None:
            return True
        within = self.q.get("within")
        if unit is not None:
            return within is None or self.near_enough(self.centre(self.borough(service, unit)), within)
        covered = set(self.place.borough_codes) | {"uk"}
        if self.place.borough_codes:
            covered.add("london")
        if self.place.country == "england":
            covered.add("england")
        point = service.point[1:] if service.point else self.centre(service.borough)
        return bool(service.areas & covered) or (within is not None and self.near_enough(point, within))

    def centre(self, code: str | None) -> tuple[float, float] | None:
        return (self.boroughs[code].latitude, self.boroughs[code].longitude) if code else None

    def near_enough(self, point: tuple[float, float] | None, miles: float) -> bool:
        here = (self.place.latitude, self.place.longitude)
        return point is not None and great_circle(here, point).miles <= miles

    def household_fits(self, unit: UnitData) -> bool:
        children = self.q.get("child", [])
        if "adults" not in self.q and not children:
            return True
        adults = self.q.get("adults", 1)
        boys = [int(child[:-1]) for child in children if child.endswith("m")]
        return (
            adults <= unit.max_adults
            and len(children) <= unit.max_children
            and adults + len(children) <= unit.bedspaces
            and (unit.boys_max_age is None or all(age <= unit.boys_max_age for age in boys))
        )

    def has_space(self, service: ServiceData, unit: UnitData | None) -> bool:
        if unit is not None:
            return space_available(unit)
        return any(space_available(one) and self.funding(service, one) != "no" for one in service.units)


def offerable(unit: UnitData) -> bool:
    begins, ends = unit.contract
    return unit.state != "closed" and (begins is None or begins <= TODAY) and (ends is None or ends > TODAY)


def space_available(unit: UnitData) -> bool:
    fresh = unit.confirmed is not None and unit.confirmed.total_seconds() <= 72 * 3600
    held = unit.held is not None and unit.held.total_seconds() > 0
    return unit.state == "open" and offerable(unit) and fresh and not held


def answers(listed: frozenset[str], asked: str) -> bool:
    """A child term answers for its parent, not the other way."""
    for code in listed:
        step: str | None = code
        while step is not None:
            if step == asked:
                return True
            step = PARENT_OF[step]
    return False


def within_bounds(age: int, bounds: tuple[int | None, int | None]) -> bool:
    lowest, highest = bounds
    return (lowest is None or age >= lowest) and (highest is None or age <= highest)
