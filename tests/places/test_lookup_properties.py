"""What holds for every place there is, and for every text there could be."""

import random
from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from directory.common.errors import DomainError
from directory.places.lookup import AmbiguousPlaceError, Place, PlaceNotFoundError, find_borough, find_place
from directory.places.matching import key_of, slips_of
from tests.places.gazetteer_facts import (
    BOROUGH_KEYS,
    BOROUGH_NAMES,
    BOROUGHS,
    OUTCODES,
    PLACES,
    SECTORS,
    SHARED,
    SOME_POSTCODES,
)

# The session is only read from, so examples may share it; a database may be slow on a busy machine.
on_a_database = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)


@st.composite
def typed(draw: st.DrawFn, name: str) -> str:
    """`name` in any case, with any spaces around it and where it has some."""
    letters = [draw(st.sampled_from((letter.upper(), letter.lower()))) for letter in name]
    space = draw(st.sampled_from((" ", "  ", "\t", " ")))
    return space + "".join(letters).replace(" ", space) + draw(st.sampled_from(("", " ", "\n")))


@contextmanager
def only_domain_errors() -> Iterator[None]:
    try:
        yield
    except DomainError as error:
        str(error).encode()


@on_a_database
@given(text=st.one_of(st.text(st.characters(), max_size=40), st.text(st.sampled_from("EeSW18Ol03 ,.()'&%_\0\ud800é-"))))
def test_no_text_crashes_it(session: Session, text: str) -> None:
    with only_domain_errors():
        place = find_place(session, text)
        place.name.encode()
        (place.corrected_from or "").encode()
    with only_domain_errors():
        find_borough(session, text)


@on_a_database
@given(data=st.data(), row=st.sampled_from(BOROUGHS))
def test_every_borough_is_found_by_name_and_code(session: Session, data: st.DataObject, row: dict[str, str]) -> None:
    by_name = find_place(session, data.draw(typed(row["name"])))
    by_code = find_place(session, data.draw(typed(row["code"])))

    assert by_name == by_code
    assert (by_name.kind, by_name.name, by_name.borough_codes) == ("borough", row["name"], (row["code"],))
    assert find_borough(session, data.draw(typed(row["name"]))).code == row["code"]


@on_a_database
@given(data=st.data(), row=st.sampled_from(PLACES))
def test_every_named_place_is_found(session: Session, data: st.DataObject, row: dict[str, str]) -> None:
    borough = BOROUGH_NAMES[row["borough_code"]]
    text, text_with_borough = data.draw(typed(row["name"])), data.draw(typed(f"{row['name']}, {borough}"))

    assert _is(find_place(session, text_with_borough), row)
    if key_of(row["name"]) in BOROUGH_KEYS:
        assert find_place(session, text).kind == "borough"
    elif key_of(row["name"]) in SHARED:
        assert any(_is(choice, row) for choice in _choices(session, text))
    else:
        assert _is(find_place(session, text), row)


@on_a_database
@given(data=st.data(), outcode=st.sampled_from(OUTCODES))
def test_every_outcode_is_found(session: Session, data: st.DataObject, outcode: str) -> None:
    place = find_place(session, data.draw(typed(outcode)))

    assert (place.name, place.kind, place.corrected_from) == (outcode, "outcode", None)


@on_a_database
@given(data=st.data(), row=st.sampled_from(SECTORS))
def test_every_sector_is_found(session: Session, data: st.DataObject, row: dict[str, str]) -> None:
    place = find_place(session, data.draw(typed(row["sector"])))

    assert (place.name, place.kind, place.country) == (row["sector"], "sector", row["country"])
    assert (place.latitude, place.longitude) == (float(row["latitude"]), float(row["longitude"]))
    assert ";".join(place.borough_codes) == row["borough_codes"]


@on_a_database
@given(data=st.data(), row=st.sampled_from(SOME_POSTCODES), spaced=st.booleans())
def test_every_postcode_is_found(session: Session, data: st.DataObject, row: dict[str, str], spaced: bool) -> None:
    text = data.draw(typed(row["postcode"] if spaced else row["postcode"].replace(" ", "")))

    place = find_place(session, text)

    assert (place.name, place.kind, place.borough_codes) == (row["postcode"], "postcode", (row["borough_code"],))
    assert (place.latitude, place.longitude) == (float(row["latitude"]), float(row["longitude"]))


@on_a_database
@given(data=st.data(), row=st.sampled_from(PLACES))
def test_what_is_suggested_or_offered_can_be_typed(session: Session, data: st.DataObject, row: dict[str, str]) -> None:
    wrong = row["name"] + data.draw(st.sampled_from((" Road", "xyz", "s Lane", ", Camden")))
    offered: list[str] = []
    try:
        find_place(session, wrong)
    except PlaceNotFoundError as error:
        offered = error.suggestions
    except AmbiguousPlaceError as error:
        offered = [choice.name for choice in error.choices]

    assert [find_place(session, name).name for name in offered] == offered


def test_one_slip_in_a_long_name_is_nearly_always_put_right_and_hardly_ever_wrongly() -> None:
    known = sorted(BOROUGH_KEYS | {key_of(row["name"]) for row in PLACES})
    dice = random.Random(20201217)  # noqa: S311
    right = wrong = 0
    names = [key for key in known if len(key) >= 6 for _ in range(5)]
    for key in names:
        slip = _with_a_slip(key, dice)
        found = slips_of(slip, known) if slip not in known else [slip]
        right += found == [key]
        wrong += len(found) == 1 and found != [key]

    assert right / len(names) > 0.97
    assert wrong / len(names) < 0.01


def _with_a_slip(key: str, dice: random.Random) -> str:
    at = dice.randrange(1, len(key) - 1)
    letter = dice.choice("abcdefghijklmnopqrstuvwxyz")
    return dice.choice(
        (
            key[:at] + key[at + 1 :],
            key[:at] + letter + key[at:],
            key[:at] + letter + key[at + 1 :],
            key[:at] + key[at + 1] + key[at] + key[at + 2 :],
        )
    )


def _is(place: Place, row: dict[str, str]) -> bool:
    same_spot = (place.latitude, place.longitude) == (float(row["latitude"]), float(row["longitude"]))
    return place.kind == "place" and same_spot and place.borough_codes == (row["borough_code"],)


def _choices(session: Session, text: str) -> list[Place]:
    try:
        return [find_place(session, text)]
    except AmbiguousPlaceError as error:
        return error.choices
