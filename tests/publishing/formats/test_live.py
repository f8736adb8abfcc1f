"""The catalogue of this moment, by pages: the same facts as an edition's, and never many statements."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from directory.catalogue.vocabulary import ListingStatus, LocationDisclosure, ServiceKind
from directory.common.errors import NotFoundError
from directory.common.paging import Paging
from directory.publishing.editions.content import build_entries
from directory.publishing.editions.vocabulary import EntryKind
from directory.publishing.formats.identifiers import uuid_of
from directory.publishing.formats.live import (
    ServiceQuestion,
    list_organisations,
    list_services,
    organisations,
    service_by_uuid,
)
from directory.publishing.formats.terms import Taxonomy, read_terms
from tests import factories
from tests.publishing.editions.world import moment_at

ALL = ServiceQuestion()


def ids(found: tuple[int, list[object]]) -> list[str]:
    return [body["id"] for body in found[1]]  # type: ignore[index]


def test_bodies_are_those_of_an_edition(session: Session, now: datetime) -> None:
    """Two places write the same body: here they are held to one another. Units alone stand in editions only."""
    owner = factories.organisation(session, ["latin-american", "deaf"], by_and_for=True, email="a@example.org")
    factories.service(
        session,
        owner,
        needs=("forced-marriage", "domestic-abuse"),
        languages=("pt", "es"),
        genders=("woman", "man"),
        areas=("london", factories.HACKNEY),
        verified_on=date(2026, 11, 1),
        location_disclosure=LocationDisclosure.PUBLIC,
        postcode="E8 3PN",
        latitude=51.5,
        longitude=-0.05,
        professional_phone="020 7946 0777",
    )
    factories.service(session, owner, accepts_nrpf=None, borough_code=None, kind=ServiceKind.HELPLINE)
    entries = build_entries(session, moment_at(now))
    held = {entry.id: dict(entry.body) for entry in entries if entry.kind is EntryKind.SERVICE}
    for body in held.values():
        del body["units"], body["bedspaces"]

    _, live = list_services(session, ALL, Paging())
    _, owners = list_organisations(session, Paging())

    assert {body["id"]: body for body in live} == held
    assert list(owners) == [entry.body for entry in entries if entry.kind is EntryKind.ORGANISATION]
    assert organisations(session, [owner.id]) == {owner.id: owners[0]}


def test_only_what_is_published_is_listed(session: Session) -> None:
    shown = factories.service(session, name="A")
    factories.service(session, status=ListingStatus.DRAFT)
    factories.service(session, factories.organisation(session, status=ListingStatus.SUSPENDED))
    gone = factories.service(session, status=ListingStatus.WITHDRAWN, removed_at=datetime(2026, 11, 1, tzinfo=UTC))

    assert ids(list_services(session, ALL, Paging())) == [shown.id]
    with pytest.raises(NotFoundError):
        service_by_uuid(session, uuid_of("service", gone.id))
    assert service_by_uuid(session, uuid_of("service", shown.id).upper())["id"] == shown.id


def test_every_condition_has_to_hold(session: Session) -> None:
    narrow = factories.service(session, name="100% Casa", needs=("coercive-control",), min_age=18, max_age=25)
    factories.service(session, name="100 Other", needs=("forced-marriage",), communities=("deaf",), min_age=16)
    terms = read_terms(session)
    domestic = (Taxonomy.NEEDS, terms.with_narrower(Taxonomy.NEEDS, "domestic-abuse"))

    for question in (
        ServiceQuestion(text="100% c"),
        ServiceQuestion(organisation_id=narrow.organisation_id),
        ServiceQuestion(term=domestic),
        ServiceQuestion(youngest_at_least=18),
        ServiceQuestion(oldest_at_most=30),
    ):
        assert ids(list_services(session, question, Paging())) == [narrow.id], question
    assert list_services(session, ServiceQuestion(taxonomy=Taxonomy.COMMUNITIES), Paging())[0] == 1
    assert list_services(session, ServiceQuestion(term=(Taxonomy.NEEDS, frozenset())), Paging()) == (0, [])
    assert list_services(session, ServiceQuestion(text="100%", youngest_at_least=30), Paging())[0] == 0


def test_pages_are_cut_by_the_database_with_as_many_statements_as_ever(session: Session) -> None:
    owner = factories.organisation(session)
    for number in range(7):
        factories.service(session, owner, name=f"Service {number}", languages=("en", "fr"))
    statements: list[str] = []
    event.listen(session.connection(), "before_cursor_execute", lambda *args: statements.append(args[2]))

    pages = [ids(list_services(session, ALL, Paging(page, 3))) for page in (1, 2, 3, 4)]
    counted = len(statements)
    list_services(session, ALL, Paging(1, 7))

    assert [len(page) for page in pages] == [3, 3, 1, 0]
    assert len({one for page in pages for one in page}) == 7
    # The empty page needs fewer; a page of seven needs no more than one of three.
    assert len(statements) - counted == 8
    assert counted <= 3 * 8 + 2
