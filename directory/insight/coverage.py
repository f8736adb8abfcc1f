"""Who covers what: services by need and borough, by language and borough, by community and kind.

An area is covered as a search's musts have it: a service other than a refuge by the boroughs or wider areas that it
names, a refuge by the boroughs of its units that may be offered.
"""

import enum
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.capacity.availability import Moment, offerable
from directory.capacity.models import Unit
from directory.catalogue.models import (
    Community,
    Organisation,
    Service,
    ServiceArea,
    ServiceLanguage,
    organisation_communities,
    service_communities,
    service_needs,
)
from directory.catalogue.vocabulary import ListingStatus, ServiceKind, WideArea
from directory.common.languages import language_name
from directory.insight.counters import widest_terms
from directory.insight.unmet_tables import widest_need_names
from directory.places.lookup import all_boroughs

_WIDE = {area.value for area in WideArea}
Labels = dict[str, str]


class Subject(enum.StrEnum):
    """The three matrices that there are."""

    NEEDS = "needs"
    LANGUAGES = "languages"
    COMMUNITIES = "communities"


@dataclass(frozen=True, slots=True)
class Cover:
    """How many published services: `local` ones name this borough, `wide` ones all of London or more."""

    local: int = 0
    wide: int = 0

    @property
    def services(self) -> int:
        """All of them."""
        return self.local + self.wide

    @property
    def is_gap(self) -> bool:
        """Nobody covers it."""
        return not self.services

    @property
    def only_wide(self) -> bool:
        """Nobody covers it but services for all of London or more."""
        return not self.local and self.wide > 0


NOBODY = Cover()


@dataclass(frozen=True, slots=True)
class Matrix:
    """Cells by row and column, both by code with their names; a cell that is missing is covered by nobody."""

    subject: Subject
    rows: Labels
    columns: Labels
    cells: Mapping[tuple[str, str], Cover]

    def cell(self, row: str, column: str) -> Cover:
        """One cell."""
        return self.cells.get((row, column), NOBODY)

    def is_offered(self, row: str) -> bool:
        """Whether anybody covers this row anywhere."""
        return any(not self.cell(row, column).is_gap for column in self.columns)


@dataclass(frozen=True, slots=True)
class _Area:
    boroughs: frozenset[str]
    is_wide: bool


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What the matrices are made of: the published services with what they cover, in about ten statements.

    `needs` are widest terms; `communities` are the service's own and its organisation's.
    """

    kinds: dict[str, ServiceKind]
    areas: dict[str, _Area]
    needs: dict[str, set[str]]
    languages: dict[str, set[str]]
    communities: dict[str, set[str]]
    need_names: Labels
    community_names: Labels
    boroughs: Labels

    def local_services(self) -> dict[str, int]:
        """How many services each borough has of its own: those for all of London or more are not among them."""
        counts = dict.fromkeys(self.boroughs, 0)
        for area in self.areas.values():
            for borough in area.boroughs if not area.is_wide else ():
                counts[borough] = counts.get(borough, 0) + 1
        return counts

    @property
    def wide_services(self) -> int:
        """How many are for all of London or more."""
        return sum(area.is_wide for area in self.areas.values())


def read_catalogue(session: Session, moment: Moment) -> Catalogue:
    """Read what is published now. The number of statements does not grow with the catalogue."""
    published = (Service.status == ListingStatus.PUBLISHED) & (Organisation.status == ListingStatus.PUBLISHED)
    facts = session.execute(
        select(Service.id, Service.kind, Service.organisation_id).join(Service.organisation).where(published)
    ).all()
    kinds = {service_id: kind for service_id, kind, _ in facts}
    organisations = {service_id: organisation for service_id, _, organisation in facts}
    widest = widest_terms(session)
    theirs = _sets(session.execute(select(organisation_communities)))
    own = _sets(session.execute(select(service_communities)))
    spoken = session.execute(select(ServiceLanguage.service_id, ServiceLanguage.language))
    needs = _sets(session.execute(select(service_needs)), lambda code: widest[code])
    names = sorted(session.execute(select(Community.code, Community.name)), key=lambda pair: pair[1])
    return Catalogue(
        kinds=kinds,
        areas=_areas(session, moment, kinds),
        needs=_only(needs, kinds),
        languages=_only(_sets(spoken), kinds),
        communities={one: own.get(one, set()) | theirs.get(organisations[one], set()) for one in kinds},
        need_names=widest_need_names(session),
        community_names=dict(names),
        boroughs={borough.code: borough.name for borough in all_boroughs(session)},
    )


def coverage(catalogue: Catalogue, subject: Subject) -> Matrix:
    """One of the matrices. Languages that nobody speaks are in none; needs and communities stand in theirs all."""
    if subject is Subject.COMMUNITIES:
        kinds = {kind.value: kind.label for kind in ServiceKind}
        cells: defaultdict[tuple[str, str], int] = defaultdict(int)
        for service_id, kind in catalogue.kinds.items():
            # A refuge without a unit that may be offered takes nobody in.
            houses = kind is not ServiceKind.REFUGE or catalogue.areas[service_id].boroughs
            for code in catalogue.communities[service_id] if houses else ():
                cells[code, kind.value] += 1
        found = {cell: Cover(local=count) for cell, count in cells.items()}
        return Matrix(subject, catalogue.community_names, kinds, found)
    terms = catalogue.needs if subject is Subject.NEEDS else catalogue.languages
    rows = catalogue.need_names
    if subject is Subject.LANGUAGES:
        spoken = {code for codes in terms.values() for code in codes}
        rows = dict(sorted(((code, language_name(code)) for code in spoken), key=lambda pair: pair[1]))
    return Matrix(subject, rows, catalogue.boroughs, _by_borough(catalogue, terms))


def _by_borough(catalogue: Catalogue, terms: Mapping[str, set[str]]) -> dict[tuple[str, str], Cover]:
    wide: defaultdict[str, int] = defaultdict(int)
    local: defaultdict[tuple[str, str], int] = defaultdict(int)
    for service_id, codes in terms.items():
        area = catalogue.areas[service_id]
        for code in codes:
            if area.is_wide:
                wide[code] += 1
            else:
                for borough in area.boroughs:
                    local[code, borough] += 1
    rows = {code for code, _ in local} | set(wide)
    return {
        (code, borough): Cover(local[code, borough], wide[code])
        for code in rows
        for borough in catalogue.boroughs
        if local[code, borough] or wide[code]
    }


def _areas(session: Session, moment: Moment, kinds: Mapping[str, ServiceKind]) -> dict[str, _Area]:
    named = _sets(session.execute(select(ServiceArea.service_id, ServiceArea.area)))
    units = (
        select(Unit.service_id, func.coalesce(Unit.borough_code, Service.borough_code))
        .join(Service, Service.id == Unit.service_id)
        .where(offerable(moment), Unit.removed_at.is_(None))
        .distinct()
    )
    housed = _sets((one, borough) for one, borough in session.execute(units) if borough)
    areas = {}
    for service_id, kind in kinds.items():
        if kind is ServiceKind.REFUGE:
            areas[service_id] = _Area(frozenset(housed.get(service_id, ())), is_wide=False)
        else:
            codes = named.get(service_id, set())
            areas[service_id] = _Area(frozenset(codes - _WIDE), is_wide=bool(codes & _WIDE))
    return areas


def _sets(pairs: Iterable[tuple[str, str]], change: Callable[[str], str] = str) -> dict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for key, value in pairs:
        found[key].add(change(value))
    return dict(found)


def _only(found: Mapping[str, set[str]], kinds: Mapping[str, ServiceKind]) -> dict[str, set[str]]:
    return {service_id: codes for service_id, codes in found.items() if service_id in kinds}
