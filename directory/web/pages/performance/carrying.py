"""A sheet between its check and its confirmation: sealed, in the page that asks, and nowhere on our side.

It is encrypted for this instance alone, holds whose it is and what was seen of it, and can be opened for an hour.
"""

import json
import zlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from directory.common.errors import DomainError
from directory.web.pages.performance.blueprint import MOST_BYTES

LIFETIME = timedelta(hours=1)


class SheetGoneError(DomainError):
    """What was sent is no sheet of this person that was checked within the hour."""


@dataclass(frozen=True, slots=True)
class Carried:
    """A checked sheet: its file, its name, and a word for what the check said, which another answer does not have."""

    content: bytes
    filename: str
    seen: str


def close(carried: Carried, user_id: int, secret: str, now: datetime) -> str:
    """The sheet as text for a hidden field."""
    head = json.dumps({"user": user_id, "name": carried.filename, "seen": carried.seen}).encode()
    text = zlib.compress(len(head).to_bytes(4, "big") + head + carried.content, 9)
    return _fernet(secret).encrypt_at_time(text, int(now.timestamp())).decode()


def open_again(text: str, user_id: int, secret: str, now: datetime) -> Carried:
    """The sheet in a text. Raises SheetGoneError for one that is too old, was changed, or is somebody else's."""
    try:
        packed = _fernet(secret).decrypt_at_time(text.encode(), int(LIFETIME.total_seconds()), int(now.timestamp()))
    except InvalidToken as error:
        raise SheetGoneError("This check is too old. Choose the file again.") from error
    # Nobody but us has packed this; the bound is for the day on which that is not so.
    whole = zlib.decompressobj().decompress(packed, MOST_BYTES + 64 * 1024)
    ends = 4 + int.from_bytes(whole[:4], "big")
    head = json.loads(whole[4:ends])
    if head["user"] != user_id:
        raise SheetGoneError("Somebody else has checked this file. Choose it again.")
    return Carried(whole[ends:], head["name"], head["seen"])


def _fernet(secret: str) -> Fernet:
    key = HKDF(SHA256(), length=32, salt=None, info=b"performance sheets").derive(secret.encode())
    return Fernet(urlsafe_b64encode(key))
