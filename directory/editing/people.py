"""How people are named to one another: to commissioners by name, to others by what they do."""

from collections.abc import Callable, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.accounts.permissions import Role
from directory.common.actor import Actor
from directory.editing.fields import reviews

_SOMEBODY = {
    Role.OFFICER: "a police officer",
    Role.ADVOCATE: "an advocate",
    Role.PROVIDER: "a provider",
    Role.COMMISSIONER: "a commissioner",
    Role.AUDITOR: "an auditor",
    Role.ADMINISTRATOR: "an administrator",
}


def names_for(session: Session, reader: Actor, user_ids: Iterable[int]) -> Callable[[int], str]:
    """A function that names accounts to `reader`: “you”, a colleague's name, else only what somebody is.

    Commissioners see everybody's name, with what they are.
    """
    users = {user.id: user for user in session.scalars(select(User).where(User.id.in_(set(user_ids))))}

    def name(user_id: int) -> str:
        user = users[user_id]
        if user.id == reader.user_id:
            return "you"
        if reviews(reader):
            return f"{user.name}, {_SOMEBODY[user.role]}"
        if user.organisation_id is not None and user.organisation_id == reader.organisation_id:
            return user.name
        return _SOMEBODY[user.role]

    return name
