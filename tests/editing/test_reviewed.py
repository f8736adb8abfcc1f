"""What a second pair of eyes found in editing: each of these went wrong once."""

import pytest
from sqlalchemy.orm import Session

from directory.capacity.files import RowEdit, edit_catalogue
from directory.catalogue.models import Service
from directory.catalogue.versions.models import ChangeKind, ListingKind
from directory.common.actor import Actor
from directory.common.errors import InvalidInputError, NotFoundError
from directory.common.paging import Paging
from directory.editing.overview import listings_of
from directory.editing.proposals import my_proposals, proposal_for_author, propose_new
from directory.editing.reviewing import read_review
from tests import factories
from tests.editing.world import SERVICE, UNIT, World, actor_of


def upload(world: World, kind: ListingKind, listing_id: str, **texts: str) -> None:
    report = edit_catalogue(
        world.session,
        [RowEdit(kind, listing_id, texts)],
        world.now,
        kind=ChangeKind.UPLOAD,
        made_by=world.commissioner.reference,
    )
    assert not report.refused, report.errors


def another(session: Session) -> tuple[Service, Actor]:
    """A refuge of another organisation, and somebody of its staff."""
    service = factories.service(session, location_disclosure="secret")
    return service, actor_of(factories.user(session, "provider", organisation_id=service.organisation_id))


def read(world: World, proposal_id: int, actor: Actor) -> set[str]:
    found = proposal_for_author(world.session, proposal_id, actor)
    assert found.line.id in {line.id for line in my_proposals(world.session, actor, Paging(1, 20)).lines}
    return {field.column for field in found.fields}


@pytest.mark.parametrize("kind", [SERVICE, UNIT])
def test_a_listing_that_was_given_to_another_organisation_is_for_its_eyes(world: World, kind: ListingKind) -> None:
    service, theirs = another(world.session)
    listing_id = world.unit.id if kind is UNIT else world.service.id
    wanted = {"active_until": "2027-04-01"} if kind is UNIT else {"verified_on": "2026-11-20"}
    made = world.propose(wanted, world.commissioner, kind=kind, listing_id=listing_id)
    assert read(world, made.id, world.provider) == set(wanted)

    if kind is UNIT:
        upload(world, kind, listing_id, service_id=service.id)
    else:
        upload(world, kind, listing_id, organisation_id=service.organisation_id)

    with pytest.raises(NotFoundError):
        proposal_for_author(world.session, made.id, world.provider)
    assert my_proposals(world.session, world.provider, Paging(1, 20)).total == 0
    assert read(world, made.id, theirs) == set(wanted)
    assert sum(listings_of(world.session, world.provider.organisation_id).pending.values()) == 0
    assert listings_of(world.session, theirs.organisation_id).pending == {(kind, listing_id): 1}


def test_who_proposed_sees_nothing_of_it_once_it_is_not_theirs(world: World) -> None:
    service, _theirs = another(world.session)
    made = world.propose({"bedspaces": "3"}, kind=UNIT, listing_id=world.unit.id)
    was = proposal_for_author(world.session, made.id, world.provider).fields[0].was
    upload(world, UNIT, world.unit.id, service_id=service.id, bedspaces="9", max_children="8")

    (field,) = proposal_for_author(world.session, made.id, world.provider).fields

    assert (field.was, field.now_is, field.changed_since) == (was, was, False)
    assert read_review(world.session, made.id, world.commissioner, world.now).fields[0].now_is == "9"


def test_a_suggestion_tells_nothing_of_a_listing_that_is_hidden_by_now(world: World) -> None:
    made = world.correct("description", "A house with two gardens.")
    upload(world, SERVICE, world.service.id, status="suspended")
    upload(world, SERVICE, world.service.id, description="Not for everybody to read yet.")

    (field,) = proposal_for_author(world.session, made.id, world.officer).fields

    assert field.now_is == field.was
    assert read_review(world.session, made.id, world.commissioner, world.now).fields[0].changed_since


def test_a_new_listing_tells_nothing_of_another_that_took_its_id(world: World) -> None:
    service, _theirs = another(world.session)
    made = propose_new(
        world.session,
        UNIT,
        owner_id=world.service.id,
        wanted={"name": "Room 2", "bedspaces": "2", "max_adults": "1", "max_children": "1"},
        explanation="",
        actor=world.provider,
        now=world.now,
    )
    others = {"service_id": service.id, "name": "Room 77", "bedspaces": "7", "max_adults": "2", "max_children": "5"}
    upload(world, UNIT, made.listing_id, **others, ringfence="nrpf", state="open")

    fields = proposal_for_author(world.session, made.id, world.provider).fields

    assert {field.now_is for field in fields} == {""}


# What no database can be asked for: PostgreSQL keeps no zero byte, and no database half a character.
@pytest.mark.parametrize("bad", ["a\x00b", "\ud800"])
@pytest.mark.parametrize(("kind", "column"), [(SERVICE, "organisation_id"), (UNIT, "service_id"), (SERVICE, "id")])
def test_an_id_that_cannot_be_asked_for_is_a_wrong_cell(world: World, bad: str, kind: ListingKind, column: str) -> None:
    own = {SERVICE: world.service.id, UNIT: world.unit.id}
    edit = RowEdit(kind, bad, {}) if column == "id" else RowEdit(kind, own[kind], {column: bad})

    report = edit_catalogue(world.session, [edit], world.now, kind=ChangeKind.UPLOAD, made_by="user-1")

    assert column in {error.column for error in report.errors}


@pytest.mark.parametrize("bad", ["a\x00b", "\ud800"])
def test_an_owner_that_cannot_be_asked_for_is_none(world: World, bad: str) -> None:
    wanted = {"name": "Room 2", "bedspaces": "2", "max_adults": "1", "max_children": "1"}
    for kind in (SERVICE, UNIT):
        with pytest.raises(InvalidInputError) as caught:
            propose_new(
                world.session,
                kind,
                owner_id=bad,
                wanted=wanted if kind is UNIT else {"name": "Advice"},
                explanation="",
                actor=world.commissioner,
                now=world.now,
            )
        assert "owner_id" in {problem.field for problem in caught.value.problems}
