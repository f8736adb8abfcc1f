"""What the screen does beyond telling sentences apart: disguises, the catalogue's names, texts it cannot read."""

import csv

import pytest

from directory.paths import SEED_DATA
from directory.screening.explaining import explain
from directory.screening.kinds import Kind
from directory.screening.service import LONGEST, screen


def kinds(text: str, **options: frozenset[str]) -> set[str]:
    return set(screen(text, this_year=2026, **options).kinds)


def catalogue_names() -> list[str]:
    names = set()
    for folder in ("demo", "london"):
        for table in ("organisations.csv", "services.csv"):
            with (SEED_DATA / folder / table).open(encoding="utf-8", newline="") as file:
                names |= {row["name"] for row in csv.DictReader(file)}
    return sorted(names)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("she has no rec\u200bourse", "immigration"),
        ("her ｖｉｓａ ran out", "immigration"),
        ("her vіsa ran out", "immigration"),  # a Cyrillic і
        ("her ᴠɪsᴀ ran out", "immigration"),
        ("her 🆅🅸🆂🅰 ran out", "immigration"),
        ("a*s*y*l*u*m hotel", "immigration"),
        ("n0 rec0urse", "immigration"),
        ("call ０７７００ ９００１２３", "phone"),
        ("call ٠٧٧٠٠٩٠٠١٢٣", "phone"),
        ("ask for Fátima", "name"),
        ("f a t i m a is here", "name"),
        ("mail m＠example.org", "email"),
        ("from 🇧🇷", "nationality"),
        ("qq\u00a012\u00a034\u00a056\u00a0c", "identity_number"),
    ],
)
def test_disguises_are_taken_off(text: str, kind: str) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text", ["она в безопасности", "她很安全", "هي بأمان", "ok \x00", "half \ud800", "she is ασφαλής"]
)
def test_what_cannot_be_read_is_stopped(text: str) -> None:
    assert "name" in kinds(text)


@pytest.mark.parametrize(
    "text", ["", " \n\t", "needs a cot 😀👍🏽", "café on the corner, “quiet” room – £40", "naïve plan…"]
)
def test_ordinary_signs_pass(text: str) -> None:
    assert not screen(text).block


def test_what_is_too_long_to_be_screened_is_stopped() -> None:
    short = "needs a cot. " * (LONGEST // 13)

    assert not screen(short).block
    assert screen(short + "x" * LONGEST).block


def test_findings_show_the_words_in_the_original() -> None:
    text = "Ring\u200b her on ０７７００ 900123, says Zofia"

    found = screen(text).findings

    assert [(one.kind, one.words) for one in found] == [("phone", "０７７００ 900123"), ("name", "Zofia")]
    assert all(text[one.start : one.end] == one.words for one in found)


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_says_what_to_write_instead(kind: Kind) -> None:
    assert len(explain(kind).split(". ")) >= 2


def test_names_of_the_catalogue_pass() -> None:
    names = catalogue_names()
    known = frozenset(names)

    stopped = [name for name in names if kinds(f"Referred to {name} yesterday", known_names=known)]

    assert stopped == []


def test_names_of_the_catalogue_hide_nothing_beside_them() -> None:
    known = frozenset({"Rights and immigration advice", "Bridgewell no-recourse advice line"})

    assert not kinds("Referred to Rights and immigration advice", known_names=known)
    assert kinds("needs rights and immigration advice", known_names=known) == {"immigration"}
    assert kinds("Bridgewell no-recourse advice line, she has no recourse", known_names=known) == {"immigration"}
    assert kinds("Referred to Bridgewell no-recourse advice line") == {"immigration"}


@pytest.mark.parametrize(
    ("text", "blocked"),
    [
        ("incident 3/4/2024", False),
        ("3/4/1984", True),
        ("3/4/2014", True),
        ("3/4/2015", False),
        ("14 December 2026", False),
        ("hearing 4 January 2027", False),
    ],
)
def test_only_old_dates_count_as_dates_of_birth(text: str, blocked: bool) -> None:
    assert screen(text, this_year=2026).block is blocked
