"""Reaching people who have accounts, by what they do."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.accounts.permissions import Role


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody with an account, as those see them who work with them."""

    id: int
    name: str
    email: str
    role: Role
    area: str
    active: bool


def provider_addresses(session: Session, organisation_id: str) -> list[str]:
    """The e-mail addresses of an organisation's staff with active accounts, oldest account first."""
    return staff_addresses(session, [organisation_id]).get(organisation_id, [])


def staff_addresses(session: Session, organisation_ids: Collection[str]) -> dict[str, list[str]]:
    """The same of several organisations, by id; those without staff are left out. One statement."""
    query = select(User.organisation_id, User.email).where(
        User.organisation_id.in_(organisation_ids), User.role == Role.PROVIDER, User.active.is_(True)
    )
    addresses: dict[str, list[str]] = defaultdict(list)
    for organisation_id, email in session.execute(query.order_by(User.id)):
        addresses[str(organisation_id)].append(email)
    return dict(addresses)


def organisations_with_staff(session: Session, organisation_ids: Collection[str]) -> frozenset[str]:
    """Those of the organisations that have staff with active accounts."""
    return frozenset(staff_addresses(session, organisation_ids))


def read_colleague(session: Session, user_id: int) -> Colleague:
    """Who has this account; it exists, because something of theirs refers to it."""
    user = session.get_one(User, user_id)
    return Colleague(user.id, user.name, user.email, user.role, user.area, user.active)
