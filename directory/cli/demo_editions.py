"""The demonstration's editions: one of a month ago, when the catalogue said a few things otherwise, and today's."""

import csv
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.orm import Session

from directory.accounts import service
from directory.accounts.permissions import Role
from directory.capacity.availability import Moment
from directory.capacity.files import import_folder
from directory.cli.demo_accounts import COMMISSIONER, DEPUTY
from directory.cli.demo_requests import make_requests
from directory.common.actor import Actor
from directory.common.clock import london_date
from directory.common.errors import RefusedError
from directory.config import Settings
from directory.messaging.outbox import forget_messages
from directory.paths import SEED_DATA
from directory.places.lookup import all_boroughs
from directory.publishing.cascade.receipts import acknowledge, mark_seen
from directory.publishing.cascade.sending import send_out
from directory.publishing.editions.checking import check, count_warnings
from directory.publishing.editions.lifecycle import draft, publish, sign

MONTH, LATELY = timedelta(days=31), timedelta(days=2)
OFFICERS_PER_AREA = 7
Row = dict[str, str]


def make_first_edition(session: Session, settings: Settings, now: datetime, accounts: Callable[[], object]) -> None:
    """Load the catalogue as it was a month ago, and publish it; the caller commits.

    `accounts` makes the demonstration's people, which needs the organisations.
    """
    then = now - MONTH
    with TemporaryDirectory() as folder:
        _write_earlier(Path(folder), london_date(then))
        report = import_folder(session, Path(folder), then)
    if report.refused:
        raise RefusedError(f"The demonstration as it was cannot be loaded: {report.errors[0]}.")
    accounts()
    officers = _ensure_officers(session, then)
    edition_id = _publish(session, settings, then, "")
    for number, user_id in enumerate(officers):
        if number % 7 == 3:
            continue
        opened = then + timedelta(hours=2 + 11 * (number % 13))
        mark_seen(session, edition_id, user_id, opened)
        if number % 5:
            acknowledge(session, edition_id, user_id, opened + timedelta(minutes=1 + number % 40))
    # Long read or superseded: none of them would be sent any more.
    forget_messages(session, "E1")


def make_second_edition(session: Session, settings: Settings, now: datetime) -> None:
    """Publish what is in the catalogue, dated two days ago, and let some have read it; the caller commits.

    The register of disclosure requests gets its entries too, which need the commissioner.
    """
    published = now - LATELY
    edition_id = _publish(session, settings, published, "With the figures of the quarter that has become final.")
    for number, user_id in enumerate(_ensure_officers(session, published)):
        if number % 3 == 0:
            acknowledge(session, edition_id, user_id, published + timedelta(minutes=5 + 29 * number))
    make_requests(session, _commissioner(session, COMMISSIONER), now)


def _publish(session: Session, settings: Settings, now: datetime, note: str) -> int:
    moment = Moment(now, settings.confirm_within, settings.stale_after)
    preparer, signer = _commissioner(session, COMMISSIONER), _commissioner(session, DEPUTY)
    edition = draft(session, preparer, moment, note=note)
    found = check(session, edition.id, moment)
    sign(session, edition.id, edition.content_hash, count_warnings(found), signer, moment)
    publish(session, edition.id, signer, moment)
    send_out(session, edition.id, now)
    return edition.id


def _commissioner(session: Session, email: str) -> Actor:
    account = service.find_account(session, email)
    if account is None:
        raise RefusedError(f"There is no account {email}.")
    return Actor(account.id, account.role.value, account.organisation_id)


def _ensure_officers(session: Session, now: datetime) -> list[int]:
    """Officers of every area who cannot sign in, for receipts to be counted; their accounts' numbers."""
    areas = sorted({borough.police_area for borough in all_boroughs(session)})
    ids = []
    for area in areas:
        for number in range(1, OFFICERS_PER_AREA + 1):
            email = f"officer-{number}@{area.lower().replace(' ', '-')}.met.example"
            account = service.find_account(session, email) or service.create_account(
                session,
                email=email,
                name=f"Officer {number}, {area}",
                role=Role.OFFICER,
                organisation_id=None,
                area=area,
                password=None,
                now=now,
            )
            ids.append(account.id)
    session.flush()
    return ids


def _write_earlier(folder: Path, day: date) -> None:
    """The demonstration's files with a few differences, so that an edition of today has something to tell."""
    tables = {path.name: _read(path) for path in sorted((SEED_DATA / "demo").glob("*.csv"))}
    tables.pop("programmes.csv")
    services, units = tables["services.csv"], tables["units.csv"]
    new = {row["id"] for row in services if row["kind"] in {"outreach", "counselling"}}
    new = set(sorted(new)[:2])
    for row in (*services, *tables["organisations.csv"]):
        # Nobody had verified anything later than on that day.
        row["verified_on"] = min(row["verified_on"], day.isoformat()) if row["verified_on"] else ""
    for number, row in enumerate(row for row in services if row["kind"] == "advocacy"):
        if number % 4 == 0:
            row["phone"] = f"020 7946 0{900 + number}"
            row["languages"] = row["languages"].partition(";")[0]
    gone = next(row for row in services if row["kind"] == "helpline")
    drop_in = gone | {"id": f"{gone['id']}-drop-in", "name": f"{gone['name']} drop-in", "kind": "outreach"}
    tables["services.csv"] = [*(row for row in services if row["id"] not in new), drop_in]
    borough_units = [row for row in units if row["programme"] == "BOROUGH-2026"]
    late, smaller = borough_units[0]["id"], borough_units[-1]
    smaller["bedspaces"] = str(int(smaller["bedspaces"]) + 1)
    tables["units.csv"] = [row for row in units if row["id"] != late]
    newest = max(row["period"] for row in tables["performance.csv"])
    tables["performance.csv"] = [
        row for row in tables["performance.csv"] if row["service_id"] not in new and row["period"] != newest
    ]
    for name, rows in tables.items():
        _write(folder / name, rows)


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
