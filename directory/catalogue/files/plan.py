"""What an import is about to do: what the files hold, what the database holds, and what leaves."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from directory.catalogue.files.description import FileTable, Key, Values
from directory.catalogue.secrecy import NO_POSTCODES, KnownPostcodes


@dataclass(slots=True)
class FileRow:
    """A row of a file. `values` holds every column, those that the file does not have as they are kept;
    `unreadable` names the columns whose cell was wrong."""

    number: int
    values: Values
    unreadable: set[str] = field(default_factory=set)


@dataclass(slots=True)
class StoredRow:
    """A row of the database. A `removed` one counts as absent."""

    values: Values
    removed: bool = False


@dataclass(slots=True)
class TablePlan:
    """One file against its table. `given` are the columns in the header; no file, no header (`present` is false)."""

    table: FileTable
    present: bool = False
    given: frozenset[str] = frozenset()
    rows: dict[Key, FileRow] = field(default_factory=dict)
    stored: dict[Key, StoredRow] = field(default_factory=dict)
    leaving: set[Key] = field(default_factory=set)

    def current(self, key: Key) -> StoredRow | None:
        """The row as the catalogue has it now, if it has."""
        row = self.stored.get(key)
        return None if row is None or row.removed else row

    def stays(self, key: Key) -> bool:
        """Whether the catalogue will have this row once the import is done."""
        return key in self.rows or (self.current(key) is not None and key not in self.leaving)

    def afterwards(self, key: Key) -> Values | None:
        """The row's values once the import is done, or nothing where there will be no such row."""
        if key in self.rows:
            return self.rows[key].values
        row = self.current(key)
        return None if row is None or key in self.leaving else row.values

    def all_afterwards(self) -> Iterator[tuple[Key, Values]]:
        """Every row that the catalogue will have once the import is done."""
        for key, row in self.rows.items():
            yield key, row.values
        for key, stored in self.stored.items():
            if key not in self.rows and not stored.removed and key not in self.leaving:
                yield key, stored.values


@dataclass(slots=True)
class Folder:
    """All files of an import. `places` are the codes that do not come from files, each with its name, by the name
    under which columns refer to them. `unread` are files that could not be read: nothing is said of references there.
    `postcodes` are those that may not stand in what is said of a secret place.
    """

    plans: dict[str, TablePlan]
    places: Mapping[str, Mapping[str, str]]
    now: datetime
    unread: frozenset[str] = frozenset()
    postcodes: KnownPostcodes = NO_POSTCODES
    _codes: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def afterwards(self, file: str, identifier: object) -> Values | None:
        """The row of `file` with this id once the import is done; nothing where there is none."""
        plan = self.plans.get(file)
        return plan.afterwards((str(identifier),)) if plan else None

    def codes(self, name: str) -> Mapping[str, str]:
        """Every code that a column may refer to under `name`, with the name that people know it by."""
        if name in self.places:
            return self.places[name]
        if name not in self._codes:
            plan = self.plans[name]
            self._codes[name] = {
                key[0]: str(values[plan.table.label] or key[0]) for key, values in plan.all_afterwards()
            }
        return self._codes[name]


def decide_what_leaves(folder: Folder, *, whole: bool, only: Mapping[str, set[Key]] | None = None) -> None:
    """Fill in each plan's `leaving`. Plans stand with owners first.

    A folder speaks for what it lists: rows of a listed owner that are missing from a file that is there leave. With
    `whole` it speaks for the whole catalogue. With `only` (by file), those rows leave and no others. What belongs to an
    owner that leaves goes with it.
    """
    for plan in folder.plans.values():
        if plan.table.removal.name == "NEVER":
            plan.leaving = set()
        elif only is not None:
            plan.leaving = _named(folder, plan, only.get(plan.table.file, set()))
        else:
            plan.leaving = _leaving(folder, plan, whole)


def _named(folder: Folder, plan: TablePlan, names: set[Key]) -> set[Key]:
    table = plan.table
    owners = folder.plans.get(table.owner_file)
    return {
        key
        for key, row in plan.stored.items()
        if not row.removed
        and key not in plan.rows
        and (key in names or (owners is not None and (str(row.values[table.owner]),) in owners.leaving))
    }


def _leaving(folder: Folder, plan: TablePlan, whole: bool) -> set[Key]:
    table = plan.table
    owners = folder.plans.get(table.owner_file)
    leaving: set[Key] = set()
    for key, row in plan.stored.items():
        if key in plan.rows:
            continue
        if owners is None:
            spoken_for, orphaned = plan.present and whole, False
        else:
            owner = (str(row.values[table.owner]),)
            spoken_for = plan.present and (owner in owners.rows or (whole and owners.stays(owner)))
            orphaned = owner in owners.leaving
        if table.removal.name == "DELETE":
            # A figure of a service that was removed and comes back: the file decides again whether it is true.
            if spoken_for:
                leaving.add(key)
        elif not row.removed and (spoken_for or orphaned):
            leaving.add(key)
    return leaving
