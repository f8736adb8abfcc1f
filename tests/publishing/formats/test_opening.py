"""Opening hours as a week, and in words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.publishing.formats.opening import hours_in_words, read_week

WORDS = {
    "24/7": "24 hours a day, every day",
    "": "Not known: phone them",
    "Mo-Fr 09:00-17:00; PH off": "Monday to Friday, 9am to 5pm; closed on bank holidays",
    "Mo-Fr 09:30-16:30; We 09:30-20:00; PH off": (
        "Monday, Tuesday, Thursday and Friday, 9:30am to 4:30pm; Wednesday, 9:30am to 8pm; closed on bank holidays"
    ),
    "Tu,Th 10:00-12:00,13:00-16:00": "Tuesday and Thursday, 10am to midday and 1pm to 4pm",
    "Su-Th 10:00-22:00; Fr 10:00-13:00": "Monday to Thursday and Sunday, 10am to 10pm; Friday, 10am to 1pm",
    "Mo,We,Fr,Sa 20:00-02:00": "Monday, Wednesday, Friday and Saturday, 8pm to 2am",
    "Mo-Fr 17:30-08:30; Sa,Su,PH 00:00-24:00": (
        "Monday to Friday, 5:30pm to 8:30am; Saturday and Sunday, all day; on bank holidays, all day"
    ),
    "Mo-Su 08:00-22:00": "Every day, 8am to 10pm",
    "Mar-Oct Mo-Fr 09:00-17:00": "Mar-Oct Mo-Fr 09:00-17:00",
}


@pytest.mark.parametrize(("hours", "words"), WORDS.items())
def test_hours_are_told_in_words(hours: str, words: str) -> None:
    assert hours_in_words(hours) == words


def test_a_later_rule_counts_for_its_days() -> None:
    week = read_week("Mo-Fr 09:00-17:00; Fr off; PH off")

    assert week is not None
    assert list(week.groups()) == [((0, 1, 2, 3), (("09:00", "17:00"),))]
    assert week.holidays == ()


@settings(max_examples=60, database=None)
@given(st.text(alphabet="MoTuWeSaPH0123456789:-;, off/", max_size=40))
def test_nothing_that_anybody_types_breaks_it(hours: str) -> None:
    assert hours_in_words(hours)
