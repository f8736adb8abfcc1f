"""What a reviewer found, each with what shows it: whom she has agreed to, what is kept for whom, stores that fail."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from directory.capacity.holds.making import hold_unit
from directory.capacity.holds.models import Hold
from directory.common.errors import InvalidInputError
from directory.referrals.keystore import Keystore
from directory.referrals.models import SealedContact
from directory.referrals.routing import NobodyToAskError
from directory.referrals.service import Option, reachable
from directory.referrals.vocabulary import ReferralState, StepState
from tests import factories
from tests.referrals.test_routing import TERMS, messages, taken
from tests.referrals.world import World

S = ReferralState


def test_a_service_that_she_has_not_agreed_to_is_not_asked_in_place_of_the_first(world: World) -> None:
    first, second = world.place(), world.place()
    reference = world.draft(first, second, covers_plan=False)
    taken(world, first.units[0])

    with pytest.raises(NobodyToAskError):
        world.send(reference)

    assert world.state(reference) is S.DRAFT
    assert not messages(world)


def test_with_her_yes_to_each_the_second_is_asked_where_the_first_has_gone(world: World) -> None:
    first, second = world.place(), world.place()
    reference = world.draft(first, second, covers_plan=True)
    taken(world, first.units[0])

    world.send(reference)

    assert [step.state for step in world.referral(reference).steps] == [StepState.SKIPPED, StepState.WAITING]


def test_a_refuge_is_never_asked_without_a_unit(world: World) -> None:
    first, second = world.place(), world.place()

    with pytest.raises(InvalidInputError):
        world.draft(Option(first.service.id))

    reference = world.sent(first)
    world.decline(reference, first.staff)
    with pytest.raises(InvalidInputError):
        world.choose(reference, Option(second.service.id))


def test_a_plan_that_moves_on_by_itself_takes_no_space_that_is_held_for_somebody_else(world: World) -> None:
    first, second, third = (world.place() for _ in range(3))
    reference = world.sent(first, second, third, moves_on=True)
    mine = world.act(
        lambda: hold_unit(world.session, second.units[0].id, world.officer, "for another", world.moment, TERMS)
    )

    world.decline(reference, first.staff)

    states = [step.state for step in world.referral(reference).steps]
    assert states == [StepState.DECLINED, StepState.SKIPPED, StepState.WAITING]
    assert not world.session.scalar(select(Hold.for_referral).where(Hold.id == mine))


def test_who_reads_referrals_is_known_before_one_is_written(world: World) -> None:
    staffed = world.place()
    with_address = factories.service(world.session, referral_email="refuge@example.org")
    silent = factories.service(world.session)
    world.session.commit()

    assert reachable(world.session, [staffed.service.id, with_address.id, silent.id, "no-such"]) == {
        staffed.service.id,
        with_address.id,
    }


def test_what_is_committed_stays_so_where_the_keystore_cannot_be_written(
    world: World, new_session: Callable[[], Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = world.place(), world.place()
    references = [world.draft(first), world.draft(second)]
    key_ids = list(world.session.scalars(select(SealedContact.key_id)))
    world.session.rollback()

    def locked(_keystore: Keystore, _key_id: str) -> None:
        raise OperationalError("UPDATE", {}, Exception("database is locked"))

    with monkeypatch.context() as patch:
        patch.setattr(Keystore, "destroy", locked)
        world.withdraw(references[0])
        world.advance(hours=3)
        with pytest.raises(OperationalError):
            world.run_due(new_session)

    assert [world.state(reference) for reference in references] == [S.WITHDRAWN, S.WITHDRAWN]
    assert world.run_due(new_session).keys_destroyed == 2
    assert [world.keystore.get(key_id, world.now) for key_id in key_ids] == [None, None]
