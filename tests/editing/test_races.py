"""Two who edit one listing at the same moment: one of them is first, and nothing is lost or done twice."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from directory.capacity.current import differences_from_history
from directory.catalogue.versions.models import CatalogueChange, ChangeKind
from directory.common.actor import Actor
from directory.common.errors import DomainError
from directory.editing.corrections import MOST_CORRECTIONS
from directory.editing.models import Proposal, ProposalState
from directory.editing.proposals import withdraw
from directory.extensions import Database, begin_writing
from tests import factories
from tests.editing.world import World, make_world

ROUNDS = 4
Act = Callable[[World], object]


@pytest.fixture
def shared(database: Database, now: datetime) -> Iterator[World]:
    """A world that several threads act in."""
    with database.new_session() as session:
        yield make_world(session, now)


def at_once(database: Database, world: World, *acts: Act) -> list[str]:
    """Do it all at the same moment, each as a request does; what came of each: `done`, or the error's name."""
    world.session.rollback()
    barrier, came = Barrier(len(acts)), [""] * len(acts)
    listings = (world.organisation, world.service, world.unit)
    for listing in listings:
        world.session.refresh(listing)
        world.session.expunge(listing)
    world.session.rollback()

    def request(number: int, act: Act) -> None:
        with database.new_session() as session:
            barrier.wait()
            try:
                begin_writing(session)
                act(replace(world, session=session))
                session.commit()
                came[number] = "done"
            except DomainError as error:
                session.rollback()
                came[number] = type(error).__name__

    threads = [Thread(target=request, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for listing in listings:
        world.session.add(listing)
    return came


def waiting(world: World) -> list[Proposal]:
    query = select(Proposal).where(Proposal.state == ProposalState.PENDING).order_by(Proposal.id)
    return list(world.session.scalars(query))


def wishes_phone(actor_name: str, number: int) -> Act:
    def act(world: World) -> object:
        actor: Actor = getattr(world, actor_name)
        return world.propose({"phone": f"020 7946 0{number:03}"}, actor)

    return act


def test_of_two_proposals_for_one_field_one_takes_the_other_in(shared: World, database: Database) -> None:
    for number in range(ROUNDS):
        acts = (wishes_phone("provider", 100 + number), wishes_phone("colleague", 200 + number))
        assert at_once(database, shared, *acts) == ["done", "done"]

        assert len(waiting(shared)) == 1
        shared.session.rollback()


def test_a_proposal_is_approved_once(shared: World, database: Database) -> None:
    for number in range(ROUNDS):
        made = shared.propose({"phone": f"020 7946 0{number:03}", "min_age": str(number + 10)})
        shared.session.commit()

        def approve(world: World, proposal_id: int = made.id) -> object:
            return world.approve(proposal_id)

        came = at_once(database, shared, approve, approve)

        assert sorted(came) == ["RefusedError", "done"]
        changes = shared.session.scalar(
            select(func.count(CatalogueChange.id)).where(CatalogueChange.kind == ChangeKind.PROPOSAL)
        )
        assert changes == number + 1
    assert differences_from_history(shared.session) == []


def test_approving_and_proposing_the_same_field_lose_nothing(shared: World, database: Database) -> None:
    """Either the newer one takes the older one in, or the older one is approved and the newer one waits or is told."""
    for number in range(ROUNDS):
        made = shared.propose({"phone": f"020 7946 0{number + 100}"}, shared.colleague)
        shared.session.commit()

        came = at_once(
            database, shared, lambda world, one=made.id: world.approve(one), wishes_phone("provider", 200 + number)
        )

        state, left = shared.row(made.id).state, waiting(shared)
        if came == ["RefusedError", "done"]:
            assert (state, len(left)) == (ProposalState.FOLDED, 1)
        else:
            assert came[0] == "done"
            assert came[1] in ("done", "ChangedMeanwhileError")
            assert (state, len(left)) == (ProposalState.APPROVED, 1 if came[1] == "done" else 0)
        for one in left:
            withdraw(shared.session, one.id, shared.provider, shared.now)
        shared.session.commit()


def test_taking_back_and_approving_at_once_do_one_of_the_two(shared: World, database: Database) -> None:
    for number in range(ROUNDS):
        made = shared.propose({"phone": f"020 7946 0{number + 300}"})
        shared.session.commit()

        came = at_once(
            database,
            shared,
            lambda world, one=made.id: world.approve(one),
            lambda world, one=made.id: withdraw(world.session, one, world.provider, world.now),
        )

        assert sorted(came) == ["RefusedError", "done"]
        shared.session.rollback()


def test_two_corrections_at_once_are_not_one_too_many(shared: World, database: Database) -> None:
    services = [factories.service(shared.session, shared.organisation) for _ in range(MOST_CORRECTIONS + 1)]
    ids = [service.id for service in services]
    shared.session.commit()
    for service_id in ids[: MOST_CORRECTIONS - 1]:
        shared.correct("phone", "020 7946 0009", listing_id=service_id)
    shared.session.commit()

    came = at_once(
        database,
        shared,
        *(
            lambda world, one=service_id: world.correct("phone", "020 7946 0009", listing_id=one)
            for service_id in ids[MOST_CORRECTIONS - 1 :]
        ),
    )

    assert sorted(came) == ["TooManyCorrectionsError", "done"]
