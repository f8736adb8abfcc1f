"""A database's schema as plain text, so that two can be compared line by line."""

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine, inspect
from sqlalchemy.engine.reflection import Inspector

OURS_ALONE = {"alembic_version"}


def schema_of(engine: Engine) -> set[str]:
    """Every table, column, key, constraint and index of the database, each a line of its own."""
    inspector = inspect(engine)
    lines: set[str] = set()
    for table in set(inspector.get_table_names()) - OURS_ALONE:
        lines |= {f"{table}: {line}" for line in _table(inspector, table)}
    return lines


def _table(inspector: Inspector, table: str) -> Iterator[str]:
    yield "table"
    for column in inspector.get_columns(table):
        nullable = "null" if column["nullable"] else "not null"
        comment = f" -- {column['comment']}" if column.get("comment") else ""
        yield f"column {column['name']} {column['type']} {nullable} default {column['default']}{comment}"
    key: Any = inspector.get_pk_constraint(table)
    yield f"primary key {key['name']} {key['constrained_columns']}"
    for foreign in inspector.get_foreign_keys(table):
        target = f"{foreign['referred_table']} {foreign['referred_columns']} {sorted(foreign['options'].items())}"
        yield f"foreign key {foreign['name']} {foreign['constrained_columns']} to {target}"
    for unique in inspector.get_unique_constraints(table):
        yield f"unique {unique['name']} {unique['column_names']}"
    for check in inspector.get_check_constraints(table):
        text = re.sub(r"\s+", " ", check["sqltext"])
        yield f"check {check['name']}: {text}"
    for index in inspector.get_indexes(table):
        where = {name: str(value) for name, value in index.get("dialect_options", {}).items() if value is not None}
        yield f"index {index['name']} {index['column_names']} unique={bool(index['unique'])} {sorted(where.items())}"
