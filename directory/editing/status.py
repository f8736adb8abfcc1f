"""Publishing, suspending and withdrawing listings: the commissioner's own. Nothing is ever deleted."""

from datetime import datetime

from sqlalchemy.orm import Session

from directory.audit.events import Event
from directory.audit.log import record
from directory.capacity.current import read_current
from directory.capacity.files import TABLES
from directory.capacity.holdings import belongings
from directory.catalogue.files.locking import lock_for_writing
from directory.catalogue.versions.models import ChangeKind, ListingKind
from directory.catalogue.vocabulary import ListingStatus
from directory.common.actor import Actor
from directory.common.errors import InvalidInputError, NotAllowedError, NotFoundError, RefusedError
from directory.editing.completeness import missing
from directory.editing.errors import ChangedMeanwhileError, IncompleteError, OpenReferralsError
from directory.editing.fields import reviews
from directory.editing.making import user_id_of
from directory.editing.trial import edit_one, problems_of


def services_of(session: Session, kind: ListingKind, listing_id: str) -> list[str]:
    """The services that a change of status concerns, by id: whose open referrals the caller has to count."""
    if kind is ListingKind.ORGANISATION:
        return [service_id for _kind, service_id in belongings(session, kind, listing_id)]
    return [listing_id] if kind is ListingKind.SERVICE else []


def change_status(
    session: Session,
    kind: ListingKind,
    listing_id: str,
    status: ListingStatus,
    seen_number: int,
    actor: Actor,
    now: datetime,
    *,
    open_referrals: int,
) -> int:
    """Give an organisation or a service another status, and return the number of the change; the caller commits.

    `seen_number` is the version that the commissioner saw. `open_referrals` is `referrals.service.open_referrals(
    session, services_of(...))`; one that is sent at this very moment the database notices. Raises NotFoundError,
    NotAllowedError, RefusedError (it has that status already, or somebody else is writing), ChangedMeanwhileError,
    IncompleteError (what is missing to publish it), OpenReferralsError (withdrawing) and InvalidInputError (the files'
    own rules).
    """
    if not reviews(actor):
        raise NotAllowedError("Only commissioners publish and withdraw listings.")
    user_id_of(actor)
    if kind is ListingKind.UNIT:
        raise NotFoundError("A unit has no status: it is shown with its service.")
    lock_for_writing(session, list(TABLES))
    current = read_current(session, kind, listing_id)
    if current.number != seen_number:
        raise ChangedMeanwhileError((), current.number)
    if current.values["status"] == status:
        raise RefusedError("It has this status already.")
    if status is ListingStatus.PUBLISHED and (lacking := missing(session, kind, listing_id)):
        raise IncompleteError(lacking)
    if status is ListingStatus.WITHDRAWN and open_referrals:
        raise OpenReferralsError(open_referrals)
    texts = {"status": status.value}
    report = edit_one(session, kind, listing_id, texts, now, change=ChangeKind.STATUS, actor=actor)
    if report.refused or report.change_id is None:
        raise InvalidInputError(problems_of(kind, report.errors, actor, ["status"]))
    record(session, Event.LISTING_STATUS_CHANGED, actor.reference, now, listing=listing_id, status=status.value)
    return report.change_id
