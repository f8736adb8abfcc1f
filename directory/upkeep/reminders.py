"""Reminding people of what they have to confirm: one message a day to each, and a step further each time in vain.

The first reminder goes to a service's first contact, the second to its second contact too, the third to the
commissioners as well; from the third on the service is ranked last (capacity/overdue.py). A confirmation ends it.
`run-due` calls `remind` every minute. It may be called twice, or late, or by two at once, and comes to the same: what
it counts it counts once a day, and a message has a key under which there is one a day.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.orm import Session

from directory.audit.events import Event
from directory.audit.log import record
from directory.capacity.availability import Moment
from directory.capacity.overdue import (
    ASKED_EVERY,
    RANKED_LAST_FROM,
    Counted,
    DueSubject,
    count_reminder,
    read_unanswered,
    reset_reminders,
)
from directory.common.actor import SYSTEM, Actor
from directory.common.clock import LONDON, london_date
from directory.common.errors import RefusedError
from directory.extensions import begin_writing
from directory.messaging.kinds import MessageKind
from directory.messaging.models import Channel
from directory.messaging.outbox import enqueue, enqueued
from directory.upkeep.contacts import DEFAULT_HOUR, Contact, Contacts, commissioners, contacts_of, contacts_of_services
from directory.upkeep.due import DueService, asking, due_items, is_time
from directory.upkeep.keepers import may_keep

COMMISSIONERS_AT = 10
"""The London hour of the commissioners' message: one a day, after the reminders of the morning."""
TOLD_AGAIN_EVERY = timedelta(days=7)
"""How often commissioners are told of a service that stays overdue. Told daily, they would stop reading."""
CONFIRM_WITHIN = timedelta(hours=24)
"""What the setting CONFIRM_WITHIN_SECONDS is by default."""
LINK_PATH, OVERDUE_PATH = "/u", "/manage/freshness"


@dataclass(slots=True)
class Reminded:
    """How many messages were written, how many services were reminded, and for how many of them a step further."""

    messages: int = 0
    services: int = 0
    escalated: int = 0


@dataclass(slots=True)
class _Person:
    """Somebody who is to be reminded today, with the ids of the services that are the reason."""

    contact: Contact
    hour: int
    services: set[str] = field(default_factory=set)


def remind(new_session: Callable[[], Session], moment: Moment) -> Reminded:
    """Write the reminders that are due at the moment; each person's in a transaction of its own."""
    moment = asking(moment)
    with new_session() as session:
        due = {one.id: one for one in due_items(session, moment)}
        contacts = contacts_of_services(session, due.keys()) if due else {}
        asked = read_unanswered(session)
    over = {key for key in asked if key[0] not in due or key[1] not in due[key[0]].subjects}
    for subject in DueSubject:
        _forget_answered(new_session, subject, {service_id for service_id, about in over if about is subject}, moment)
    report = Reminded()
    if not due:
        return report
    to_count = {key[0] for key in _subjects(due) if key not in asked or asked[key].may_be_asked_again(moment.today)}
    # What has been counted today may have more people to be told than those who were reached before a crash.
    counted = {key[0] for key in _subjects(due) if key in asked and asked[key].last_on == moment.today}
    first = {service_id: contacts[service_id].asked_first for service_id in to_count | counted}
    for person in _people_to_ask(new_session, first, moment):
        _ask(new_session, person, MessageKind.UPDATE_DUE, contacts, moment, report)
    if is_time(moment.now, DEFAULT_HOUR):
        _count_where_nobody_is_asked(new_session, sorted(one for one in to_count if not first[one]), moment, report)
    _ask_the_second(new_session, contacts, to_count, moment, report)
    return report


def send_link_now(
    session: Session, service_id: str, actor: Actor, now: datetime, confirm_within: timedelta = CONFIRM_WITHIN
) -> int:
    """Remind a service's first contact at once, because somebody asks for it; returns the messages. The caller commits.

    It is that person's reminder of the day, and counts as such. Raises RefusedError where nothing is due, where nobody
    can be reached, and where they have been reminded today; NotFoundError; NotAllowedError.
    """
    may_keep(session, service_id, actor)
    moment = Moment(now, confirm_within, confirm_within)
    if not due_items(session, asking(moment), [service_id]):
        raise RefusedError("Nothing of this service has to be confirmed at the moment.")
    people = contacts_of(session, service_id).asked_first
    if not people:
        raise RefusedError("This service has no contact who could be reminded. Add one, or phone them.")
    told = [contact for contact in people if _enqueue(session, MessageKind.UPDATE_DUE, contact, now)]
    if not told:
        raise RefusedError("They have been reminded today already. Phone them.")
    due = due_items(session, moment)
    contacts = contacts_of_services(session, [service.id for service in due])
    for service in due:
        if any(contacts[service.id].asks_first(person) for person in told):
            _count(session, service, contacts[service.id], now, Reminded())
    return len(told)


def day_of(reference: str) -> date | None:
    """The London date of the reminder that has this reference; None where it is no reminder's."""
    try:
        return datetime.strptime(reference, "U%Y%m%d").replace(tzinfo=UTC).date()
    except ValueError:
        return None


def _subjects(due: Mapping[str, DueService]) -> list[tuple[str, DueSubject]]:
    return [(service_id, subject) for service_id, service in due.items() for subject in service.subjects]


def _forget_answered(
    new_session: Callable[[], Session], subject: DueSubject, service_ids: set[str], moment: Moment
) -> None:
    """Count from the beginning where nothing is due any more, on whichever way it was confirmed."""
    if not service_ids:
        return
    with new_session() as session:
        begin_writing(session)
        still = {one.id for one in due_items(session, moment, service_ids) if subject in one.subjects}
        reset_reminders(session, subject, service_ids - still)
        session.commit()


def _people_to_ask(
    new_session: Callable[[], Session], asked: Mapping[str, Iterable[Contact]], moment: Moment
) -> list[_Person]:
    """Whoever is to be reminded now and has not been today, in a fixed order."""
    people: dict[str, _Person] = {}
    for service_id, contacts in sorted(asked.items()):
        for contact in contacts:
            person = people.setdefault(contact.identity, _Person(contact, contact.hour))
            # One message a day tells of everything, so it goes out at the first of the hours.
            person.hour = min(person.hour, contact.hour)
            person.services.add(service_id)
    now = [person for _, person in sorted(people.items()) if is_time(moment.now, person.hour)]
    if not now:
        return []
    with new_session() as session:
        told = enqueued(session, {_key(person.contact, moment.today) for person in now})
    return [person for person in now if _key(person.contact, moment.today) not in told]


def _ask(
    new_session: Callable[[], Session],
    person: _Person,
    kind: MessageKind,
    contacts: Mapping[str, Contacts],
    moment: Moment,
    report: Reminded,
) -> None:
    """Write one person's message and count it for the services: both or neither."""
    with new_session() as session:
        begin_writing(session)
        due = due_items(session, moment, person.services)
        # Confirmed meanwhile, or somebody else is doing the same.
        if not due or not _enqueue(session, kind, person.contact, moment.now):
            return
        done = Reminded(messages=1)
        for service in due:
            if contacts[service.id].asks_first(person.contact):
                _count(session, service, contacts[service.id], moment.now, done)
        session.commit()
    report.messages += done.messages
    report.services += done.services
    report.escalated += done.escalated


def _count_where_nobody_is_asked(
    new_session: Callable[[], Session], service_ids: list[str], moment: Moment, report: Reminded
) -> None:
    """A service without a first contact cannot answer either: its days are counted all the same."""
    for service_id in service_ids:
        with new_session() as session:
            begin_writing(session)
            for service in due_items(session, moment, [service_id]):
                _count(session, service, contacts_of(session, service_id), moment.now, report)
            session.commit()


def _count(session: Session, service: DueService, contacts: Contacts, now: datetime, report: Reminded) -> None:
    counted = {subject: count_reminder(session, service.id, subject, now) for subject in service.subjects}
    steps = {subject: one for subject, one in counted.items() if one is not None}
    for subject, one in steps.items():
        details: dict[str, str | int] = {"service": service.id, "subject": subject.value, "reminders": one.count}
        record(session, Event.SERVICE_OVERDUE, SYSTEM.reference, now, **details)
    nobody = not contacts.asked_first and not contacts.asked_second
    if any(_is_for_commissioners(subject, one, now, nobody=nobody) for subject, one in steps.items()):
        report.messages += _tell_commissioners(session, now)
    report.services += bool(steps)
    report.escalated += any(one.before is not None and one.before.count < one.count for one in steps.values())


def _ask_the_second(
    new_session: Callable[[], Session],
    contacts: Mapping[str, Contacts],
    to_count: Iterable[str],
    moment: Moment,
    report: Reminded,
) -> None:
    """Ask the second contacts too, where today's reminder was not the first, or where there is no first contact.

    Whoever is also the first contact of a service that is `to_count` gets no second message later in the day, so this
    one is its reminder.
    """
    with new_session() as session:
        counted = read_unanswered(session, contacts.keys())
    further = {
        service_id: contacts[service_id].asked_second
        for (service_id, _), one in counted.items()
        if one.last_on == moment.today and (one.count > 1 or not contacts[service_id].asked_first)
    }
    for person in _people_to_ask(new_session, further, moment):
        person.services |= {service_id for service_id in to_count if contacts[service_id].asks_first(person.contact)}
        _ask(new_session, person, MessageKind.UPDATE_DUE_SECOND, contacts, moment, report)


def _is_for_commissioners(subject: DueSubject, counted: Counted, now: datetime, *, nobody: bool) -> bool:
    """Whether they are told of this reminder: the third one, and one each week after it.

    Where nobody at all can be asked, they are told with the first: only they can find out whom to ask.
    """
    if counted.count < RANKED_LAST_FROM and not nobody:
        return False
    before = counted.before
    if before is None or (before.count < RANKED_LAST_FROM and not nobody):
        return True
    if ASKED_EVERY[subject] >= TOLD_AGAIN_EVERY:
        return True
    # Weeks are counted from the third reminder on, or from the first where that was told.
    began = london_date(before.first_at)
    if not nobody:
        began += ASKED_EVERY[subject] * (RANKED_LAST_FROM - 1)
    return (london_date(now) - began) // TOLD_AGAIN_EVERY > (before.last_on - began) // TOLD_AGAIN_EVERY


def _tell_commissioners(session: Session, now: datetime) -> int:
    """One message a day to each, at their hour: today's, or tomorrow's where that has passed."""
    day = london_date(now)
    at = _at(day, COMMISSIONERS_AT)
    if at < now:
        day += timedelta(days=1)
        at = _at(day, COMMISSIONERS_AT)
    return sum(
        enqueue(
            session,
            MessageKind.UPDATES_OVERDUE,
            Channel.EMAIL,
            address,
            _reference(day),
            OVERDUE_PATH,
            now,
            dedupe_key=f"overdue-{day:%Y%m%d}-{number}",
            not_before=at,
        )
        is not None
        for number, address in commissioners(session)
    )


def _enqueue(session: Session, kind: MessageKind, contact: Contact, now: datetime) -> bool:
    today = london_date(now)
    key = _key(contact, today)
    made = enqueue(session, kind, contact.channel, contact.address, _reference(today), LINK_PATH, now, dedupe_key=key)
    return made is not None


def _key(contact: Contact, day: date) -> str:
    """What a person's message of a day is kept under, whichever kind it is of: there is one of them."""
    digest = hashlib.sha256(contact.identity.encode()).hexdigest()[:32]
    return f"update-{day:%Y%m%d}-{digest}"


def _reference(day: date) -> str:
    return f"U{day:%Y%m%d}"


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), LONDON).astimezone(UTC)
