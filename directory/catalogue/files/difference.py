"""What an import changes: the same answer for a dry run, for a person, for a machine and for writing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from directory.catalogue.files.description import Column, Key, direct
from directory.catalogue.files.plan import TablePlan


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that is added or removed: its file and id; of an added listing or unit also what the file says of it."""

    file: str
    id: str
    texts: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Change:
    """A row that is changed: for each column what the file said before and says now, as files write it."""

    file: str
    id: str
    fields: dict[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Difference:
    """All that an import adds, changes and removes, ordered by file and id; `unchanged` counts the other rows read."""

    added: tuple[Entry, ...] = ()
    changed: tuple[Change, ...] = ()
    removed: tuple[Entry, ...] = ()
    unchanged: int = 0

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.added or self.changed or self.removed)


@dataclass(slots=True)
class TableChanges:
    """What is to be written to one table. `restored` rows were removed once and come back, whatever they held."""

    plan: TablePlan
    inserted: list[Key] = field(default_factory=list)
    restored: list[Key] = field(default_factory=list)
    changed: dict[Key, tuple[Column, ...]] = field(default_factory=dict)
    removed: list[Key] = field(default_factory=list)
    unchanged: int = 0


def compare(plan: TablePlan) -> TableChanges:
    """What turns the table as it is stored into what the file says."""
    changes = TableChanges(plan, removed=sorted(plan.leaving))
    columns = plan.table.in_file
    for key in sorted(plan.rows):
        stored = plan.stored.get(key)
        if stored is None:
            changes.inserted.append(key)
        elif stored.removed:
            changes.restored.append(key)
        else:
            values = plan.rows[key].values
            differing = tuple(column for column in columns if values[column.name] != stored.values[column.name])
            if differing:
                changes.changed[key] = differing
            else:
                changes.unchanged += 1
    return changes


def describe(all_changes: Iterable[TableChanges]) -> Difference:
    """The changes of all tables in words."""
    added: list[Entry] = []
    changed: list[Change] = []
    removed: list[Entry] = []
    unchanged = 0
    for changes in all_changes:
        table = changes.plan.table
        new = sorted([*changes.inserted, *changes.restored])
        added += [Entry(table.file, table.identifier(key), _said(changes, key)) for key in new]
        removed += [Entry(table.file, table.identifier(key)) for key in changes.removed]
        changed += [_change(changes, key, columns) for key, columns in changes.changed.items()]
        unchanged += changes.unchanged
    return Difference(tuple(added), tuple(changed), tuple(removed), unchanged)


def _said(changes: TableChanges, key: Key) -> dict[str, str]:
    table, values = changes.plan.table, changes.plan.rows[key].values
    if table.versioned_as is None:
        return {}
    return {column.name: column.cell.text(values[column.name]) for column in direct(table.in_file)}


def _change(changes: TableChanges, key: Key, columns: tuple[Column, ...]) -> Change:
    plan = changes.plan
    before, after = plan.stored[key].values, plan.rows[key].values
    fields = {
        column.name: (column.cell.text(before[column.name]), column.cell.text(after[column.name])) for column in columns
    }
    return Change(plan.table.file, plan.table.identifier(key), fields)
