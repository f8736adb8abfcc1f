"""The rule of what may be shown, by examples that can be checked by hand."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.publishing.performance.disclosing import REST, disclose, hidden_parts
from directory.publishing.performance.facts import Shown, Source
from directory.publishing.performance.measures import PARTS, RECEIVED
from directory.publishing.performance.wording import HIDDEN, UNKNOWN


def shown(imported: dict[str, float | str], computed: dict[str, int] | None = None) -> dict[str, str]:
    """The texts of what may be shown of imported figures; `-` where a figure is hidden."""
    return _texts(_disclosed(imported, computed or {})[Source.IMPORTED])


def _disclosed(imported: dict[str, float | str], computed: dict[str, int]) -> dict[Source, dict[str, Shown]]:
    return disclose(
        {code: Decimal(str(value)) for code, value in imported.items()},
        {code: Decimal(value) for code, value in computed.items()},
    )


def _texts(figures: dict[str, Shown]) -> dict[str, str]:
    return {code: "-" if one == HIDDEN else one.text for code, one in figures.items()}


PLENTY = {"referrals_received": 1058, "referrals_accepted": 700, "declined_no_capacity": 300}


def test_plenty_is_shown() -> None:
    assert shown(PLENTY) == {
        "referrals_received": "1,058",
        "referrals_accepted": "700",
        "declined_no_capacity": "300",
    }


def test_of_few_referrals_nothing_is_shown() -> None:
    few = {"referrals_received": 4, "referrals_accepted": 4, "median_response_minutes": 12}

    assert set(shown(few | {"answered_within_target_percent": 75}).values()) == {"-"}


def test_a_small_part_takes_what_no_part_names_with_it() -> None:
    assert shown({"referrals_received": 40, "referrals_accepted": 3, "declined_no_capacity": 20}) == {
        "referrals_received": "40",
        "referrals_accepted": "-",
        "declined_no_capacity": "20",
    }


def test_and_another_part_where_both_are_few() -> None:
    assert shown({"referrals_received": 24, "referrals_accepted": 3, "declined_no_capacity": 20}) == {
        "referrals_received": "24",
        "referrals_accepted": "-",
        "declined_no_capacity": "-",
    }


def test_what_is_hidden_in_one_source_is_hidden_in_the_other() -> None:
    imported = {"referrals_received": 60, "referrals_accepted": 3, "declined_no_capacity": 30}
    computed = {RECEIVED: 60, **dict.fromkeys(PARTS, 6), "referrals_accepted": 8}

    both = _disclosed(imported, computed)

    assert both[Source.IMPORTED]["referrals_accepted"] == both[Source.COMPUTED]["referrals_accepted"] == HIDDEN
    assert both[Source.COMPUTED]["declined_no_capacity"].text == "6"


def test_few_in_the_directory_hide_nothing_of_what_the_service_says() -> None:
    """Then the two do not count the same people."""
    both = _disclosed(PLENTY, {RECEIVED: 3, **dict.fromkeys(PARTS, 0), "referrals_accepted": 3})

    assert both[Source.IMPORTED]["referrals_accepted"].text == "700"
    assert both[Source.COMPUTED] == {"referrals_received": HIDDEN}


@given(st.dictionaries(st.sampled_from(PARTS), st.integers(0, 30)), st.integers(0, 30), st.sets(st.sampled_from(PARTS)))
def test_what_is_hidden_is_never_one_nor_few(parts: dict[str, int], rest: int, also: set[str]) -> None:
    received = sum(parts.values()) + rest
    if received < 5 or not parts:
        return
    cells = {REST: rest, **parts}

    hidden = hidden_parts(received, parts, also)

    assert hidden <= cells.keys()
    assert {code for code, count in cells.items() if count < 5} | (also & cells.keys()) <= hidden
    if hidden:
        assert REST in hidden
        assert len(hidden) >= 2
        assert sum(cells[code] for code in hidden) >= 5


@pytest.mark.parametrize(
    ("received", "percent", "text"),
    [
        (9, 50, "-"),
        (10, 49, "under 50%"),
        (19, 100, "50% or more"),
        (20, 80, "75% or more"),
        (24, 60, "50 to 75%"),
        (25, 79.9, "60 to 80%"),
        (50, 90, "90% or more"),
        (50, 9, "under 10%"),
        (99, 84, "80 to 90%"),
        (100, 84, "80 to 85%"),
        (5000, 100, "95% or more"),
    ],
)
def test_shares_are_bands_of_five_people(received: int, percent: float, text: str) -> None:
    figures = {"referrals_received": received, "answered_within_target_percent": percent}

    assert shown(figures)["answered_within_target_percent"] == text


def test_of_two_shares_of_the_same_the_wider_bands_are_taken() -> None:
    """20 to 25 and 20 to 40 overlap where one person is."""
    computed = {RECEIVED: 22, **dict.fromkeys(PARTS, 0), "referrals_accepted": 22, "answered_within_target_percent": 60}

    both = _disclosed({"referrals_received": 30, "answered_within_target_percent": 62}, computed)

    assert both[Source.IMPORTED]["answered_within_target_percent"].text == "50 to 75%"
    assert both[Source.COMPUTED]["answered_within_target_percent"].text == "50 to 75%"


def test_shares_of_an_unknown_number_are_hidden() -> None:
    assert shown({"satisfaction_percent": 95}) == {"satisfaction_percent": "-"}
    assert shown({"satisfaction_percent": 95, "satisfaction_responses": 8})["satisfaction_percent"] == "-"
    enough = {"satisfaction_percent": 95, "satisfaction_responses": 20}
    assert shown(enough) == {"satisfaction_responses": "20", "satisfaction_percent": "75% or more"}


def test_times_are_told_from_ten_answers_on() -> None:
    times: dict[str, float | str] = {"median_response_minutes": 35, "p90_response_minutes": "238.5"}
    assert shown({"referrals_received": 9, **times})["median_response_minutes"] == "-"
    enough = shown({"referrals_received": 10, **times})
    assert (enough["median_response_minutes"], enough["p90_response_minutes"]) == ("35 minutes", "3 hours 58 minutes")
    unanswered = {"referrals_received": 16, "referrals_unanswered": 7}
    assert shown(unanswered | times)["median_response_minutes"] == "-"
    # For all that is shown, every one may have gone unanswered: how many did is hidden with those that were accepted.
    hidden = {"referrals_received": 16, "referrals_unanswered": 12, "referrals_accepted": 4}
    assert shown(hidden | times)["median_response_minutes"] == "-"
    some = {"referrals_received": 16, "referrals_unanswered": 0, "referrals_accepted": 10}
    assert shown(some | times)["median_response_minutes"] == "35 minutes"
    assert shown(times) == {"median_response_minutes": "-", "p90_response_minutes": "-"}
    assert shown({"departures": 9, "median_stay_nights": 80})["median_stay_nights"] == "-"
    assert shown({"departures": 10, "median_stay_nights": 80})["median_stay_nights"] == "80 nights"


def test_computed_times_hang_on_answers_that_are_shown() -> None:
    """A median that appears from a hidden number on would tell it."""
    small = {"declined_too_far": 4, "declined_too_near": 4}
    computed = {RECEIVED: 14, **dict.fromkeys(PARTS, 0), "referrals_accepted": 6, **small}

    shown = _disclosed({}, computed | {"median_response_minutes": 30})[Source.COMPUTED]

    assert shown["referrals_accepted"].text == "6"
    assert shown["median_response_minutes"] == HIDDEN


def test_the_directory_knows_times_in_bands() -> None:
    computed = {RECEIVED: 50, **dict.fromkeys(PARTS, 0), "referrals_accepted": 40, "median_response_minutes": 30}

    shown = _disclosed({}, computed | {"p90_response_minutes": 2881})[Source.COMPUTED]

    assert shown["median_response_minutes"].text == "within 30 minutes"
    assert shown["p90_response_minutes"].text == "after more than 2 days"


def test_small_counts_that_belong_to_no_sum_are_hidden() -> None:
    figures = {"placements": 4, "departures": 5, "satisfaction_responses": 0}

    assert shown(figures) == {"placements": "-", "departures": "5", "satisfaction_responses": "-"}


def test_who_moved_in_was_accepted() -> None:
    figures = {"referrals_received": 6, "referrals_accepted": 6, "placements": 6}

    assert shown(figures) == {"referrals_received": "6", "referrals_accepted": "-", "placements": "-"}


def test_occupancy_is_of_nights_and_shown() -> None:
    assert shown({"occupancy_percent": "88.5"}) == {"occupancy_percent": "89%"}


@pytest.mark.parametrize(
    "impossible",
    [
        {"referrals_received": -3},
        {"referrals_received": "5.5"},
        {"occupancy_percent": 101},
        {"median_response_minutes": -1},
        {"something_else": 5},
    ],
)
def test_what_cannot_be_is_not_known(impossible: dict[str, float | str]) -> None:
    assert shown(impossible) == {}


def test_parts_that_are_more_than_the_whole_are_not_known() -> None:
    figures = {"referrals_received": 20, "referrals_accepted": 15, "declined_no_capacity": 8}

    assert shown(figures) == {"referrals_received": "20"}


def test_unknown_and_hidden_look_different() -> None:
    assert UNKNOWN.text == "not known"
    assert HIDDEN.text.startswith("hidden: fewer than 5")
