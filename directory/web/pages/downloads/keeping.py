"""Keeping the PDF of an edition, so that nobody can put another one in its place.

The seal of an edition covers what it says. What is printed of it lies in another table, which anybody who can write to
the database could change: so it is kept with a code that only this installation's secret makes.
"""

import hashlib
import hmac
from datetime import datetime

from sqlalchemy.orm import Session

from directory.publishing.editions.facts import EditionFacts
from directory.publishing.editions.reading import keep_file, read_file

PDF = "edition.pdf"
_CODE_BYTES = 32


def keep_pdf(session: Session, edition: EditionFacts, made: bytes, secret: str, now: datetime) -> None:
    """Keep a PDF that was made of a published edition; the caller commits."""
    keep_file(session, edition.id, PDF, _code(edition, made, secret) + made, now)


def read_pdf(session: Session, edition: EditionFacts, secret: str) -> bytes | None:
    """The PDF that was kept; None where none is, or where it is not as this installation has kept it."""
    kept = read_file(session, edition.id, PDF) or b""
    code, made = kept[:_CODE_BYTES], kept[_CODE_BYTES:]
    return made if hmac.compare_digest(code, _code(edition, made, secret)) else None


def _code(edition: EditionFacts, made: bytes, secret: str) -> bytes:
    key = hashlib.sha256(f"kept files {secret}".encode()).digest()
    return hmac.digest(key, edition.seal.encode() + made, "sha256")
