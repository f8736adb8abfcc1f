"""The declarative base and the column types every capability's models share."""

import enum
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, Enum, MetaData, String, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase

# Every constraint has a predictable name, so that a migration can drop it and an error names the rule it broke.
NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What every model derives from."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Only aware datetimes go in, only UTC ones come out, on SQLite as on PostgreSQL."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("An instant needs a time zone: a naive datetime was given.")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class SemicolonList(TypeDecorator[tuple[str, ...]]):
    """A short list of words kept as text, `;` between, as the catalogue files write it. Never searched by SQL."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str:
        return ";".join(value or ())

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:
        return tuple(value.split(";")) if value else ()


class Slug(String):
    """A kebab-case identifier, as the catalogue files and the addresses of pages use it."""

    def __init__(self) -> None:
        super().__init__(80)


def choice(vocabulary: type[enum.StrEnum], name: str) -> Enum:
    """A column holding one word of `vocabulary`, kept as that word, with a CHECK so that nothing else gets in."""
    words: Any = [member.value for member in vocabulary]
    return Enum(
        vocabulary,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=max(len(word) for word in words),
        values_callable=lambda members: [member.value for member in members],
    )
