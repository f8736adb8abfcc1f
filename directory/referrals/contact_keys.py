"""Keeping and forgetting a safe contact, which two stores hold: the sealed text here, its key in the keystore.

They have no common transaction. A key is made before the text that it seals is committed, and destroyed only after the
transaction that forgets the text was: a crash between leaves a key too many, never a text without end, and the sweep
that runs with everything due destroys it.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import event, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from directory.audit.events import Event
from directory.audit.log import record
from directory.referrals.keystore import Keystore
from directory.referrals.models import Referral, SealedContact
from directory.referrals.safe_contact import ContactGoneError, SafeContact, Sealed, open_sealed, seal

KEYS_LAST = timedelta(days=90)
"""No key is given out after this, whatever else happens: longer than any referral can stay open."""
_DOOMED = "keys to destroy after the commit"


@dataclass(frozen=True, slots=True)
class _Doomed:
    keystore: Keystore
    key_id: str


def keep_contact(session: Session, keystore: Keystore, referral: Referral, contact: SafeContact, now: datetime) -> None:
    """Seal `contact` with a new key of the referral's own; what was sealed before is forgotten. The caller commits."""
    _forget(session, keystore, referral)
    key_id, key = keystore.make(now, now + KEYS_LAST)
    sealed = seal(contact, key, referral.reference)
    session.add(SealedContact(referral_id=referral.id, key_id=key_id, nonce=sealed.nonce, ciphertext=sealed.ciphertext))
    session.flush()


def open_contact(session: Session, keystore: Keystore, referral: Referral, now: datetime) -> SafeContact | None:
    """The safe contact, or None where it was destroyed.

    Raises ContactDamagedError where the text is not what was sealed for this referral.
    """
    row = session.get(SealedContact, referral.id)
    key = keystore.get(row.key_id, now) if row is not None else None
    if row is None or key is None:
        return None
    try:
        return open_sealed(Sealed(row.nonce, row.ciphertext), key, referral.reference)
    except ContactGoneError:
        return None


def forget_contact(session: Session, keystore: Keystore, referral: Referral, now: datetime) -> None:
    """Forget the contact for good: the text with this transaction, its key as soon as that is committed."""
    if _forget(session, keystore, referral):
        record(session, Event.CONTACT_KEY_DESTROYED, "system", now, referral=referral.reference)


def _forget(session: Session, keystore: Keystore, referral: Referral) -> bool:
    row = session.get(SealedContact, referral.id)
    if row is None:
        return False
    session.info.setdefault(_DOOMED, []).append(_Doomed(keystore, row.key_id))
    session.delete(row)
    session.flush()
    return True


def destroy_leftover_keys(session: Session, keystore: Keystore, now: datetime) -> int:
    """Destroy every key that seals nothing any more, and those that are too old; returns how many.

    Keys younger than an hour are left: the transaction that they were made for may not be committed yet.
    """
    known = set(session.scalars(select(SealedContact.key_id)))
    leftover = keystore.orphans(known, now - timedelta(hours=1))
    for key_id in leftover:
        keystore.destroy(key_id)
    return len(leftover) + keystore.destroy_expired(now)


@event.listens_for(Session, "after_commit")
def _destroy(session: Session) -> None:
    # A savepoint's end is announced as a commit too; only the whole counts.
    if session.in_nested_transaction():
        return
    for doomed in session.info.pop(_DOOMED, ()):
        # What is committed is done, whatever becomes of the key: an error here would say that it was not. Its text is
        # gone, so the sweep finds the key, and a keystore that stays out of reach makes the sweep fail loudly.
        with suppress(SQLAlchemyError, OSError):
            doomed.keystore.destroy(doomed.key_id)


@event.listens_for(Session, "after_rollback")
def _spare(session: Session) -> None:
    session.info.pop(_DOOMED, None)
