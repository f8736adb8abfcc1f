"""Who may decide whom a service's reminders reach."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts.permissions import Role
from directory.catalogue.models import Service
from directory.common.actor import SYSTEM, Actor
from directory.common.errors import NotAllowedError, NotFoundError


def may_keep(session: Session, service_id: str, actor: Actor) -> None:
    """Raise NotFoundError where there is no such service, NotAllowedError where its contacts are not the actor's."""
    query = select(Service.organisation_id).where(Service.id == service_id, Service.removed_at.is_(None))
    organisation_id = session.scalar(query)
    if organisation_id is None:
        raise NotFoundError("There is no such service.")
    if actor == SYSTEM or actor.role == Role.COMMISSIONER:
        return
    if actor.role != Role.PROVIDER or actor.organisation_id != organisation_id:
        raise NotAllowedError("Only its own staff and commissioners may do this for a service.")
