"""Whatever a catalogue holds, exporting and importing again changes nothing; same catalogue, same bytes."""

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from directory.capacity.files import export_folder
from tests.catalogue import folders
from tests.catalogue.folders import NOTHING, bring_in, lines, write
from tests.catalogue.test_export import contents

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
BOROUGHS = ["E09000001", "E09000009", "E09000012", "E09000033"]

# Letters, digits and the characters that CSV, SQL, HTML and Unicode make trouble with; no street can come of them.
text = st.text(st.sampled_from(list("aé ü,;\"'\\%<&=+-@#\u0301\u00a0\u200b漢\U0001f339\u2028")), max_size=12)
lines_of_text = st.text(st.sampled_from(list("ab ,;\"'\n\r\t漢")), max_size=20)
name = text.map(lambda value: f"x{value}")
days = st.one_of(st.just(""), st.dates(date(2000, 1, 1), date(2099, 12, 31)).map(str))
moments = st.one_of(
    st.sampled_from(["", "-PT2H", "-P1DT3H", "-PT0.000001S", "2026-07-01T12:00:00", "2026-07-01", "20261120T020000Z"]),
    st.timedeltas(timedelta(), timedelta(days=9_000)).map(lambda age: (NOW - age).isoformat()),
)


def some(words: list[str], least: int = 0) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(words), min_size=least, max_size=4).map(";".join)


def number(low: int, high: int) -> st.SearchStrategy[str]:
    return st.one_of(st.just(""), st.integers(low, high).map(str))


organisations = st.fixed_dictionaries(
    {
        "name": name,
        "description": lines_of_text,
        "by_and_for": st.sampled_from(["yes", "no"]),
        "communities": some(["latin-american", "deaf"]),
        "website": st.sampled_from(["", "https://example.org/a?b=c&d", "http://exämple.org"]),
        "phone": st.sampled_from(["", "+44 20 7946 0123", "(020) 7946 0123", "116 123", "020 7946 0123 ext 4"]),
        "charity_number": st.sampled_from(["", "0012345", "SC012345"]),
        "status": st.sampled_from(["draft", "published", "withdrawn"]),
        "verified_on": days,
        "source": text,
    }
)
places = st.sampled_from(
    [
        {"location_disclosure": "public", "postcode": "ub1 3aj", "borough": ""},
        {"location_disclosure": "public", "postcode": "E8 3PN", "borough": "E09000012"},
        {"location_disclosure": "public", "postcode": "M1 1AE", "borough": ""},
        {"location_disclosure": "public", "postcode": "", "borough": "E09000012"},
        {"location_disclosure": "borough", "postcode": "", "borough": ""},
        {"location_disclosure": "secret", "postcode": "", "borough": "E09000009"},
    ]
)
services = st.tuples(
    places,
    st.fixed_dictionaries(
        {
            "organisation": st.integers(0, 9),
            "name": name,
            "kind": st.sampled_from(["refuge", "helpline", "advocacy"]),
            "description": lines_of_text,
            "needs": some(["domestic-abuse", "refuge-space", "forced-marriage"], 1),
            "languages": some(["en", "pa", "bfi", "yue"]),
            "genders": some(["woman", "man", "non_binary"]),
            "min_age": number(0, 30),
            "max_age": number(30, 120),
            "accepts_nrpf": st.sampled_from(["", "yes", "no", "if_funded"]),
            "areas": some([*BOROUGHS, "london", "england", "uk"]),
            "access_features": some(["step-free", "lift"]),
            "hours": st.sampled_from(["", "24/7", 'Mo-Fr 09:00-17:00; PH off "by appointment, ring"']),
            "response_target_minutes": number(1, 10_000),
            "status": st.sampled_from(["published", "suspended"]),
        }
    ),
).map(lambda parts: parts[0] | parts[1])
units = st.fixed_dictionaries(
    {
        "service": st.integers(0, 9),
        "name": text,
        "borough": st.sampled_from(["", *BOROUGHS]),
        "bedspaces": st.integers(1, 100).map(str),
        "max_adults": st.integers(0, 100).map(str),
        "max_children": st.integers(0, 100).map(str),
        "boys_max_age": number(0, 120),
        "ringfence": st.sampled_from(["none", "nrpf"]),
        "not_from": some(BOROUGHS),
        "access_features": some(["step-free", "lift"]),
        "programme": st.sampled_from(["", "LDN-SAFE-2026"]),
        "active_from": days,
        "state": st.sampled_from(["open", "occupied", "closed"]),
        "confirmed_at": moments,
    }
)
figures = st.integers(0, 9).flatmap(lambda places: st.decimals(-999_999_999, 999_999_999, places=places)).map(
    lambda value: f"{value:f}"
) | st.sampled_from(["", "0", "-0", "-0.0004", "1.50", "007"])


@st.composite
def catalogues(draw: st.DrawFn) -> dict[str, list[dict[str, str]]]:
    """A random catalogue as rows of files, in random order."""
    made = folders.small_catalogue()
    owners = [
        folders.organisation(id=f"o-{i}") | cells for i, cells in enumerate(draw(st.lists(organisations, max_size=3)))
    ]
    drawn = draw(st.lists(services, max_size=4)) if owners else []
    offered = [
        folders.service(id=f"s-{i}", organisation_id=owners[int(cells.pop("organisation")) % len(owners)]["id"]) | cells
        for i, cells in enumerate(dict(cells) for cells in drawn)
    ]
    rooms = draw(st.lists(units, max_size=4)) if offered else []
    made["organisations.csv"] = draw(st.permutations(owners))
    made["services.csv"] = draw(st.permutations(offered))
    made["units.csv"] = [
        folders.unit(id=f"u-{i}", service_id=offered[int(cells.pop("service")) % len(offered)]["id"]) | cells
        for i, cells in enumerate(dict(cells) for cells in rooms)
    ]
    made["performance.csv"] = [
        folders.figure(service_id=service["id"], value=draw(figures)) for service in offered if draw(st.booleans())
    ]
    return made


@given(first=catalogues(), second=catalogues())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_export_and_import_change_nothing(
    session: Session, first: dict[str, list[dict[str, str]]], second: dict[str, list[dict[str, str]]]
) -> None:
    folder = Path(mkdtemp())
    later = NOW + timedelta(days=3)
    try:
        with session.begin_nested() as savepoint:
            bring_in(session, write(folder / "first", first), NOW)
            export_folder(session, folder / "a")
            assert lines(bring_in(session, folder / "a", later, whole=True)) == NOTHING
            export_folder(session, folder / "b")
            assert contents(folder / "a") == contents(folder / "b")

            # Whatever was there before, a whole catalogue leaves exactly what it says, and the first one comes back.
            bring_in(session, write(folder / "second", second), NOW, whole=True)
            bring_in(session, folder / "a", later, whole=True)
            export_folder(session, folder / "c")
            assert contents(folder / "a") == contents(folder / "c")
            savepoint.rollback()
    finally:
        shutil.rmtree(folder)
