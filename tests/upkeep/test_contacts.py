"""Whom a service's reminders reach: its contacts, or whoever can be reached in their place."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from directory.common.actor import SYSTEM
from directory.common.errors import InvalidInputError, NotAllowedError, NotFoundError
from directory.messaging.models import Channel
from directory.upkeep.contacts import Contact, ContactInput, contacts_of, contacts_of_services, save_contacts
from directory.upkeep.links import LinkState, make_link, open_link
from tests import factories
from tests.support.databases import count_statements
from tests.upkeep.keeping import FIRST, SECOND, actor, audited, refuge

MOBILE = "07700 900123"


def text_to(address: str, hour: int = 9) -> ContactInput:
    return ContactInput(Channel.SMS, address, hour)


def email_to(address: str, hour: int = 9) -> ContactInput:
    return ContactInput(Channel.EMAIL, address, hour)


def asked(session: Session, service_id: str) -> tuple[list[str], list[str]]:
    found = contacts_of(session, service_id)
    return [one.address for one in found.asked_first], [one.address for one in found.asked_second]


def test_without_contacts_the_listings_addresses_are_used(session: Session) -> None:
    service = refuge(session)

    assert asked(session, service.id) == ([FIRST], [SECOND])


def test_without_an_address_for_referrals_the_staff_is_asked(session: Session) -> None:
    organisation = factories.organisation(session, email="office@example.org")
    service = refuge(session, organisation=organisation, referral_email="")
    for number in (1, 2):
        factories.user(session, "provider", organisation_id=organisation.id, email=f"worker{number}@example.org")
    factories.user(session, "provider", organisation_id=organisation.id, email="left@example.org", active=False)

    assert asked(session, service.id) == (["worker1@example.org", "worker2@example.org"], ["office@example.org"])


def test_nobody_is_the_second_contact_of_herself(session: Session) -> None:
    service = refuge(session, second=FIRST.upper())

    assert asked(session, service.id) == ([FIRST], [])


def test_an_address_that_no_message_can_go_to_is_nobodys(session: Session) -> None:
    service = refuge(session, referral_email="no address at all")

    assert asked(session, service.id) == ([], [SECOND])


def test_given_contacts_come_first_and_are_kept_as_people_write_them(session: Session, now: datetime) -> None:
    service = refuge(session)

    assert save_contacts(
        session, service.id, text_to("+44 7700 900123", 7), email_to(" Night@Example.org "), SYSTEM, now
    )
    session.commit()

    found = contacts_of(session, service.id)
    assert (found.first, found.second) == (
        Contact(Channel.SMS, MOBILE, 7),
        Contact(Channel.EMAIL, "night@example.org", 9),
    )
    assert (found.fallback_first, found.fallback_second) == ([FIRST], [SECOND])
    assert audited(session) == [("contacts_changed", "system", f'{{"service":"{service.id}"}}')]
    assert not save_contacts(session, service.id, text_to(MOBILE, 7), email_to("night@example.org"), SYSTEM, now)

    assert save_contacts(session, service.id, None, None, SYSTEM, now)
    assert contacts_of(session, service.id).first is None


@pytest.mark.parametrize(
    ("first", "second", "fields"),
    [
        (email_to("nobody"), None, ["first_address"]),
        (text_to("020 7946 0123"), None, ["first_address"]),
        (text_to("07700 900123 ext 4"), None, ["first_address"]),
        (text_to("07700"), email_to("a@b"), ["first_address", "second_address"]),
        (email_to("a@example.org", 24), None, ["first_hour"]),
        (email_to("a@example.org"), email_to("A@example.org"), ["second_address"]),
        (text_to(MOBILE), text_to("+447700900123"), ["second_address"]),
        (email_to("a@example.org\nBcc: b@example.org"), None, ["first_address"]),
        (email_to("é@example.org"), None, ["first_address"]),
    ],
)
def test_what_is_wrong_is_said_of_each_field(
    session: Session, now: datetime, first: ContactInput, second: ContactInput | None, fields: list[str]
) -> None:
    service = refuge(session)

    with pytest.raises(InvalidInputError) as refused:
        save_contacts(session, service.id, first, second, SYSTEM, now)

    assert [problem.field for problem in refused.value.problems] == fields


def test_a_service_keeps_its_own_and_a_commissioner_everybodys(session: Session, now: datetime) -> None:
    service = refuge(session)
    own = factories.user(session, "provider", organisation_id=service.organisation_id)
    others = [factories.user(session, role) for role in ("provider", "officer", "administrator", "auditor")]

    for somebody in others:
        with pytest.raises(NotAllowedError):
            save_contacts(session, service.id, email_to("a@example.org"), None, actor(somebody), now)
    for somebody in (own, factories.user(session, "commissioner")):
        assert save_contacts(session, service.id, email_to(f"{somebody.id}@example.org"), None, actor(somebody), now)
    with pytest.raises(NotFoundError):
        save_contacts(session, "no-such-service", None, None, SYSTEM, now)


def test_changed_contacts_end_the_links_that_are_out(session: Session, now: datetime) -> None:
    service, other = refuge(session), refuge(session)
    token, others = make_link(session, [service.id], now), make_link(session, [other.id], now)

    save_contacts(session, service.id, email_to("new@example.org"), None, SYSTEM, now)

    assert open_link(session, token, now).state is LinkState.REVOKED
    assert open_link(session, others, now).state is LinkState.USABLE


def test_many_services_take_no_more_statements_than_one(session: Session) -> None:
    services = [refuge(session, referral_email="") for _ in range(4)]
    with count_statements(session.get_bind().engine) as statements:
        contacts_of_services(session, [one.id for one in services])

    assert len(statements) == 3
