"""Who may do what with an edition: asked of the account itself, whatever the caller has checked."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.accounts.permissions import Permission, may
from directory.common.actor import SYSTEM, Actor
from directory.common.errors import NotAllowedError


def commissioner(session: Session, actor: Actor) -> int:
    """The id of the actor's account. Raises NotAllowedError where it is not active or may not prepare editions."""
    query = select(User.role, User.active).where(User.id == actor.user_id)
    found = session.execute(query).one_or_none() if actor != SYSTEM else None
    if found is None or actor.user_id is None or not found.active or not may(found.role, Permission.EDITIONS_PREPARE):
        raise NotAllowedError("Only a commissioner with an active account may prepare, sign and publish editions.")
    return actor.user_id
