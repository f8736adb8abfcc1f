"""What messages say: a reference and a link, the same words for everybody, and nothing else."""

import re
import secrets
from collections import Counter

import pytest

from directory.common.sending import MAXIMUM_PUBLIC_URL
from directory.messaging import kinds
from directory.messaging.kinds import (
    GSM_ALPHABET,
    SMS_LENGTH,
    WORDINGS,
    Audience,
    MessageKind,
    Wording,
    longest_sms,
    render,
)
from directory.messaging.models import Channel
from directory.upkeep.links import TOKEN_BYTES

LINK = "https://directory.example.org/referrals/K7M2P9QX4T"
REFERENCE = "K7M2P9QX4T"
# Every word that any message may have. Before you add one, ask what it tells somebody who reads over a shoulder.
WORDS = """
    36 a an and answer answered any are been day do due edition ends for forward four half has hold hours in is it link
    message more moved nobody needs new no not on once opens overdue own proposal published purpose reads receipt
    referral replies says see sign signing soon the this to update updates waiting waits weeks without works yet your
"""
# The longest reference and page of the kinds that are not about a referral.
LONGEST = {
    MessageKind.UPDATE_DUE: ("U20261122", "/u"),
    MessageKind.UPDATE_DUE_SECOND: ("U20261122", "/u"),
    MessageKind.UPDATES_OVERDUE: ("U20261122", "/manage/freshness"),
    MessageKind.PROPOSAL_ANSWERED: ("P1234567890", "/proposals/1234567890"),
    MessageKind.EDITION_PUBLISHED: ("E12345", "/e"),
    MessageKind.EDITION_NOT_ACKNOWLEDGED: ("E12345", "/e"),
    MessageKind.EDITION_DUE: ("D20261122", "/editions/prepare"),
}


def said_besides(text: str) -> set[str]:
    """The words of `text` that are neither allowed nor the reference nor the link."""
    words = re.findall(r"[^\W_]+", text.replace(LINK, "").replace(REFERENCE, ""))
    return {word for word in words if word.lower() not in WORDS.split()}


def texts(kind: MessageKind) -> list[str]:
    """Everything that a kind says, by every channel."""
    rendered = [render(kind, channel, REFERENCE, LINK) for channel in Channel]
    return [part for one in rendered for part in (one.subject, one.text)]


@pytest.mark.parametrize("kind", MessageKind)
def test_a_message_has_a_reference_a_link_and_plain_words_alone(kind: MessageKind) -> None:
    for text in texts(kind):
        assert said_besides(text) == set()


@pytest.mark.parametrize("kind", MessageKind)
def test_reference_and_link_stand_in_each_once(kind: MessageKind) -> None:
    email, sms = (render(kind, channel, REFERENCE, LINK) for channel in (Channel.EMAIL, Channel.SMS))

    assert LINK not in email.subject
    assert Counter(re.findall(r"https?://\S+", email.text)) == {LINK: 1}
    assert Counter(re.findall(r"https?://\S+", sms.text)) == {LINK: 1}
    for text in (email.subject, email.text.replace(LINK, ""), sms.text.replace(LINK, "")):
        assert text.count(REFERENCE) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "Referral {reference} has been declined",
        "Referral {reference} for a woman with two children",
        "Marigold House: referral {reference}",
        "Referral {reference} needs immigration advice",
        "Unit 4 is held: {reference}",
    ],
)
def test_the_check_of_words_bites(monkeypatch: pytest.MonkeyPatch, sentence: str) -> None:
    monkeypatch.setitem(kinds.WORDINGS, MessageKind.REFERRAL_ANSWERED, Wording(Audience.REFERRER, sentence))

    assert all(said_besides(text) for text in texts(MessageKind.REFERRAL_ANSWERED) if text)


@pytest.mark.parametrize("kind", MessageKind)
def test_an_sms_is_never_longer_than_one(kind: MessageKind) -> None:
    reference, path = LONGEST.get(kind, ("K7M2P9QX4TK7M2P9QX4T", "/referrals/K7M2P9QX4T"))
    completed = path + "/" + make_token() if WORDINGS[kind].opens_at_once else path
    link = "https://" + "d" * (MAXIMUM_PUBLIC_URL - len("https://")) + completed

    text = render(kind, Channel.SMS, reference, link).text

    assert len(text) == longest_sms(kind, reference, path) <= SMS_LENGTH
    assert set(text) <= GSM_ALPHABET


def make_token() -> str:
    """A token as links have it."""
    return secrets.token_urlsafe(TOKEN_BYTES)


@pytest.mark.parametrize("channel", Channel)
def test_a_link_that_opens_at_once_says_how_to_treat_it(channel: Channel) -> None:
    for kind in MessageKind:
        text = render(kind, channel, REFERENCE, LINK).text
        at_once = WORDINGS[kind].opens_at_once
        assert ("Do not forward" in text) == bool(at_once)
        assert at_once is None or (at_once.email if channel is Channel.EMAIL else at_once.sms) in text
        assert ("Sign in to see it" in text) == (channel is Channel.EMAIL and not at_once)


def test_every_kind_is_for_colleagues() -> None:
    assert set(WORDINGS) == set(MessageKind)
    colleagues = {"service", "second_contact", "referrer", "commissioner", "author", "reader"}
    assert {wording.audience for wording in WORDINGS.values()} <= colleagues
    assert len(GSM_ALPHABET) == 127  # 128 places, of which one leads to another table
