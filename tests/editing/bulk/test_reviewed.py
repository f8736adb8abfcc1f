"""What a hostile reader of bulk work tried: spaces that nobody confirmed, and files that are made to break it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from directory.capacity.models import Unit, UnitState
from directory.capacity.updates import set_unit_state
from directory.catalogue.models import Organisation, Service
from directory.catalogue.versions.models import ListingKind
from directory.catalogue.vocabulary import ListingStatus
from directory.common.actor import Actor
from directory.editing.bulk import grid
from directory.editing.bulk.applying import SheetOutOfDateError, apply_sheet
from directory.editing.bulk.exporting import SheetFormat, export_sheet
from directory.editing.bulk.results import Verdict
from directory.editing.bulk.sheet import UnreadableSheetError
from directory.editing.bulk.sheets import read_sheet
from directory.editing.bulk.staging import open_sheet, stage
from tests import factories
from tests.editing.bulk.uploads import commissioner, row, upload
from tests.editing.bulk.workbooks import known, workbook

ORGANISATION, UNIT = ListingKind.ORGANISATION, ListingKind.UNIT


@pytest.fixture
def actor(session: Session) -> Actor:
    return commissioner(session)


def test_a_state_that_nobody_confirmed_is_not_confirmed(session: Session, actor: Actor, now: datetime) -> None:
    """A provider confirmed "occupied": a sheet that says "open" and nothing else must not borrow that confirmation."""
    unit = factories.unit(session, state=UnitState.OCCUPIED, confirmed_at=now - timedelta(hours=1))
    staged = upload(session, actor, UNIT, [["id", "state"], [unit.id, "open"]], now)

    assert any("nobody has confirmed" in notice for notice in row(staged, 2).notices)
    apply_sheet(session, actor, staged.id, now)

    session.expire_all()
    changed = session.get_one(Unit, unit.id)
    assert (changed.state, changed.confirmed_at, changed.confirmed_by) == (UnitState.OPEN, None, "")


def test_an_edited_state_beside_the_confirmation_of_another_is_not_confirmed(
    session: Session, actor: Actor, now: datetime
) -> None:
    unit = factories.unit(session, state=UnitState.OCCUPIED, confirmed_at=now - timedelta(hours=1))
    confirmed = (now - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    staged = upload(session, actor, UNIT, [["id", "state", "confirmed_at"], [unit.id, "open", confirmed]], now)
    apply_sheet(session, actor, staged.id, now)

    session.expire_all()
    assert session.get_one(Unit, unit.id).confirmed_at is None


def test_a_state_with_a_confirmation_of_its_own_counts(session: Session, actor: Actor, now: datetime) -> None:
    unit = factories.unit(session, state=UnitState.OCCUPIED, confirmed_at=now - timedelta(hours=1))
    confirmed = (now - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    staged = upload(session, actor, UNIT, [["id", "state", "confirmed_at"], [unit.id, "open", confirmed]], now)
    apply_sheet(session, actor, staged.id, now)

    session.expire_all()
    changed = session.get_one(Unit, unit.id)
    assert (changed.state, changed.confirmed_at) == (UnitState.OPEN, now - timedelta(minutes=5))
    assert changed.confirmed_by == actor.reference


def test_what_was_taken_out_this_morning_does_not_undo_what_the_provider_said_since(
    session: Session, actor: Actor, now: datetime
) -> None:
    """Take out, correct the bedspaces, upload: the states in the file are older than the provider's own."""
    unit = factories.unit(session, bedspaces=2, state=UnitState.OPEN, confirmed_at=now - timedelta(hours=5))
    content = export_sheet(session, UNIT, SheetFormat.CSV, actor, now).content
    staff = factories.user(session, "provider", organisation_id=_owner(session, unit))
    provider = Actor(staff.id, "provider", staff.organisation_id)
    set_unit_state(session, unit.id, UnitState.OCCUPIED, provider, now - timedelta(hours=1))
    session.commit()
    session.expire_all()
    confirmed = session.get_one(Unit, unit.id).confirmed_at
    lines = content.decode("utf-8-sig").splitlines()
    place = lines[0].split(",").index("bedspaces")
    cells = lines[1].split(",")
    cells[place] = "3"
    staged = upload(session, actor, UNIT, "\n".join([lines[0], ",".join(cells)]).encode(), now)

    assert [field.column for field in row(staged, 2).fields] == ["bedspaces"]
    assert any("confirmed since" in notice for notice in row(staged, 2).notices)
    apply_sheet(session, actor, staged.id, now)

    session.expire_all()
    changed = session.get_one(Unit, unit.id)
    assert (changed.bedspaces, changed.state) == (3, UnitState.OCCUPIED)
    assert (changed.confirmed_at, changed.confirmed_by) == (confirmed, provider.reference)


def _owner(session: Session, unit: Unit) -> str:
    return session.get_one(Service, unit.service_id).organisation_id


def test_a_heading_that_holds_half_a_character_is_kept(session: Session, actor: Actor, now: datetime) -> None:
    content = workbook([["Name", "Ph_xD800_one", "No_x0000_te"], ["Rose", "x", "y"]])
    sheet_id = stage(session, actor, ORGANISATION, read_sheet(content, known), now)
    session.commit()

    assert open_sheet(session, actor, sheet_id, now).sheet.headers == ("Name", "Phone", "Note")


def test_cells_that_show_errors_count_as_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two million of them fit into a small file, and each was told with a sentence."""
    monkeypatch.setattr(grid, "MAX_ROWS", 2)
    monkeypatch.setattr(grid, "MAX_COLUMNS", 2)
    with pytest.raises(UnreadableSheetError, match="more cells"):
        read_sheet(b"Name,Phone\n" + b"#N/A,#N/A\n" * 3, known)


def test_what_would_be_published_must_be_complete_when_it_is_applied_too(
    session: Session, actor: Actor, now: datetime
) -> None:
    rose = factories.organisation(
        session, id="rose", status=ListingStatus.DRAFT, description="Helps.", phone="020 7946 0001"
    )
    staged = upload(session, actor, ORGANISATION, [["id", "status"], ["rose", "published"]], now)
    assert row(staged, 2).verdict is Verdict.CHANGED
    rose.description = ""
    session.commit()

    with pytest.raises(SheetOutOfDateError) as refused:
        apply_sheet(session, actor, staged.id, now)
    session.rollback()

    assert refused.value.rows == {2}
    session.expire_all()
    assert session.get_one(Organisation, "rose").status is ListingStatus.DRAFT
