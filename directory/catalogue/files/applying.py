"""Writing an import's changes: Core statements for many rows at once, owners before what belongs to them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Text, and_, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from directory.catalogue.files.description import Column, FileTable, Key, ListStore, Removal, Values, direct, listed
from directory.catalogue.files.difference import TableChanges

# Few enough rows for a statement to stay small, enough for its overhead not to count.
_STEP = 2_000
Parameters = dict[str, Any]


def apply(session: Session, all_changes: Iterable[TableChanges], now: datetime) -> None:
    """Write all changes; the caller commits. Tables come with owners first."""
    for changes in all_changes:
        table = changes.plan.table
        _insert(session, changes)
        _update(session, changes)
        _remove(session, changes, now)
        _write_lists(session, changes)
        if table.after_write:
            table.after_write(session, changes, now)
    # What was written past the ORM, objects that the session already holds do not know.
    session.expire_all()


def _insert(session: Session, changes: TableChanges) -> None:
    table = changes.plan.table
    columns = direct(table.columns)
    keys = _parents_first(changes) if table.parent else changes.inserted
    rows = [_fields(columns, changes.plan.rows[key].values) for key in keys]
    _execute(session, insert(table.table), rows)


def _parents_first(changes: TableChanges) -> list[Key]:
    """New terms ordered so that each stands after its parent, as their foreign key demands."""
    plan = changes.plan
    new = set(changes.inserted)
    ordered: dict[Key, None] = {}
    for key in changes.inserted:
        way: list[Key] = []
        step = key
        while step in new and step not in ordered:
            way.append(step)
            step = (str(plan.rows[step].values[plan.table.parent]),)
        ordered.update(dict.fromkeys(reversed(way)))
    return list(ordered)


def _update(session: Session, changes: TableChanges) -> None:
    """Change rows, those with the same columns in one go; a restored row gets every column."""
    plan = changes.plan
    hidden = tuple(column for column in plan.table.columns if column.hidden)
    by_columns: defaultdict[tuple[Column, ...], list[Key]] = defaultdict(list)
    for key, columns in changes.changed.items():
        if direct(columns):
            by_columns[(*direct(columns), *hidden)].append(key)
    statement = update(plan.table.table).where(_is_row(plan.table))
    for columns, keys in by_columns.items():
        rows = [_key_parameters(plan.table, key) | _fields(columns, plan.rows[key].values) for key in keys]
        _execute(session, statement, rows)
    everything = [column for column in direct(plan.table.columns) if column.name not in plan.table.key]
    back: Parameters = {"removed_at": None} if plan.table.removal is Removal.MARK else {}
    rows = [
        _key_parameters(plan.table, key) | _fields(everything, plan.rows[key].values) | back for key in changes.restored
    ]
    _execute(session, statement, rows)


def _remove(session: Session, changes: TableChanges, now: datetime) -> None:
    table = changes.plan.table
    rows = [_key_parameters(table, key) for key in changes.removed]
    if table.removal is Removal.DELETE:
        _execute(session, delete(table.table).where(_is_row(table)), rows)
    elif table.removal is Removal.MARK:
        marks: Parameters = dict(table.removed_as) | {"removed_at": now}
        _execute(session, update(table.table).where(_is_row(table)), [row | marks for row in rows])


def _write_lists(session: Session, changes: TableChanges) -> None:
    plan = changes.plan
    touched = [*changes.inserted, *changes.restored, *changes.changed]
    for column, store in listed(plan.table.columns):
        gone: list[Parameters] = []
        new: list[Parameters] = []
        for key in touched:
            after = _items(plan.rows[key].values, column.name)
            before = _items(plan.stored[key].values, column.name) if key in plan.stored else set()
            gone += [{"of_owner": key[0], "that_item": item} for item in sorted(before - after)]
            new += [{store.owner: key[0], store.item: item} for item in sorted(after - before)]
        listing = store.table
        is_owner = listing.c[store.owner] == bindparam("of_owner")
        is_item = listing.c[store.item] == bindparam("that_item")
        _execute(session, delete(listing).where(is_owner, is_item), gone)
        _insert_items(session, store, new)


def _insert_items(session: Session, store: ListStore, rows: Sequence[Parameters]) -> None:
    """Insert the rows of a list table: by far the most there are."""
    if session.get_bind().dialect.name != "postgresql":
        _execute(session, insert(store.table), rows)
        return
    # As two arrays: PostgreSQL takes them in half the time of row after row.
    names = (store.owner, store.item)
    arrays = select(*(func.unnest(bindparam(f"all_{name}", type_=ARRAY(Text))) for name in names))
    statement = insert(store.table).from_select(names, arrays)
    for start in range(0, len(rows), _STEP):
        batch = rows[start : start + _STEP]
        session.execute(statement, {f"all_{name}": [row[name] for row in batch] for name in names})


def _items(values: Values, name: str) -> set[str]:
    value = values[name]
    return set(value) if isinstance(value, tuple) else set()


def _fields(columns: Sequence[Column], values: Values) -> Parameters:
    return {column.field: values[column.name] for column in columns}


# A parameter may not have the name of a column that the same statement sets.
def _key_parameters(table: FileTable, key: Key) -> Parameters:
    return {f"key_{name}": part for name, part in zip(table.key, key, strict=True)}


def _is_row(table: FileTable) -> Any:
    return and_(*(table.table.c[table.column(name).field] == bindparam(f"key_{name}") for name in table.key))


def _execute(session: Session, statement: Any, rows: Sequence[Parameters]) -> None:
    for start in range(0, len(rows), _STEP):
        session.execute(statement, rows[start : start + _STEP])
