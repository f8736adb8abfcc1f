"""What has to be confirmed again: units whose confirmation has lapsed, and listings by their review cycle."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from directory.capacity.availability import Moment, offerable
from directory.capacity.models import Unit
from directory.capacity.overdue import LISTING_REVIEW, DueSubject
from directory.catalogue.models import Organisation, Service
from directory.catalogue.vocabulary import ListingStatus
from directory.common.clock import LONDON

EVENING = 20
"""The London hour before which people confirm: what lapses until then is asked about before it does."""


@dataclass(frozen=True, slots=True)
class DueService:
    """A service of which something is due: how many of its units, and whether its listing."""

    id: str
    units: int
    listing: bool

    @property
    def subjects(self) -> tuple[DueSubject, ...]:
        """What is due of it."""
        due = {DueSubject.UNITS: self.units > 0, DueSubject.LISTING: self.listing}
        return tuple(subject for subject, is_due in due.items() if is_due)


def asking(moment: Moment) -> Moment:
    """The moment as reminders look at it: what lapses before the evening is due already.

    So people are asked at the hour that they chose, and not at whichever hour they confirmed on the day before; and
    whoever answers at once is never overdue at all. What they confirmed last evening is not asked about.
    """
    evening = datetime.combine(moment.today, time(EVENING), LONDON).astimezone(UTC)
    ahead = max(evening - moment.now, timedelta(0))
    return replace(moment, confirm_within=max(moment.confirm_within - ahead, moment.confirm_within / 2))


def is_time(now: datetime, hour: int) -> bool:
    """Whether somebody who chose `hour` may be reminded: from then on, until the evening or for an hour at least.

    `run-due` may have been down at the hour itself.
    """
    local = now.astimezone(LONDON).hour
    return hour <= local < max(hour + 1, EVENING)


def review_is_due(verified_on: date | None, moment: Moment) -> bool:
    """Whether a listing that was last confirmed on that London date has to be confirmed again."""
    return verified_on is None or verified_on < moment.today - LISTING_REVIEW


def due_items(session: Session, moment: Moment, service_ids: Collection[str] | None = None) -> list[DueService]:
    """What is due of the published services of published organisations (or of these among them), by id; one statement.

    Of units those count that may be offered: nobody is asked about closed ones, or about those outside their contract.
    """
    verified_before = moment.today - LISTING_REVIEW
    review = or_(Service.verified_on.is_(None), Service.verified_on < verified_before)
    lapsed = and_(
        Unit.service_id == Service.id,
        Unit.removed_at.is_(None),
        offerable(moment),
        or_(Unit.confirmed_at.is_(None), Unit.confirmed_at < moment.fresh_since),
    )
    query = (
        select(Service.id, Service.verified_on, func.count(Unit.id).label("units"))
        .join(Organisation, Organisation.id == Service.organisation_id)
        .outerjoin(Unit, lapsed)
        .where(Service.status == ListingStatus.PUBLISHED, Organisation.status == ListingStatus.PUBLISHED)
        .group_by(Service.id, Service.verified_on)
        .having(or_(func.count(Unit.id) > 0, review))
    )
    if service_ids is not None:
        query = query.where(Service.id.in_(service_ids))
    found = [DueService(row.id, row.units, review_is_due(row.verified_on, moment)) for row in session.execute(query)]
    # Ordered here, because databases differ in how they order text.
    return sorted(found, key=lambda one: one.id)
