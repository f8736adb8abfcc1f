"""Loading the gazetteer's files."""

import lzma
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from directory.common.errors import InvalidInputError, RefusedError
from directory.places.loading import LoadResult, load_gazetteer
from directory.places.lookup import find_place
from directory.places.models import Borough, GazetteerLoad, Postcode, SectorBorough
from tests import factories
from tests.places.gazetteer_facts import FOLDER

SMALL = {
    "boroughs.csv": (
        "code,name,latitude,longitude,police_area,grid_row,grid_column\n"
        "E09000012,Hackney,51.5484,-0.0603,Central East,2,5\n"
        "E09000030,Tower Hamlets,51.5171,-0.0352,Central East,3,5\n"
    ),
    "london_postcodes.csv.xz": (
        "postcode,borough_code,latitude,longitude\nE8 3PN,E09000012,51.5412,-0.0621\nE2 0AA,E09000030,51.53,-0.05\n"
    ),
    "postcode_sectors.csv": (
        "sector,latitude,longitude,country,borough_codes\n"
        "E8 3,51.5416,-0.0637,england,E09000030;E09000012\n"
        "M1 1,53.4816,-2.2327,england,\n"
    ),
    "london_places.csv": (
        "name,latitude,longitude,borough_code,population\n"
        "Dalston,51.5456,-0.0754,E09000012,\nBow,51.5288,-0.0252,E09000030,27720\n"
    ),
}

Writer = Callable[..., Path]


@pytest.fixture
def gazetteer(tmp_path: Path) -> Writer:
    """Writes a small gazetteer, in which `changes` replace the first text by the second in a file."""

    def write(**changes: tuple[str, str]) -> Path:
        for name, content in SMALL.items():
            old, new = changes.get(name.partition(".")[0], ("", ""))
            assert old in content
            changed = content.replace(old, new, 1).encode("utf-8", "surrogateescape")
            (tmp_path / name).write_bytes(lzma.compress(changed) if name.endswith(".xz") else changed)
        return tmp_path

    return write


def test_the_same_files_again_are_no_work(session: Session, now: datetime) -> None:
    before = session.scalars(select(GazetteerLoad.loaded_at)).one()

    result = load_gazetteer(session, FOLDER, now, _no_progress)

    assert result == LoadResult("unchanged", boroughs=33, postcodes=279_157, sectors=12_006, places=307)
    assert session.scalars(select(GazetteerLoad.loaded_at)).one() == before


def test_other_files_replace_what_was_there(session: Session, gazetteer: Writer, now: datetime) -> None:
    reports: list[tuple[str, int, int]] = []

    result = load_gazetteer(session, gazetteer(), now, lambda *report: reports.append(report))

    assert result == LoadResult("loaded", boroughs=2, postcodes=2, sectors=2, places=2)
    assert [report[0] for report in reports] == ["named_places", "postcode_sectors", "sector_boroughs", "postcodes"]
    assert all(done == total for _, done, total in reports)
    assert session.scalar(select(func.count()).select_from(Postcode)) == 2
    assert session.scalars(select(Borough.name).order_by(Borough.code)).all() == ["Hackney", "Tower Hamlets"]
    assert session.scalars(select(GazetteerLoad.loaded_at)).one() == now
    assert find_place(session, "E8 3").borough_codes == ("E09000030", "E09000012")
    again = load_gazetteer(session, gazetteer(), now + timedelta(days=1))
    assert again == LoadResult("unchanged", boroughs=2, postcodes=2, sectors=2, places=2)


def test_boroughs_may_swap_names_and_tiles(session: Session, gazetteer: Writer, now: datetime) -> None:
    load_gazetteer(session, gazetteer(), now)
    swapped = (SMALL["boroughs.csv"], _swap(SMALL["boroughs.csv"], ("Hackney", "Tower Hamlets"), ("2,5", "3,5")))

    load_gazetteer(session, gazetteer(boroughs=swapped), now)

    hackney = session.scalars(select(Borough).where(Borough.name == "Hackney")).one()
    assert (hackney.code, hackney.grid_row) == ("E09000030", 2)


def test_a_borough_in_use_cannot_go(session: Session, gazetteer: Writer, now: datetime) -> None:
    factories.service(session, borough_code="E09000033")
    session.flush()

    with pytest.raises(RefusedError, match="E09000033"):
        load_gazetteer(session, gazetteer(), now)


def test_postcodes_still_need_a_borough_after_a_load(session: Session, gazetteer: Writer, now: datetime) -> None:
    load_gazetteer(session, gazetteer(), now)
    nowhere = {"postcode": "E1 1AA", "borough_code": "E09000099", "latitude": 51.5, "longitude": 0.0}

    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(insert(Postcode).values(nowhere))
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(insert(SectorBorough).values(sector="M1 1", borough_code="E09000099", position=0))


@pytest.mark.parametrize(
    ("file", "old", "new", "where", "what"),
    [
        ("boroughs", "E09000030", "E9", "boroughs.csv row 3 column code", "no borough code"),
        ("boroughs", "E09000030", "E09000012", "boroughs.csv row 3 column code", "earlier row"),
        ("boroughs", "Tower Hamlets", "HACKNEY", "boroughs.csv row 3 column name", "earlier row"),
        ("boroughs", ",3,5", ",2,5", "boroughs.csv row 3 column grid_row", "earlier row"),
        ("boroughs", ",3,5", ",-3,5", "boroughs.csv row 3 column grid_row", "whole number"),
        ("boroughs", "Hackney", " ", "boroughs.csv row 2 column name", "Fill it"),
        ("boroughs", "51.5484", "north", "boroughs.csv row 2 column latitude", "no degrees"),
        ("boroughs", "51.5484", "nan", "boroughs.csv row 2 column latitude", "not in Great Britain"),
        ("boroughs", "51.5484,-0.0603", "-0.0603,51.5484", "boroughs.csv row 2 column latitude", "Great Britain"),
        ("boroughs", "code,", "id,", "boroughs.csv row 1", "header must be code,name"),
        ("boroughs", SMALL["boroughs.csv"], "", "boroughs.csv row 1", "header must be"),
        ("boroughs", "Hackney,", "Hackney,E8,", "boroughs.csv row 2", "8 values, not 7"),
        ("boroughs", "Hackney", "Hack\udcffney", "boroughs.csv", "cannot be read"),
        ("london_postcodes", "E8 3PN", "e83pn", "london_postcodes.csv.xz row 2 column postcode", "upper case"),
        ("london_postcodes", "E2 0AA", "E8 3PN", "london_postcodes.csv.xz row 3 column postcode", "earlier row"),
        (
            "london_postcodes",
            "E09000030",
            "E09000001",
            "london_postcodes.csv.xz row 3 column borough_code",
            "no borough",
        ),
        ("london_postcodes", "51.53,", "5,", "london_postcodes.csv.xz row 3 column latitude", "Great Britain"),
        ("postcode_sectors", "M1 1", "M11", "postcode_sectors.csv row 3 column sector", "no postcode sector"),
        ("postcode_sectors", "M1 1", "E8 3", "postcode_sectors.csv row 3 column sector", "earlier row"),
        ("postcode_sectors", "england,\n", "france,\n", "postcode_sectors.csv row 3 column country", "Great Britain"),
        ("postcode_sectors", ";", ",", "postcode_sectors.csv row 2", "6 values, not 5"),
        ("postcode_sectors", "30;", "31;", "postcode_sectors.csv row 2 column borough_codes", "no borough"),
        ("postcode_sectors", "30;", "12;", "postcode_sectors.csv row 2 column borough_codes", "twice"),
        ("london_places", "Dalston", "\x07", "london_places.csv row 2 column name", "Fill it"),
        ("london_places", "Dalston", "D" * 81, "london_places.csv row 2 column name", "at most 80"),
        ("london_places", "E09000012,\n", ",\n", "london_places.csv row 2 column borough_code", "no borough"),
        ("london_places", "27720", "many", "london_places.csv row 3 column population", "whole number"),
        ("london_places", "Dalston", '"Dalston', "london_places.csv", "cannot be read"),
    ],
)
def test_what_is_wrong_is_said_by_file_row_and_column(
    session: Session, gazetteer: Writer, now: datetime, file: str, old: str, new: str, where: str, what: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        load_gazetteer(session, gazetteer(**{file: (old, new)}), now)

    (problem,) = refused.value.problems
    assert problem.field == where
    assert what in problem.message
    assert session.scalar(select(func.count()).select_from(Borough)) == 33


def test_every_wrong_row_is_named_up_to_fifty(session: Session, gazetteer: Writer, now: datetime) -> None:
    def problems(rows: int) -> list[str]:
        folder = gazetteer(
            london_places=("Dalston", "".join(f"Place {n},51.5,0,E1,\n" for n in range(rows)) + "Dalston")
        )
        with pytest.raises(InvalidInputError) as refused:
            load_gazetteer(session, folder, now)
        return [problem.field for problem in refused.value.problems]

    assert problems(2) == ["london_places.csv row 2 column borough_code", "london_places.csv row 3 column borough_code"]
    assert len(problems(80)) == 50


def test_missing_and_broken_files_are_named(session: Session, gazetteer: Writer, now: datetime) -> None:
    folder = gazetteer()
    packed = (folder / "london_postcodes.csv.xz").read_bytes()
    (folder / "london_postcodes.csv.xz").write_bytes(packed[:-20])
    with pytest.raises(InvalidInputError, match=r"london_postcodes\.csv\.xz: The file cannot be read"):
        load_gazetteer(session, folder, now)

    (folder / "boroughs.csv").unlink()
    (folder / "london_places.csv").unlink()
    with pytest.raises(InvalidInputError) as refused:
        load_gazetteer(session, folder, now)
    assert [problem.field for problem in refused.value.problems] == ["boroughs.csv", "london_places.csv"]


def _no_progress(what: str, done: int, total: int) -> None:
    raise AssertionError(f"{what} was written.")


def _swap(content: str, *pairs: tuple[str, str]) -> str:
    for first, second in pairs:
        content = content.replace(first, "\0").replace(second, first).replace("\0", second)
    return content
