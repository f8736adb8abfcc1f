"""Sending an edition to every officer, reminding those who have not acknowledged it, and making each one's link.

Whoever is told is an active officer. Each has one receipt of an edition and one message about it, and at most two
reminders, on working days between nine and five. What a newer edition has superseded is not reminded of any more.

Messages leave at `PER_MINUTE`, because everything that is sent goes through one outbox, oldest first: an edition to
thirty thousand people must not lie in front of a referral.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, insert, or_, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.accounts.permissions import Role
from directory.audit.events import Event
from directory.audit.log import record
from directory.common.actor import SYSTEM
from directory.common.clock import LONDON, london_date
from directory.common.errors import NotFoundError
from directory.common.working_days import is_working_day
from directory.extensions import begin_writing
from directory.messaging.delivery import Complete, DeliveryError, Incomplete
from directory.messaging.kinds import MessageKind
from directory.publishing.cascade.issued import IssuedEdition, issued_by_id, latest_issued, read_issued
from directory.publishing.cascade.links import forget_links, make_link
from directory.publishing.cascade.models import EditionReceipt
from directory.publishing.cascade.posting import Letter, post

PER_MINUTE = 100
"""How many messages about editions leave in a minute: half of what a delivery sends (messaging/delivery.py, BATCH)."""
REMINDED_AFTER = (timedelta(days=3), timedelta(days=7))
OPENS, CLOSES = 9, 17
"""The London hours of a working day between which reminders are written."""
_REFERENCE = re.compile(r"E([1-9][0-9]{0,8})")


@dataclass(frozen=True, slots=True)
class ReadersReminded:
    """How many officers were sent the newest edition because they came after it, how many were reminded, and how many
    links that lapsed long ago were forgotten.
    """

    newcomers: int = 0
    reminded: int = 0
    links_forgotten: int = 0


@dataclass(frozen=True, slots=True)
class _Reader:
    """An officer; `reminders` counts those about the edition so far."""

    id: int
    email: str
    area: str
    reminders: int = 0


def send_out(session: Session, edition_id: int, now: datetime) -> int:
    """Write a receipt of a published edition and a message for every active officer who has none; how many they were.

    In the transaction that publishes it: whoever reads that it is published finds the receipts. The caller commits.
    Raises NotFoundError where the edition is not published.
    """
    edition = issued_by_id(session, edition_id)
    people = _send(session, edition, now)
    record(session, Event.EDITION_SENT, SYSTEM.reference, now, edition=edition.id, people=people)
    return people


def remind_readers(new_session: Callable[[], Session], now: datetime) -> ReadersReminded:
    """What falls due with the newest edition: send it to officers who came after it, and remind those who are silent.

    Called every minute; calling it twice, or by two at once, comes to the same. It commits its own transactions.
    """
    with new_session() as session:
        edition = latest_issued(session)
        has_newcomers = edition is not None and bool(_without_receipt(session, edition, limit=1))
        has_silent = edition is not None and _is_office_time(now) and bool(_silent(session, edition, now, limit=1))
    newcomers = reminded = 0
    if edition is not None and has_newcomers:
        with new_session() as session:
            begin_writing(session)
            newcomers = _send(session, edition, now)
            if newcomers:
                record(session, Event.EDITION_SENT, SYSTEM.reference, now, edition=edition.id, people=newcomers)
            session.commit()
    if edition is not None and has_silent:
        with new_session() as session:
            begin_writing(session)
            reminded = _remind(session, edition, now)
            session.commit()
    with new_session() as session:
        begin_writing(session)
        forgotten = forget_links(session, now)
        session.commit()
    return ReadersReminded(newcomers, reminded, forgotten)


def completion(new_session: Callable[[], Session]) -> Complete:
    """What `deliver_due` completes the links of EDITION_PUBLISHED and EDITION_NOT_ACKNOWLEDGED with.

    Whether there still is a link to make is decided at that moment: somebody who has left, who has acknowledged it
    meanwhile, or for whom there is a newer edition, gets no message any more.
    """

    def complete(message: Incomplete, now: datetime) -> str:
        try:
            with new_session() as session:
                begin_writing(session)
                token = make_link(session, *_receipt_to_link(session, message), now)
                session.commit()
        except OperationalError:
            raise DeliveryError("database-busy") from None
        return f"{message.path}/{token}"

    return complete


def _receipt_to_link(session: Session, message: Incomplete) -> tuple[int, int]:
    """The edition and the account that the message is about. Raises DeliveryError where there is nothing to send."""
    edition = _edition_of(session, message.reference)
    newest = latest_issued(session)
    if newest is None or newest.id != edition.id:
        raise DeliveryError("superseded", permanent=True)
    query = (
        select(EditionReceipt.user_id, EditionReceipt.acknowledged_at)
        .join(User, User.id == EditionReceipt.user_id)
        .where(EditionReceipt.edition_id == edition.id, User.email == message.address, User.active.is_(True))
    )
    receipt = session.execute(query).one_or_none()
    if receipt is None:
        raise DeliveryError("no-receipt", permanent=True)
    if receipt.acknowledged_at is not None:
        raise DeliveryError("acknowledged", permanent=True)
    return edition.id, receipt.user_id


def _edition_of(session: Session, reference: str) -> IssuedEdition:
    match = _REFERENCE.fullmatch(reference)
    try:
        return read_issued(session, int(match[1]) if match else 0)
    except NotFoundError:
        raise DeliveryError("no-edition", permanent=True) from None


def _send(session: Session, edition: IssuedEdition, now: datetime) -> int:
    """Receipts and messages for those who have none."""
    readers = _without_receipt(session, edition)
    leaving = [now + timedelta(minutes=place // PER_MINUTE) for place in range(len(readers))]
    if readers:
        rows = [
            {"edition_id": edition.id, "user_id": reader.id, "area": reader.area, "sent_at": at, "reminders": 0}
            for reader, at in zip(readers, leaving, strict=True)
        ]
        session.execute(insert(EditionReceipt), rows)
    letters = [
        Letter(reader.email, f"edition-{edition.number}-{reader.id}", at)
        for reader, at in zip(readers, leaving, strict=True)
    ]
    post(session, MessageKind.EDITION_PUBLISHED, edition, letters, now)
    return len(readers)


def _remind(session: Session, edition: IssuedEdition, now: datetime) -> int:
    """One step further for those who are silent, as many as may leave in a minute: the next call goes on."""
    newest = latest_issued(session)
    if newest is None or newest.id != edition.id:
        return 0  # published in this very moment
    silent = _silent(session, edition, now, limit=PER_MINUTE)
    if not silent:
        return 0
    counted = (
        update(EditionReceipt)
        .where(EditionReceipt.edition_id == edition.id, EditionReceipt.user_id.in_([one.id for one in silent]))
        .values(reminders=EditionReceipt.reminders + 1, reminded_at=now)
        .execution_options(synchronize_session=False)
    )
    session.execute(counted)
    letters = [
        Letter(one.email, f"edition-{edition.number}-{one.id}-reminder-{one.reminders + 1}", now) for one in silent
    ]
    post(session, MessageKind.EDITION_NOT_ACKNOWLEDGED, edition, letters, now)
    return len(silent)


def _without_receipt(session: Session, edition: IssuedEdition, limit: int | None = None) -> Sequence[_Reader]:
    """Active officers to whom the edition has not been sent, oldest account first."""
    has_one = (
        select(EditionReceipt.user_id)
        .where(EditionReceipt.edition_id == edition.id, EditionReceipt.user_id == User.id)
        .exists()
    )
    query = select(User.id, User.email, User.area).where(*_reads(), ~has_one).order_by(User.id).limit(limit)
    return [_Reader(row.id, row.email, row.area) for row in session.execute(query)]


def _silent(session: Session, edition: IssuedEdition, now: datetime, limit: int) -> Sequence[_Reader]:
    """Those whose next reminder is due: the second never on the day of the first."""
    first, second = REMINDED_AFTER
    midnight = datetime.combine(london_date(now), time(), LONDON).astimezone(UTC)
    due = or_(
        and_(EditionReceipt.reminders == 0, EditionReceipt.sent_at <= now - first),
        and_(
            EditionReceipt.reminders == 1,
            EditionReceipt.sent_at <= now - second,
            EditionReceipt.reminded_at < midnight,
        ),
    )
    query = (
        select(User.id, User.email, User.area, EditionReceipt.reminders)
        .join(EditionReceipt, EditionReceipt.user_id == User.id)
        .where(EditionReceipt.edition_id == edition.id, EditionReceipt.acknowledged_at.is_(None), due, *_reads())
        .order_by(User.id)
        .limit(limit)
        .with_for_update(of=EditionReceipt, skip_locked=True)
    )
    return [_Reader(*row) for row in session.execute(query)]


def _reads() -> tuple[ColumnElement[bool], ...]:
    """Who editions are sent to."""
    return User.role == Role.OFFICER, User.active.is_(True)


def _is_office_time(now: datetime) -> bool:
    return is_working_day(london_date(now)) and OPENS <= now.astimezone(LONDON).hour < CLOSES
