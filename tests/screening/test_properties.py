"""What holds for every text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from directory.screening.service import LONGEST, screen

PLANTED = st.sampled_from(
    [
        ("QQ123456C", "identity_number"),
        ("NHS 943 476 5919", "identity_number"),
        ("07700 900 123", "phone"),
        ("020 7946 0958", "phone"),
        ("+44 7700 900456", "phone"),
        ("E8 3ZZ", "address"),
        ("12 Acacia Avenue", "address"),
        ("dob 12/3/1991", "date_of_birth"),
        ("someone@example.org", "email"),
        ("mrs begum", "name"),
        ("her name is fatima", "name"),
        ("no recourse to public funds", "immigration"),
        ("spouse visa", "immigration"),
        ("nigerian woman", "nationality"),
    ]
)
AROUND = st.sampled_from(["", "needs a cot", "please hold until 10pm", "two children aged 4 and 7", "MARAC Thursday,"])
CASES = st.sampled_from([str.lower, str.upper, str.title, str.swapcase, str])
SPACES = st.sampled_from([" ", "  ", "\n", "\t", "\u00a0", " \u2009 "])


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=LONGEST))
def test_no_text_is_too_much(text: str) -> None:
    screening = screen(text, this_year=2026)

    assert screening.block == bool(screening.kinds)
    for finding in screening.findings:
        assert 0 <= finding.start < finding.end <= len(text)
        assert text[finding.start : finding.end] == finding.words


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(min_codepoint=9, max_codepoint=0x17F), max_size=200))
def test_no_western_text_is_too_much(text: str) -> None:
    assert all(text[one.start : one.end] == one.words for one in screen(text, this_year=2026).findings)


@settings(max_examples=300, deadline=None)
@given(PLANTED, CASES, SPACES, AROUND, AROUND)
def test_case_and_spaces_hide_nothing(planted: tuple[str, str], case, space: str, before: str, after: str) -> None:
    words, kind = planted

    text = f"{before} {case(words).replace(' ', space)} {after}"

    assert kind in screen(text, this_year=2026).kinds
