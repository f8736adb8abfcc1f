"""Writing what an edition holds: in bulk, as 10,000 services are drafted while people wait."""

import json
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from directory.common.progress import Progress, no_progress
from directory.publishing.editions.facts import Entry
from directory.publishing.editions.models import EditionEntry, EditionFile
from directory.publishing.editions.vocabulary import EntryKind

WRITING = "Writing the edition"
COUNTED = ("organisations", "services", "units", "bedspaces")
_AT_A_TIME = 1_000


def replace_entries(
    session: Session, edition_id: int, rows: Sequence[tuple[str, str, str]], progress: Progress = no_progress
) -> None:
    """Let a draft hold exactly `rows` (kind, id, canonical body), and no file that was made of it before."""
    session.execute(delete(EditionFile).where(EditionFile.edition_id == edition_id))
    session.execute(delete(EditionEntry).where(EditionEntry.edition_id == edition_id))
    for first in range(0, len(rows), _AT_A_TIME):
        progress(WRITING, first, len(rows))
        session.execute(
            insert(EditionEntry.__table__),  # type: ignore[arg-type]
            [
                {"edition_id": edition_id, "kind": EntryKind(kind), "entry_id": entry_id, "body": body}
                for kind, entry_id, body in rows[first : first + _AT_A_TIME]
            ],
        )
    progress(WRITING, len(rows), len(rows))


def counts_of(entries: Sequence[Entry]) -> dict[str, int]:
    """How many organisations, services, units and bedspaces (`COUNTED`) there are among `entries`."""
    services = [entry.body for entry in entries if entry.kind is EntryKind.SERVICE]
    return {
        "organisations": sum(1 for entry in entries if entry.kind is EntryKind.ORGANISATION),
        "services": len(services),
        "units": sum(body["units"] or 0 for body in services),
        "bedspaces": sum(body["bedspaces"] or 0 for body in services),
    }


def counts_of_lines(content: Iterable[bytes], counted: dict[str, int]) -> Iterator[bytes]:
    """The lines of canonical content, passed on as they are; what `counts_of` says is counted on their way.

    Lines that cannot be read count for nothing: their hash does not fit either.
    """
    counted.update(dict.fromkeys(COUNTED, 0))
    for line in content:
        for name, count in _counts_in(line).items():
            counted[name] += count
        yield line


def _counts_in(line: bytes) -> dict[str, int]:
    try:
        read = json.loads(line)
        return counts_of([Entry(EntryKind(read["kind"]), read["id"], read["body"])])
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}
