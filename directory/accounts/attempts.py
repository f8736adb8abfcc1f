"""Failed sign-ins, counted by address: known and unknown ones alike, so that being locked out tells nothing."""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from directory.accounts.models import SignInAttempts

MAXIMUM_FAILURES = 10
LOCKED_FOR = timedelta(minutes=15)
REMEMBERED_FOR = timedelta(days=1)


def attempts_with(session: Session, email: str, network: str, now: datetime) -> SignInAttempts:
    """The count for a normalised address as tried from one network, held until the caller commits.

    Attempts made at the same moment are all counted.

    The first statement writes: it locks the row on PostgreSQL, and on SQLite makes the transaction a writing one from
    the start, since one that turns to writing after it has read is refused when another got in between.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    key = _digest(f"{email} {network}")
    session.execute(
        insert(SignInAttempts)
        .values(key=key, email_digest=_digest(email), failures=0, last_at=now)
        .on_conflict_do_update(index_elements=["key"], set_={"last_at": now})
    )
    # Whoever makes up addresses by the thousand fills nothing for longer than a day.
    session.execute(delete(SignInAttempts).where(SignInAttempts.last_at < now - REMEMBERED_FOR))
    return session.get_one(SignInAttempts, key, populate_existing=True)


def count_failure(session: Session, attempts: SignInAttempts, now: datetime) -> None:
    """One more failure; the tenth locks the address for a while."""
    attempts.failures += 1
    if attempts.failures >= MAXIMUM_FAILURES:
        attempts.failures = 0
        attempts.locked_until = now + LOCKED_FOR
    session.flush()


def forget_failures(session: Session, email: str) -> None:
    """Unlock an address, wherever it was tried from."""
    session.execute(delete(SignInAttempts).where(SignInAttempts.email_digest == _digest(email)))


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
