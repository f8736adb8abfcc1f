"""Exporting the catalogue as a folder of files that imports again without a change (design section 3)."""

import csv
import secrets
import shutil
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from directory.catalogue.files.description import FileTable, Key
from directory.catalogue.files.plan import StoredRow
from directory.catalogue.files.stored import load_stored
from directory.common.errors import RefusedError


def export_tables(session: Session, folder: Path, tables: Sequence[FileTable]) -> dict[str, int]:
    """Write every row that is not removed to `folder`, and return the number of rows of each file.

    All columns in the order of the design, rows by id, lists sorted, times in UTC: the same catalogue gives the same
    bytes. The files are written beside the folder and put in its place when all are complete.

    Raises RefusedError when `folder` is a file, cannot be written, or holds anything else than catalogue files.
    """
    folder = folder.absolute()
    _refuse_others(folder, tables)
    partial = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.partial")
    try:
        partial.mkdir(parents=True)
        counts = _write_all(session, partial, tables)
        _put_in_place(partial, folder)
    except OSError as error:
        raise RefusedError(f"{folder} cannot be written: {error.strerror}.") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return counts


def _refuse_others(folder: Path, tables: Sequence[FileTable]) -> None:
    """Refuse a folder in which something else would be lost."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise RefusedError(f"{folder} is not a folder.")
    if not folder.exists():
        return
    expected = {folder / table.file for table in tables}
    allowed = expected | {path.parent for path in expected}
    others = sorted(path for path in folder.rglob("*") if path not in allowed or path.is_symlink())
    if others:
        name = others[0].relative_to(folder)
        raise RefusedError(f"{folder} holds {name}, which is no catalogue file. Name an empty or a new folder.")


def see_one_moment(session: Session) -> None:
    """Let all that this transaction reads be of one moment; to be called before it reads anything.

    SQLite does so anyway. Without it a service could be exported that was added after its organisation was read.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _write_all(session: Session, partial: Path, tables: Sequence[FileTable]) -> dict[str, int]:
    counts: dict[str, int] = {}
    owners: dict[str, dict[Key, StoredRow]] = {}
    owning = {table.owner_file for table in tables}
    for table in tables:
        stored = load_stored(session, table, owners.get(table.owner_file))
        if table.file in owning:
            owners[table.file] = stored
        counts[table.file] = _write(partial / table.file, table, stored)
    return counts


def _write(path: Path, table: FileTable, stored: dict[Key, StoredRow]) -> int:
    keys = sorted(key for key, row in stored.items() if not row.removed)
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([column.name for column in table.in_file])
        for key in keys:
            values = stored[key].values
            writer.writerow([column.cell.text(values[column.name]) for column in table.in_file])
    return len(keys)


def _put_in_place(partial: Path, folder: Path) -> None:
    if not folder.exists():
        partial.rename(folder)
        return
    old = folder.with_name(f"{partial.name}.old")
    folder.rename(old)
    try:
        partial.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    shutil.rmtree(old)
