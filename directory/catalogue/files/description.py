"""How a catalogue file is described: its columns, keys, references and rules, as data that the rest of it reads.

Whoever owns a table (the catalogue its services, capacity its units) writes one `FileTable`; reading, checking,
comparing, writing and exporting are the same for all.
"""

import enum
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table
from sqlalchemy.orm import Session

from directory.catalogue.versions.models import ListingKind

if TYPE_CHECKING:
    from directory.catalogue.files.difference import TableChanges
    from directory.catalogue.files.errors import Refusals
    from directory.catalogue.files.plan import Folder, TablePlan

Value = str | int | float | bool | date | datetime | Decimal | tuple[str, ...] | None
Values = dict[str, Value]
Key = tuple[str, ...]

BOROUGHS = "boroughs"
AREAS = "areas"


@dataclass(frozen=True, slots=True)
class Cell:
    """One kind of cell. `read` takes its text (never empty, tidied) and the moment of import, and raises CellError.

    `write` gives the text that `read` turns into the same value again; `empty` is the value of an empty cell.
    """

    read: Callable[[str, datetime], Value]
    write: Callable[[Any], str] = str
    empty: Value = ""

    def text(self, value: Value) -> str:
        """`value` as the file says it."""
        return "" if value is None or value == self.empty else self.write(value)


@dataclass(frozen=True, slots=True)
class ListStore:
    """A list that is kept in a table of its own: one row for each item, under its owner's id."""

    table: Table
    owner: str
    item: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file.

    `required` is a bold one of design section 3. `stored` names the database column where it is not `name`, or the
    table that keeps a list. `refers_to` is BOROUGHS, AREAS or the file whose ids the values must be. A `hidden` one is
    derived from others: kept in the database, never in a file.
    """

    name: str
    cell: Cell
    required: bool = False
    stored: str | ListStore = ""
    refers_to: str = ""
    hidden: bool = False

    @property
    def field(self) -> str:
        """The database column, for one that is not kept as a list table."""
        return self.stored if isinstance(self.stored, str) and self.stored else self.name


@dataclass(frozen=True, slots=True)
class Problem:
    """What a rule found: the column to look at, a sentence, and (where not the whole cell) the part that is meant."""

    column: str
    message: str
    value: str | None = None
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that must hold between the values of one row. It is asked only when all its `columns` could be read."""

    columns: tuple[str, ...]
    check: Callable[[Mapping[str, Any], "Folder"], Iterable[Problem]]


class Removal(enum.Enum):
    """What becomes of a row that a folder speaks for and no longer holds."""

    NEVER = enum.auto()
    MARK = enum.auto()
    DELETE = enum.auto()


@dataclass(frozen=True, slots=True)
class FileTable:
    """One file: what its rows are, where they are kept and what is demanded of them.

    `owner` is the column whose file decides what this one speaks for: a folder that lists a service speaks for the
    units of that service. `parent` is a column that refers to a row of the same file. `removed_as` are the values that
    a removed row gets. `prepare` completes rows from elsewhere before the rules are asked; `check_folder` compares
    rows across files; `after_write` keeps what follows from the changes, in the same transaction. A table that is
    `versioned_as` something keeps every version of its rows, but for `live` columns, which are true only for now.
    """

    file: str
    noun: str
    table: Table
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("id",)
    owner: str = ""
    parent: str = ""
    label: str = "name"
    removal: Removal = Removal.NEVER
    removed_as: Mapping[str, Value] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    prepare: Callable[[Session, "TablePlan", "Folder", "Refusals"], None] | None = None
    check_folder: Callable[["Folder", "Refusals"], None] | None = None
    after_write: Callable[[Session, "TableChanges", datetime], None] | None = None
    versioned_as: ListingKind | None = None
    live: frozenset[str] = frozenset()

    @property
    def in_file(self) -> tuple[Column, ...]:
        """The columns that a file has, in the order of the design."""
        return tuple(column for column in self.columns if not column.hidden)

    def column(self, name: str) -> Column:
        """The column called `name`."""
        return next(column for column in self.columns if column.name == name)

    @property
    def owner_file(self) -> str:
        """The file of the owners, or nothing."""
        return self.column(self.owner).refers_to if self.owner else ""

    def identifier(self, key: Key) -> str:
        """A row's key as one word, for people and machines: its id, or `service/2026-Q2/measure`."""
        return "/".join(key)


def direct(columns: Sequence[Column]) -> list[Column]:
    """Those of `columns` that are kept in the row itself."""
    return [column for column in columns if isinstance(column.stored, str)]


def listed(columns: Sequence[Column]) -> list[tuple[Column, ListStore]]:
    """Those of `columns` that are kept as a list in a table of their own, with that table."""
    return [(column, column.stored) for column in columns if isinstance(column.stored, ListStore)]
