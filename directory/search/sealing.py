"""A question as an opaque link: encrypted, so that no need ever stands in an address, a log or a database.

The link holds the whole question and expires; nothing is kept on our side. Whoever is signed in and has the link can
open it, so that it can be shown to a colleague. Questions are compressed and padded: all but the longest make links of
one length, so that the length tells nothing either.
"""

import json
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from directory.common.errors import DomainError

PADDED_TO = 1024


class LinkExpiredError(DomainError):
    """The link is too old, or it is not one of ours."""


@dataclass(frozen=True, slots=True)
class Seal:
    """Turns questions into links and back, with a key derived from the instance's secret for this purpose alone."""

    fernet: Fernet
    lifetime: timedelta

    @classmethod
    def from_secret(cls, secret: str, lifetime: timedelta) -> "Seal":
        """The seal of an instance; `lifetime` is how long its links can be opened."""
        key = HKDF(SHA256(), length=32, salt=None, info=b"search links").derive(secret.encode())
        return cls(Fernet(urlsafe_b64encode(key)), lifetime)

    def close(self, question: Mapping[str, Any], now: datetime) -> str:
        """The link text for a question: letters, digits, `-`, `_` and `=`."""
        text = zlib.compress(json.dumps(question, separators=(",", ":")).encode(), 9)
        padded = text.ljust(-(-len(text) // PADDED_TO) * PADDED_TO, b"\0")
        return self.fernet.encrypt_at_time(padded, int(now.timestamp())).decode()

    def open(self, link: str, now: datetime) -> dict[str, Any]:
        """The question in a link text.

        Raises LinkExpiredError when the link is older than its lifetime, or was changed, or was never ours.
        """
        try:
            text = self.fernet.decrypt_at_time(link.encode(), int(self.lifetime.total_seconds()), int(now.timestamp()))
            question: dict[str, Any] = json.loads(zlib.decompressobj().decompress(text))
        except (InvalidToken, ValueError, zlib.error) as error:
            # The last two: a link that is ours, from a version that wrote links in another way.
            raise LinkExpiredError("This search has expired. Search again.") from error
        return question

    def expires_at(self, link: str) -> datetime:
        """When a link that `open` accepts stops to open."""
        return datetime.fromtimestamp(self.fernet.extract_timestamp(link.encode()), UTC) + self.lifetime
