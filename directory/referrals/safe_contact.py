"""Safe contact: how and when somebody may be reached without danger, and how it is sealed.

Made of structured fields, sealed with a key of the referral's own (`keystore.py`), and opened only for the staff of the
service that was asked (and, until it is sent, for its author). Nothing here is a column, a log line or a message.
"""

import json
import re
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from enum import StrEnum

import phonenumbers
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from directory.common.errors import DomainError, FieldProblem, InvalidInputError

LONGEST_ALIAS = 40
LONGEST_TEXT = 120
# Every field at its longest, in the widest characters there are, still fits.
PADDED_BYTES = 2048
NONCE_BYTES = 12
# Changes with the form of what is sealed, so that nothing old is taken for something new.
_LABEL = "support-directory safe contact 1"
_EMAIL = re.compile(r"[^@\s,;:<>()\[\]\"\\]+@[A-Za-z0-9](?:[A-Za-z0-9\-]*\.)+[A-Za-z]{2,63}")
_DIALLED = re.compile(r"\+?[0-9() .\-]+")


class Channel(StrEnum):
    """How she may be reached."""

    TEXT = "text"
    CALL = "call"
    EMAIL = "email"
    THROUGH_REFERRER = "through_referrer"


class ContactGoneError(DomainError):
    """The key was destroyed, as it is when a referral ends: nobody can read this contact any more."""

    def __init__(self) -> None:
        super().__init__("How to reach them is gone: it is destroyed when a referral ends or runs out.")


class ContactDamagedError(DomainError):
    """What is stored is not what was sealed for this referral: changed, moved, or the key is another's."""

    def __init__(self) -> None:
        super().__init__(
            "How to reach them cannot be read: what is stored does not belong to this referral. Ask whoever referred."
        )


@dataclass(frozen=True, slots=True, repr=False)
class SafeContact:
    """How to reach her. Make it with `safe_contact`, which checks; never log it: its text shows nothing, on purpose."""

    alias: str  # what to call her on the phone: a made-up word, not her name
    channel: Channel
    address: str  # the number or e-mail; may be empty where the way is through the referrer
    safe_times: str
    voicemail_ok: bool
    say: str  # what the caller may say she is from; empty: nothing

    def __repr__(self) -> str:
        return "SafeContact(hidden)"

    @property
    def free_texts(self) -> dict[str, str]:
        """What people wrote freely, by field: the screening must let it pass before it is sealed."""
        return {"alias": self.alias, "safe_times": self.safe_times, "say": self.say}


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed safe contact as the database keeps it: 12 bytes, and always the same number of bytes more."""

    nonce: bytes
    ciphertext: bytes = field(repr=False)


def safe_contact(
    *, alias: str, channel: str, address: str = "", safe_times: str = "", voicemail_ok: bool = False, say: str = ""
) -> SafeContact:
    """A safe contact of these fields, tidied.

    A number or e-mail and the safe times are needed unless the way is through the referrer. Raises InvalidInputError
    with every field that is wrong; its messages never repeat what was written.
    """
    alias, address, safe_times, say = (" ".join(text.split()) for text in (alias, address, safe_times, say))
    problems = [
        *_text_problems("alias", alias, LONGEST_ALIAS, "Enter a made-up word to call them by."),
        *_address_problems(channel, address),
        *_text_problems("safe_times", safe_times, LONGEST_TEXT, _times_missing(channel)),
        *_text_problems("say", say, LONGEST_TEXT),
    ]
    if problems:
        raise InvalidInputError(problems)
    return SafeContact(alias, Channel(channel), address, safe_times, bool(voicemail_ok), say)


def seal(contact: SafeContact, key: bytes, referral_reference: str) -> Sealed:
    """Encrypt and authenticate with AES-256-GCM under a fresh 96-bit nonce (NIST SP 800-38D, 8.2.2).

    `key` is 32 bytes. Bound to the referral: under another reference it does not open. Padded, so that its length
    tells nothing.
    """
    text = json.dumps(asdict(contact), ensure_ascii=False, separators=(",", ":")).encode()
    if len(text) > PADDED_BYTES:
        raise ValueError("A safe contact that was not checked is too long to be sealed.")
    nonce = secrets.token_bytes(NONCE_BYTES)
    # JSON may be followed by spaces, so padding needs no form of its own.
    return Sealed(nonce, AESGCM(key).encrypt(nonce, text.ljust(PADDED_BYTES), _bound_to(referral_reference)))


def open_sealed(sealed: Sealed | None, key: bytes | None, referral_reference: str) -> SafeContact:
    """What `seal` sealed with this key for this referral.

    Raises ContactGoneError when there is no key or nothing sealed any more, ContactDamagedError when they do not belong
    together or a single bit has changed.
    """
    if sealed is None or key is None:
        raise ContactGoneError
    contact = _opened(sealed, key, referral_reference)
    if contact is None:
        raise ContactDamagedError
    return contact


def _opened(sealed: Sealed, key: bytes, reference: str) -> SafeContact | None:
    """None where it cannot be read. The caller raises, so that no error carries another that holds the plain text."""
    try:
        fields = json.loads(AESGCM(key).decrypt(sealed.nonce, sealed.ciphertext, _bound_to(reference)))
        return SafeContact(**{**fields, "channel": Channel(fields["channel"])})
    except (InvalidTag, ValueError, TypeError, KeyError):
        return None


def _bound_to(reference: str) -> bytes:
    return f"{_LABEL}\0{reference}".encode()


def _text_problems(name: str, text: str, longest: int, missing: str = "") -> list[FieldProblem]:
    if not text:
        return [FieldProblem(name, missing)] if missing else []
    if len(text) > longest:
        return [FieldProblem(name, f"Use {longest} characters or fewer.")]
    # Characters that cannot be seen could turn a sentence round, or hide a part of it.
    return [] if text.isprintable() else [FieldProblem(name, "Use only characters that can be seen.")]


def _times_missing(channel: str) -> str:
    return "" if channel == Channel.THROUGH_REFERRER else "Say when it is safe to reach them."


def _address_problems(channel: str, address: str) -> list[FieldProblem]:
    if channel not in set(Channel):
        return [FieldProblem("channel", "Choose how they may be reached.", tuple(Channel))]
    is_right, missing, example = _ADDRESS[Channel(channel)]
    if not address:
        return [FieldProblem("address", missing)] if missing else []
    if len(address) <= LONGEST_TEXT and is_right(address):
        return []
    return [FieldProblem("address", f"Enter it like {example}.", (example,))]


def _is_phone(text: str) -> bool:
    """Whether it could be dialled from London. Only its shape is asked, not whether the number is given out."""
    if not _DIALLED.fullmatch(text):
        return False
    try:
        reason = phonenumbers.is_possible_number_with_reason(phonenumbers.parse(text, "GB"))
    except phonenumbers.NumberParseException:
        return False
    return reason == phonenumbers.ValidationResult.IS_POSSIBLE


def _is_email(text: str) -> bool:
    return text.isprintable() and ".." not in text and _EMAIL.fullmatch(text) is not None


_PHONE_RULE = (_is_phone, "Enter a number that is safe to use.", "07700 900123")
_ADDRESS: dict[Channel, tuple[Callable[[str], bool], str, str]] = {
    Channel.TEXT: _PHONE_RULE,
    Channel.CALL: _PHONE_RULE,
    Channel.EMAIL: (_is_email, "Enter an e-mail address that is safe to use.", "referrals@example.org"),
    Channel.THROUGH_REFERRER: (lambda text: _is_phone(text) or _is_email(text), "", "020 7946 0123"),
}
