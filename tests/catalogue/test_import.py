"""What an import does: adds, changes, removes, brings back, and leaves alone what it does not speak for."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.capacity.files import import_folder
from directory.capacity.models import Unit, UnitState
from directory.catalogue.models import Need, Organisation, PerformanceFigure, Service, ServiceArea, ServiceLanguage
from directory.catalogue.vocabulary import ListingStatus
from directory.common.changes import current_mark
from tests.catalogue import folders
from tests.catalogue.folders import NOTHING, bring_in, lines, small_catalogue, write
from tests.support.databases import count_statements


def test_a_dry_run_tells_everything_and_writes_nothing(session: Session, tmp_path: Path, now: datetime) -> None:
    write(tmp_path, small_catalogue())

    report = bring_in(session, tmp_path, now, dry_run=True)

    assert (report.dry_run, report.applied) == (True, False)
    assert "units.csv rose-01" in lines(report)["added"]
    assert "performance.csv rose-house/2026-Q2/referrals_received" in lines(report)["added"]
    assert session.scalar(select(func.count()).select_from(Organisation)) == 0


def test_what_the_files_say_is_what_is_kept(session: Session, tmp_path: Path, now: datetime) -> None:
    files = small_catalogue()
    files["services.csv"][0] |= {
        "languages": "pa; bfi ;pa;",
        "genders": "woman;non_binary",
        "accepts_nrpf": "if_funded",
    }
    files["services.csv"][1] |= {"areas": "E09000009; london", "postcode": "ub13aj", "hours": "24/7", "min_age": "16"}
    files["units.csv"][0] |= {"active_from": "2026-04-01", "not_from": "E09000012", "boys_max_age": "14"}

    report = bring_in(session, write(tmp_path, files), now)

    assert report.applied
    refuge, advice = session.get_one(Service, "rose-house"), session.get_one(Service, "rose-advice")
    assert (refuge.accepts_nrpf, refuge.postcode, refuge.latitude, refuge.hours) == ("if_funded", None, None, "")
    assert (advice.postcode, advice.borough_code, advice.min_age, advice.max_age) == ("UB1 3AJ", "E09000009", 16, None)
    assert advice.latitude == pytest.approx(51.5, abs=0.1)
    languages = select(ServiceLanguage.language).order_by(ServiceLanguage.language)
    assert session.scalars(languages).all() == ["bfi", "pa"]
    assert set(session.scalars(select(ServiceArea.area))) == {"E09000009", "london"}
    room = session.get_one(Unit, "rose-01")
    assert (room.confirmed_at, room.state, room.boys_max_age) == (now - timedelta(hours=2), UnitState.OPEN, 14)
    assert session.get_one(Need, "forced-marriage").parent_code == "domestic-abuse"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("-PT2H", "2026-11-22T00:00:00+00:00"),
        ("-P1DT30M", "2026-11-21T01:30:00+00:00"),
        ("-PT0S", "2026-11-22T02:00:00+00:00"),
        ("2026-11-22T01:00:00+01:00", "2026-11-22T00:00:00+00:00"),
        ("2026-11-21T23:59:59.000001Z", "2026-11-21T23:59:59.000001+00:00"),
        ("2026-11-22T02:04:00Z", "2026-11-22T02:04:00+00:00"),
        ("2026-07-01T12:00:00", "2026-07-01T11:00:00+00:00"),
    ],
)
def test_a_confirmation_is_a_time_a_time_of_london_or_a_while_ago(
    session: Session, tmp_path: Path, now: datetime, text: str, moment: str
) -> None:
    files = small_catalogue() | {"units.csv": [folders.unit(confirmed_at=text)]}

    bring_in(session, write(tmp_path, files), now)

    assert session.get_one(Unit, "rose-01").confirmed_at == datetime.fromisoformat(moment)


def test_importing_the_same_again_writes_nothing(session: Session, tmp_path: Path, now: datetime) -> None:
    bring_in(session, write(tmp_path, small_catalogue()), now)
    session.connection().info.clear()  # as its commit would
    mark = current_mark(session)

    with count_statements(session.get_bind().engine) as statements:
        report = bring_in(session, tmp_path, now)

    assert lines(report) == NOTHING
    assert report.difference.unchanged == 12
    assert not [text for text in statements if text.startswith(("INSERT", "DELETE"))]
    # The one UPDATE there may be takes SQLite's lock and touches no row; whoever watches for changes sees none.
    assert len([text for text in statements if text.startswith("UPDATE")]) <= 1
    assert current_mark(session) == mark


def test_a_change_is_told_field_by_field(session: Session, tmp_path: Path, now: datetime) -> None:
    bring_in(session, write(tmp_path, small_catalogue()), now)
    files = small_catalogue()
    files["services.csv"][1] |= {"name": "Rose Advice Line", "needs": "forced-marriage;domestic-abuse", "max_age": "25"}
    files["services.csv"][1] |= {"postcode": "E8 3PN"}
    files["organisations.csv"][0] |= {"by_and_for": "no", "communities": "deaf"}
    files["performance.csv"][0] |= {"value": "12.5"}
    files["taxonomies/needs.csv"][2] |= {"parent": "domestic-abuse"}

    report = bring_in(session, write(tmp_path, files), now)

    assert lines(report) == {
        "added": [],
        "changed": [
            "taxonomies/needs.csv refuge-space parent:  → domestic-abuse",
            "organisations.csv rose by_and_for: yes → no",
            "organisations.csv rose communities:  → deaf",
            "services.csv rose-advice name: Rose Advice → Rose Advice Line",
            "services.csv rose-advice needs: domestic-abuse → domestic-abuse;forced-marriage",
            "services.csv rose-advice max_age:  → 25",
            "services.csv rose-advice postcode: UB1 3AJ → E8 3PN",
            "services.csv rose-advice borough: E09000009 → E09000012",
            "performance.csv rose-house/2026-Q2/referrals_received value: 12 → 12.5",
        ],
        "removed": [],
    }
    assert lines(bring_in(session, tmp_path, now)) == NOTHING


def test_making_a_service_secret_takes_its_place_away(session: Session, tmp_path: Path, now: datetime) -> None:
    bring_in(session, write(tmp_path, small_catalogue()), now)
    files = small_catalogue()
    files["services.csv"][1] |= {"location_disclosure": "secret", "postcode": "", "borough": "E09000009"}

    bring_in(session, write(tmp_path, files), now)

    advice = session.get_one(Service, "rose-advice")
    assert (advice.postcode, advice.latitude, advice.longitude, advice.borough_code) == (None, None, None, "E09000009")


def test_a_column_that_the_file_lacks_is_kept_for_old_rows_and_empty_for_new_ones(
    session: Session, tmp_path: Path, now: datetime
) -> None:
    files = small_catalogue()
    files["organisations.csv"][0] |= {"phone": "020 7946 0123", "communities": "deaf"}
    bring_in(session, write(tmp_path / "all", files), now)
    rows = {"organisations.csv": [folders.organisation(name="Rose"), folders.organisation(id="fern", name="Fern")]}
    some = write(tmp_path / "some", rows, {"organisations.csv": ["id", "name", "by_and_for", "status"]})

    report = bring_in(session, some, now)

    assert lines(report)["changed"] == ["organisations.csv rose name: Rose Trust → Rose"]
    assert session.get_one(Organisation, "rose").phone == "020 7946 0123"
    assert session.get_one(Organisation, "fern").phone == ""


def test_an_empty_cell_is_not_an_absent_column(session: Session, tmp_path: Path, now: datetime) -> None:
    files = small_catalogue()
    files["organisations.csv"][0] |= {"phone": "020 7946 0123"}
    bring_in(session, write(tmp_path, files), now)
    files["organisations.csv"][0] |= {"phone": ""}

    report = bring_in(session, write(tmp_path, files), now)

    assert lines(report)["changed"] == ["organisations.csv rose phone: 020 7946 0123 → "]


def test_what_a_listed_organisation_no_longer_lists_is_removed(session: Session, tmp_path: Path, now: datetime) -> None:
    bring_in(session, write(tmp_path, small_catalogue()), now)
    files = small_catalogue() | {"services.csv": [folders.public_service()], "units.csv": [], "performance.csv": []}

    report = bring_in(session, write(tmp_path, files), now)

    assert lines(report)["removed"] == ["services.csv rose-house", "units.csv rose-01"]
    refuge, room = session.get_one(Service, "rose-house"), session.get_one(Unit, "rose-01")
    assert (refuge.status, refuge.removed_at) == (ListingStatus.WITHDRAWN, now)
    assert (room.state, room.removed_at) == (UnitState.CLOSED, now)
    assert lines(bring_in(session, tmp_path, now)) == NOTHING


def test_units_go_with_their_service_though_no_file_speaks_of_units(
    session: Session, tmp_path: Path, now: datetime
) -> None:
    bring_in(session, write(tmp_path / "all", small_catalogue()), now)
    files = {"organisations.csv": [folders.organisation()], "services.csv": [folders.public_service()]}

    report = bring_in(session, write(tmp_path / "some", files), now)

    assert lines(report)["removed"] == ["services.csv rose-house", "units.csv rose-01"]


def test_figures_that_are_no_longer_listed_are_deleted(session: Session, tmp_path: Path, now: datetime) -> None:
    files = small_catalogue()
    files["performance.csv"].append(folders.figure(period="2026-Q3"))
    bring_in(session, write(tmp_path, files), now)

    report = bring_in(session, write(tmp_path, small_catalogue()), now)

    assert lines(report)["removed"] == ["performance.csv rose-house/2026-Q3/referrals_received"]
    assert session.scalars(select(PerformanceFigure.period)).all() == ["2026-Q2"]


def test_files_that_are_missing_say_nothing(session: Session, tmp_path: Path, now: datetime) -> None:
    bring_in(session, write(tmp_path / "all", small_catalogue()), now)

    only_units = bring_in(session, write(tmp_path / "units", {"units.csv": [folders.unit(id="rose-02")]}), now)
    only_organisations = write(tmp_path / "organisations", {"organisations.csv": [folders.organisation()]})

    # Without services.csv no service is listed, so no unit is missed.
    assert lines(only_units) == NOTHING | {"added": ["units.csv rose-02"]}
    assert lines(bring_in(session, only_organisations, now)) == NOTHING


def test_organisations_that_are_not_listed_are_left_alone(session: Session, tmp_path: Path, now: datetime) -> None:
    bring_in(session, write(tmp_path / "rose", small_catalogue()), now)
    fern = {
        "organisations.csv": [folders.organisation(id="fern", name="Fern")],
        "services.csv": [folders.service(id="fern-house", organisation_id="fern", name="Fern House")],
        "units.csv": [],
    }

    report = bring_in(session, write(tmp_path / "fern", fern), now)

    assert lines(report) == NOTHING | {"added": ["organisations.csv fern", "services.csv fern-house"]}


def test_a_whole_catalogue_removes_the_organisations_that_it_does_not_list(
    session: Session, tmp_path: Path, now: datetime
) -> None:
    bring_in(session, write(tmp_path / "rose", small_catalogue()), now)
    fern = {"organisations.csv": [folders.organisation(id="fern", name="Fern")]}

    report = bring_in(session, write(tmp_path / "fern", fern), now, whole=True)

    assert lines(report) == {
        "added": ["organisations.csv fern"],
        "changed": [],
        "removed": [
            "organisations.csv rose",
            "services.csv rose-advice",
            "services.csv rose-house",
            "units.csv rose-01",
        ],
    }
    assert session.get_one(Organisation, "rose").status is ListingStatus.WITHDRAWN


def test_a_service_of_an_organisation_that_the_import_removes_is_refused(
    session: Session, tmp_path: Path, now: datetime
) -> None:
    bring_in(session, write(tmp_path / "rose", small_catalogue()), now)
    fern = {"organisations.csv": [folders.organisation(id="fern")], "services.csv": [folders.service()]}

    report = import_folder(session, write(tmp_path / "fern", fern), now, whole=True)

    assert ["would be removed by this import" in error.message for error in report.errors] == [True]


def test_what_was_removed_comes_back_as_added(session: Session, tmp_path: Path, now: datetime) -> None:
    write(tmp_path / "rose", small_catalogue())
    bring_in(session, tmp_path / "rose", now)
    fern = {"organisations.csv": [folders.organisation(id="fern", name="Fern")]}
    bring_in(session, write(tmp_path / "fern", fern), now, whole=True)

    report = bring_in(session, tmp_path / "rose", now)

    assert lines(report)["added"] == [
        "organisations.csv rose",
        "services.csv rose-advice",
        "services.csv rose-house",
        "units.csv rose-01",
        "performance.csv rose-house/2026-Q2/referrals_received",
    ]
    assert session.get_one(Organisation, "rose").removed_at is None
    assert session.get_one(Unit, "rose-01").state is UnitState.OPEN
    assert lines(bring_in(session, tmp_path / "rose", now)) == NOTHING


def test_a_removed_row_that_comes_back_without_a_column_comes_back_empty(
    session: Session, tmp_path: Path, now: datetime
) -> None:
    files = small_catalogue()
    files["organisations.csv"][0] |= {"phone": "020 7946 0123"}
    bring_in(session, write(tmp_path / "rose", files), now)
    fern = {"organisations.csv": [folders.organisation(id="fern", name="Fern")]}
    bring_in(session, write(tmp_path / "fern", fern), now, whole=True)
    header = {"organisations.csv": ["id", "name", "by_and_for", "status"]}

    bring_in(session, write(tmp_path / "back", {"organisations.csv": [folders.organisation()]}, header), now)

    assert session.get_one(Organisation, "rose").phone == ""


def test_a_removed_organisation_is_unknown_to_what_refers_to_it(
    session: Session, tmp_path: Path, now: datetime
) -> None:
    bring_in(session, write(tmp_path / "rose", small_catalogue()), now)
    fern = {"organisations.csv": [folders.organisation(id="fern", name="Fern")]}
    bring_in(session, write(tmp_path / "fern", fern), now, whole=True)

    report = import_folder(session, write(tmp_path / "service", {"services.csv": [folders.service()]}), now)

    assert [(error.column, error.value) for error in report.errors] == [("organisation_id", "rose")]


def test_terms_may_come_in_any_order_and_in_a_folder_of_their_own(
    session: Session, tmp_path: Path, now: datetime
) -> None:
    terms = list(reversed(small_catalogue()["taxonomies/needs.csv"]))
    write(tmp_path, {"taxonomies/needs.csv": terms})

    report = bring_in(session, tmp_path / "taxonomies", now)

    assert len(report.difference.added) == 3
    assert lines(bring_in(session, tmp_path, now)) == NOTHING


def test_terms_are_never_removed(session: Session, tmp_path: Path, now: datetime) -> None:
    bring_in(session, write(tmp_path / "all", small_catalogue()), now)
    some = write(tmp_path / "some", {"taxonomies/needs.csv": [{"code": "refuge-space", "name": "A refuge"}]})

    report = bring_in(session, some, now, whole=True)

    assert lines(report)["removed"] == []


def test_the_number_of_statements_does_not_grow_with_the_rows(session: Session, tmp_path: Path, now: datetime) -> None:
    def catalogue(number: int) -> dict[str, list[dict[str, str]]]:
        ids = [str(position) for position in range(number)]
        return small_catalogue() | {
            "services.csv": [folders.public_service(id=f"advice-{i}", languages="en;pa") for i in ids]
            + [folders.service()],
            "units.csv": [folders.unit(id=f"room-{i}", access_features="lift") for i in ids],
        }

    def statements(number: int) -> int:
        folder = write(tmp_path / f"{number}", catalogue(number))
        with session.begin_nested() as savepoint, count_statements(session.get_bind().engine) as seen:
            bring_in(session, folder, now)
            savepoint.rollback()
        return len(seen)

    assert statements(300) == statements(3)
