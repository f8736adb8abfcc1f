"""The demonstration's refuges have contacts, so that its reminders have somewhere to go. All of them are fictional."""

import csv
import re
from datetime import datetime

from sqlalchemy.orm import Session

from directory.catalogue.models import Organisation, Service
from directory.cli.demo_contacts import ensure_contacts
from directory.common.actor import SYSTEM
from directory.paths import SEED_DATA
from directory.upkeep.contacts import Channel, ContactInput, contacts_of, save_contacts
from tests import factories

# Ofcom's mobile numbers for drama, and the domains that nobody can register.
FICTIONAL = {
    Channel.SMS: re.compile(r"07700 900[0-9]{3}"),
    Channel.EMAIL: re.compile(r"[a-z]+@[a-z.-]*example\.(org|com)"),
}


def demo_refuges(session: Session) -> list[Service]:
    with (SEED_DATA / "demo" / "services.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == "refuge"]
    for organisation_id in {row["organisation_id"] for row in rows}:
        factories.organisation(session, id=organisation_id)
    return [
        factories.service(session, session.get_one(Organisation, row["organisation_id"]), id=row["id"]) for row in rows
    ]


def test_each_refuge_gets_two_fictional_contacts_at_different_hours(session: Session, now: datetime) -> None:
    refuges = demo_refuges(session)

    assert ensure_contacts(session, now) == len(refuges) > 20

    given = [contacts_of(session, one.id) for one in refuges]
    people = [person for one in given for person in (one.first, one.second)]
    assert all(person is not None and FICTIONAL[person.channel].fullmatch(person.address) for person in people)
    assert len({one.first.hour for one in given if one.first}) > 2
    assert {one.first.channel for one in given if one.first} == set(Channel)


def test_what_somebody_has_changed_stays(session: Session, now: datetime) -> None:
    first, *_ = demo_refuges(session)
    own = ContactInput(Channel.EMAIL, "own@example.org", 6)
    save_contacts(session, first.id, own, None, SYSTEM, now)

    ensure_contacts(session, now)

    kept = contacts_of(session, first.id)
    assert (kept.first.address if kept.first else "", kept.second) == ("own@example.org", None)
    assert ensure_contacts(session, now) == 0
