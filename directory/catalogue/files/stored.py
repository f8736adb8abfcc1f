"""What the database holds of a table, in the shape that files are compared with: a few queries, whatever the number."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, null, select
from sqlalchemy.orm import Session

from directory.catalogue.files.description import FileTable, Key, ListStore, Value, direct, listed
from directory.catalogue.files.plan import StoredRow

# Rows are read in steps, so that a driver need not hold them all twice.
_STEP = 2_000


def load_stored(
    session: Session,
    table: FileTable,
    owners: dict[Key, StoredRow] | None = None,
    *,
    ids: Sequence[str] | None = None,
) -> dict[Key, StoredRow]:
    """Every row of a table, removed ones too, by key; with `ids` those alone. Removed owners' rows count as removed."""
    columns = direct(table.columns)
    key_places = [[column.name for column in columns].index(name) for name in table.key]
    sorted_places = [place for place, column in enumerate(columns) if column.cell.empty == ()]
    lists = [(column.name, _load_list(session, store, ids)) for column, store in listed(table.columns)]
    names = [column.name for column in columns]
    removed_at: ColumnElement[Any] = table.table.c.removed_at if "removed_at" in table.table.c else null()
    query = select(*(table.table.c[column.field] for column in columns), removed_at)
    if ids is not None:
        query = query.where(table.table.c.id.in_(ids))
    stored: dict[Key, StoredRow] = {}
    for record in session.execute(query.execution_options(yield_per=_STEP)):
        cells = list(record)
        for place in sorted_places:
            cells[place] = tuple(sorted(cells[place]))
        values: dict[str, Value] = dict(zip(names, cells[:-1], strict=True))
        key = tuple(str(cells[place]) for place in key_places)
        for name, items in lists:
            values[name] = tuple(sorted(items.get(key[0], ())))
        stored[key] = StoredRow(values, removed=cells[-1] is not None)
    if owners is not None and table.owner:
        for row in stored.values():
            owner = owners.get((str(row.values[table.owner]),))
            row.removed = row.removed or owner is None or owner.removed
    return stored


def _load_list(session: Session, store: ListStore, ids: Sequence[str] | None) -> dict[str, list[str]]:
    items: defaultdict[str, list[str]] = defaultdict(list)
    query = select(store.table.c[store.owner], store.table.c[store.item])
    if ids is not None:
        query = query.where(store.table.c[store.owner].in_(ids))
    for owner, item in session.execute(query.execution_options(yield_per=_STEP)):
        items[owner].append(str(item))
    return items
