"""What an edition holds, by kind, for whoever writes it out in a format."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from directory.publishing.editions.reading import entries
from directory.publishing.editions.vocabulary import EntryKind
from directory.publishing.formats.words import Body


@dataclass(frozen=True, slots=True)
class Held:
    """The bodies of an edition's entries, by id."""

    organisations: Sequence[Body]
    services: Sequence[Body]
    programmes: Sequence[Body]
    performance: Sequence[Body]


def read_held(session: Session, edition_id: int) -> Held:
    """Everything that an edition holds; four statements."""
    return Held(
        organisations=held_organisations(session, edition_id),
        services=held_services(session, edition_id),
        programmes=_bodies(session, edition_id, EntryKind.PROGRAMME),
        performance=held_performance(session, edition_id),
    )


def held_organisations(session: Session, edition_id: int) -> list[Body]:
    """The organisations of an edition, by id."""
    return _bodies(session, edition_id, EntryKind.ORGANISATION)


def held_services(session: Session, edition_id: int) -> list[Body]:
    """The services of an edition, by id."""
    return _bodies(session, edition_id, EntryKind.SERVICE)


def held_performance(session: Session, edition_id: int) -> list[Body]:
    """The figures of an edition, by the id of their service."""
    return _bodies(session, edition_id, EntryKind.PERFORMANCE)


def _bodies(session: Session, edition_id: int, kind: EntryKind) -> list[Body]:
    return [entry.body for entry in entries(session, edition_id, kind)]
