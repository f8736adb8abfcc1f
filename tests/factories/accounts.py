"""People with accounts."""

import itertools
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from directory.accounts import passwords
from directory.accounts.models import User
from directory.accounts.permissions import Role
from tests.factories.catalogue import organisation

_numbers = itertools.count(1)
PASSWORD = "correct horse battery staple"


def user(session: Session, role: str | Role = Role.OFFICER, **overrides: Any) -> User:
    """An active account in `role` that signs in with `PASSWORD`; a provider gets an organisation of its own."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "email": f"{role}.{number}@example.org",
        "name": f"{str(role).capitalize()} {number}",
        "role": Role(role),
        "password_hash": passwords.hash_password(PASSWORD),
        "session_key": f"session-{number}",
        "active": True,
        "created_at": datetime(2026, 11, 1, 9, 0, tzinfo=UTC),
    }
    if Role(role) is Role.PROVIDER and "organisation_id" not in overrides:
        values["organisation_id"] = organisation(session).id
    made = User(**values | overrides)
    session.add(made)
    session.flush()
    return made
