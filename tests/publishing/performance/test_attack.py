"""Somebody tries to work out what is hidden, knowing the rule, and finds it where the rule is broken on purpose."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.publishing.performance import disclosing, london
from directory.publishing.performance.disclosing import REST, hidden_parts
from directory.publishing.performance.facts import Shown, ShownState
from directory.publishing.performance.measures import ACCEPTED, NO_CAPACITY, PARTS, RECEIVED, WITHIN_TARGET
from directory.publishing.performance.self_check import check_quarter
from tests.publishing.performance.worlds import CELLS, FEWEST, Place, World, attack, look, place

BASICS = [RECEIVED, ACCEPTED, NO_CAPACITY]

# Mostly the numbers around the limit.
NUMBERS = st.sampled_from([0, 0, 0, 1, 2, 4, 5, 6, 12, 30])


@st.composite
def places(draw: st.DrawFn) -> Place:
    parts = {code: draw(NUMBERS) for code in CELLS}
    in_time = draw(st.integers(0, sum(parts.values())))
    says = draw(st.one_of(st.none(), st.sets(st.sampled_from([RECEIVED, WITHIN_TARGET, *PARTS]))))
    # Some services count otherwise than the directory does.
    own = None if says else draw(st.one_of(st.none(), st.dictionaries(st.sampled_from([RECEIVED, *PARTS]), NUMBERS)))
    return Place(parts, in_time, None if says is None else frozenset(says), own)


@settings(max_examples=20, deadline=None)
@given(st.lists(places(), min_size=1, max_size=3).map(tuple))
def test_every_hidden_number_could_be_another_one(world: World) -> None:
    """There is a world with another number that looks the same to the last byte, whoever adds, filters or compares."""
    assert attack(world) == []
    assert check_quarter(look(world)).problems == ()


ALL_BUT_TWO = place(accepted=20, no_capacity=8, too_far=2)
TOLD_TWICE = place(accepted=3, no_capacity=20, too_far=6, too_near=6, unanswered=6, not_reachable=7, says=BASICS)
KNOWN_WORLDS: dict[str, World] = {
    "one small part": (ALL_BUT_TWO,),
    "noughts alone": (place(accepted=20, no_capacity=8),),
    "everything in one part": (place(accepted=9),),
    "two fours": (place(accepted=20, no_capacity=4, too_far=4),),
    "the service tells less than the directory": (TOLD_TWICE,),
    "the service tells one part": (place(accepted=6, no_capacity=20, says=[RECEIVED, NO_CAPACITY]),),
    "a few in all": (place(accepted=3, no_capacity=1), place(accepted=20, no_capacity=20)),
    "one is small": (place(accepted=1), place(accepted=30, no_capacity=30)),
    "all but one within the target": (
        Place({**dict.fromkeys(CELLS, 0), ACCEPTED: 30}, 29, frozenset({*BASICS, WITHIN_TARGET})),
    ),
}


@pytest.mark.parametrize("name", KNOWN_WORLDS)
def test_known_attacks_find_nothing(name: str) -> None:
    assert attack(KNOWN_WORLDS[name]) == []


# Broken on purpose, each rule is missed.


def only_small_ones(received: int, parts: Mapping[str, int], also: Collection[str] = ()) -> frozenset[str]:
    """Without a second number."""
    del received
    return frozenset(code for code, count in parts.items() if count < FEWEST or code in also)


def exact_share(value: Decimal, steps: Sequence[int | None]) -> Shown:
    """Without bands."""
    del steps
    return Shown(value, f"{value:.2f}%", ShownState.SHOWN)


def narrower_share(value: Decimal, steps: Sequence[int | None]) -> Shown:
    """In bands that do not know of how many people they are."""
    del steps
    return disclosing.as_band(value, 5)


def apart(received: int, parts: Mapping[str, int], also: Collection[str] = ()) -> frozenset[str]:
    """Without hiding in one source what is hidden in the other."""
    del also
    return hidden_parts(received, parts)


def exact_total(code: str, figures: Sequence[Mapping[str, Shown]]) -> Shown:
    """London's true total, as the factory of the test's world knows it."""
    del figures
    counts = {RECEIVED: 64, ACCEPTED: 33, NO_CAPACITY: 31}
    return Shown(Decimal(counts.get(code, 0)), "exact", ShownState.SHOWN)


BREAKS = {
    "no second number": (disclosing, "hidden_parts", only_small_ones, "noughts alone"),
    "two sources apart": (disclosing, "hidden_parts", apart, "the service tells one part"),
    "exact shares": (disclosing, "_share", exact_share, "all but one within the target"),
    "narrow shares": (disclosing, "_share", narrower_share, "all but one within the target"),
    "small rows shown": (disclosing, "FEWEST", 1, "a few in all"),
    "exact totals": (london, "total_shown", exact_total, "a few in all"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_the_attack_bites(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, attribute, broken, world = BREAKS[name]
    monkeypatch.setattr(module, attribute, broken)

    assert attack(KNOWN_WORLDS[world]) != []


def test_the_products_own_check_bites_too(monkeypatch: pytest.MonkeyPatch) -> None:
    world = KNOWN_WORLDS["noughts alone"]
    monkeypatch.setattr(disclosing, "hidden_parts", only_small_ones)

    assert "0 are left" in check_quarter(look(world)).problems[0]


def test_twins_look_the_same() -> None:
    """One more and one less of what is hidden, and none or four of what is too small to be shown."""
    base = place(accepted=20, no_capacity=9, too_far=2, too_near=3, says=BASICS)
    twin = place(accepted=20, no_capacity=9, too_far=3, too_near=2, says=BASICS)
    assert look((base,)) == look((twin,))
    few = [place(accepted=count) for count in range(5)]
    assert len({repr(look((base, one))) for one in few}) == 1
    # What is not the same is seen.
    assert look((base,)) != look((place(accepted=19, no_capacity=10, too_far=2, too_near=3, says=BASICS),))


def test_the_rest_is_a_part_too() -> None:
    """What no part names can be worked out: where it is small, a part goes with it."""
    shown = look((place(rest=2, accepted=20, no_capacity=30, says=BASICS),)).services[0].imported

    assert shown[ACCEPTED].text == "20"
    assert shown[NO_CAPACITY].state is ShownState.HIDDEN
    assert REST not in shown
