"""Writing the audit trail: what was done is collected while a transaction goes on, and chained as its last act.

Every entry holds the hash of the one before, so there is one end of the chain, and whoever adds to it waits for whoever
is adding. That wait is kept short: entries are written when the transaction commits, after all that it has to write
besides, in few statements. They are committed or rolled back with it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from directory.audit.chain import Entry, append, canonical
from directory.audit.events import REFERENCE, REQUIRED, Event

_ACTOR = re.compile(r"system|(?:user|link)-[1-9][0-9]{0,17}")
_WAITING = "audit entries that wait for the commit"
_COMMITTING = "the savepoint whose commit has begun"


@dataclass(slots=True)
class _Waiting:
    """An entry, and the transaction or savepoint that has to be committed for it to be written."""

    transaction: SessionTransaction
    entry: Entry


def record(
    session: Session,
    event: Event,
    actor_reference: str,
    now: datetime,
    **details: str | int | Sequence[str],
) -> None:
    """Note that `actor_reference` (`user-12`, `link-3` or `system`) did `event` at `now`.

    It is written when `session` commits; what is recorded within a savepoint that is rolled back is not. `details` has
    exactly the keys that `REQUIRED` names for the event, and holds references, codes and whole numbers, or lists of
    references and codes. Anything else is a mistake in the program: raises ValueError, which names keys and never
    quotes a value.
    """
    if event not in REQUIRED:
        raise ValueError("Audit knows no such event: add it to audit/events.py.")
    if not _ACTOR.fullmatch(actor_reference):
        raise ValueError(f"{event}: the actor must be `system`, or `user-` or `link-` with a number.")
    if now.tzinfo is None:
        raise ValueError(f"{event}: an instant needs a time zone.")
    _check_keys(event, details)
    checked = {key: _checked(event, key, value) for key, value in details.items()}
    entry = Entry(now.astimezone(UTC), str(event), actor_reference, canonical(checked))
    transaction = session.get_nested_transaction() or session.get_transaction() or session.begin()
    session.info.setdefault(_WAITING, []).append(_Waiting(transaction, entry))


def flush_audit(session: Session) -> None:
    """Write now what would be written at the commit, for tests and whoever must read it within the transaction.

    From here to the commit everybody else who commits an entry waits. Raises RuntimeError within a savepoint: what was
    recorded before it would be lost with it.
    """
    if session.in_nested_transaction():
        raise RuntimeError("Audit entries are not written within a savepoint: end it first.")
    # Whatever else is to be written is written before the head is locked.
    session.flush()
    whole = session.get_transaction()
    # What is not the transaction's own by now was recorded within a savepoint that was rolled back.
    entries = [one.entry for one in session.info.pop(_WAITING, ()) if one.transaction is whole]
    if entries:
        append(session.connection(), entries)


def _check_keys(event: Event, details: dict[str, str | int | Sequence[str]]) -> None:
    required = REQUIRED[event]
    missing, extra = sorted(required - set(details)), sorted(set(details) - required)
    if missing or extra:
        raise ValueError(f"{event}: missing details {missing}, details that it does not have {extra}.")


def _checked(event: Event, key: str, value: object) -> str | int | list[str]:
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and REFERENCE.fullmatch(value):
        return str(value)
    if isinstance(value, list | tuple) and all(isinstance(one, str) and REFERENCE.fullmatch(one) for one in value):
        return [str(one) for one in value]
    raise ValueError(f"{event}: `{key}` is no reference, code or number, and audit holds no text.")


@event.listens_for(Session, "before_commit")
def _before_commit(session: Session) -> None:
    """Write the entries before the transaction itself commits; SQLAlchemy asks before each savepoint ends, too."""
    savepoint = session.get_nested_transaction()
    if savepoint is None:
        flush_audit(session)
    elif session.info.get(_COMMITTING) is savepoint:
        # The whole was asked to commit while its savepoint was open, and then the savepoint was: too late to write.
        raise RuntimeError("The transaction was committed around an open savepoint: end the savepoint first.")
    else:
        session.info[_COMMITTING] = savepoint


@event.listens_for(Session, "after_commit")
def _after_commit(session: Session) -> None:
    """What was recorded within a savepoint that is kept belongs to whatever is around it."""
    session.info.pop(_COMMITTING, None)
    savepoint = session.get_nested_transaction()
    if savepoint is None or savepoint.parent is None:
        return
    for waiting in session.info.get(_WAITING, ()):
        if waiting.transaction is savepoint:
            waiting.transaction = savepoint.parent


@event.listens_for(Session, "after_transaction_end")
def _after_end(session: Session, transaction: SessionTransaction) -> None:
    """What a transaction that was rolled back has collected is forgotten with it."""
    if transaction.parent is None:
        session.info.pop(_WAITING, None)
        session.info.pop(_COMMITTING, None)
