"""The seal of a published edition: one hash over everything that is said of it, and the seal of the one before."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime

from directory.publishing.editions.canonical import canonical

FORMAT = "support-directory-seal/1"
SEALED = (
    *("number", "as_of", "prepared_by_id", "prepared_at", "signed_by_id", "signed_at", "published_at"),
    *("corrects_number", "note", "warnings", "checks", "drafted_checks", "content_hash"),
    *("organisations", "services", "units", "bedspaces", "previous_seal"),
)
"""The columns of an edition that its seal is made of; besides, a row has its id, its state and the seal itself."""


def seal_of(values: Mapping[str, object]) -> str:
    """SHA-256, in hex, of the columns `SEALED` of an edition; others are passed over.

    Instants are written in UTC to the microsecond, as both databases keep them; what is no value of its column's kind
    (only tampering can put it there) is written as the text that it is.
    """
    said = {name: _plain(values[name]) for name in SEALED}
    return hashlib.sha256(canonical({"format": FORMAT, **said}).encode(errors="backslashreplace")).hexdigest()


def _plain(value: object) -> str | int | None:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, int) else str(value)
