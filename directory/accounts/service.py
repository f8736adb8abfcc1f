"""Accounts: making them, signing in, and finding who somebody is. The caller commits."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import column, select, table
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from directory.accounts import passwords
from directory.accounts.attempts import attempts_with, count_failure, forget_failures
from directory.accounts.models import User
from directory.accounts.permissions import Role
from directory.accounts.tokens import account_reference, revoke_tokens
from directory.audit.events import Event
from directory.audit.log import record
from directory.common.actor import SYSTEM
from directory.common.errors import DomainError, FieldProblem, InvalidInputError, NotFoundError
from directory.common.text import squeeze, unusable_characters

# Another capability's table, by its name: accounts do not import the catalogue.
_organisations = table("organisations", column("id"))
# What audit has in the place of an account where there is none.
NO_ACCOUNT = "none"
# What people type where an address is meant; whether mail arrives there only mail can tell.
EMAIL = re.compile(r"[^@\s,;<>()\"\\]+@[^@\s,;<>()\"\\.]+(\.[^@\s,;<>()\"\\.]+)+")


class SignInRefusedError(DomainError):
    """No account has this e-mail address and password, or it may not sign in: one sentence for every reason."""

    def __init__(self) -> None:
        super().__init__("The e-mail address or the password is not right.")


class TooManyAttemptsError(DomainError):
    """Signing in to this account is locked for a while."""

    def __init__(self, minutes: int) -> None:
        self.minutes = minutes
        unit = "minute" if minutes == 1 else "minutes"
        super().__init__(f"There were too many attempts to sign in. Try again in {minutes} {unit}.")


def normalise_email(email: str) -> str:
    """An address as accounts keep it and compare it."""
    return email.strip().lower()


def create_account(
    session: Session,
    *,
    email: str,
    name: str,
    role: Role,
    organisation_id: str | None,
    area: str,
    password: str | None,
    now: datetime,
    actor_reference: str = SYSTEM.reference,
) -> User:
    """Make an account. Without a password it exists (tokens may be issued for it) and nobody can sign in to it.

    Raises InvalidInputError naming every field that is wrong: `email`, `name`, `organisation`, `area`, `password`.
    """
    email, name, area = normalise_email(email), squeeze(name), squeeze(area)
    problems = [
        *_email_problems(session, email),
        *_text_problems("name", name, User.name.type.length, required=True),
        *_organisation_problems(session, role, organisation_id),
        *_text_problems("area", area, User.area.type.length, required=False),
    ]
    if password is not None:
        try:
            passwords.check_new_password(password, email)
        except InvalidInputError as error:
            problems += error.problems
    if problems:
        raise InvalidInputError(problems)
    user = User(
        email=email,
        name=name,
        role=role,
        organisation_id=organisation_id,
        area=area,
        password_hash=passwords.hash_password(password) if password is not None else "",
        session_key=_new_session_key(),
        active=True,
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(user)
    except IntegrityError:
        # Two people made the same account at the same moment; nothing else is left for the database to refuse.
        raise InvalidInputError([_already_there()]) from None
    record(session, Event.ACCOUNT_CREATED, actor_reference, now, account=account_reference(user))
    return user


@dataclass(frozen=True, slots=True)
class PasswordCheck:
    """Whether a password was right for an address, found out before anything is written."""

    is_right: bool


def check_password(session: Session, email: str, password: str) -> PasswordCheck:
    """Compare a password with that of an account. It only reads, and takes as long for an address without one.

    Verifying is slow on purpose, so it must not be done while a transaction keeps others from writing.
    """
    user = find_account(session, email)
    if user is None:
        passwords.waste_as_much_time(password)
        return PasswordCheck(False)
    return PasswordCheck(passwords.verify_password(user.password_hash, password))


def authenticate(
    session: Session,
    email: str,
    password: str,
    now: datetime,
    network: str = "",
    *,
    checked: PasswordCheck | None = None,
) -> User:
    """The person whose e-mail address and password these are; with `checked` the comparison has been made before.

    Commit whether or not this raises: failures are counted in the database, so that a restart forgets none of them.
    Raises SignInRefusedError for an unknown address, a wrong password and an inactive account alike, each after the
    same work; TooManyAttemptsError while an address is locked for `network` (where the attempt comes from, with its
    last part cut off): for 15 minutes after 10 failures from there, whether or not it has an account. A stranger
    elsewhere locks nobody out.
    """
    if unusable_characters(email):
        raise SignInRefusedError
    attempts = attempts_with(session, normalise_email(email), network, now)
    if attempts.locked_until is not None and now < attempts.locked_until:
        raise TooManyAttemptsError(ceil((attempts.locked_until - now) / timedelta(minutes=1)))
    checked = checked or check_password(session, email, password)
    user = find_account(session, email)
    if user is not None and user.active and checked.is_right:
        session.delete(attempts)
        if passwords.needs_rehash(user.password_hash):
            user.password_hash = passwords.hash_password(password)
        record(session, Event.SIGNED_IN, account_reference(user), now)
        session.flush()
        return user
    count_failure(session, attempts, now)
    if attempts.locked_until is not None and now < attempts.locked_until:
        # Nobody knows who tried, so the system is the actor; an address without an account is not kept.
        account = account_reference(user) if user is not None else NO_ACCOUNT
        record(session, Event.SIGN_IN_LOCKED, SYSTEM.reference, now, account=account)
    raise SignInRefusedError


def change_password(
    session: Session, user: User, password: str, now: datetime, actor_reference: str = SYSTEM.reference
) -> None:
    """Give `user` another password, unlock the account and end every session of it.

    Raises InvalidInputError when the password is weak.
    """
    passwords.check_new_password(password, user.email)
    user.password_hash = passwords.hash_password(password)
    end_sessions(user)
    forget_failures(session, user.email)
    record(session, Event.PASSWORD_CHANGED, actor_reference, now, account=account_reference(user))
    session.flush()


def deactivate_account(session: Session, user: User, now: datetime, actor_reference: str = SYSTEM.reference) -> int:
    """Let nobody in with this account: no sign-in, no open session, no token. Returns how many tokens were revoked."""
    user.active = False
    end_sessions(user)
    session.flush()
    record(session, Event.ACCOUNT_DEACTIVATED, actor_reference, now, account=account_reference(user))
    return revoke_tokens(session, user, now, actor_reference)


def find_account(session: Session, email: str) -> User | None:
    """The account with this e-mail address, however it is written."""
    if unusable_characters(email):
        return None
    return session.scalars(select(User).where(User.email == normalise_email(email))).one_or_none()


def get_account(session: Session, email: str) -> User:
    """The account with this e-mail address, however it is written.

    Raises NotFoundError when there is none.
    """
    user = find_account(session, email)
    if user is None:
        raise NotFoundError(f"There is no account {email!r}.")
    return user


def end_sessions(user: User) -> None:
    """Sign this person out of every browser: a cookie that somebody copied is worth nothing afterwards."""
    user.session_key = _new_session_key()


def get_user(session: Session, user_id: int, session_key: str) -> User | None:
    """Who a signed-in browser is: nobody once the account is inactive or its sessions were ended."""
    user = session.get(User, user_id)
    if user is None or not user.active or not secrets.compare_digest(user.session_key, session_key):
        return None
    return user


def _new_session_key() -> str:
    return secrets.token_urlsafe(32)


def _already_there() -> FieldProblem:
    return FieldProblem("email", "There is an account with this e-mail address already.")


def _email_problems(session: Session, email: str) -> list[FieldProblem]:
    if not email:
        return [FieldProblem("email", "Enter an e-mail address.")]
    if len(email) > User.email.type.length or not email.isascii() or not EMAIL.fullmatch(email):
        return [FieldProblem("email", "Enter an e-mail address like name@example.org.")]
    return [_already_there()] if find_account(session, email) else []


def _organisation_problems(session: Session, role: Role, organisation_id: str | None) -> list[FieldProblem]:
    if organisation_id is None:
        if role is Role.PROVIDER:
            return [FieldProblem("organisation", "A provider's account needs its organisation.")]
        return []
    found = session.scalar(select(_organisations.c.id).where(_organisations.c.id == organisation_id))
    return [] if found else [FieldProblem("organisation", f"There is no organisation {organisation_id!r}.")]


def _text_problems(field: str, text: str, longest: int, *, required: bool) -> list[FieldProblem]:
    if required and not text:
        return [FieldProblem(field, f"Enter the {field}.")]
    if len(text) > longest:
        return [FieldProblem(field, f"The {field} must have at most {longest} characters.")]
    if unusable_characters(text):
        return [FieldProblem(field, f"The {field} holds a character that cannot be shown.")]
    return []
