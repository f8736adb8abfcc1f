"""What a link opens: some services' own units, and their listings where they are to be reviewed. Nothing else.

Whoever has the telephone has the link. So there is no address, no referral, no person, no ring-fence and no hold here:
a held unit is one that cannot be changed from here just now, as is one that somebody is changing.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.capacity.availability import Moment, in_contract
from directory.capacity.holds.live import held
from directory.capacity.models import Unit, UnitState
from directory.capacity.updates import ChangedMeanwhileError, UnitAnswer, UnitChange, confirm_units
from directory.catalogue.models import Organisation, Service
from directory.catalogue.vocabulary import ListingStatus, ServiceKind
from directory.common.errors import NotFoundError, RefusedError
from directory.upkeep.due import due_items
from directory.upkeep.links import LinkState, OpenLink, open_link, use_link
from directory.upkeep.listings import confirm_listing


class LinkOverError(RefusedError):
    """The link opens nothing (any more); `state` says why."""

    def __init__(self, state: LinkState) -> None:
        self.state = state
        super().__init__("This link does not open anything any more. Sign in, or wait for the next message.")


class UnitLockedError(RefusedError):
    """A unit cannot be changed without signing in, and it is not said why."""

    def __init__(self) -> None:
        super().__init__("One of the units cannot be changed from here just now. Sign in to change it.")


@dataclass(frozen=True, slots=True)
class UnitToConfirm:
    """A unit. A `locked` one can be confirmed as it is, and changed only by somebody who signs in."""

    id: str
    name: str
    state: UnitState
    confirmed_at: datetime | None
    locked: bool


@dataclass(frozen=True, slots=True)
class ListingToConfirm:
    """What is published of a service, for anybody to read, and when it was last found right (None: never)."""

    kind: ServiceKind
    phone: str
    hours: str
    verified_on: date | None


@dataclass(frozen=True, slots=True)
class ServiceToConfirm:
    """A service with its units by name; `listing` where its review is due."""

    id: str
    name: str
    units: tuple[UnitToConfirm, ...]
    listing: ListingToConfirm | None


@dataclass(frozen=True, slots=True)
class OneTapPage:
    """The services of a link, by name; a service that is not published any more is not among them."""

    services: tuple[ServiceToConfirm, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """How many units were confirmed, how many of these are in another state now, and how many listings are right."""

    confirmed: int
    changed: int
    listings: int


def read_page(session: Session, link: OpenLink, moment: Moment) -> OneTapPage:
    """What `link` opens; three statements, however many services. A link that is not usable opens nothing."""
    if link.state is not LinkState.USABLE:
        return OneTapPage(())
    reviews = {one.id for one in due_items(session, moment, link.service_ids) if one.listing}
    units = _units(session, link.service_ids, moment)
    rows = session.execute(
        select(Service.id, Service.name, Service.kind, Service.phone, Service.hours, Service.verified_on)
        .join(Organisation, Organisation.id == Service.organisation_id)
        .where(
            Service.id.in_(link.service_ids),
            Service.status == ListingStatus.PUBLISHED,
            Organisation.status == ListingStatus.PUBLISHED,
        )
    )
    services = [
        ServiceToConfirm(
            row.id,
            row.name,
            tuple(units[row.id]),
            ListingToConfirm(row.kind, row.phone, row.hours, row.verified_on) if row.id in reviews else None,
        )
        for row in rows
    ]
    return OneTapPage(tuple(sorted(services, key=lambda one: (one.name, one.id))))


def answer(
    session: Session,
    token: str,
    answers: Mapping[str, UnitAnswer],
    listings: Collection[str],
    now: datetime,
    moment: Moment,
) -> Answered:
    """Confirm what somebody with the link says of units (by id) and of the listings of services (by id).

    The link is used up with it: the caller begins to write, and commits both or neither. Raises LinkOverError where
    the link cannot be used; NotFoundError where it does not open one of these; ChangedMeanwhileError where a unit is
    in another state than was shown; UnitLockedError where a locked one would be changed; RefusedError where nothing is
    answered, or a listing cannot be confirmed. In each case the link can still be used.
    """
    link = open_link(session, token, now)
    if link.state is not LinkState.USABLE:
        raise LinkOverError(link.state)
    if not answers and not listings:
        raise RefusedError("Nothing was confirmed. Say what is still right.")
    page = read_page(session, link, moment)
    shown = {one.id: one for one in page.services}
    units = {unit.id for one in shown.values() for unit in one.units}
    if not set(listings) <= shown.keys() or not answers.keys() <= units:
        raise NotFoundError("This link does not open that.")
    # Of two who answer at once the second waits here, and finds the link used.
    if not use_link(session, link.id, now):
        raise LinkOverError(open_link(session, token, now).state)
    # Listings first: they lock whole tables, and two who had each locked units before would wait for one another.
    for service_id in sorted(set(listings)):
        confirm_listing(session, service_id, link.reference, now, moment)
    changes = _confirm(session, shown, answers, link.reference, now)
    return Answered(len(changes), sum(one.changed for one in changes), len(set(listings)))


def _confirm(
    session: Session, services: Collection[str], answers: Mapping[str, UnitAnswer], by: str, now: datetime
) -> list[UnitChange]:
    try:
        return confirm_units(session, services, answers, by, now)
    except ChangedMeanwhileError:
        raise
    except RefusedError as error:  # it is held, or somebody held it at this very moment
        raise UnitLockedError from error


def _units(session: Session, service_ids: Collection[str], moment: Moment) -> dict[str, list[UnitToConfirm]]:
    """The units inside their contract, closed ones too: whoever has closed one may open it again."""
    rows = session.execute(
        select(
            Unit.id, Unit.service_id, Unit.name, Unit.state, Unit.confirmed_at, held(moment.now).label("held")
        ).where(Unit.service_id.in_(service_ids), Unit.removed_at.is_(None), in_contract(moment))
    )
    units: dict[str, list[UnitToConfirm]] = defaultdict(list)
    for row in rows:
        units[row.service_id].append(
            UnitToConfirm(row.id, row.name or row.id, row.state, row.confirmed_at, bool(row.held))
        )
    for found in units.values():
        found.sort(key=lambda unit: (unit.name, unit.id))
    return units
