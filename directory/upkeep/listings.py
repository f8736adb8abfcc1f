"""Saying that a listing is still right, which is a change of the catalogue like any other."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.audit.events import Event
from directory.audit.log import record
from directory.capacity.availability import Moment
from directory.capacity.files import RowEdit, edit_catalogue
from directory.capacity.overdue import DueSubject, reset_reminders
from directory.catalogue.models import Service
from directory.catalogue.versions.models import ChangeKind, ListingKind
from directory.common.errors import NotFoundError, RefusedError


def confirm_listing(session: Session, service_id: str, by: str, now: datetime, moment: Moment) -> None:
    """Note that what is listed of the service, and of its organisation, was found right on the moment's London date.

    `by` is who says so: an actor's reference, or a link's. The caller begins to write, and commits. Raises
    NotFoundError where there is no such service; RefusedError where somebody else is changing the catalogue, or where
    the listing breaks a rule that is younger than it is: then it is not right, and has to be edited.
    """
    organisation_id = session.scalar(
        select(Service.organisation_id).where(Service.id == service_id, Service.removed_at.is_(None))
    )
    if organisation_id is None:
        raise NotFoundError("There is no such service.")
    today = {"verified_on": moment.today.isoformat()}
    report = edit_catalogue(
        session,
        [
            RowEdit(ListingKind.ORGANISATION, organisation_id, today),
            RowEdit(ListingKind.SERVICE, service_id, today),
        ],
        now,
        kind=ChangeKind.CONFIRMATION,
        made_by=by,
    )
    if report.refused:
        raise RefusedError("This listing cannot be confirmed as it is. Sign in and change it.")
    reset_reminders(session, DueSubject.LISTING, [service_id])
    record(session, Event.LISTING_CONFIRMED, by, now, service=service_id)
