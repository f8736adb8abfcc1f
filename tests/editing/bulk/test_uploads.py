"""What the rows of a sheet would do, and what applying them does: the chosen ones, all of them or nothing."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.capacity.models import Unit, UnitState
from directory.capacity.undoing import undo_change
from directory.catalogue.models import Organisation, Service
from directory.catalogue.versions.models import CatalogueChange, ChangeKind, ListingKind, ListingVersion
from directory.catalogue.vocabulary import ListingStatus
from directory.common.actor import Actor
from directory.common.errors import NotAllowedError, NotFoundError, RefusedError
from directory.common.paging import Paging
from directory.editing.bulk.applying import SheetOutOfDateError, apply_sheet
from directory.editing.bulk.exporting import SheetFormat, export_sheet
from directory.editing.bulk.history import list_changes, read_what_changed
from directory.editing.bulk.results import Verdict
from directory.editing.bulk.sheet import Sheet, SheetRow
from directory.editing.bulk.staging import (
    KEPT_FOR,
    MOST_PER_PERSON,
    check_rows_again,
    choose,
    choose_all,
    forget_sheets,
    keep_check,
    open_sheet,
    stage,
)
from directory.editing.models import StagedSheet
from tests import factories
from tests.editing.bulk.uploads import commissioner, row, upload

ORGANISATION, SERVICE, UNIT = ListingKind.ORGANISATION, ListingKind.SERVICE, ListingKind.UNIT


@pytest.fixture
def actor(session: Session) -> Actor:
    return commissioner(session)


def test_each_row_gets_its_verdict_and_one_faulty_row_hides_none(session: Session, actor: Actor, now: datetime) -> None:
    for name in ("rose", "iris", "fern"):
        factories.organisation(session, id=name, name=name.capitalize(), phone="020 7946 0001", source="")
    staged = upload(
        session,
        actor,
        ORGANISATION,
        [
            ["A list of organisations"],
            ["ID", "Org name", "Phone no.", "By & for"],
            ["rose", "Rose", "020 7946 0002", "No"],
            ["iris", "Iris", "ask inside", "No"],
            ["fern", "Fern", "020 7946 0001", "no"],
            ["moss", "Moss", "020 7946 0003", "Yes"],
        ],
        now,
    )

    assert [row(staged, number).verdict for number in (3, 4, 5, 6)] == ["changed", "faulty", "unchanged", "added"]
    assert [(one.column, one.before, one.after) for one in row(staged, 3).fields] == [
        ("phone", "020 7946 0001", "020 7946 0002")
    ]
    problem = row(staged, 4).problems[0]
    assert (problem.cell, problem.header, problem.value) == ("C4", "Phone no.", "ask inside")
    assert staged.chosen == {3, 6}
    assert any("draft" in notice for notice in row(staged, 6).notices)


def test_only_chosen_rows_are_applied_and_none_that_the_sheet_lacks_is_touched(
    session: Session, actor: Actor, now: datetime
) -> None:
    for name in ("rose", "iris", "fern"):
        factories.organisation(session, id=name, name=name.capitalize(), phone="020 7946 0001")
    staged = upload(session, actor, ORGANISATION, [["id", "phone"], ["rose", "020 7946 0002"], ["iris", ""]], now)
    choose(session, actor, staged.id, [2, 3], [3], now)

    applied = apply_sheet(session, actor, staged.id, now)

    assert (applied.added, applied.changed) == (0, 1)
    phones = dict(session.execute(select(Organisation.id, Organisation.phone)).all())
    assert phones == {"rose": "020 7946 0001", "iris": "", "fern": "020 7946 0001"}
    assert session.scalars(select(Organisation.id).where(Organisation.removed_at.is_not(None))).all() == []


def test_with_an_error_that_appears_meanwhile_nothing_at_all_is_written(
    session: Session, actor: Actor, now: datetime
) -> None:
    service = factories.service(session, id="rose", name="Rose", phone="020 7946 0001")
    other = factories.organisation(session, id="iris", name="Iris")
    staged = upload(
        session,
        actor,
        SERVICE,
        [
            ["id", "phone", "Organisation"],
            ["rose", "020 7946 0002", "Iris"],
            [factories.service(session).id, "020 7946 0003", "Iris"],
        ],
        now,
    )
    assert staged.chosen == {2, 3}
    other.removed_at, other.status = now, ListingStatus.WITHDRAWN
    session.commit()

    with pytest.raises(SheetOutOfDateError) as refused:
        apply_sheet(session, actor, staged.id, now)
    session.rollback()

    assert refused.value.rows == {2, 3}
    session.expire_all()
    assert session.get_one(Service, service.id).phone == "020 7946 0001"
    assert session.scalar(select(func.count(CatalogueChange.id)).where(CatalogueChange.kind == ChangeKind.UPLOAD)) == 0


def test_what_changed_since_is_marked_and_no_longer_chosen(session: Session, actor: Actor, now: datetime) -> None:
    for name in ("rose", "iris"):
        factories.organisation(session, id=name, name=name.capitalize(), phone="020 7946 0001")
    sheet = [["id", "phone"], ["rose", "020 7946 0002"], ["iris", "020 7946 0002"]]
    staged = upload(session, actor, ORGANISATION, sheet, now)
    session.get_one(Organisation, "rose").phone = "020 7946 0009"
    session.commit()

    with pytest.raises(SheetOutOfDateError) as refused:
        apply_sheet(session, actor, staged.id, now)
    session.rollback()
    staged = keep_check(session, actor, check_rows_again(session, actor, staged.id, now, refused.value.rows), now)

    assert refused.value.rows == {2}
    assert staged.chosen == {3}
    assert [(one.outdated, one.fields[0].before) for one in (row(staged, 2), row(staged, 3))] == [
        (True, "020 7946 0009"),
        (False, "020 7946 0001"),
    ]


def test_a_sheet_is_applied_once_and_undone_as_one_step(session: Session, actor: Actor, now: datetime) -> None:
    factories.organisation(session, id="rose", name="Rose", phone="020 7946 0001")
    sheet = [["id", "name", "phone", "by and for"], ["rose", "Rose", "020 7946 0002", "no"], ["moss", "Moss", "", "no"]]
    staged = upload(session, actor, ORGANISATION, sheet, now)

    applied = apply_sheet(session, actor, staged.id, now)
    again = apply_sheet(session, actor, staged.id, now)

    assert (again.change_id, again.before) == (applied.change_id, True)
    assert session.get_one(Organisation, "moss").status is ListingStatus.DRAFT
    what = read_what_changed(session, applied.change_id, Paging())
    assert what.line.by.startswith("Commissioner")
    assert {one.id: one.became for one in what.listings} == {"rose": "changed", "moss": "added"}
    undo_change(session, applied.change_id, actor, now)
    session.expire_all()
    assert session.get_one(Organisation, "rose").phone == "020 7946 0001"
    assert session.get_one(Organisation, "moss").removed_at is not None
    lines, total = list_changes(session, Paging())
    assert [(line.kind, line.can_be_undone) for line in lines] == [(ChangeKind.UNDO, True), (ChangeKind.UPLOAD, False)]
    assert total == 2


def test_a_row_without_an_id_is_found_by_its_name(session: Session, actor: Actor, now: datetime) -> None:
    owner, other = factories.organisation(session, name="Rose"), factories.organisation(session, name="Iris")
    house = factories.service(session, owner, name="The House", phone="020 7946 0001")
    factories.service(session, other, name="The house")
    staged = upload(
        session,
        actor,
        SERVICE,
        [["Organisation", "Service name", "Phone"], ["Rose", "the  house", "020 7946 0002"]],
        now,
    )
    unclear = upload(session, actor, SERVICE, [["Service name", "Phone"], ["The House", "020 7946 0002"]], now)

    assert (row(staged, 2).id, row(staged, 2).verdict) == (house.id, Verdict.CHANGED)
    assert row(unclear, 2).verdict is Verdict.FAULTY
    assert "More than one has this name" in row(unclear, 2).problems[0].message


def test_new_rows_get_an_id_of_their_name_that_nobody_has(session: Session, actor: Actor, now: datetime) -> None:
    factories.organisation(session, id="rose-house", name="Another", status="withdrawn", removed_at=now)
    staged = upload(
        session,
        actor,
        ORGANISATION,
        [["Name", "By and for"], ["Rose House", "no"], ["Café Été", "no"], ["Женщины", "no"], ["", "no"]],
        now,
    )

    assert [row(staged, number).id for number in (2, 3)] == ["rose-house-2", "cafe-ete"]
    assert "No id can be made" in row(staged, 4).problems[0].message
    assert "neither an id nor a name" in row(staged, 5).problems[0].message


def test_the_same_listing_twice_is_refused_in_both_rows(session: Session, actor: Actor, now: datetime) -> None:
    factories.organisation(session, id="rose", name="Rose")
    sheet = [["id", "name", "phone"], ["rose", "Rose", ""], ["", "Rose", "020 7946 0002"]]
    staged = upload(session, actor, ORGANISATION, sheet, now)

    assert all("stands in the rows 2, 3" in row(staged, number).problems[0].message for number in (2, 3))


def test_a_cell_that_shows_an_error_makes_its_row_faulty_and_its_other_errors_are_told_too(
    session: Session, actor: Actor, now: datetime
) -> None:
    factories.organisation(session, id="rose", name="Rose")
    sheet = [["id", "name", "phone", "status", "Notes"], ["rose", "#REF!", "x", "published", "#REF!"]]
    staged = upload(session, actor, ORGANISATION, sheet, now)

    assert [one.cell for one in row(staged, 2).problems] == ["B2", "C2"]


def test_a_missing_column_is_told_by_what_it_is_called(session: Session, actor: Actor, now: datetime) -> None:
    staged = upload(session, actor, ORGANISATION, [["id", "name"], ["moss", "Moss"]], now)

    problem = row(staged, 2).problems[0]
    assert (problem.cell, problem.header) == ("", "By and for")


def test_publishing_demands_completeness_on_the_cell_of_the_status(
    session: Session, actor: Actor, now: datetime
) -> None:
    factories.organisation(session, id="rose", name="Rose", status=ListingStatus.DRAFT)
    factories.organisation(
        session, id="iris", name="Iris", status=ListingStatus.DRAFT, description="Helps.", phone="020 7946 0001"
    )
    sheet = [["id", "status"], ["rose", "Published"], ["iris", "live"]]
    staged = upload(session, actor, ORGANISATION, sheet, now)

    problem = row(staged, 2).problems[0]
    assert (problem.cell, row(staged, 2).verdict) == ("B2", Verdict.FAULTY)
    assert "It lacks: description, phone." in problem.message
    assert row(staged, 3).verdict is Verdict.CHANGED


def test_a_service_that_may_be_there_already_is_not_chosen_by_itself(
    session: Session, actor: Actor, now: datetime
) -> None:
    factories.organisation(session, id="rose", name="Rose House", charity_number="1100001")
    sheet = [["id", "name", "by and for", "charity no."], ["rose-2", "The Rose-House Trust", "no", "1100001"]]
    staged = upload(session, actor, ORGANISATION, sheet, now)

    assert row(staged, 2).verdict is Verdict.ADDED
    assert row(staged, 2).likenesses[0].id == "rose"
    assert staged.chosen == set()
    assert choose_all(session, actor, staged.id, now).chosen == {2}


def test_excel_dates_and_states_of_units(session: Session, actor: Actor, now: datetime) -> None:
    unit = factories.unit(session, bedspaces=2, state=UnitState.OPEN)
    staged = upload(
        session,
        actor,
        UNIT,
        [["Unit ID", "No. of beds", "Vacancy", "Start date"], [unit.id, 3.0, "Full", date(2026, 4, 1)]],
        now,
    )
    apply_sheet(session, actor, staged.id, now)

    session.expire_all()
    changed = session.get_one(Unit, unit.id)
    assert (changed.bedspaces, changed.state, str(changed.active_from)) == (3, UnitState.OCCUPIED, "2026-04-01")


def test_a_held_unit_is_refused_by_cell_without_saying_that_it_is_held(
    session: Session, actor: Actor, now: datetime
) -> None:
    unit = factories.unit(session, ringfence="nrpf")
    factories.hold(session, unit)
    staged = upload(session, actor, UNIT, [["id", "state"], [unit.id, "closed"]], now)

    problem = row(staged, 2).problems[0]
    assert problem.cell == "B2"
    assert "This unit cannot be changed at the moment." in problem.message
    assert "held" not in problem.message


def test_nobody_but_whoever_uploaded_it_opens_a_sheet_and_not_after_a_day(
    session: Session, actor: Actor, now: datetime
) -> None:
    staged = upload(session, actor, ORGANISATION, [["id", "name"], ["rose", "Rose"]], now)

    with pytest.raises(NotFoundError):
        open_sheet(session, commissioner(session), staged.id, now)
    with pytest.raises(NotFoundError):
        open_sheet(session, actor, staged.id, now + KEPT_FOR)
    assert forget_sheets(session, now + KEPT_FOR - timedelta(seconds=1)) == 0
    assert forget_sheets(session, now + KEPT_FOR) == 1
    assert session.scalar(select(func.count(StagedSheet.id))) == 0


def test_nobody_but_commissioners_uploads_or_exports(session: Session, now: datetime) -> None:
    for role in ("provider", "officer", "advocate", "auditor", "administrator"):
        somebody = Actor(factories.user(session, role).id, role)
        with pytest.raises(NotAllowedError):
            stage(session, somebody, UNIT, Sheet(("id",), ("A",), (SheetRow(2, ("x",)),)), now)
        with pytest.raises(NotAllowedError):
            export_sheet(session, UNIT, SheetFormat.CSV, somebody, now)


def test_the_oldest_uploads_of_somebody_make_room(session: Session, actor: Actor, now: datetime) -> None:
    sheet = Sheet(("id",), ("A",), (SheetRow(2, ("x",)),))
    ids = [stage(session, actor, UNIT, sheet, now + timedelta(minutes=minute)) for minute in range(MOST_PER_PERSON + 2)]

    assert set(session.scalars(select(StagedSheet.id))) == set(ids[2:])


def test_without_a_chosen_row_nothing_is_applied(session: Session, actor: Actor, now: datetime) -> None:
    factories.organisation(session, id="rose", name="Rose")
    staged = upload(session, actor, ORGANISATION, [["id", "phone"], ["rose", "020 7946 0002"]], now)
    choose(session, actor, staged.id, [2], [], now)

    with pytest.raises(RefusedError, match="No row is chosen"):
        apply_sheet(session, actor, staged.id, now)
    assert session.scalar(select(func.count(ListingVersion.id)).where(ListingVersion.listing_id == "rose")) == 0


def test_progress_goes_forward_only(session: Session, actor: Actor, now: datetime) -> None:
    factories.organisation(session, id="rose", name="Rose")
    staged = upload(session, actor, ORGANISATION, [["id", "phone"], ["rose", "020 7946 0002"]], now)
    seen: list[tuple[int, int]] = []

    apply_sheet(session, actor, staged.id, now, lambda _what, step, steps: seen.append((step, steps)))

    assert [step for step, _ in seen] == sorted(step for step, _ in seen)
    assert seen[-1][0] == seen[-1][1]
