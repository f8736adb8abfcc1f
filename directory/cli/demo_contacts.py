"""The demonstration's contacts for reminders: fictional, with numbers that Ofcom keeps for drama."""

import csv
from datetime import datetime

from sqlalchemy.orm import Session

from directory.common.actor import SYSTEM
from directory.paths import SEED_DATA
from directory.upkeep.contacts import Channel, ContactInput, contacts_of_services, save_contacts

# Night shifts hand over at seven or eight; those without one begin at nine or ten.
HOURS = (8, 9, 7, 10)
# Every third house has a mobile in the office that whoever is on duty carries.
EVERY_MOBILE = 3


def ensure_contacts(session: Session, now: datetime) -> int:
    """Give the demonstration's refuges a first and a second contact where they have none; returns how many.

    What somebody has changed stays. The caller commits.
    """
    with (SEED_DATA / "demo" / "services.csv").open(encoding="utf-8", newline="") as file:
        refuges = {row["id"]: row["referral_email"] for row in csv.DictReader(file) if row["kind"] == "refuge"}
    known = contacts_of_services(session, list(refuges))
    given = 0
    for number, (service_id, email) in enumerate(sorted(refuges.items())):
        found = known.get(service_id)
        if found is None or found.first is not None or found.second is not None:
            continue
        domain = email.partition("@")[2]
        hour = HOURS[number % len(HOURS)]
        duty = ContactInput(Channel.EMAIL, f"duty@{domain}", hour)
        if number % EVERY_MOBILE == 0:
            duty = ContactInput(Channel.SMS, f"07700 900{100 + number}", hour)
        save_contacts(session, service_id, duty, ContactInput(Channel.EMAIL, f"manager@{domain}", 12), SYSTEM, now)
        given += 1
    return given
