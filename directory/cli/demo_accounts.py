"""The demonstration's accounts: one per role and a second commissioner, all fictional, with one random password."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from directory.accounts import passwords, service
from directory.accounts.permissions import Role
from directory.common.kept import kept_text
from directory.paths import INSTANCE

# What nobody mistakes for another when reading it off a screen.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP_LENGTH = 4, 4


@dataclass(frozen=True, slots=True)
class SignIn:
    """How to sign in as one role."""

    role: Role
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class _Person:
    role: Role
    email: str
    name: str
    organisation_id: str | None = None
    area: str = ""


COMMISSIONER, DEPUTY = "commissioner@mopac.example", "deputy@mopac.example"
PEOPLE = (
    _Person(Role.OFFICER, "officer@met.example", "Officer of the demonstration", area="Central East"),
    _Person(Role.ADVOCATE, "advocate@advocacy.example", "Advocate of the demonstration"),
    _Person(Role.PROVIDER, "provider@refuge.example", "Refuge worker of the demonstration", "marigold-women"),
    _Person(Role.COMMISSIONER, COMMISSIONER, "Commissioner of the demonstration"),
    _Person(Role.AUDITOR, "auditor@oversight.example", "Auditor of the demonstration"),
    _Person(Role.ADMINISTRATOR, "administrator@mopac.example", "Administrator of the demonstration"),
    # An edition is signed off by a second person.
    _Person(Role.COMMISSIONER, DEPUTY, "Deputy commissioner of the demonstration"),
)


def kept_password() -> str:
    """The demonstration's password: made at first use and kept in `instance/`, readable by its owner alone."""
    return kept_text(INSTANCE / "demo-password", len(_new_password()), _new_password)


def _new_password() -> str:
    groups = ("".join(secrets.choice(LETTERS) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)


def ensure_accounts(session: Session, password: str, now: datetime) -> list[SignIn]:
    """Make the accounts that are missing, and give `password` to those that have another; the caller commits."""
    for person in PEOPLE:
        account = service.find_account(session, person.email)
        if account is None:
            service.create_account(
                session,
                email=person.email,
                name=person.name,
                role=person.role,
                organisation_id=person.organisation_id,
                area=person.area,
                password=password,
                now=now,
            )
        elif not passwords.verify_password(account.password_hash, password):
            service.change_password(session, account, password, now)
    return [SignIn(person.role, person.email, password) for person in PEOPLE]
