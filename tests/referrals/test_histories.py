"""At any moment every open referral has somebody whose turn it is and by when, or an outcome; whatever happened."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from directory.referrals import answering, lifecycle, routing, stored
from directory.referrals.vocabulary import StepState
from tests.referrals.history import History
from tests.support.databases import BoundDatabase

_numbers = itertools.count()
# Those that lead somewhere stand here more often.
HAPPENINGS = [
    *["draft_and_send"] * 4,
    *["wait"] * 4,
    *["accept", "decline", "next", "arrival", "run_due"] * 2,
    *("draft", "send", "see", "choose", "withdraw", "close"),
    *("rival_holds", "officer_holds", "provider_says", "providers_confirm"),
]
HISTORIES = st.lists(st.tuples(st.sampled_from(HAPPENINGS), st.integers(0, 59)), min_size=4, max_size=14)


@contextmanager
def a_history(connection: Connection, folder: Path, now: datetime) -> Iterator[History]:
    """A history of which nothing is left at the end."""
    savepoint = connection.begin_nested()
    own = folder / str(next(_numbers))
    own.mkdir()
    database = BoundDatabase(connection)
    try:
        with database.new_session() as session:
            yield History(session, database.new_session, own, now)
    finally:
        savepoint.rollback()


def tell(history: History, happenings: list[tuple[str, int]]) -> None:
    """Let it all happen, one after the other."""
    for happening, number in happenings:
        history.happen(happening, number)


@given(happenings=HISTORIES)
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_no_history_leaves_a_referral_without_a_turn_or_an_outcome(
    connection: Connection, tmp_path: Path, now: datetime, happenings: list[tuple[str, int]]
) -> None:
    with a_history(connection, tmp_path, now) as history:
        tell(history, [*happenings, ("run_due", 0)])


# The checks are shown to bite: each of these breaks one rule of the product, and a short history tells.
ACCEPTED_AND_LATE = [("draft_and_send", 4), ("accept", 0), ("wait", 5)]
DECLINED = [("draft_and_send", 4), ("decline", 0)]


def nothing(*_: object, **__: object) -> None:
    """Forgets to do anything."""


def cut_only(_session: object, step: Any, state: StepState, *_: object) -> None:
    """Ends a step without giving its unit back."""
    step.state, step.hold_id, step.unit_id = state, None, None


def same_turn(state: Any, due_at: Any, _now: object, really: Any = stored.moves_of_time) -> Any:
    """Time that never passes."""
    return really(state, due_at, datetime.min.replace(tzinfo=due_at.tzinfo)) if due_at else []


BROKEN = [
    ("a decline that gives no unit back", answering, "over", cut_only, DECLINED),
    ("an outcome that keeps the contact", stored, "forget_contact", nothing, [*DECLINED, ("close", 0)]),
    ("a yes that does not keep the unit", answering, "keep_until", lambda *_: True, ACCEPTED_AND_LATE),
    ("a step that is asked without its unit", routing, "_hold", lambda *_: ("unit", None), [("draft_and_send", 4)]),
    (
        "a job that does not see time pass",
        stored,
        "moves_of_time",
        same_turn,
        [*DECLINED[:1], ("wait", 6), ("run_due", 0)],
    ),
    ("a decline that nobody writes down", answering, "note", nothing, DECLINED),
]


@pytest.mark.parametrize(
    ("module", "name", "broken", "happenings"), [one[1:] for one in BROKEN], ids=[one[0] for one in BROKEN]
)
def test_the_check_bites_on(
    connection: Connection,
    tmp_path: Path,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    module: Any,
    name: str,
    broken: Any,
    happenings: list[tuple[str, int]],
) -> None:
    with a_history(connection, tmp_path, now) as history:
        tell(history, happenings)
    monkeypatch.setattr(module, name, broken)

    with a_history(connection, tmp_path, now) as history, pytest.raises((AssertionError, IntegrityError)):
        tell(history, happenings)


def test_the_database_refuses_a_move_to_nobodys_turn(
    connection: Connection, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgetful(*given: Any, due_at: Any = None, really: Any = lifecycle.move, **more: Any) -> None:
        really(*given, **more)

    monkeypatch.setattr(answering, "move", forgetful)

    with a_history(connection, tmp_path, now) as history, pytest.raises(IntegrityError, match="open_has_a_due_time"):
        tell(history, DECLINED)
