"""The demonstration's data: loaded once, and again when the files are newer or everything in it has gone stale."""

import csv
import fcntl
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.orm import Session

from directory.capacity.contracts.files import load_programmes
from directory.capacity.files import import_folder
from directory.capacity.unit_files import NOT_NOW
from directory.catalogue.guidance import load_guidance
from directory.catalogue.queries import organisation_ids
from directory.cli.demo_contacts import ensure_contacts
from directory.cli.demo_editions import make_first_edition, make_second_edition
from directory.cli.demo_past import ensure_past
from directory.common.errors import RefusedError
from directory.common.kept import private_folder
from directory.common.migrate import revisions, upgrade
from directory.config import Settings
from directory.extensions import Database
from directory.paths import INSTANCE, SEED_DATA
from directory.places.loading import load_gazetteer

# In this order: services are described with the terms of the taxonomies.
FOLDERS = (SEED_DATA / "taxonomies", SEED_DATA / "demo", SEED_DATA / "london")
STATE = INSTANCE / "demo-data.json"


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait until nobody else on this machine is preparing the demonstration."""
    private_folder(INSTANCE)
    with (INSTANCE / "demo.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def ensure_data(
    database: Database,
    settings: Settings,
    now: datetime,
    tell: Callable[[str], None],
    accounts: Callable[[Session], object],
) -> None:
    """Migrate, load places, and import the demonstration's files where that is due. Commits.

    A new database gets a past too; `accounts` makes the people in it.

    Raises RefusedError, before anything is written, when the database holds somebody else's catalogue; and when a file
    does not fit, which only a changed file can.
    """
    is_new = revisions(database.engine)[0] is None
    with database.new_session() as session:
        there = organisation_ids(session)
        _refuse_another_catalogue(there)
    upgrade(database.engine)
    with database.new_session.begin() as session:
        tell("Loading places")
        load_gazetteer(session, SEED_DATA / "gazetteer", now)
        load_guidance(session, SEED_DATA / "guidance" / "demo", now)
        load_guidance(session, SEED_DATA / "guidance", now)
    # Which database it was, without saying it: an address may hold a password.
    state = {"database": _digest([settings.database_url.encode()]), "files": _digest(_contents())}
    if not is_new and _is_current(state, settings, now):
        return
    with database.new_session.begin() as session:
        load_programmes(session, SEED_DATA / "demo", now)
        if not there:
            tell("Making up a past")
            import_folder(session, FOLDERS[0], now)
            make_first_edition(session, settings, now, lambda: accounts(session))
        for folder in FOLDERS:
            tell(f"Loading {folder.name}")
            report = import_folder(session, folder, now)
            if report.refused and all(NOT_NOW in error.message for error in report.errors):
                # Somebody is in the middle of showing holds and referrals: what they promise stays.
                tell("Some units are held: the data stays as it is")
                session.rollback()
                return
            if report.refused:
                raise RefusedError(f"{folder}: {report.error_count} errors; the first is {report.errors[0]}.")
        ensure_contacts(session, now)
        if not there:
            ensure_past(session, now)
            make_second_edition(session, settings, now)
    STATE.write_text(json.dumps(state | {"imported_at": now.isoformat()}))


def _refuse_another_catalogue(ids: set[str]) -> None:
    with (SEED_DATA / "demo" / "organisations.csv").open(encoding="utf-8", newline="") as file:
        ours = {row["id"] for row in csv.DictReader(file)}
    if ids and not ids & ours:
        raise RefusedError(
            "This database holds another catalogue, and demonstration data and accounts do not belong beside it: "
            "unset DATABASE_URL, or set it to another database."
        )


def _is_current(state: dict[str, str], settings: Settings, now: datetime) -> bool:
    """Whether these files are in this database, and so recently that units confirmed at the import still count."""
    try:
        kept = json.loads(STATE.read_text())
        imported_at = datetime.fromisoformat(kept.pop("imported_at"))
        age = now - imported_at
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False
    return bool(kept == state) and age < settings.confirm_within


def _contents() -> Iterator[bytes]:
    for folder in FOLDERS:
        for path in sorted(folder.rglob("*.csv")):
            yield str(path.relative_to(SEED_DATA)).encode()
            yield path.read_bytes()


def _digest(parts: Iterator[bytes] | list[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8))
        digest.update(part)
    return digest.hexdigest()
