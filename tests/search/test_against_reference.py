"""The product's search against the plain reference, over random catalogues and questions."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from directory.capacity.availability import Moment
from directory.places.lookup import all_boroughs, find_place
from directory.search.questions import read_question
from directory.search.service import Answer, search
from tests.search.reference import Expected, expect
from tests.search.worlds import NOW, ServiceData, insert_terms, insert_world, questions, worlds

MOMENT = Moment(NOW, timedelta(hours=24), timedelta(hours=72))

# One session serves all examples of a test: each example's catalogue is rolled back before the next.
random_examples = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
)


def ask(session: Session, world: tuple[ServiceData, ...], question: dict[str, Any]) -> tuple[Answer, Expected]:
    """The product's answer and the reference's, to the same question in the same world."""
    place = find_place(session, question["near"]) if "near" in question else None
    expected = expect(world, question, place, all_boroughs(session))
    savepoint = session.begin_nested()
    try:
        insert_terms(session)
        insert_world(session, world)
        answer = search(session, read_question(session, question | {"per_page": 100}), MOMENT)
    finally:
        savepoint.rollback()
    return answer, expected


def found(matches: Any) -> dict[str, frozenset[str]]:
    return {match.service.id: frozenset(unit.id for unit in match.units) for match in matches}


@random_examples
@given(world=worlds, question=questions)
def test_everything_together(session: Session, world: tuple[ServiceData, ...], question: dict[str, Any]) -> None:
    answer, expected = ask(session, world, question)
    note(f"expected {expected}")
    assert found(answer.results) == expected.results
    assert answer.total == len(expected.results)
    assert found(answer.conditional) == expected.conditional
    near_misses = {match.service.id: match.failed[0].value for match in answer.near_misses if match.failed}
    assert near_misses.keys() == expected.near_misses.keys()
    assert all(failed in expected.near_misses[service] for service, failed in near_misses.items())


MUSTS = [
    ("need",),
    ("access",),
    ("gender",),
    ("age",),
    ("near",),
    ("near", "within"),
    ("avoid",),
    ("adults", "child"),
    ("nrpf",),
    ("space",),
    ("open",),
    ("kind",),
    ("language", "must"),
    ("community", "must"),
    ("by_and_for", "must"),
    ("by_and_for", "community", "must"),
]


@pytest.mark.parametrize("names", MUSTS, ids="-".join)
@settings(random_examples, max_examples=25)
@given(data=st.data())
def test_each_must_alone(session: Session, names: tuple[str, ...], data: st.DataObject) -> None:
    question = {name: value for name, value in data.draw(questions).items() if name in names}
    answer, expected = ask(session, data.draw(worlds), question)
    assert found(answer.results) == expected.results
    assert found(answer.conditional) == expected.conditional


@settings(random_examples, max_examples=25)
@given(world=worlds, question=questions)
def test_the_order_is_stable_and_the_score_is_the_sum_of_its_reasons(
    session: Session, world: tuple[ServiceData, ...], question: dict[str, Any]
) -> None:
    first, _ = ask(session, world, question)
    second, _ = ask(session, tuple(reversed(world)), question)
    assert [match.service.id for match in first.results] == [match.service.id for match in second.results]
    for match in first.results:
        assert match.score == pytest.approx(sum(reason.weight for reason in match.reasons), abs=0.05)
    keys = [(-match.score, match.service.id) for match in first.results]
    assert keys == sorted(keys)
    silent = {service.id for service in world if max(service.unanswered) == 3}
    stand_last = [match.service.id in silent for match in first.results]
    assert stand_last == sorted(stand_last), "whoever was asked three times in vain stands behind all others"
    for match in first.results:
        assert (match.service.id in silent) == any(reason.code == "not_confirmed" for reason in match.reasons)


@settings(random_examples, max_examples=25)
@given(world=worlds, question=questions, per_page=st.integers(1, 3))
def test_pages_put_together_are_the_whole(
    session: Session, world: tuple[ServiceData, ...], question: dict[str, Any], per_page: int
) -> None:
    whole, _ = ask(session, world, question)
    savepoint = session.begin_nested()
    insert_terms(session)
    insert_world(session, world)
    pages = [
        search(session, read_question(session, question | {"page": number, "per_page": per_page}), MOMENT)
        for number in range(1, len(world) // per_page + 3)
    ]
    savepoint.rollback()
    assert [match.service.id for page in pages for match in page.results] == [m.service.id for m in whole.results]
    assert not pages[-1].results
    assert all(not page.conditional and not page.near_misses for page in pages[1:])
