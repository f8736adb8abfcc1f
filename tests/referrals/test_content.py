"""What a referral may say: checked field by field, and every free text screened before it is stored."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from directory.common.errors import InvalidInputError
from directory.referrals import content as product
from directory.referrals.models import Referral
from directory.referrals.service import ChildBand
from directory.referrals.vocabulary import DeclineReason
from tests.referrals.world import World
from tests.support.identity import smells

WRONG: dict[str, tuple[str, dict[str, Any]]] = {
    "no need": ("needs", {"needs": ()}),
    "a need that is none": ("needs", {"needs": ("domestic-abuse", "a-visa")}),
    "nobody": ("adults", {"adults": 0, "children": ()}),
    "too many adults": ("adults", {"adults": 21}),
    "too many children": ("children", {"children": (ChildBand.BOY_0_4,) * 21}),
    "a language that is none": ("language", {"language": "xx"}),
    "an access feature that is none": ("access_features", {"access_features": ("step-free", "lift")}),
    "moving on without consent": ("consent_covers_plan", {"moves_on": True, "covers_plan": False}),
    "a note that is too long": ("note", {"note": "a " * 251}),
    "a note about her status": ("note", {"note": "her visa ran out last week"}),
    "a note about recourse": ("note", {"note": "she has no recourse to public funds"}),
    "a note with a name": ("note", {"note": "ask for Mrs Smithson"}),
    "a note with a number": ("note", {"note": "ring 07700 900456 instead"}),
}


@pytest.mark.parametrize(("field", "written"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named_and_nothing_is_stored(world: World, field: str, written: dict[str, Any]) -> None:
    place = world.place()
    with pytest.raises(InvalidInputError) as refused:
        world.draft(place, **written)

    assert {problem.field for problem in refused.value.problems} == {field}
    assert world.session.scalars(select(Referral)).all() == []


def test_a_draft_is_changed_under_the_same_rules(world: World) -> None:
    place = world.place()
    reference = world.draft(place)

    with pytest.raises(InvalidInputError, match="note"):
        world.change(reference, place, note="her visa ran out last week")
    world.change(reference, place, note="Arrives by bus, needs a cot")

    assert world.referral(reference).note == "Arrives by bus, needs a cot"


@pytest.mark.parametrize(("days", "is_fine"), [(-1, False), (0, True), (7, True), (8, False)])
def test_consent_has_been_given_and_not_long_ago(world: World, days: int, is_fine: bool) -> None:
    place, given = world.place(), world.now - timedelta(days=days)
    if is_fine:
        assert world.draft(place, consent_at=given)
    else:
        with pytest.raises(InvalidInputError, match="consent_at"):
            world.draft(place, consent_at=given)


def test_that_notes_are_screened_is_noticed_when_they_are_not(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(product, "_note", lambda *_: [])

    reference = world.draft(world.place(), note="her visa ran out last week")

    assert "visa" in world.referral(reference).note


def test_a_screen_that_fails_lets_nothing_pass(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail closed (firewall, rule 5)."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the screen is broken")

    monkeypatch.setattr(product, "screen", broken)
    place = world.place()

    with pytest.raises(RuntimeError, match="broken"):
        world.draft(place, note="Arrives by bus")

    world.session.rollback()
    assert world.session.scalars(select(Referral)).all() == []


def test_no_reason_for_a_no_speaks_of_who_somebody_is() -> None:
    assert not [reason for reason in DeclineReason if smells(reason.value)]
