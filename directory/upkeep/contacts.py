"""Whom to remind of a service's entries: the contacts that it has given, or else whoever can be reached there."""

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

import phonenumbers
from sqlalchemy import delete, func, or_, select, union
from sqlalchemy.orm import Session

from directory.accounts.colleagues import staff_addresses
from directory.accounts.models import User
from directory.accounts.permissions import Role
from directory.accounts.service import EMAIL
from directory.audit.events import Event
from directory.audit.log import record
from directory.catalogue.models import Organisation, Service
from directory.common.actor import Actor
from directory.common.errors import FieldProblem, InvalidInputError, NotFoundError
from directory.common.text import squeeze, unusable_characters
from directory.messaging.models import Channel
from directory.messaging.outbox import MAXIMUM_ADDRESS, can_be_sent_to
from directory.upkeep.keepers import may_keep
from directory.upkeep.links import end_links
from directory.upkeep.models import FIRST, SECOND, ServiceContact

__all__ = [
    "DEFAULT_HOUR",
    "Channel",
    "Contact",
    "ContactInput",
    "Contacts",
    "commissioners",
    "contacts_of",
    "contacts_of_services",
    "save_contacts",
    "services_that_may_ask",
]

DEFAULT_HOUR = 9
"""The London hour at which those are reminded who have chosen none."""
_FIELDS = {FIRST: "first", SECOND: "second"}
# United Kingdom, a seven and nine more digits: what takes text messages.
_COUNTRY, _MOBILE = 44, re.compile(r"7[0-9]{9}")


@dataclass(frozen=True, slots=True)
class Contact:
    """Where somebody is reminded, and from which hour of the London day on."""

    channel: Channel
    address: str
    hour: int = DEFAULT_HOUR

    @property
    def identity(self) -> str:
        """The same for one person, however the address is written."""
        if self.channel is Channel.EMAIL:
            return f"{self.channel}:{self.address.strip().lower()}"
        digits = re.sub(r"[^0-9]", "", self.address)
        return f"{self.channel}:{digits.removeprefix('0044').removeprefix('44').removeprefix('0')}"


@dataclass(frozen=True, slots=True)
class ContactInput:
    """A contact as somebody has typed it."""

    channel: Channel
    address: str
    hour: int = DEFAULT_HOUR


@dataclass(frozen=True, slots=True)
class Contacts:
    """The contacts of a service. Where one was not given, the e-mail addresses that are used in its place."""

    first: Contact | None = None
    second: Contact | None = None
    fallback_first: list[str] = field(default_factory=list)
    fallback_second: list[str] = field(default_factory=list)

    @property
    def asked_first(self) -> tuple[Contact, ...]:
        """Whoever is asked with every reminder; nobody, where nobody can be reached."""
        return _those(self.first, self.fallback_first)

    @property
    def asked_second(self) -> tuple[Contact, ...]:
        """Whoever is asked too once the first keep silent; never one of those again."""
        first = {one.identity for one in self.asked_first}
        return tuple(one for one in _those(self.second, self.fallback_second) if one.identity not in first)

    def asks_first(self, person: Contact) -> bool:
        """Whether `person` is among those who are asked with every reminder."""
        return person.identity in {one.identity for one in self.asked_first}


def contacts_of(session: Session, service_id: str) -> Contacts:
    """The contacts of one service. Raises NotFoundError where there is no such service."""
    found = contacts_of_services(session, [service_id])
    if service_id not in found:
        raise NotFoundError("There is no such service.")
    return found[service_id]


def contacts_of_services(session: Session, service_ids: Collection[str]) -> dict[str, Contacts]:
    """The contacts of these services, by id; three statements, however many services.

    Without a first contact the service's address for referrals is used, else its staff's accounts; without a second
    one the organisation's address.
    """
    query = select(Service.id, Service.organisation_id, Service.referral_email, Organisation.email)
    rows = session.execute(
        query.join(Organisation, Organisation.id == Service.organisation_id).where(
            Service.id.in_(service_ids), Service.removed_at.is_(None)
        )
    ).all()
    given: dict[str, dict[int, Contact]] = defaultdict(dict)
    for one in session.scalars(select(ServiceContact).where(ServiceContact.service_id.in_(service_ids))):
        given[one.service_id][one.position] = Contact(one.channel, one.address, one.hour)
    staff = staff_addresses(session, {row.organisation_id for row in rows if not row.referral_email})
    return {
        row.id: Contacts(
            first=given[row.id].get(FIRST),
            second=given[row.id].get(SECOND),
            fallback_first=[row.referral_email] if row.referral_email else staff.get(row.organisation_id, []),
            fallback_second=[row.email] if row.email else [],
        )
        for row in rows
    }


def services_that_may_ask(session: Session, person: Contact) -> list[str]:
    """The ids of the services among whose contacts this address is, given or used in their place; one statement.

    Of these, `contacts_of_services` says whether it is asked.
    """
    given = select(ServiceContact.service_id).where(
        ServiceContact.channel == person.channel, func.lower(ServiceContact.address) == person.address.lower()
    )
    if person.channel is Channel.SMS:
        return list(session.scalars(given))
    email = person.address.lower()
    staff = select(User.organisation_id).where(User.email == email, User.role == Role.PROVIDER, User.active.is_(True))
    used = (
        select(Service.id)
        .join(Organisation, Organisation.id == Service.organisation_id)
        .where(
            or_(
                func.lower(Service.referral_email) == email,
                func.lower(Organisation.email) == email,
                Service.organisation_id.in_(staff),
            )
        )
    )
    return list(session.scalars(union(given, used)))


def save_contacts(
    session: Session,
    service_id: str,
    first: ContactInput | None,
    second: ContactInput | None,
    actor: Actor,
    now: datetime,
) -> bool:
    """Let these be the service's contacts (None: it has none), and whether that changes anything; the caller commits.

    Links that were sent before open nothing any more where something changes: they may be in the hands of somebody who
    has left. Raises InvalidInputError naming `first_channel`, `first_address`, `first_hour`, `second_channel` …;
    NotAllowedError for anybody but commissioners and the organisation's own staff; NotFoundError.
    """
    may_keep(session, service_id, actor)
    problems: list[FieldProblem] = []
    wanted = {FIRST: _read(first, FIRST, problems), SECOND: _read(second, SECOND, problems)}
    one, other = wanted[FIRST], wanted[SECOND]
    if one is not None and other is not None and one.identity == other.identity:
        problems.append(FieldProblem("second_address", "Give somebody else: the first contact has this address."))
    if problems:
        raise InvalidInputError(problems)
    kept = {
        row.position: Contact(row.channel, row.address, row.hour)
        for row in session.scalars(select(ServiceContact).where(ServiceContact.service_id == service_id))
    }
    if kept == {position: contact for position, contact in wanted.items() if contact is not None}:
        return False
    session.execute(delete(ServiceContact).where(ServiceContact.service_id == service_id))
    for position, contact in wanted.items():
        if contact is not None:
            session.add(
                ServiceContact(
                    service_id=service_id,
                    position=position,
                    channel=contact.channel,
                    address=contact.address,
                    hour=contact.hour,
                    updated_at=now,
                    updated_by=actor.reference,
                )
            )
    session.flush()
    end_links(session, service_id, actor, now)
    record(session, Event.CONTACTS_CHANGED, actor.reference, now, service=service_id)
    return True


def commissioners(session: Session) -> list[tuple[int, str]]:
    """The number and the address of every commissioner who has an active account."""
    query = select(User.id, User.email).where(User.role == Role.COMMISSIONER, User.active.is_(True))
    return [(row.id, row.email) for row in session.execute(query.order_by(User.id))]


def _those(given: Contact | None, fallback: list[str]) -> tuple[Contact, ...]:
    found = (given,) if given is not None else tuple(Contact(Channel.EMAIL, address) for address in fallback)
    return tuple(one for one in found if can_be_sent_to(one.channel, one.address))


def _read(typed: ContactInput | None, position: int, problems: list[FieldProblem]) -> Contact | None:
    """The contact that was typed, as it is kept; what is wrong with it is added to `problems`."""
    if typed is None:
        return None
    name = _FIELDS[position]
    if typed.channel not in set(Channel):
        problems.append(FieldProblem(f"{name}_channel", "Choose e-mail or text message.", tuple(Channel)))
        return None
    channel, address = Channel(typed.channel), squeeze(typed.address)
    if not 0 <= typed.hour <= 23:
        problems.append(FieldProblem(f"{name}_hour", "Choose an hour from 0 to 23.", ("0 to 23",)))
    kept = _mobile(address) if channel is Channel.SMS else _email(address)
    if kept is None:
        example = "07700 900123" if channel is Channel.SMS else "name@example.org"
        what = "a mobile number" if channel is Channel.SMS else "an e-mail address"
        problems.append(FieldProblem(f"{name}_address", f"Enter {what} like {example}.", (example,)))
        return None
    return Contact(channel, kept, typed.hour)


def _email(address: str) -> str | None:
    fits = len(address) <= MAXIMUM_ADDRESS and address.isascii() and not unusable_characters(address)
    fits = fits and EMAIL.fullmatch(address) is not None and can_be_sent_to(Channel.EMAIL, address)
    return address.lower() if fits else None


def _mobile(address: str) -> str | None:
    """As people here write it. Whether it is given out is not asked: Ofcom's numbers for drama are not."""
    try:
        number = phonenumbers.parse(address, "GB")
    except phonenumbers.NumberParseException:
        return None
    if number.country_code != _COUNTRY or number.extension or not _MOBILE.fullmatch(str(number.national_number)):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
