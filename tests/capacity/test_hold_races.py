"""Many people want the same thing at the same moment: real connections, threads and commits."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.audit.verify import verify
from directory.capacity.files import import_folder
from directory.capacity.holds.errors import SpaceGoneError, TooManyHoldsError
from directory.capacity.holds.making import hold_unit
from directory.capacity.holds.models import Hold
from directory.capacity.holds.service import extend_hold, release_hold, sweep_holds
from directory.capacity.models import Unit, UnitState
from directory.capacity.updates import set_unit_state
from directory.common.actor import Actor
from directory.common.errors import RefusedError
from directory.extensions import Database, begin_writing
from tests import factories
from tests.capacity.holding import HOURS_2, TERMS, actor_of, at
from tests.catalogue.folders import bring_in, small_catalogue, write

TIMEOUT = 60
PAUSE = 0.3  # long enough for a thread to come to where it has to wait; nothing depends on it but what a test proves


class World:
    """A database with a few units of one organisation, some officers and a provider, all committed."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self.pool = ThreadPoolExecutor(8)
        with self.database.new_session.begin() as session:
            owner = factories.organisation(session)
            service = factories.service(session, owner)
            self.units = [factories.unit(session, service).id for _ in range(5)]
            self.officers = [actor_of(factories.user(session)) for _ in range(8)]
            self.provider = actor_of(factories.user(session, "provider", organisation_id=owner.id))

    def write(self, work: Callable[[Session], object]) -> object:
        """Do `work` as requests do: begin to write, commit once. What a rule refuses is returned."""
        with self.database.new_session() as session:
            begin_writing(session)
            try:
                result = work(session)
            except RefusedError as error:
                return error
            session.commit()
            return result

    def hold(self, who: Actor, unit: str, now: datetime, key: str = "key") -> object:
        return self.write(lambda session: hold_unit(session, unit, who, key, at(now), TERMS))

    def together(self, *works: Callable[[], object]) -> list[object]:
        """Begin everything at the same moment; what came of each."""
        barrier = threading.Barrier(len(works))

        def begin(work: Callable[[], object]) -> object:
            barrier.wait(TIMEOUT)
            return work()

        return [one.result(TIMEOUT) for one in [self.pool.submit(begin, work) for work in works]]

    def meanwhile(self, work: Callable[[], object]) -> "Future[object]":
        """Begin something that has to wait for us, and come back when it waits."""
        begun = self.pool.submit(work)
        with pytest.raises(TimeoutError):
            begun.result(PAUSE)
        return begun

    def holds(self) -> int:
        with self.database.new_session() as session:
            return session.scalar(select(func.count()).select_from(Hold).where(Hold.ended_at.is_(None))) or 0


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    made = World(database_url)
    yield made
    made.pool.shutdown()
    with made.database.new_session() as session:
        assert verify(session).ok, "the audit trail is whole whatever happened"
    made.database.engine.dispose()


def test_of_eight_who_want_one_unit_one_gets_it(world: World, now: datetime) -> None:
    for unit in world.units[:3]:
        got = world.together(*(lambda who=who: world.hold(who, unit, now, unit) for who in world.officers))  # noqa: B023

        assert len([one for one in got if isinstance(one, str)]) == 1
        assert len([one for one in got if isinstance(one, SpaceGoneError)]) == 7


def test_a_double_tap_at_the_same_moment_is_one_hold(world: World, now: datetime) -> None:
    taps = world.together(*(lambda: world.hold(world.officers[0], world.units[0], now) for _ in range(4)))

    assert len(set(taps)) == 1
    assert isinstance(taps[0], str)
    assert world.holds() == 1


def test_the_limit_holds_for_one_person_at_several_screens(world: World, now: datetime) -> None:
    got = world.together(*(lambda unit=unit: world.hold(world.officers[0], unit, now, unit) for unit in world.units))

    assert len([one for one in got if isinstance(one, str)]) == 3
    assert len([one for one in got if isinstance(one, TooManyHoldsError)]) == 2
    assert world.holds() == 3


def test_a_hold_and_its_provider_do_not_pass_one_another(world: World, now: datetime) -> None:
    """Either the unit is held and open, or it is occupied and nobody holds it."""
    for unit in world.units:
        held, said = world.together(
            lambda: world.hold(world.officers[0], unit, now, unit),  # noqa: B023
            lambda: world.write(lambda s: set_unit_state(s, unit, UnitState.OCCUPIED, world.provider, now)),  # noqa: B023
        )
        with world.database.new_session() as session:
            state = session.scalars(select(Unit.state).where(Unit.id == unit)).one()
        assert isinstance(held, str) == (state is UnitState.OPEN)
        assert isinstance(said, RefusedError) == (state is UnitState.OPEN)
        if isinstance(held, str):
            world.write(lambda s: release_hold(s, held, world.officers[0], now))  # noqa: B023


@pytest.mark.parametrize("commits", [True, False])
def test_whoever_waits_gets_it_only_if_the_first_gives_up(world: World, now: datetime, commits: bool) -> None:
    unit, (first, second) = world.units[0], world.officers[:2]
    with world.database.new_session() as session:
        begin_writing(session)
        hold_unit(session, unit, first, "key", at(now), TERMS)
        waiting = world.meanwhile(lambda: world.hold(second, unit, now))
        (session.commit if commits else session.rollback)()

    assert isinstance(waiting.result(TIMEOUT), SpaceGoneError if commits else str)


def test_somebody_who_only_tidies_up_takes_the_unit_from_nobody(world: World, now: datetime) -> None:
    """While the sweep ends a hold that ran out, somebody asks for the unit: it is free when the sweep is done."""
    unit, (first, second) = world.units[0], world.officers[:2]
    world.hold(first, unit, now)
    later = now + HOURS_2
    with world.database.new_session() as session:
        begin_writing(session)
        assert sweep_holds(session, later) == 1
        waiting = world.meanwhile(lambda: world.hold(second, unit, later))
        session.commit()

    assert isinstance(waiting.result(TIMEOUT), str)


def test_an_extension_at_the_last_moment_counts(world: World, now: datetime) -> None:
    unit, (first, second) = world.units[0], world.officers[:2]
    made = str(world.hold(first, unit, now))
    with world.database.new_session() as session:
        begin_writing(session)
        extend_hold(session, made, first, at(now + HOURS_2 - timedelta(seconds=1)), TERMS)
        waiting = world.meanwhile(lambda: world.hold(second, unit, now + HOURS_2))
        session.commit()

    assert isinstance(waiting.result(TIMEOUT), SpaceGoneError)


def test_a_sweep_waits_for_nobody(world: World, database_kind: str, now: datetime) -> None:
    if database_kind == "sqlite":
        pytest.skip("SQLite has one lock for all who write")
    made = str(world.hold(world.officers[0], world.units[0], now))
    with world.database.new_session() as session:
        extend_hold(session, made, world.officers[0], at(now), TERMS)
        assert world.write(lambda other: sweep_holds(other, now + HOURS_2)) == 0


def test_two_members_of_staff_at_once_leave_every_change_in_the_trail(
    world: World, database_kind: str, now: datetime
) -> None:
    """The second reads "open" before the first occupies the unit, and then opens it again: that is a change."""
    if database_kind == "sqlite":
        pytest.skip("SQLite has one lock for all who write")
    unit = world.units[0]
    with world.database.new_session() as session:
        set_unit_state(session, unit, UnitState.OCCUPIED, world.provider, now)
        waiting = world.meanwhile(
            lambda: world.write(lambda other: set_unit_state(other, unit, UnitState.OPEN, world.provider, now))
        )
        session.commit()
    waiting.result(TIMEOUT)

    with world.database.new_session() as session:
        assert verify(session).entries == 2


def test_a_hold_after_reading_is_not_refused_because_somebody_wrote(world: World, now: datetime) -> None:
    """On SQLite, a transaction that has read cannot write once somebody else has: `begin_writing` begins anew."""
    with world.database.new_session() as session:
        session.scalars(select(Unit.id)).all()
        world.hold(world.officers[0], world.units[0], now)
        begin_writing(session)
        assert hold_unit(session, world.units[1], world.officers[1], "key", at(now), TERMS)
        with pytest.raises(SpaceGoneError):
            hold_unit(session, world.units[0], world.officers[1], "other key", at(now), TERMS)
        session.rollback()


def test_a_hold_that_comes_between_the_check_of_an_import_and_its_writing(
    world: World, database_kind: str, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database_kind == "sqlite":
        pytest.skip("SQLite has one lock for all who write")
    files = small_catalogue()
    with world.database.new_session.begin() as session:
        bring_in(session, write(tmp_path, files), now)
    files["units.csv"][0]["state"] = "occupied"

    def progress(what: str, _step: int, _steps: int) -> None:
        if what == "Writing":
            assert isinstance(world.hold(world.officers[0], "rose-01", now), str)

    with world.database.new_session() as session, pytest.raises(RefusedError, match="at the moment"):
        import_folder(session, write(tmp_path, files), now, progress=progress)
    assert world.holds() == 1
