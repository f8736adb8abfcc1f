"""Safe contact: what is let in, and that only its own key opens it, on its own referral."""

import logging
import traceback
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.common.errors import InvalidInputError
from directory.referrals.safe_contact import (
    LONGEST_ALIAS,
    LONGEST_TEXT,
    PADDED_BYTES,
    Channel,
    ContactDamagedError,
    ContactGoneError,
    SafeContact,
    Sealed,
    open_sealed,
    safe_contact,
    seal,
)

KEY, OTHER_KEY = bytes(range(32)), bytes(32)
REFERENCE = "K7M2PQ4XTV"
PLANTED = "zanzibarquill"


def _fields(**changes: Any) -> dict[str, Any]:
    return {
        "alias": "Bluebell",
        "channel": "text",
        "address": "07700 900123",
        "safe_times": "weekdays 10 to 12",
        "voicemail_ok": False,
        "say": "the library",
    } | changes


CONTACT = safe_contact(**_fields())
# Any character that can be seen, also those that take four bytes.
SEEN = st.characters(exclude_categories=("C", "Z"))


@given(
    st.text(SEEN, min_size=1, max_size=LONGEST_ALIAS),
    st.sampled_from(list(Channel)),
    st.text(SEEN, min_size=1, max_size=LONGEST_TEXT),
    st.booleans(),
    st.text(SEEN, max_size=LONGEST_TEXT),
)
def test_what_is_sealed_is_opened(alias: str, channel: Channel, times: str, voicemail: bool, say: str) -> None:
    address = "sam.b@example.org" if channel is Channel.EMAIL else "+44 7700 900123"
    contact = safe_contact(
        alias=alias, channel=channel, address=address, safe_times=times, voicemail_ok=voicemail, say=say
    )

    opened = open_sealed(seal(contact, KEY, REFERENCE), KEY, REFERENCE)

    assert opened == contact
    assert isinstance(opened.channel, Channel)


@pytest.mark.parametrize(
    "contact",
    [
        safe_contact(alias="B", channel="through_referrer"),
        CONTACT,
        safe_contact(
            **_fields(
                alias="😀" * LONGEST_ALIAS,
                channel="email",
                address="b" * (LONGEST_TEXT - 12) + "@example.org",
                safe_times="😀" * LONGEST_TEXT,
                say='"' * LONGEST_TEXT,
            )
        ),
    ],
)
def test_its_length_tells_nothing(contact: SafeContact) -> None:
    sealed = seal(contact, KEY, REFERENCE)

    assert (len(sealed.nonce), len(sealed.ciphertext)) == (12, PADDED_BYTES + 16)
    assert b"B" * 2 not in sealed.ciphertext


def test_the_same_contact_is_never_sealed_alike() -> None:
    sealed = [seal(CONTACT, KEY, REFERENCE) for _ in range(50)]

    assert len({one.nonce for one in sealed}) == len({one.ciphertext for one in sealed}) == 50


@given(st.integers(0, (12 + PADDED_BYTES + 16) * 8 - 1))
def test_one_bit_changed_opens_nothing(bit: int) -> None:
    sealed = seal(CONTACT, KEY, REFERENCE)
    held = bytearray(sealed.nonce + sealed.ciphertext)
    held[bit // 8] ^= 1 << bit % 8

    with pytest.raises(ContactDamagedError):
        open_sealed(Sealed(bytes(held[:12]), bytes(held[12:])), KEY, REFERENCE)


@pytest.mark.parametrize(
    ("nonce", "ciphertext", "key", "reference"),
    [
        (None, None, OTHER_KEY, REFERENCE),
        (None, None, KEY, "K7M2PQ4XTW"),
        (None, None, KEY, ""),
        (None, None, b"short", REFERENCE),
        (b"", None, KEY, REFERENCE),
        (None, b"", KEY, REFERENCE),
    ],
)
def test_another_key_or_another_row_opens_nothing(
    nonce: bytes | None, ciphertext: bytes | None, key: bytes, reference: str
) -> None:
    sealed = seal(CONTACT, KEY, REFERENCE)
    changed = Sealed(sealed.nonce if nonce is None else nonce, sealed.ciphertext if ciphertext is None else ciphertext)

    with pytest.raises(ContactDamagedError):
        open_sealed(changed, key, reference)


def test_swapped_rows_open_nothing() -> None:
    first, second = seal(CONTACT, KEY, "AAAAAAAAAA"), seal(CONTACT, KEY, "BBBBBBBBBB")

    for sealed, reference in ((first, "BBBBBBBBBB"), (second, "AAAAAAAAAA")):
        with pytest.raises(ContactDamagedError):
            open_sealed(sealed, KEY, reference)
    with pytest.raises(ContactDamagedError):
        open_sealed(Sealed(first.nonce, second.ciphertext), KEY, "AAAAAAAAAA")


def test_without_a_key_it_is_gone() -> None:
    for sealed, key in ((seal(CONTACT, KEY, REFERENCE), None), (None, KEY), (None, None)):
        with pytest.raises(ContactGoneError, match="destroyed when a referral ends"):
            open_sealed(sealed, key, REFERENCE)


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"alias": ""}, ["alias"]),
        ({"alias": " \n "}, ["alias"]),
        ({"alias": "x" * (LONGEST_ALIAS + 1)}, ["alias"]),
        ({"channel": ""}, ["channel"]),
        ({"channel": "pigeon"}, ["channel"]),
        ({"address": ""}, ["address"]),
        ({"address": "sam.b@example.org"}, ["address"]),
        ({"address": "07700"}, ["address"]),
        ({"address": "call me"}, ["address"]),
        ({"channel": "email"}, ["address"]),
        ({"channel": "email", "address": "sam..b@example.org"}, ["address"]),
        ({"channel": "email", "address": "b" * LONGEST_TEXT + "@example.org"}, ["address"]),
        ({"channel": "through_referrer", "address": "the desk"}, ["address"]),
        ({"safe_times": ""}, ["safe_times"]),
        ({"safe_times": "x" * (LONGEST_TEXT + 1)}, ["safe_times"]),
        ({"say": "x" * (LONGEST_TEXT + 1)}, ["say"]),
        ({"say": "the \u202elibrary"}, ["say"]),
        ({"say": "the \x00library"}, ["say"]),
        ({"alias": "", "channel": "", "safe_times": "", "say": "\ud800"}, ["alias", "channel", "safe_times", "say"]),
    ],
)
def test_every_wrong_field_is_named(changes: dict[str, Any], wrong: list[str]) -> None:
    with pytest.raises(InvalidInputError) as refused:
        safe_contact(**_fields(**changes))

    assert [problem.field for problem in refused.value.problems] == wrong


@pytest.mark.parametrize(
    ("channel", "address"),
    [
        ("call", "020 7946 0123"),
        ("call", "+44 (0)20 7946 0123"),
        ("email", "sam.b+1@mail.example.org"),
        ("through_referrer", ""),
        ("through_referrer", "020 7946 0123"),
        ("through_referrer", "sam.b@example.org"),
    ],
)
def test_ways_to_reach_somebody(channel: str, address: str) -> None:
    assert safe_contact(**_fields(channel=channel, address=address)).address == address


def test_spaces_are_tidied() -> None:
    contact = safe_contact(**_fields(alias="  Blue \t bell ", safe_times="mornings\r\nonly"))

    assert (contact.alias, contact.safe_times) == ("Blue bell", "mornings only")


def test_what_people_write_freely_can_be_screened() -> None:
    assert CONTACT.free_texts == {"alias": "Bluebell", "safe_times": "weekdays 10 to 12", "say": "the library"}


def test_nothing_prints_its_content(caplog: pytest.LogCaptureFixture) -> None:
    planted = dict.fromkeys(("alias", "safe_times", "say"), PLANTED)
    contact = safe_contact(**_fields(**planted))

    logging.getLogger("test").warning("%s %r %s", contact, contact, [contact])
    shown = f"{contact} {contact!r} {contact!s} {[contact]} {caplog.text}"

    assert "SafeContact(hidden)" in shown
    assert not any(word in shown for word in (PLANTED, "900123"))


def test_errors_do_not_repeat_what_was_written() -> None:
    with pytest.raises(InvalidInputError) as refused:
        safe_contact(**_fields(alias=PLANTED * 9, channel=PLANTED, address=PLANTED, say=PLANTED * 30))

    assert PLANTED not in "".join(traceback.format_exception_only(refused.value))
    assert PLANTED not in repr(refused.value.problems)


def test_an_error_of_opening_carries_no_other() -> None:
    with pytest.raises(ContactDamagedError) as refused:
        open_sealed(seal(CONTACT, KEY, REFERENCE), OTHER_KEY, REFERENCE)

    assert refused.value.__context__ is None
    assert refused.value.__cause__ is None


def test_what_was_not_checked_is_not_cut_off() -> None:
    with pytest.raises(ValueError, match="not checked"):
        seal(SafeContact("x" * 5000, Channel.CALL, "", "", False, ""), KEY, REFERENCE)
