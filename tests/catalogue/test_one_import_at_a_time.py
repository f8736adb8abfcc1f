"""Two imports at once: the second waits for the first or is refused, and a failure undoes everything."""

import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from directory import extensions
from directory.capacity import unit_files
from directory.capacity.files import TABLES, import_folder
from directory.capacity.models import Unit
from directory.catalogue.files import locking
from directory.catalogue.models import Need, Organisation
from directory.common.errors import RefusedError
from directory.extensions import Database
from tests.catalogue.folders import NOTHING, bring_in, lines, small_catalogue, write


@pytest.fixture
def database(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A database of the test's own, on which nobody waits longer than a second."""
    monkeypatch.setattr(extensions, "SQLITE_BUSY_SECONDS", 1)
    monkeypatch.setattr(locking, "WAIT_SECONDS", 1)
    made = Database(database_url)
    yield made
    made.engine.dispose()


def test_a_second_import_is_refused_when_the_first_takes_too_long(
    database: Database, tmp_path: Path, now: datetime
) -> None:
    write(tmp_path, small_catalogue())

    with database.new_session.begin() as first, database.new_session() as second:
        bring_in(first, tmp_path, now)
        with pytest.raises(RefusedError, match="try again in a minute"):
            import_folder(second, tmp_path, now)


def test_a_second_import_waits_for_the_first_and_finds_its_work(
    database: Database, tmp_path: Path, now: datetime
) -> None:
    write(tmp_path, small_catalogue())
    found: list[dict[str, list[str]]] = []

    def import_second() -> None:
        with database.new_session.begin() as second:
            found.append(lines(bring_in(second, tmp_path, now)))

    with database.new_session.begin() as first:
        bring_in(first, tmp_path, now)
        other = threading.Thread(target=import_second)
        other.start()
        other.join(timeout=0.3)
        assert found == []
    other.join(timeout=30)

    assert found == [NOTHING]


def test_a_dry_run_waits_for_nobody(database: Database, tmp_path: Path, now: datetime) -> None:
    write(tmp_path, small_catalogue())

    with database.new_session.begin() as first, database.new_session.begin() as second:
        bring_in(first, tmp_path, now)
        assert len(bring_in(second, tmp_path, now, dry_run=True).difference.added) == 12


def test_a_failure_while_writing_undoes_everything(
    database: Database, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise OSError("The power went.")

    monkeypatch.setattr(unit_files, "record_states", fail)

    with pytest.raises(OSError, match="power"), database.new_session.begin() as session:
        import_folder(session, write(tmp_path, small_catalogue()), now)

    with database.new_session() as session:
        for model in (Need, Organisation, Unit):
            assert session.scalar(select(func.count()).select_from(model)) == 0


def test_the_database_refuses_what_the_checks_would_let_through(
    session: Session, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rule 6 stands twice: with the import's own check taken away, the constraint still bites."""
    (services,) = [table for table in TABLES if table.file == "services.csv"]
    monkeypatch.setattr("directory.catalogue.files.checking.check_rules", lambda _folder, _refusals: None)
    files = small_catalogue()
    files["services.csv"][0] |= {"postcode": "E8 3PN"}

    assert services.rules
    with pytest.raises(IntegrityError, match=r"only_public_has_postcode|location_is_the_postcode"):
        import_folder(session, write(tmp_path, files), now)
