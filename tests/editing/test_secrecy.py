"""What proposals could tell of a unit's ring-fence, and of who wrote them (firewall, rules 1 and 3)."""

from dataclasses import asdict

import pytest
from sqlalchemy import update

from directory.capacity.models import Unit
from directory.common.errors import DomainError, InvalidInputError
from directory.common.paging import Paging
from directory.editing import fields
from directory.editing.errors import ChangedMeanwhileError
from directory.editing.fields import correctable_fields, fields_for
from directory.editing.proposals import my_proposals, proposal_for_author
from tests.editing.world import ORGANISATION, SERVICE, UNIT, World

PROGRAMMES = ("LDN-SAFE-2026", "LDN-QUIET-2027")


def provider_is_told(world: World) -> str:
    """Everything that a provider is told of a unit of theirs, while a commissioner changes its contract."""
    change = {"programme": "LDN-QUIET-2027", "name": "Room 7"}
    world.propose(change, world.commissioner, kind=UNIT, listing_id=world.unit.id)
    mine = world.propose({"name": "Room 8"}, kind=UNIT, listing_id=world.unit.id)
    told = [
        str(asdict(proposal_for_author(world.session, mine.id, world.provider))),
        str([asdict(line) for line in my_proposals(world.session, world.provider, Paging()).lines]),
        str([asdict(field) for field in fields_for(world.session, UNIT, "provider")]),
    ]
    seen = world.number(UNIT, world.unit.id)
    world.approve(mine.id)
    with pytest.raises(ChangedMeanwhileError) as error:
        world.propose({"name": "Room 9"}, kind=UNIT, listing_id=world.unit.id, base_version=seen)
    told.append(str([asdict(conflict) for conflict in error.value.conflicts]))
    return " ".join(told)


def tells_of_the_contract(text: str) -> bool:
    return any(word in text for word in (*PROGRAMMES, "rogramme"))


def test_a_provider_is_never_told_which_programme_pays(world: World) -> None:
    assert not tells_of_the_contract(provider_is_told(world))
    assert world.says("programme", UNIT, world.unit.id) == "LDN-QUIET-2027"


def test_that_test_bites(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fields, "COMMISSIONERS_EYES", frozenset())

    assert tells_of_the_contract(provider_is_told(world))


def refusal(world: World) -> str:
    """What a provider reads when something is wrong with a column that it is not shown."""
    world.session.execute(update(Unit).where(Unit.id == world.unit.id).values(programme="NRPF beds"))
    with pytest.raises(InvalidInputError) as error:
        world.propose({"name": "Room 2"}, kind=UNIT, listing_id=world.unit.id)
    return str(error.value)


def test_a_refusal_does_not_tell_it_either(world: World) -> None:
    said = refusal(world)

    assert "commissioner" in said
    assert not tells_of_the_contract(said)
    assert "NRPF" not in said


def test_that_test_bites_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fields, "COMMISSIONERS_EYES", frozenset())

    assert "rogramme" in refusal(world)


@pytest.mark.parametrize("role", ["officer", "advocate", "auditor", "administrator"])
def test_nobody_else_is_offered_a_fact_of_a_unit(world: World, role: str) -> None:
    for kind in (ORGANISATION, SERVICE, UNIT):
        assert fields_for(world.session, kind, role) == []
    offered = {
        field.column for kind in (ORGANISATION, SERVICE, UNIT) for field in correctable_fields(world.session, kind)
    }
    assert offered.isdisjoint({"ringfence", "programme", "bedspaces", "active_from", "active_until", "state"})


def test_a_commissioner_is_offered_what_a_provider_is_not(world: World) -> None:
    own = {field.column for field in fields_for(world.session, UNIT, "commissioner")}
    theirs = {field.column for field in fields_for(world.session, UNIT, "provider")}

    assert own - theirs == {"ringfence", "programme", "active_from", "active_until"}
    assert theirs == {
        *("name", "borough", "bedspaces", "max_adults", "max_children", "boys_max_age", "access_features", "not_from")
    }


def test_a_name_that_tells_of_the_ring_fence_does_not_come_in(world: World) -> None:
    with pytest.raises(InvalidInputError) as error:
        world.propose({"name": "NRPF room"}, kind=UNIT, listing_id=world.unit.id)

    assert [problem.field for problem in error.value.problems] == ["name"]


def test_an_officer_reads_nothing_of_what_a_provider_proposes_for_a_unit(world: World) -> None:
    made = world.propose({"name": "Room 8"}, kind=UNIT, listing_id=world.unit.id)

    with pytest.raises(DomainError):
        proposal_for_author(world.session, made.id, world.officer)
    assert my_proposals(world.session, world.officer, Paging()).total == 0


def test_providers_are_not_told_which_officer_wrote(world: World) -> None:
    made = world.correct("phone", "020 7946 0009")

    view = proposal_for_author(world.session, made.id, world.provider)

    assert (view.line.author, view.fields[0].by) == ("a police officer", "a police officer")
