"""Every change leaves a version of what it changed, and the versions replayed give the catalogue."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from directory.capacity.current import differences_from_history, read_current
from directory.capacity.files import RowEdit, edit_catalogue
from directory.capacity.models import Unit
from directory.catalogue.models import Service
from directory.catalogue.versions.models import CatalogueChange, ChangeKind, ListingKind, ListingVersion
from directory.catalogue.versions.reading import last_edited, latest_number, recent_changes, versions_of
from directory.catalogue.versions.replay import replay
from directory.common.errors import NotFoundError
from tests import factories
from tests.catalogue.folders import bring_in, small_catalogue, write

SERVICE, UNIT, ORGANISATION = ListingKind.SERVICE, ListingKind.UNIT, ListingKind.ORGANISATION


def edit(session: Session, now: datetime, *edits: RowEdit) -> int | None:
    """Make the edits, and return the number of the change."""
    report = edit_catalogue(session, edits, now, kind=ChangeKind.PROPOSAL, made_by="user-1")
    assert report.errors == ()
    return report.change_id


def test_an_import_makes_the_first_version_of_everything(session: Session, tmp_path: Path, now: datetime) -> None:
    bring_in(session, write(tmp_path, small_catalogue()), now)

    (version,) = versions_of(session, SERVICE, "rose-house")
    assert (version.number, version.change_kind, version.made_by, version.removed) == (1, "import", "system", False)
    assert version.values["needs"] == "refuge-space"
    assert "state" not in versions_of(session, UNIT, "rose-01")[0].values
    assert differences_from_history(session) == []
    assert set(replay(session)) == {
        (ORGANISATION, "rose"), (SERVICE, "rose-house"), (SERVICE, "rose-advice"), (UNIT, "rose-01"),
    }  # fmt: skip


def test_importing_the_same_again_makes_no_version(session: Session, tmp_path: Path, now: datetime) -> None:
    bring_in(session, write(tmp_path, small_catalogue()), now)

    bring_in(session, write(tmp_path, small_catalogue()), now + timedelta(hours=1))  # confirmed_at is another

    assert latest_number(session, UNIT, "rose-01") == 1
    assert len(recent_changes(session)) == 1


def test_a_column_that_is_edited_leaves_the_others(session: Session, tmp_path: Path, now: datetime) -> None:
    bring_in(session, write(tmp_path, small_catalogue()), now)
    before = read_current(session, SERVICE, "rose-house")

    change_id = edit(session, now, RowEdit(SERVICE, "rose-house", {"phone": "020 7946 0123"}))

    after = read_current(session, SERVICE, "rose-house")
    assert after.number == before.number + 1
    assert dict(after.values) == dict(before.values) | {"phone": "020 7946 0123"}
    assert versions_of(session, SERVICE, "rose-house")[0].change_id == change_id
    assert last_edited(session, SERVICE, "rose-house") == now
    assert session.get_one(Unit, "rose-01").removed_at is None, "what an edit does not name stays"
    assert differences_from_history(session) == []


def test_what_was_there_before_the_history_is_kept_as_found(session: Session, now: datetime) -> None:
    service = factories.service(session, phone="020 7946 0001")

    edit(session, now, RowEdit(SERVICE, service.id, {"phone": "020 7946 0002"}))

    newest, found = versions_of(session, SERVICE, service.id)
    assert (found.change_kind, found.values["phone"]) == ("found", "020 7946 0001")
    assert (newest.number, newest.values["phone"]) == (2, "020 7946 0002")
    assert [change.kind for change in recent_changes(session)] == ["proposal"]


def test_an_edit_with_an_error_writes_nothing(session: Session, now: datetime) -> None:
    service = factories.service(session)

    report = edit_catalogue(
        session,
        [RowEdit(SERVICE, service.id, {"name": "Another", "min_age": "many"}, number=7)],
        now,
        kind=ChangeKind.UPLOAD,
        made_by="user-1",
    )

    (error,) = report.errors
    assert (error.file, error.row, error.column, error.value) == ("services.csv", 7, "min_age", "many")
    assert report.change_id is None
    assert read_current(session, SERVICE, service.id).values["name"] == service.name
    assert session.scalar(select(func.count(CatalogueChange.id))) == 0


def test_a_dry_run_says_what_would_change(session: Session, now: datetime) -> None:
    service = factories.service(session, phone="020 7946 0001")
    edits = [RowEdit(SERVICE, service.id, {"phone": "020 7946 0002"})]

    report = edit_catalogue(session, edits, now, kind=ChangeKind.UPLOAD, made_by="user-1", dry_run=True)

    assert report.difference.changed[0].fields == {"phone": ("020 7946 0001", "020 7946 0002")}
    assert latest_number(session, SERVICE, service.id) == 0


def test_a_column_that_there_is_not_is_a_mistake_of_the_program(session: Session, now: datetime) -> None:
    service = factories.service(session)

    with pytest.raises(ValueError, match="nationality"):
        edit(session, now, RowEdit(SERVICE, service.id, {"nationality": "any"}))


def test_what_leaves_takes_what_belongs_to_it_and_all_is_kept(session: Session, now: datetime) -> None:
    unit = factories.unit(session)

    edit(session, now, RowEdit(SERVICE, unit.service_id, {}, removed=True))

    assert versions_of(session, UNIT, unit.id)[0].removed
    assert versions_of(session, UNIT, unit.id)[0].live["before"]["state"] == "open"
    with pytest.raises(NotFoundError):
        read_current(session, SERVICE, unit.service_id)
    assert replay(session)[SERVICE, unit.service_id] is None
    assert differences_from_history(session) == []


def test_removing_what_is_not_there_is_an_error(session: Session, now: datetime) -> None:
    edits = [RowEdit(SERVICE, "nowhere", {}, removed=True)]

    report = edit_catalogue(session, edits, now, kind=ChangeKind.UPLOAD, made_by="user-1")

    assert [error.value for error in report.errors] == ["nowhere"]


def test_who_confirmed_is_kept(session: Session, now: datetime) -> None:
    service = factories.service(session)

    edit(session, now, RowEdit(SERVICE, service.id, {"verified_on": "2026-11-22"}))

    assert session.scalar(select(Service.verified_by).where(Service.id == service.id)) == "user-1"


def test_writing_past_the_machinery_is_noticed(session: Session, now: datetime) -> None:
    """The rule bites: what has no version differs from what the history replays to."""
    service = factories.service(session)
    edit(session, now, RowEdit(SERVICE, service.id, {"phone": "020 7946 0002"}))

    session.execute(update(Service).where(Service.id == service.id).values(phone="020 7946 0003"))

    assert differences_from_history(session) == [f"service {service.id}: phone"]


@pytest.mark.parametrize("table", ["listing_versions", "catalogue_changes"])
@pytest.mark.parametrize("statement", ["DELETE FROM {table}", "UPDATE {table} SET id = id"])
def test_the_database_keeps_versions_as_they_are(session: Session, now: datetime, table: str, statement: str) -> None:
    edit(session, now, RowEdit(SERVICE, factories.service(session).id, {"phone": "020 7946 0002"}))
    assert session.scalar(select(func.count(ListingVersion.id)))

    with pytest.raises(IntegrityError, match="kept as they are"):
        session.execute(text(statement.format(table=table)))
    session.rollback()
