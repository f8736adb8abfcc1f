"""The police's local areas, for which editions are printed and carried along."""

import re
from dataclasses import dataclass

from sqlalchemy.orm import Session

from directory.common.errors import NotFoundError
from directory.places.lookup import all_boroughs
from directory.places.results import BoroughFact


@dataclass(frozen=True, slots=True)
class PoliceArea:
    """A Basic Command Unit of the Met, or the City of London Police, with its boroughs by name."""

    slug: str
    name: str
    boroughs: tuple[BoroughFact, ...]

    @property
    def codes(self) -> frozenset[str]:
        """The codes of its boroughs."""
        return frozenset(borough.code for borough in self.boroughs)


def police_areas(session: Session) -> tuple[PoliceArea, ...]:
    """Every area, by name."""
    found: dict[str, list[BoroughFact]] = {}
    for borough in sorted(all_boroughs(session), key=lambda one: one.name):
        found.setdefault(borough.police_area, []).append(borough)
    return tuple(PoliceArea(_slug(name), name, tuple(boroughs)) for name, boroughs in sorted(found.items()))


def read_police_area(session: Session, slug: str) -> PoliceArea:
    """The area that addresses call so. Raises NotFoundError."""
    for area in police_areas(session):
        if area.slug == slug:
            return area
    raise NotFoundError("There is no such police area.")


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
