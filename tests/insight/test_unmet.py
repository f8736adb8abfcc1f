"""Counting searches in vain so that none of them can be recognised (firewall, rules 2 and 8)."""

import random
import threading
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from directory.catalogue.vocabulary import Gender
from directory.extensions import Database
from directory.insight import unmet
from directory.insight.counters import Bucket
from directory.insight.models import HouseholdBand, UnmetNeedCount
from directory.insight.unmet import UnmetNeeds, buckets_of
from directory.search.criteria import Criteria, Preference
from tests import factories
from tests.insight.worlds import counted, everything, place, question
from tests.support.databases import BoundDatabase, committing

NewSession = Callable[[], Session]


@pytest.fixture
def new_session(session: Session) -> NewSession:
    """Sessions as the application makes them, on the test's transaction."""
    factories.taxonomies(session)
    return BoundDatabase(session.connection()).new_session


def test_one_search_leaves_nothing_until_hours_later(database: Database, now: datetime) -> None:
    """On a database of its own, with real commits: all of it is compared."""
    with database.new_session.begin() as session:
        factories.taxonomies(session)
        before = everything(session)
    waiting = UnmetNeeds()
    waiting.note(database.new_session, question("domestic-abuse", near=factories.HACKNEY, people=2), now)
    waiting.write_due(database.new_session, now + timedelta(hours=1, minutes=59))
    with database.new_session() as session:
        assert everything(session) == before

    waiting.write_due(database.new_session, now + timedelta(hours=24))

    with database.new_session() as session:
        row = (now.date(), factories.HACKNEY, "domestic-abuse", HouseholdBand.TWO, 1)
        assert everything(session) == before | {"unmet_need_counts": [row]}
    assert waiting.failures == 0


def test_that_check_bites(
    new_session: NewSession, session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unmet, "TOGETHER", 1)
    before = everything(session)

    UnmetNeeds().note(new_session, question(), now)

    assert everything(session) != before


def test_three_in_one_bucket_are_written_at_once(new_session: NewSession, session: Session, now: datetime) -> None:
    waiting = UnmetNeeds()
    for need in ("domestic-abuse", "coercive-control"):  # the second is a narrower term of the first
        waiting.note(new_session, question(need, near=factories.HACKNEY), now)
    waiting.note(new_session, question("housing", near=factories.HACKNEY), now)
    assert counted(session) == []

    waiting.note(new_session, question("domestic-abuse", near=factories.HACKNEY, people=0), now)

    bucket = (now.date(), factories.HACKNEY, "domestic-abuse", HouseholdBand.NOT_SAID, 3)
    assert counted(session) == [bucket]
    for _ in range(3):
        waiting.note(new_session, question("domestic-abuse", near=factories.HACKNEY), now)
    assert counted(session) == [(*bucket[:-1], 6)]


UNSEEN: list[dict[str, object]] = [
    {"nrpf": True},
    {"avoid": frozenset({factories.EALING})},
    {"languages": frozenset({"bn"}), "musts": frozenset({Preference.LANGUAGE})},
    {"communities": frozenset({"deaf"}), "by_and_for": True},
    {"access": frozenset({"step-free"})},
    {"gender": Gender.WOMAN, "age": 34},
    {"space": True, "open_now": True, "within": 5.0},
]


@pytest.mark.parametrize("more", UNSEEN, ids=lambda more: ",".join(more))
def test_what_else_was_asked_makes_no_difference(
    new_session: NewSession, session: Session, now: datetime, more: dict[str, object]
) -> None:
    """Two worlds that differ in what is asked of a place alone leave the same rows, at the same times."""
    left: list[list[list[tuple[object, ...]]]] = []
    for world in ({}, more):
        asked = question("housing", near=factories.HACKNEY, people=3, **world)
        waiting = UnmetNeeds(random.Random(7).uniform)  # noqa: S311 - chance that can be repeated
        left.append([])
        for hours in (0, 1, 5, 26):
            at = now + timedelta(hours=hours)
            waiting.note(new_session, asked, at)
            left[-1].append(counted(session))
        session.execute(delete(UnmetNeedCount))

    assert left[0] == left[1]
    assert left[0][-1] != []


def test_that_comparison_bites(new_session: NewSession, session: Session, now: datetime) -> None:
    """What is kept does make a difference."""
    waiting = UnmetNeeds()
    for asked in (question("housing"), question("housing", people=1), question(near=factories.EALING), question()):
        waiting.note(new_session, asked, now)
    waiting.write_due(new_session, now + timedelta(days=1))

    assert len(counted(session)) == 4


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (Criteria(), [("", "", HouseholdBand.NOT_SAID)]),
        (Criteria(near=place()), [("", "", HouseholdBand.NOT_SAID)]),
        (Criteria(near=place("E09000012", "E09000030")), [("E09000012", "", HouseholdBand.NOT_SAID)]),
        (question("refuge", "housing"), [("", "housing", HouseholdBand.NOT_SAID)]),
        (question("legal", "refuge"), [("", need, HouseholdBand.NOT_SAID) for need in ("housing", "legal")]),
        (question("gone-since"), [("", "", HouseholdBand.NOT_SAID)]),
        (question(people=1), [("", "", HouseholdBand.ONE)]),
        (question(people=4), [("", "", HouseholdBand.FOUR)]),
        (question(people=5), [("", "", HouseholdBand.FIVE_OR_MORE)]),
        (question(people=9), [("", "", HouseholdBand.FIVE_OR_MORE)]),
    ],
)
def test_buckets_are_coarse(asked: Criteria, expected: list[tuple[str, str, HouseholdBand]], now: datetime) -> None:
    widest = {"refuge": "housing", "housing": "housing", "legal": "legal"}

    assert buckets_of(asked, widest, now) == [Bucket(now.date(), *bucket) for bucket in expected]


def test_the_day_is_london_s_and_stays_that_of_the_search(
    new_session: NewSession, session: Session, now: datetime
) -> None:
    summer_night = datetime.fromisoformat("2026-07-01T23:30:00+00:00")
    waiting = UnmetNeeds()
    waiting.note(new_session, question(), summer_night)

    waiting.write_due(new_session, summer_night + timedelta(days=1))

    assert [row[0].isoformat() for row in counted(session)] == ["2026-07-02"]


class Written:
    """Takes the place of the database: what was written, in which order."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.batches: list[list[tuple[Bucket, int]]] = []
        monkeypatch.setattr(unmet, "without_waiting", lambda _session: nullcontext())
        monkeypatch.setattr(unmet, "widest_terms", lambda _session: {"a": "a", "b": "b", "a1": "a"})
        monkeypatch.setattr(unmet, "add_counts", lambda _session, counts: self.batches.append(list(counts.items())))

    @property
    def total(self) -> int:
        return sum(count for batch in self.batches for _, count in batch)


SEARCHES = st.lists(
    st.tuples(
        st.lists(st.sampled_from(["a", "b", "a1"]), max_size=3),
        st.sampled_from(["", factories.HACKNEY, factories.EALING]),
        st.integers(0, 6),
        st.integers(0, 300),
    ),
    max_size=25,
)


@settings(max_examples=40, deadline=None)
@given(SEARCHES, st.integers(0, 1_000))
def test_everything_that_was_noted_is_written_once(searches: list, seed: int) -> None:  # type: ignore[type-arg]
    """Nothing is lost and nothing counted twice once all waiting is over; nothing is alone before its time."""
    start = datetime.fromisoformat("2026-11-22T02:00:00+00:00")
    with pytest.MonkeyPatch.context() as patch:
        written, waiting = Written(patch), UnmetNeeds(random.Random(seed).uniform)  # noqa: S311 - chance that can be repeated
        noted, at = 0, start
        for needs, near, people, minutes in searches:
            at += timedelta(minutes=minutes)
            asked = question(*needs, near=near, people=people)
            noted += len({need[0] for need in needs}) or 1
            waiting.note(Session, asked, at)
        waiting.write_due(Session, at + timedelta(days=1))

    assert waiting.failures == 0
    assert written.total == noted


@settings(max_examples=20, deadline=None)
@given(st.permutations(["a", "b", ""]), st.permutations([1, 2, 3]))
def test_the_order_of_writing_does_not_tell_that_of_the_searches(needs: list[str], people: list[int]) -> None:
    """In which order they were asked decides nothing: what falls due together is one write, in the order of buckets."""
    start = datetime.fromisoformat("2026-11-22T02:00:00+00:00")
    with pytest.MonkeyPatch.context() as patch:
        written, waiting = Written(patch), UnmetNeeds(lambda _shortest, longest: longest)
        for need in needs:
            for number in people:
                waiting.note(Session, question(*filter(None, [need]), people=number), start)
        waiting.write_due(Session, start + timedelta(days=1))

    (batch,) = written.batches
    buckets = [(need, band) for need in ("", "a", "b") for band in ("1", "2", "3")]
    assert sorted((one.need, one.household.value) for one, _ in batch) == buckets


def test_rows_are_written_in_the_order_of_their_buckets(database: Database, now: datetime) -> None:
    """Whoever reads the table as it lies on disk finds no order of time in it."""
    with database.new_session.begin() as session:
        factories.taxonomies(session)
    waiting = UnmetNeeds()
    for people in (3, 1, 2):
        waiting.note(database.new_session, question(people=people), now)

    waiting.write_due(database.new_session, now + timedelta(days=1))

    with database.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT household FROM unmet_need_counts").scalars().all()
    assert rows == ["1", "2", "3"]


def test_a_failure_is_swallowed_and_made_up_for(new_session: NewSession, session: Session, now: datetime) -> None:
    away = True

    def sometimes() -> Session:
        if away:
            raise OperationalError("a question", {}, Exception("a secret"))
        return new_session()

    waiting = UnmetNeeds()
    waiting.note(sometimes, question(), now)  # is lost: what is not noted is not known
    waiting.note(new_session, question(), now)
    waiting.write_due(sometimes, now + timedelta(days=1))
    waiting.note_if(sometimes, question(), now, lambda _session: True)
    assert waiting.failures == 3
    assert counted(session) == []

    away = False
    waiting.write_due(sometimes, now + timedelta(days=1, hours=1))

    assert [row[-1] for row in counted(session)] == [1]


def test_it_waits_for_nobody_who_writes(database: Database, now: datetime) -> None:
    """The browser's next request would wait with it."""
    waiting, kind = UnmetNeeds(), database.engine.dialect.name
    lock = "LOCK TABLE unmet_need_counts" if kind == "postgresql" else "UPDATE change_marks SET token = ''"
    waiting.note(database.new_session, question(), now)
    with database.engine.connect() as somebody:
        somebody.exec_driver_sql(lock)
        waiting.write_due(database.new_session, now + timedelta(days=1))
        assert waiting.failures == 1
        somebody.rollback()

    waiting.write_due(database.new_session, now + timedelta(days=1))

    with database.new_session() as session:
        assert [row[-1] for row in counted(session)] == [1]
        if kind == "sqlite":  # and everybody else waits as long as ever
            assert session.connection().exec_driver_sql("PRAGMA busy_timeout").scalar_one() == 15_000


def test_what_comes_too_late_is_given_up(new_session: NewSession, session: Session, now: datetime) -> None:
    """A quarter that may have been shown never changes."""
    waiting = UnmetNeeds()
    waiting.note(new_session, question(), now)

    waiting.write_due(new_session, now + timedelta(days=4))
    waiting.write_due(new_session, now + timedelta(days=1))

    assert counted(session) == []


def test_threads_lose_nothing(database_url: str, now: datetime) -> None:
    with committing(database_url) as session:
        factories.taxonomies(session)
    database, waiting = Database(database_url), UnmetNeeds()

    def ask() -> None:
        for people in range(1, 6):
            waiting.note(database.new_session, question("housing", people=people), now)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # A write that finds the database locked is made up for on the next occasion: so there are more of them, until one
    # comes to its end without being refused. Nobody else writes any more.
    for _ in range(5):
        refused = waiting.failures
        waiting.write_due(database.new_session, now + timedelta(days=1))
        if waiting.failures == refused:
            break

    with database.new_session() as session:
        rows = counted(session)
    database.engine.dispose()
    assert [row[-1] for row in rows] == [4] * 5
