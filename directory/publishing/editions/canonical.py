"""What an edition holds as bytes, in the one way that its hash is made of.

The first line names the format; then comes one line for each entry, `{"body":…,"id":…,"kind":…}`, by kind and id. Every
line ends with a line feed. It is JSON with sorted keys and no spaces, in UTF-8 without escapes beyond what JSON needs.
So `sha256sum` of the download gives the hash of the edition, and anybody can compare two of them line by line.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, String, collate, select, type_coerce
from sqlalchemy.orm import Session

from directory.publishing.editions.facts import Entry
from directory.publishing.editions.models import EditionEntry

FORMAT = "support-directory-edition/1"
_AT_A_TIME = 1_000


def canonical(value: object) -> str:
    """`value` as JSON, in the one way that contents and seals are made of."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def lines(rows: Iterable[tuple[str, str, str]]) -> Iterator[bytes]:
    """The canonical content of entries, which are kind, id and canonical body, by kind and id already."""
    yield f"{canonical({'format': FORMAT})}\n".encode()
    for kind, entry_id, body in rows:
        # Keys in their order; the body is canonical already, and is taken as it is kept.
        yield f'{{"body":{body},"id":{canonical(entry_id)},"kind":{canonical(kind)}}}\n'.encode(
            errors="backslashreplace"
        )


def content_hash(content: Iterable[bytes]) -> str:
    """SHA-256, in hex, of content given in any pieces."""
    digest = hashlib.sha256()
    for piece in content:
        digest.update(piece)
    return digest.hexdigest()


def rows_of(entries: Iterable[Entry]) -> list[tuple[str, str, str]]:
    """Entries as kind, id and canonical body, in the order of the canonical content."""
    return sorted((entry.kind.value, entry.id, canonical(entry.body)) for entry in entries)


def content_lines(session: Session, edition_id: int) -> Iterator[bytes]:
    """The canonical content of a stored edition, line by line; one statement, and little memory however many there are.

    It is what the database holds, whether or not that is what was published: verifying says.
    """
    kind = type_coerce(EditionEntry.kind, String)
    rows = session.execute(
        select(kind, EditionEntry.entry_id, EditionEntry.body)
        .where(EditionEntry.edition_id == edition_id)
        .order_by(_by_code_point(session, kind), _by_code_point(session, EditionEntry.entry_id))
        .execution_options(yield_per=_AT_A_TIME)
    )
    yield from lines((row[0], row[1], row[2]) for row in rows)


def _by_code_point(session: Session, column: Any) -> ColumnElement[Any]:
    """An order that is the same on every database: PostgreSQL otherwise sorts as its language does."""
    return collate(column, "C") if session.get_bind().dialect.name == "postgresql" else column
