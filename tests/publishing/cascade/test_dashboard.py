"""How far an edition has come, by police area: counts in which nobody can read what one colleague did."""

from datetime import timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from directory.publishing.cascade.dashboard import FEWEST, Cascade, Progress, _groups, all_cascades, cascade
from directory.publishing.cascade.receipts import acknowledge, mark_seen
from directory.publishing.cascade.sending import send_out
from tests.publishing.cascade.world import DAY, MONDAY, issue, officers

LATER = MONDAY + DAY


def sent(session: Session, **areas: int) -> Cascade:
    """How far an edition has come that was sent to as many officers of each area."""
    for area, number in areas.items():
        officers(session, number, area)
    edition = issue(session)
    send_out(session, edition.id, MONDAY)
    return cascade(session, edition, LATER)


def test_by_area_and_in_total(session: Session) -> None:
    east, west = officers(session, 6, "East Area"), officers(session, 8, "West Area")
    edition = issue(session)
    send_out(session, edition.id, MONDAY)
    for number, person in enumerate(east[:5]):
        acknowledge(session, edition.id, person.id, MONDAY + timedelta(hours=number))
    mark_seen(session, edition.id, west[0].id, LATER)
    acknowledge(session, edition.id, west[1].id, LATER)

    found = cascade(session, edition, LATER)

    assert {one.areas[0]: one.progress for one in found.areas} == {
        "East Area": Progress(people=6, sent=6, seen=5, acknowledged=5, median_minutes=120),
        # One of eight, rounded down; how long that one person took is not told.
        "West Area": Progress(people=8, sent=8, seen=2, acknowledged=1, median_minutes=None),
    }
    assert [one.progress.percent for one in found.areas] == [83, 12]
    assert found.total == Progress(people=14, sent=14, seen=7, acknowledged=6, median_minutes=150)


def test_what_has_not_left_yet_is_not_sent(session: Session) -> None:
    officers(session, 6)
    edition = issue(session)
    send_out(session, edition.id, LATER)

    found = cascade(session, edition, MONDAY)

    assert found.total is not None
    assert (found.total.people, found.total.sent) == (6, 0)


def test_small_areas_are_counted_together(session: Session) -> None:
    found = sent(session, East=4, North=2, South=9, West=5)

    assert [(one.areas, one.progress.people) for one in found.areas] == [
        (("South",), 9),
        (("West",), 5),
        (("East", "North"), 6),
    ]


def test_one_small_area_takes_the_smallest_of_the_others_with_it(session: Session) -> None:
    found = sent(session, East=1, South=9, West=5)

    assert [(one.areas, one.progress.people) for one in found.areas] == [(("South",), 9), (("East", "West"), 6)]
    assert [one.is_pooled for one in found.areas] == [False, True]


def test_of_fewer_than_five_nothing_is_told(session: Session) -> None:
    found = sent(session, East=4)

    assert (found.total, found.areas) == (None, ())


def test_an_edition_that_went_to_nobody(session: Session) -> None:
    found = sent(session)

    assert found.total == Progress(0, 0, 0, 0)
    assert found.total.percent == 0


def test_all_editions_newest_first(session: Session) -> None:
    first = sent(session, East=6).edition
    second = issue(session)

    found = all_cascades(session, LATER)

    assert [(one.edition.number, one.total and one.total.people) for one in found] == [
        (second.number, 0),
        (first.number, 6),
    ]


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(1, 12), max_size=7))
def test_no_difference_gives_a_small_group_back(people: dict[str, int]) -> None:
    """Whatever is told is of five people or more; so is every difference of sums of it, unless it is of nobody."""
    alone, together = _groups(people)
    assert {*alone, *together} == set(people)
    assert len(alone) + len(together) == len(people)
    if sum(people.values()) < FEWEST:
        return
    told = [people[area] for area in alone] + ([sum(people[area] for area in together)] if together else [])
    total = sum(people.values())
    for size in range(len(told) + 1):
        for some in combinations(told, size):
            assert total - sum(some) == 0 or total - sum(some) >= FEWEST


@pytest.mark.parametrize("people", [{"a": 1, "b": 9}, {"a": 4, "b": 5, "c": 20}])
def test_that_check_bites(people: dict[str, int]) -> None:
    """Without taking another area along, the total would give the small one back."""
    big = sum(number for number in people.values() if number >= FEWEST)

    assert 0 < sum(people.values()) - big < FEWEST
    assert len(_groups(people)[1]) == 2
