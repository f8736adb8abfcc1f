"""Suggesting a correction: any signed-in person, any published listing, one field."""

import pytest
from sqlalchemy import func, select

from directory.common.actor import SYSTEM
from directory.common.errors import InvalidInputError, NotAllowedError, NotFoundError
from directory.editing.corrections import MOST_CORRECTIONS, listing_to_correct
from directory.editing.errors import ChangedMeanwhileError, NothingToProposeError, TooManyCorrectionsError
from directory.editing.fields import correctable_fields
from directory.editing.models import Proposal, ProposalSource, ProposalState
from directory.editing.proposals import proposal_for_author
from directory.editing.reviewing import read_review, reject
from tests import factories
from tests.editing.world import ORGANISATION, SERVICE, UNIT, World, actor_of


@pytest.mark.parametrize("role", ["officer", "advocate", "provider", "commissioner", "auditor", "administrator"])
def test_anybody_who_is_signed_in_suggests_one(world: World, role: str) -> None:
    somebody = actor_of(factories.user(world.session, role))

    made = world.correct("phone", "020 7946 0009", somebody, explanation="The old number is dead.")

    assert world.row(made.id).source is ProposalSource.CORRECTION
    assert world.says("phone") == "020 7946 0000"
    world.approve(made.id)
    assert world.says("phone") == "020 7946 0009"


def test_of_organisations_too(world: World) -> None:
    made = world.correct("charity_number", "1075678", kind=ORGANISATION, listing_id=world.organisation.id)

    world.approve(made.id)

    assert world.says("charity_number", ORGANISATION, world.organisation.id) == "1075678"


def test_units_are_not_everybodys_to_see(world: World) -> None:
    for actor in (world.officer, world.commissioner):
        with pytest.raises(NotFoundError):
            world.correct("name", "Room 2", actor, kind=UNIT, listing_id=world.unit.id)
    assert correctable_fields(world.session, UNIT) == []


@pytest.mark.parametrize("status", ["draft", "in_review", "suspended", "withdrawn"])
def test_nor_is_what_is_not_published(world: World, status: str) -> None:
    hidden = factories.service(world.session, world.organisation, status=status)
    orphan = factories.service(world.session, factories.organisation(world.session, status=status))

    for service in (hidden, orphan):
        with pytest.raises(NotFoundError):
            listing_to_correct(world.session, SERVICE, service.id, world.officer)
        with pytest.raises(NotFoundError):
            world.correct("phone", "020 7946 0009", listing_id=service.id)


@pytest.mark.parametrize(
    "column", ["status", "verified_on", "location_disclosure", "id", "organisation_id", "ringfence", "state"]
)
def test_what_is_not_for_everybody_is_not_corrected(world: World, column: str) -> None:
    with pytest.raises(NotAllowedError):
        world.correct(column, "published")


def test_without_an_account_nobody_suggests_anything(world: World) -> None:
    with pytest.raises(NotAllowedError):
        world.correct("phone", "020 7946 0009", SYSTEM)


def test_the_same_value_is_no_correction(world: World) -> None:
    with pytest.raises(NothingToProposeError):
        world.correct("phone", " 020 7946 0000 ")


def test_what_was_put_right_meanwhile_is_shown(world: World) -> None:
    world.approve(world.propose({"phone": "020 7946 0005"}).id)

    with pytest.raises(ChangedMeanwhileError) as error:
        world.correct("phone", "020 7946 0009", seen="020 7946 0000")
    assert error.value.conflicts[0].now_is == "020 7946 0005"
    with pytest.raises(NothingToProposeError):
        world.correct("phone", "020 7946 0005", seen="020 7946 0000")


def test_so_many_wait_and_no_more(world: World) -> None:
    services = [factories.service(world.session, world.organisation) for _ in range(MOST_CORRECTIONS + 1)]
    made = [world.correct("phone", "020 7946 0009", listing_id=one.id) for one in services[:-1]]

    with pytest.raises(TooManyCorrectionsError, match="Thank you"):
        world.correct("phone", "020 7946 0009", listing_id=services[-1].id)
    # Others may go on, and so may they when one has been answered.
    world.correct("phone", "020 7946 0009", world.advocate, listing_id=services[-1].id)
    reject(world.session, made[0].id, "It is right as it is.", world.commissioner, world.now)
    world.correct("hours", "Mo-Fr 09:00-17:00", listing_id=services[-1].id)


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("phone", "nobody knows"),
        ("description", ""),
        ("name", ""),
        # No street, postcode or ring-fence comes in on this way either (firewall, rules 3 and 6).
        ("postcode", "E8 3PN"),
        ("description", "Turn left at 12 Mare Street."),
        ("name", "NRPF house"),
    ],
)
def test_a_wrong_correction_is_refused_and_kept_nowhere(world: World, column: str, text: str) -> None:
    with pytest.raises(InvalidInputError) as error:
        world.correct(column, text)

    assert column in [problem.field for problem in error.value.problems]
    assert world.session.scalar(select(func.count(Proposal.id))) == 0


def test_an_officer_sees_only_their_own_wish_in_what_it_has_taken_in(world: World) -> None:
    world.propose({"phone": "020 7946 0005", "professional_phone": "020 7946 0006"})

    made = world.correct("phone", "020 7946 0009")

    [field] = proposal_for_author(world.session, made.id, world.officer).fields
    assert (field.column, field.wanted, field.others) == ("phone", "020 7946 0009", ())
    review = read_review(world.session, made.id, world.commissioner, world.now)
    assert [one.column for one in review.fields] == ["phone", "professional_phone"]
    assert world.row(made.id).state is ProposalState.PENDING
