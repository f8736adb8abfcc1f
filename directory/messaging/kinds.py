"""What messages say. Each kind has one sentence with a reference; e-mail and SMS add a link, and nothing else.

Messages are read over shoulders, forwarded, copied into case systems and indexed by mailboxes. So none says what is
needed, by whom, where, what was answered or of what sort the place is: the link asks the reader to sign in, and the
page shows what that reader may see. A sentence is the same for every referral and every hold, or it would tell them
apart.

Two kinds have a link that opens without signing in. What completes it is made when the message is sent and is kept
nowhere, so that nobody who reads the outbox can open it.
"""

import enum
from dataclasses import dataclass

from directory.common.sending import MAXIMUM_PUBLIC_URL
from directory.messaging.models import Channel

MAXIMUM_REFERENCE = 20
SMS_LENGTH = 160
# An SMS of 160 characters has these alone (3GPP TS 23.038, section 6.2.1); any other makes it longer and dearer.
GSM_ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)


class MessageKind(enum.StrEnum):
    """Why a message is sent."""

    REFERRAL_RECEIVED = "referral_received"
    REFERRAL_NUDGE = "referral_nudge"
    REFERRAL_UNANSWERED_REFERRER = "referral_unanswered_referrer"
    REFERRAL_UNANSWERED_SECOND = "referral_unanswered_second"
    REFERRAL_ANSWERED = "referral_answered"
    REFERRAL_MOVED_ON = "referral_moved_on"
    REFERRAL_WITHDRAWN = "referral_withdrawn"
    ARRIVAL_DUE = "arrival_due"
    UPDATE_DUE = "update_due"
    UPDATE_DUE_SECOND = "update_due_second"
    UPDATES_OVERDUE = "updates_overdue"
    PROPOSAL_ANSWERED = "proposal_answered"
    EDITION_PUBLISHED = "edition_published"
    EDITION_NOT_ACKNOWLEDGED = "edition_not_acknowledged"
    EDITION_DUE = "edition_due"


class Audience(enum.StrEnum):
    """Whom a kind is for. Never a victim: addresses come from accounts and from services' listings alone."""

    SERVICE = "service"
    SECOND_CONTACT = "second_contact"
    REFERRER = "referrer"
    COMMISSIONER = "commissioner"
    AUTHOR = "author"
    READER = "reader"


@dataclass(frozen=True, slots=True)
class OpensAtOnce:
    """How long a link that needs no signing in opens what it opens: whoever finds it lapsed should not wonder why.

    It ends in an e-mail's paragraph, and in an SMS before the link.
    """

    email: str
    sms: str


# upkeep/links.py says how long.
_ONCE = OpensAtOnce(
    "It works once, for a day and a half. Do not forward it.", "Works once, for 36 hours. Do not forward"
)
# publishing/cascade/links.py says how long.
_RECEIPT = OpensAtOnce(
    "It is your own receipt, and works for four weeks. Do not forward it.", "Your receipt. Do not forward"
)


@dataclass(frozen=True, slots=True)
class Wording:
    """Whom a kind is for, and its sentence: the e-mail's subject, and the beginning of every text.

    A link that `opens_at_once` needs no signing in: its path is completed when the message is sent; its value says how
    long it does so.
    """

    audience: Audience
    sentence: str
    opens_at_once: OpensAtOnce | None = None


WORDINGS: dict[MessageKind, Wording] = {
    MessageKind.REFERRAL_RECEIVED: Wording(Audience.SERVICE, "Referral {reference} is new"),
    MessageKind.REFERRAL_NUDGE: Wording(Audience.SERVICE, "Referral {reference} is waiting for an answer"),
    MessageKind.REFERRAL_UNANSWERED_REFERRER: Wording(Audience.REFERRER, "Referral {reference} has no answer yet"),
    MessageKind.REFERRAL_UNANSWERED_SECOND: Wording(Audience.SECOND_CONTACT, "Referral {reference} has no answer yet"),
    MessageKind.REFERRAL_ANSWERED: Wording(Audience.REFERRER, "Referral {reference} has been answered"),
    MessageKind.REFERRAL_MOVED_ON: Wording(Audience.REFERRER, "Referral {reference} has moved on"),
    MessageKind.REFERRAL_WITHDRAWN: Wording(Audience.SERVICE, "Referral {reference} needs no answer any more"),
    MessageKind.ARRIVAL_DUE: Wording(Audience.SERVICE, "Referral {reference} is waiting for an update"),
    MessageKind.UPDATE_DUE: Wording(Audience.SERVICE, "Update {reference} is due", opens_at_once=_ONCE),
    MessageKind.UPDATE_DUE_SECOND: Wording(
        Audience.SECOND_CONTACT, "Update {reference} is overdue", opens_at_once=_ONCE
    ),
    MessageKind.UPDATES_OVERDUE: Wording(Audience.COMMISSIONER, "Updates {reference} are overdue"),
    MessageKind.PROPOSAL_ANSWERED: Wording(Audience.AUTHOR, "Proposal {reference} has been answered"),
    MessageKind.EDITION_PUBLISHED: Wording(Audience.READER, "Edition {reference} is published", opens_at_once=_RECEIPT),
    MessageKind.EDITION_NOT_ACKNOWLEDGED: Wording(
        Audience.READER, "Edition {reference} waits for your receipt", opens_at_once=_RECEIPT
    ),
    MessageKind.EDITION_DUE: Wording(Audience.COMMISSIONER, "Edition {reference} is due"),
}
COMPLETION = 22
"""How many characters complete the path of a link that opens at once, behind a slash: 128 random bits in base64."""

_EMAIL = """{sentence}.

Sign in to see it:
{link}

This message says no more on purpose. Nobody reads replies to it.
"""
_SMS = "{sentence}: {link}"
_EMAIL_AT_ONCE = """{sentence}.

This link opens without signing in:
{link}

{once}

This message says no more on purpose. Nobody reads replies to it.
"""
_SMS_AT_ONCE = "{sentence}. {once}: {link}"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message as it travels; an SMS has no subject."""

    subject: str
    text: str


def render(kind: MessageKind, channel: Channel, reference: str, link: str) -> Rendered:
    """What `kind` says about `reference`. `link` is a whole address."""
    wording = WORDINGS[kind]
    sentence = wording.sentence.format(reference=reference)
    once = wording.opens_at_once
    if channel is Channel.SMS:
        text = _SMS_AT_ONCE.format(sentence=sentence, once=once.sms, link=link) if once else ""
        return Rendered("", text or _SMS.format(sentence=sentence, link=link))
    text = _EMAIL_AT_ONCE.format(sentence=sentence, once=once.email, link=link) if once else ""
    return Rendered(sentence, text or _EMAIL.format(sentence=sentence, link=link))


def longest_sms(kind: MessageKind, reference: str, path: str) -> int:
    """How many characters the SMS has at most, whatever the address of the directory is and completes the path."""
    completed = path + "/" + "x" * COMPLETION if WORDINGS[kind].opens_at_once else path
    return len(render(kind, Channel.SMS, reference, "x" * MAXIMUM_PUBLIC_URL + completed).text)
