"""Passwords: what may be one, and how one is kept and compared (Argon2id, RFC 9106)."""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError
from argon2.low_level import Type

from directory.common.errors import FieldProblem, InvalidInputError
from directory.common.text import unusable_characters

MINIMUM_LENGTH = 12
MAXIMUM_LENGTH = 200
# Fewer different characters than this is a pattern such as "aaaaaaaaaaaa" or "121212121212".
MINIMUM_DIFFERENT = 5

# The first parts of what people most often choose; a long password that is little more than one of them is refused.
COMMON_PARTS = (
    "password",
    "passw0rd",
    "p@ssword",
    "qwerty",
    "letmein",
    "welcome",
    "changeme",
    "iloveyou",
    "administrator",
    "metpolice",
    "metropolitan",
    "police",
    "london",
    "liverpool",
    "arsenal",
    "chelsea",
    "tottenham",
    "football",
    "sunshine",
    "princess",
    "superman",
    "abc",
    "1234567890",
    "0987654321",
    "123456789",
    "12345678",
    "1234567",
    "123456",
    "12345",
    "1234",
    "123",
)
# What must be left of a password once its common parts are taken out.
MINIMUM_OWN = 6

# The second parameter set that OWASP's Password Storage Cheat Sheet gives for Argon2id: it holds on small servers.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, type=Type.ID)


def check_new_password(password: str, email: str) -> None:
    """Refuse a password that could be guessed.

    Length counts, not kinds of characters (NCSC, "Password policy: updating your approach").
    Raises InvalidInputError with one problem, of field `password`.
    """
    problem = _problem(password, email)
    if problem:
        raise InvalidInputError([FieldProblem("password", problem)])


def _problem(password: str, email: str) -> str:
    if len(password) < MINIMUM_LENGTH:
        return f"The password must have at least {MINIMUM_LENGTH} characters. Three random words are a good choice."
    if len(password) > MAXIMUM_LENGTH:
        return f"The password must have at most {MAXIMUM_LENGTH} characters."
    if unusable_characters(password):
        return "The password holds a character that cannot be typed."
    compared = password.casefold()
    # The part before the @ is in the whole address as well.
    local_part = email.casefold().partition("@")[0]
    if len(local_part) > 3 and local_part in compared:
        return "The password must not contain the e-mail address."
    if len(set(compared)) < MINIMUM_DIFFERENT or len(_without_common_parts(compared)) < MINIMUM_OWN:
        return "This password is too easy to guess. Three random words are a good choice."
    return ""


def _without_common_parts(password: str) -> str:
    for part in COMMON_PARTS:
        password = password.replace(part, "")
    return password


def hash_password(password: str) -> str:
    """How `password` is kept: salted, slow to compute, and with its own parameters."""
    return _hasher.hash(_as_bytes(password))


def verify_password(password_hash: str, password: str) -> bool:
    """Whether `password` is the one that was hashed. An empty hash fits nothing, and takes as long to say so."""
    if not password_hash:
        waste_as_much_time(password)
        return False
    try:
        return _hasher.verify(password_hash, _as_bytes(password))
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False


def waste_as_much_time(password: str) -> None:
    """Compute what a comparison would, so that an unknown account answers no sooner than a wrong password."""
    _hasher.hash(_as_bytes(password))


def _as_bytes(password: str) -> bytes:
    # Keyboards differ in how they compose an accented letter. What is longer than a password can be fits none, so
    # that its end need not be looked at either.
    composed = unicodedata.normalize("NFKC", password[: MAXIMUM_LENGTH + 1])
    return composed.encode("utf-8", "surrogatepass")


def needs_rehash(password_hash: str) -> bool:
    """Whether `password_hash` was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)
