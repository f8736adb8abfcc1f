"""Finding a unit in place of one that went meanwhile, among those of the same service."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from directory.capacity.availability import Moment, space_available
from directory.capacity.models import Unit, UnitNotFrom, unit_access_features
from directory.capacity.queries import shown_to_searchers
from directory.catalogue.models import Organisation, Service


@dataclass(frozen=True, slots=True)
class Party:
    """The people who need a space together. `oldest_boy` is in years, None where there is no boy.

    `access` are codes of features that the unit must have.
    """

    adults: int
    children: int
    oldest_boy: int | None
    access: tuple[str, ...]


def units_in_place_of(session: Session, unit_id: str, party: Party, moment: Moment) -> list[str]:
    """The units that could be held instead, by id, those that waste the fewest bedspaces first.

    They belong to the same service, have space available, fit the household, and are funded alike: whoever chose the
    first one had a reason for it that nobody keeps, and that must not be told by what is offered instead.
    """
    planned = aliased(Unit)
    boys: ColumnElement[bool] = true()
    if party.oldest_boy is not None:
        boys = or_(Unit.boys_max_age.is_(None), Unit.boys_max_age >= party.oldest_boy)
    features = unit_access_features.c
    theirs, before = aliased(UnitNotFrom), aliased(UnitNotFrom)
    # Said aloud, as a query within a query is not tied by itself to the outermost one.
    kept_out_before = select(before.borough_code).where(before.unit_id == planned.id).correlate(planned)
    has_all = [exists().where(features.unit_id == Unit.id, features.feature_code == code) for code in party.access]
    query = (
        select(Unit.id)
        .join(planned, planned.service_id == Unit.service_id)
        .join(Service, Service.id == Unit.service_id)
        .join(Organisation, Organisation.id == Service.organisation_id)
        .where(
            planned.id == unit_id,
            Unit.id != unit_id,
            Unit.ringfence == planned.ringfence,
            shown_to_searchers(moment),
            space_available(moment),
            Unit.max_adults >= party.adults,
            Unit.max_children >= party.children,
            Unit.bedspaces >= party.adults + party.children,
            boys,
            *has_all,
            # Where she comes from and which boroughs are not safe is not kept: so it lies where the first one does,
            # and keeps out nobody whom that one would have taken.
            func.coalesce(Unit.borough_code, "") == func.coalesce(planned.borough_code, ""),
            ~exists().where(theirs.unit_id == Unit.id, theirs.borough_code.not_in(kept_out_before)),
        )
        .order_by(Unit.bedspaces, func.coalesce(Unit.boys_max_age, 999), Unit.id)
    )
    return list(session.scalars(query))
