"""Imports keep the history of unit states: half-open periods without gaps, one of them going on."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.capacity.models import Unit, UnitStatePeriod
from tests.catalogue import folders
from tests.catalogue.folders import bring_in, small_catalogue, write

HOUR = timedelta(hours=1)


def bring_unit(session: Session, folder: Path, now: datetime, **cells: str) -> None:
    rows = [folders.unit(**cells)] if cells else []
    bring_in(session, write(folder, small_catalogue() | {"units.csv": rows}), now)


def history(session: Session, now: datetime) -> list[tuple[str, float, float | None]]:
    """The unit's periods as state, and hours from `now` at which they begin and end."""

    def hours(instant: datetime | None) -> float | None:
        return None if instant is None else (instant - now) / HOUR

    periods = session.scalars(select(UnitStatePeriod).order_by(UnitStatePeriod.began_at))
    return [(period.state.value, hours(period.began_at) or 0.0, hours(period.ended_at)) for period in periods]


def test_a_new_unit_begins_its_first_period(session: Session, tmp_path: Path, now: datetime) -> None:
    bring_unit(session, tmp_path, now, state="occupied")

    assert history(session, now) == [("occupied", 0, None)]


def test_a_changed_state_ends_one_period_and_begins_the_next(session: Session, tmp_path: Path, now: datetime) -> None:
    bring_unit(session, tmp_path, now, state="open")
    bring_unit(session, tmp_path, now + HOUR, state="occupied")
    bring_unit(session, tmp_path, now + 2 * HOUR, state="occupied", name="Room one")

    assert history(session, now) == [("open", 0, 1), ("occupied", 1, None)]


def test_a_change_at_the_same_instant_corrects_the_period(session: Session, tmp_path: Path, now: datetime) -> None:
    bring_unit(session, tmp_path, now, state="open")
    bring_unit(session, tmp_path, now, state="closed")

    assert history(session, now) == [("closed", 0, None)]


def test_a_removed_unit_is_closed_and_begins_again_when_it_comes_back(
    session: Session, tmp_path: Path, now: datetime
) -> None:
    bring_unit(session, tmp_path, now, state="open")
    bring_unit(session, tmp_path, now + HOUR)
    bring_unit(session, tmp_path, now + 2 * HOUR, state="open")

    assert history(session, now) == [("open", 0, 1), ("closed", 1, 2), ("open", 2, None)]


def test_only_the_file_moves_the_confirmation(session: Session, tmp_path: Path, now: datetime) -> None:
    confirmed = "2026-11-21T10:00:00Z"
    bring_unit(session, tmp_path, now, state="open", confirmed_at=confirmed)
    bring_unit(session, tmp_path, now + HOUR, state="closed", confirmed_at=confirmed)

    assert session.get_one(Unit, "rose-01").confirmed_at == datetime.fromisoformat(confirmed)


def test_another_state_does_not_borrow_the_confirmation_of_the_last_one(
    session: Session, tmp_path: Path, now: datetime
) -> None:
    bring_unit(session, tmp_path, now, state="occupied")
    files = small_catalogue() | {"units.csv": [folders.unit(state="open")]}
    columns = [name for name in folders.HEADERS["units.csv"] if name != "confirmed_at"]
    rows = [{name: cell for name, cell in row.items() if name != "confirmed_at"} for row in files["units.csv"]]

    bring_in(session, write(tmp_path, files | {"units.csv": rows}, {"units.csv": columns}), now + HOUR)

    session.expire_all()
    assert session.get_one(Unit, "rose-01").confirmed_at is None
