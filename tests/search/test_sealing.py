"""Links to results: opaque, of one length, and of no use after half an hour or to anybody without the secret."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.search.sealing import LinkExpiredError, Seal
from tests.search.worlds import NOW

SEAL = Seal.from_secret("a secret of the tests", timedelta(minutes=30))


@given(st.dictionaries(st.text(max_size=10), st.one_of(st.integers(), st.text(max_size=30), st.booleans()), max_size=8))
def test_a_question_comes_back_as_it_was(question: dict[str, object]) -> None:
    assert SEAL.open(SEAL.close(question, NOW), NOW) == question


def test_nothing_of_the_question_can_be_read_in_the_link_nor_guessed_from_its_length() -> None:
    short, long = {"near": "E8"}, {"near": "Southall", "nrpf": True, "need": ["forced-marriage"] * 5}
    links = [SEAL.close(question, NOW) for question in (short, long)]

    assert len(links[0]) == len(links[1])
    assert SEAL.close(short, NOW) != SEAL.close(short, NOW)
    assert not any(word in link for link in links for word in ("near", "nrpf", "Southall", "forced"))


@pytest.mark.parametrize(
    ("seconds", "opens"), [(0, True), (1_799, True), (1_800, True), (1_801, False), (86_400, False)]
)
def test_a_link_opens_for_half_an_hour(seconds: int, opens: bool) -> None:
    link = SEAL.close({"near": "E8"}, NOW)
    later = NOW + timedelta(seconds=seconds)

    assert SEAL.expires_at(link) == NOW + timedelta(minutes=30)
    if opens:
        assert SEAL.open(link, later)
    else:
        with pytest.raises(LinkExpiredError):
            SEAL.open(link, later)


@pytest.mark.parametrize("link", ["", "x", "é", "gAAAAA", "g" * 5_000])
def test_what_is_not_a_link_of_ours_does_not_open(link: str) -> None:
    with pytest.raises(LinkExpiredError):
        SEAL.open(link, NOW)


def test_a_link_of_another_version_has_expired() -> None:
    link = SEAL.fernet.encrypt_at_time(b'{"near":"E8"}', int(NOW.timestamp())).decode()

    with pytest.raises(LinkExpiredError):
        SEAL.open(link, NOW)


def test_another_secret_and_a_changed_link_do_not_open() -> None:
    link = SEAL.close({"near": "E8"}, NOW)
    other = Seal.from_secret("another secret", timedelta(minutes=30))

    for seal, text in ((other, link), (SEAL, link[:-6] + "AAAAA="), (SEAL, link[:40] + "A" + link[41:])):
        with pytest.raises(LinkExpiredError):
            seal.open(text, datetime.fromtimestamp(NOW.timestamp(), NOW.tzinfo))
