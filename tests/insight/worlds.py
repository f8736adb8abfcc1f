"""What the tests of insight share: a dump of a whole database, questions, and counters put there by hand."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.catalogue.models import Need
from directory.insight.models import HouseholdBand, UnmetNeedCount
from directory.models import Base
from directory.places.lookup import Place
from directory.search.criteria import Child, Criteria, Household, Sex

GAZETTEER = {"postcodes", "postcode_sectors", "sector_boroughs", "named_places", "boroughs"}
Rows = dict[str, list[tuple[Any, ...]]]


def everything(session: Session) -> Rows:
    """Every row of every table, but for the gazetteer's; read anew."""
    session.expire_all()
    return {
        table.name: sorted(map(tuple, session.execute(select(table))), key=repr)
        for table in Base.metadata.sorted_tables
        if table.name not in GAZETTEER
    }


def counted(session: Session) -> list[tuple[Any, ...]]:
    """The rows of the counters."""
    return everything(session)["unmet_need_counts"]


def place(*borough_codes: str) -> Place:
    """Somewhere in these boroughs."""
    return Place("Somewhere", "sector", 51.5, -0.1, borough_codes, "england")


def household(people: int) -> Household:
    """One adult, the rest children."""
    return Household(1, tuple(Child(5, Sex.FEMALE) for _ in range(people - 1)))


def question(*needs: str, near: str = "", people: int = 0, **more: Any) -> Criteria:
    """A question as the search has it."""
    return Criteria(
        near=place(near) if near else None,
        household=household(people) if people else None,
        asked_needs=needs,
        needs=tuple(frozenset({need}) for need in needs),
        **more,
    )


def need(session: Session, code: str, parent: str | None = None) -> None:
    """A term of the needs."""
    session.add(Need(code=code, name=code.capitalize(), parent_code=parent))
    session.flush()


def count(
    session: Session, day: date, number: int, borough: str = "", need: str = "", band: str = HouseholdBand.NOT_SAID
) -> None:
    """Searches in vain, as if they had been counted."""
    session.add(UnmetNeedCount(day=day, borough_code=borough, need=need, household=HouseholdBand(band), count=number))
    session.flush()
