"""The telephone numbers of an area, to be carried along: what may lie in a pocket that somebody else empties.

Of a service there is what anybody may know: no number for professionals, no place, nobody's name.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from directory.catalogue.vocabulary import ServiceKind
from directory.publishing.cascade.areas import PoliceArea
from directory.publishing.cascade.issued import IssuedEdition, service_bodies
from directory.publishing.cascade.local import covers, is_round_the_clock


@dataclass(frozen=True, slots=True)
class Contact:
    """A service that can be phoned. `languages` are codes, `hours` OpenStreetMap `opening_hours` (empty: unknown)."""

    organisation: str
    service: str
    kind: ServiceKind
    languages: tuple[str, ...]
    hours: str
    phone: str
    round_the_clock: bool


@dataclass(frozen=True, slots=True)
class Contacts:
    """Those of an area, by name; and how many services there are besides that have no public number."""

    edition: IssuedEdition
    area: PoliceArea
    contacts: tuple[Contact, ...]
    without_phone: int


def read_contacts(session: Session, edition: IssuedEdition, area: PoliceArea) -> Contacts:
    """Whom people in this area can phone, as the edition has it."""
    bodies = [body for body in service_bodies(session, edition) if covers(body, area)]
    found = [
        Contact(
            organisation=body["organisation_name"],
            service=body["name"],
            kind=ServiceKind(body["kind"]),
            languages=tuple(body["languages"]),
            hours=body["hours"],
            phone=body["phone"],
            round_the_clock=is_round_the_clock(body["hours"]),
        )
        for body in bodies
        if body["phone"]
    ]
    found.sort(key=lambda one: (one.service.casefold(), one.organisation.casefold(), one.phone))
    return Contacts(edition, area, tuple(found), len(bodies) - len(found))
