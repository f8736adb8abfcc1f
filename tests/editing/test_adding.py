"""Proposing new listings: drafts with ids of their own, units closed, and what looks like them already."""

import pytest
from sqlalchemy import func, select

from directory.capacity.files import RowEdit, edit_catalogue
from directory.capacity.models import RingFence, Unit, UnitState
from directory.catalogue.models import Service
from directory.catalogue.versions.models import ChangeKind, ListingKind
from directory.catalogue.vocabulary import ListingStatus
from directory.common.errors import InvalidInputError, NotAllowedError, NotFoundError
from directory.editing.errors import NothingToProposeError
from directory.editing.facts import Proposed
from directory.editing.models import Proposal, ProposalState
from directory.editing.naming import free_id, slug_of
from directory.editing.proposals import propose_new, withdraw
from directory.editing.reviewing import approve, read_review, return_for_changes
from tests import factories
from tests.editing.world import ORGANISATION, SERVICE, UNIT, World

ADVICE = {"name": "Rowan advice line", "kind": "helpline", "needs": "domestic-abuse", "location_disclosure": "borough"}
ROOM = {"name": "Room 2", "bedspaces": "2", "max_adults": "1", "max_children": "1"}


def add(world: World, kind: ListingKind, wanted: dict[str, str], **overrides: object) -> Proposed:
    values = {"owner_id": None, "explanation": "", "actor": world.provider, "now": world.now} | overrides
    return propose_new(world.session, kind, wanted=wanted, **values)  # type: ignore[arg-type]


def test_a_new_service_is_a_draft_of_its_own_organisation(world: World) -> None:
    made = add(world, SERVICE, ADVICE, owner_id="somebody-elses")

    assert world.session.get(Service, "rowan-advice-line") is None
    world.approve(made.id)

    service = world.session.get_one(Service, "rowan-advice-line")
    assert (service.status, service.organisation_id) == (ListingStatus.DRAFT, world.organisation.id)


def test_a_new_unit_is_closed_and_has_no_ring_fence(world: World) -> None:
    made = add(world, UNIT, ROOM, owner_id=world.service.id)

    world.approve(made.id)

    unit = world.session.get_one(Unit, made.listing_id)
    assert (unit.state, unit.ringfence, unit.service_id) == (UnitState.CLOSED, RingFence.NONE, world.service.id)
    assert made.listing_id == f"{world.service.id}-room-2"


def test_a_commissioner_says_what_a_new_unit_is_funded_for(world: World) -> None:
    made = add(world, UNIT, ROOM | {"ringfence": "nrpf"}, owner_id=world.service.id, actor=world.commissioner)

    world.approve(made.id)

    assert world.session.get_one(Unit, made.listing_id).ringfence is RingFence.NRPF
    with pytest.raises(NotAllowedError):
        add(world, UNIT, ROOM | {"ringfence": "nrpf"}, owner_id=world.service.id)


def test_commissioners_add_organisations_and_may_choose_the_id(world: World) -> None:
    wanted = {"name": "Alder Trust", "by_and_for": "yes"}
    with pytest.raises(NotAllowedError):
        add(world, ORGANISATION, wanted)

    made = add(world, ORGANISATION, wanted, actor=world.commissioner, listing_id="alder")

    world.approve(made.id)
    assert world.says("status", ORGANISATION, "alder") == "draft"


def test_a_provider_adds_units_to_its_own_services_only(world: World) -> None:
    other = factories.service(world.session)

    with pytest.raises(NotFoundError):
        add(world, UNIT, ROOM, owner_id=other.id)
    with pytest.raises(InvalidInputError) as error:
        add(world, UNIT, ROOM, owner_id="no-such-service")
    assert [problem.field for problem in error.value.problems] == ["owner_id"]


@pytest.mark.parametrize(
    ("wanted", "owner", "fields"),
    [
        ({"name": "Rowan advice line"}, "", ["kind", "needs", "location_disclosure"]),
        (ADVICE | {"needs": "no-such-need"}, "", ["needs"]),
        (ADVICE, "no-such-organisation", ["owner_id"]),
        (ADVICE, None, ["owner_id"]),
    ],
)
def test_what_a_new_service_lacks_is_named(
    world: World, wanted: dict[str, str], owner: str | None, fields: list[str]
) -> None:
    owner = world.organisation.id if owner == "" else owner
    with pytest.raises(InvalidInputError) as error:
        add(world, SERVICE, wanted, owner_id=owner, actor=world.commissioner)

    assert [problem.field for problem in error.value.problems] == fields
    assert world.session.scalar(select(func.count(Proposal.id))) == 0


def test_nothing_is_nothing(world: World) -> None:
    with pytest.raises(NothingToProposeError):
        add(world, SERVICE, {"name": " "})


@pytest.mark.parametrize("listing_id", ["Alder Trust", "alder--trust", "x" * 81])
def test_a_wrong_id_is_named(world: World, listing_id: str) -> None:
    with pytest.raises(InvalidInputError) as error:
        add(
            world,
            ORGANISATION,
            {"name": "Alder", "by_and_for": "yes"},
            actor=world.commissioner,
            listing_id=listing_id,
        )

    assert {problem.field for problem in error.value.problems} == {"listing_id"}


def test_an_id_that_somebody_has_is_not_given_again(world: World) -> None:
    wanted = {"name": "Alder", "by_and_for": "yes"}
    with pytest.raises(InvalidInputError) as error:
        add(world, ORGANISATION, wanted, actor=world.commissioner, listing_id=world.organisation.id)

    assert [problem.field for problem in error.value.problems] == ["listing_id"]


def test_ids_are_made_of_names_and_are_nobody_elses(world: World) -> None:
    assert slug_of("  Frauen für  Frauen’s Haus (E8) ") == "frauen-fur-frauens-haus-e8"
    assert slug_of("x" * 100) == "x" * 60
    first = add(world, SERVICE, ADVICE)
    second = add(world, SERVICE, ADVICE)
    assert [first.listing_id, second.listing_id] == ["rowan-advice-line", "rowan-advice-line-2"]
    # What is there no more keeps its id: its history goes on under it.
    world.approve(first.id)
    gone = [RowEdit(SERVICE, first.listing_id, {}, removed=True)]
    edit_catalogue(world.session, gone, world.now, kind=ChangeKind.IMPORT, made_by="system")
    assert free_id(world.session, SERVICE, "Rowan advice line") == "rowan-advice-line-3"
    assert free_id(world.session, SERVICE, "支援") == "service"


def test_an_id_that_was_taken_meanwhile_stands_in_the_way_until_it_is_proposed_again(world: World) -> None:
    made = add(world, SERVICE, ADVICE)
    texts = ADVICE | {"organisation_id": world.organisation.id, "status": "draft", "phone": "020 7946 0003"}
    edit_catalogue(
        world.session,
        [RowEdit(SERVICE, made.listing_id, texts)],
        world.now,
        kind=ChangeKind.IMPORT,
        made_by="system",
    )

    assert (
        "added one with this id"
        in read_review(world.session, made.id, world.commissioner, world.now).problems[0].message
    )
    with pytest.raises(InvalidInputError):
        approve(world.session, made.id, 0, world.commissioner, world.now)
    assert world.says("phone", SERVICE, made.listing_id) == "020 7946 0003"
    return_for_changes(world.session, made.id, "Is it not there already?", world.commissioner, world.now)
    again = add(world, SERVICE, ADVICE, replaces=made.id)
    assert again.listing_id == f"{made.listing_id}-2"
    world.approve(again.id)


def test_a_new_listing_is_changed_by_proposing_again_under_the_same_id(world: World) -> None:
    made = add(world, SERVICE, ADVICE | {"phone": "020 7946 0003"})

    again = add(world, SERVICE, ADVICE | {"name": "Rowan helpline"}, replaces=made.id)

    assert again.listing_id == made.listing_id
    assert world.row(made.id).state is ProposalState.FOLDED
    world.approve(again.id)
    assert (world.says("name", SERVICE, made.listing_id), world.says("phone", SERVICE, made.listing_id)) == (
        "Rowan helpline",
        "",
    )


def test_taking_it_back_frees_the_id(world: World) -> None:
    made = add(world, SERVICE, ADVICE)
    withdraw(world.session, made.id, world.provider, world.now)

    assert add(world, SERVICE, ADVICE).listing_id == made.listing_id


def test_a_reviewer_is_shown_what_it_may_be_the_same_as(world: World) -> None:
    made = add(
        world,
        ORGANISATION,
        {"name": "The Rowan Collective Ltd", "by_and_for": "yes", "phone": "+44 20 7946 0001"},
        actor=world.commissioner,
    )

    review = read_review(world.session, made.id, world.commissioner, world.now)

    [duplicate] = review.duplicates
    assert (duplicate.id, duplicate.because) == (
        world.organisation.id,
        ("the same phone number", "a very similar name"),
    )
    assert (review.number, review.line.is_new, review.line.listing_name) == (0, True, "The Rowan Collective Ltd")
