"""A change is taken back as one step, or not at all; a version is restored; and the history goes on."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from directory.capacity.current import differences_from_history, read_current
from directory.capacity.files import RowEdit, edit_catalogue
from directory.capacity.models import Unit, UnitState
from directory.capacity.undoing import ConflictError, restore_version, undo_change
from directory.capacity.updates import set_unit_state
from directory.catalogue.models import Service
from directory.catalogue.versions.models import ChangeKind, ListingKind
from directory.catalogue.versions.reading import read_change, versions_of
from directory.common.actor import Actor
from directory.common.errors import NotFoundError, RefusedError
from tests import factories

SERVICE, UNIT = ListingKind.SERVICE, ListingKind.UNIT
COMMISSIONER = Actor(1, "commissioner", None)


def upload(session: Session, now: datetime, *edits: RowEdit) -> int:
    """Apply the edits as an uploaded sheet, and return the number of the change."""
    report = edit_catalogue(session, edits, now, kind=ChangeKind.UPLOAD, made_by="user-1")
    assert report.change_id is not None, report.errors
    return report.change_id


def test_what_was_changed_says_again_what_it_said(session: Session, now: datetime) -> None:
    one, other = factories.service(session, phone="020 7946 0001"), factories.service(session, phone="020 7946 0002")
    change_id = upload(
        session,
        now,
        RowEdit(SERVICE, one.id, {"phone": "020 7946 0008"}),
        RowEdit(SERVICE, other.id, {"phone": "020 7946 0009"}),
    )

    undo_change(session, change_id, COMMISSIONER, now)

    phones = [read_current(session, SERVICE, service.id).values["phone"] for service in (one, other)]
    assert phones == ["020 7946 0001", "020 7946 0002"]
    assert read_change(session, change_id).undone_by_id is not None
    assert differences_from_history(session) == []


def test_what_was_added_goes_and_comes_back_when_that_is_taken_back_too(session: Session, now: datetime) -> None:
    service = factories.service(session)
    texts = {"service_id": service.id, "bedspaces": "2", "max_adults": "1", "max_children": "1"}
    texts |= {"ringfence": "none", "state": "occupied", "name": "Room 9"}
    change_id = upload(session, now, RowEdit(UNIT, "room-9", texts))

    undo = undo_change(session, change_id, COMMISSIONER, now)

    with pytest.raises(NotFoundError):
        read_current(session, UNIT, "room-9")
    assert undo.change_id is not None
    undo_change(session, undo.change_id, COMMISSIONER, now)
    assert read_current(session, UNIT, "room-9").values["name"] == "Room 9"
    assert session.get_one(Unit, "room-9").state is UnitState.OCCUPIED
    assert differences_from_history(session) == []


def test_a_second_time_is_refused(session: Session, now: datetime) -> None:
    service = factories.service(session)
    change_id = upload(session, now, RowEdit(SERVICE, service.id, {"phone": "020 7946 0008"}))
    undo_change(session, change_id, COMMISSIONER, now)

    with pytest.raises(RefusedError, match="already"):
        undo_change(session, change_id, COMMISSIONER, now)


def test_another_column_that_was_changed_since_stays(session: Session, now: datetime) -> None:
    service = factories.service(session, phone="020 7946 0001")
    change_id = upload(session, now, RowEdit(SERVICE, service.id, {"phone": "020 7946 0008"}))
    upload(session, now, RowEdit(SERVICE, service.id, {"name": "Another name"}))

    undo_change(session, change_id, COMMISSIONER, now)

    values = read_current(session, SERVICE, service.id).values
    assert (values["phone"], values["name"]) == ("020 7946 0001", "Another name")


def test_the_same_column_changed_since_keeps_the_whole_from_being_taken_back(session: Session, now: datetime) -> None:
    one, other = factories.service(session, phone="020 7946 0001"), factories.service(session, phone="020 7946 0002")
    change_id = upload(
        session,
        now,
        RowEdit(SERVICE, one.id, {"phone": "020 7946 0008"}),
        RowEdit(SERVICE, other.id, {"phone": "020 7946 0009"}),
    )
    upload(session, now, RowEdit(SERVICE, other.id, {"phone": "020 7946 0007"}))

    with pytest.raises(ConflictError) as refused:
        undo_change(session, change_id, COMMISSIONER, now)

    assert [(conflict.listing_id, conflict.column) for conflict in refused.value.conflicts] == [(other.id, "phone")]
    assert read_current(session, SERVICE, one.id).values["phone"] == "020 7946 0008"


def test_what_has_got_units_since_does_not_go(session: Session, now: datetime) -> None:
    factories.taxonomies(session)
    owner = factories.organisation(session)
    texts = {"organisation_id": owner.id, "name": "New House", "kind": "refuge", "needs": "domestic-abuse"}
    texts |= {"location_disclosure": "secret", "status": "draft"}
    change_id = upload(session, now, RowEdit(SERVICE, "new-house", texts))
    unit = factories.unit(session, session.get_one(Service, "new-house"))

    with pytest.raises(ConflictError) as refused:
        undo_change(session, change_id, COMMISSIONER, now)

    assert unit.id in refused.value.conflicts[0].message


def test_a_units_state_goes_back_unless_somebody_has_confirmed_it_since(session: Session, now: datetime) -> None:
    one, other = factories.unit(session), factories.unit(session)
    worker = factories.user(
        session, role="provider", organisation_id=session.get_one(Service, other.service_id).organisation_id
    )
    change_id = upload(
        session, now, RowEdit(UNIT, one.id, {"state": "occupied"}), RowEdit(UNIT, other.id, {"state": "occupied"})
    )
    later = now + timedelta(hours=1)
    set_unit_state(session, other.id, UnitState.OCCUPIED, Actor(worker.id, "provider", worker.organisation_id), later)

    undo_change(session, change_id, COMMISSIONER, later)

    session.expire_all()
    states = [session.get_one(Unit, unit.id).state for unit in (one, other)]
    assert states == [UnitState.OPEN, UnitState.OCCUPIED]


def test_an_old_version_is_restored_without_its_status(session: Session, now: datetime) -> None:
    service = factories.service(session, phone="020 7946 0001")
    upload(session, now, RowEdit(SERVICE, service.id, {"phone": "020 7946 0008"}))
    upload(session, now, RowEdit(SERVICE, service.id, {"status": "suspended"}))

    restore_version(session, SERVICE, service.id, 1, COMMISSIONER, now)

    values = read_current(session, SERVICE, service.id).values
    assert (values["phone"], values["status"]) == ("020 7946 0001", "suspended")
    assert versions_of(session, SERVICE, service.id)[0].change_kind == "restore"
    assert differences_from_history(session) == []


def test_what_was_removed_comes_back_as_a_draft(session: Session, now: datetime) -> None:
    unit = factories.unit(session)
    upload(session, now, RowEdit(SERVICE, unit.service_id, {}, removed=True))

    restore_version(session, SERVICE, unit.service_id, 1, COMMISSIONER, now)
    restore_version(session, UNIT, unit.id, 1, COMMISSIONER, now)

    assert read_current(session, SERVICE, unit.service_id).values["status"] == "draft"
    assert session.get_one(Unit, unit.id).state is UnitState.CLOSED
    assert differences_from_history(session) == []


def test_a_version_that_says_the_same_is_refused(session: Session, now: datetime) -> None:
    service = factories.service(session)
    upload(session, now, RowEdit(SERVICE, service.id, {"phone": "020 7946 0008"}))

    with pytest.raises(RefusedError):
        restore_version(session, SERVICE, service.id, 2, COMMISSIONER, now)
    with pytest.raises(NotFoundError):
        restore_version(session, SERVICE, service.id, 9, COMMISSIONER, now)


def test_a_unit_that_comes_back_is_no_space_until_somebody_confirms_it(session: Session, now: datetime) -> None:
    unit = factories.unit(session)
    change_id = upload(session, now, RowEdit(UNIT, unit.id, {}, removed=True))

    undo_change(session, change_id, COMMISSIONER, now)

    session.expire_all()
    back = session.get_one(Unit, unit.id)
    assert (back.removed_at, back.state, back.confirmed_at) == (None, UnitState.OPEN, None)
