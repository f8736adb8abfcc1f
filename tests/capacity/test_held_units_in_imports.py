"""A catalogue file cannot take away a unit that somebody holds; holds whose time is up are in nobody's way."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.capacity.files import ImportReport, import_folder
from directory.capacity.holds.models import Hold, HoldOutcome
from directory.capacity.models import Unit, UnitState
from tests import factories
from tests.capacity.holding import HOURS_2, MINUTE, available, hold
from tests.catalogue import folders
from tests.catalogue.folders import bring_in, small_catalogue, write


@pytest.fixture
def officer(session: Session) -> User:
    return factories.user(session)


@pytest.fixture
def held(session: Session, tmp_path: Path, now: datetime, officer: User) -> str:
    """The id of a hold on the one unit of a catalogue that was imported."""
    bring_in(session, write(tmp_path, small_catalogue()), now)
    made = hold(session, session.get_one(Unit, "rose-01"), officer, now)
    session.commit()
    return made


def again(session: Session, folder: Path, now: datetime, *units: dict[str, str], dry_run: bool = False) -> ImportReport:
    """Import the same catalogue with these units."""
    return import_folder(session, write(folder, small_catalogue() | {"units.csv": list(units)}), now, dry_run=dry_run)


@pytest.mark.parametrize("state", ["occupied", "closed"])
@pytest.mark.parametrize("dry_run", [False, True])
def test_a_file_does_not_take_a_held_unit_away(
    session: Session, tmp_path: Path, now: datetime, held: str, state: str, dry_run: bool
) -> None:
    report = again(session, tmp_path, now + MINUTE, folders.unit(state=state), dry_run=dry_run)

    (error,) = report.errors
    assert (error.file, error.column, error.value, error.allowed) == ("units.csv", "state", state, ("open",))
    assert "cannot be changed at the moment" in error.message
    assert "held" not in error.message, "whoever imports is not told of holds"
    assert session.get_one(Unit, "rose-01").state is UnitState.OPEN


def test_a_held_unit_is_not_left_out(session: Session, tmp_path: Path, now: datetime, held: str) -> None:
    report = again(session, tmp_path, now)

    (error,) = report.errors
    assert (error.file, error.value) == ("units.csv", "rose-01")
    assert "may not be left out" in error.message


def test_a_held_unit_is_not_handed_over(session: Session, tmp_path: Path, now: datetime, held: str) -> None:
    files = small_catalogue()
    files["services.csv"].append(folders.service(id="rose-court", name="Rose Court"))
    files["units.csv"] = [folders.unit(service_id="rose-court")]

    report = import_folder(session, write(tmp_path, files), now)

    assert [(error.column, error.value) for error in report.errors] == [("service_id", "rose-court")]


def test_a_service_does_not_take_its_held_unit_with_it(
    session: Session, tmp_path: Path, now: datetime, held: str
) -> None:
    """There is no file of units here whose row could be named: the unit is."""
    files = small_catalogue()
    del files["units.csv"]
    files["services.csv"] = [folders.public_service()]
    files["performance.csv"] = []
    for path in ("units.csv", "performance.csv"):
        (tmp_path / path).unlink()
    folder = write(tmp_path, files)

    (error,) = import_folder(session, folder, now).errors

    assert (error.file, error.value) == ("units.csv", "rose-01")
    assert session.get_one(Unit, "rose-01").removed_at is None


def test_what_leaves_a_held_unit_open_is_imported(session: Session, tmp_path: Path, now: datetime, held: str) -> None:
    report = again(session, tmp_path, now + MINUTE, folders.unit(name="Room one", bedspaces="3"))

    assert report.applied
    assert session.get_one(Unit, "rose-01").name == "Room one"
    assert session.get_one(Hold, held).unit_id == "rose-01"
    assert available(session, now + MINUTE) == set()


@pytest.mark.parametrize("leave_out", [False, True])
def test_a_hold_that_ran_out_is_in_nobodys_way(
    session: Session, tmp_path: Path, now: datetime, held: str, leave_out: bool
) -> None:
    units = [] if leave_out else [folders.unit(state="occupied")]

    report = again(session, tmp_path, now + HOURS_2, *units)

    assert report.applied, report.errors
    assert session.get_one(Hold, held, populate_existing=True).outcome is HoldOutcome.EXPIRED
    assert session.get_one(Unit, "rose-01").state is (UnitState.CLOSED if leave_out else UnitState.OCCUPIED)


def test_a_dry_run_writes_nothing_at_all(session: Session, tmp_path: Path, now: datetime, held: str) -> None:
    """Not even what anybody may tidy away: it waits for nobody, so it must not need a lock."""
    written: list[str] = []

    def note(_connection, _cursor, statement: str, *_rest: object) -> None:  # type: ignore[no-untyped-def]
        if not statement.lstrip().upper().startswith(("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")):
            written.append(statement)

    engine = session.connection().engine
    event.listen(engine, "before_cursor_execute", note)
    report = again(session, tmp_path, now + HOURS_2, folders.unit(state="occupied"), dry_run=True)
    event.remove(engine, "before_cursor_execute", note)

    assert not report.refused
    assert written == []
    assert session.scalars(select(Hold.outcome).where(Hold.id == held)).one() is None
