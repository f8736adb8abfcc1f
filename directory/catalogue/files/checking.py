"""From rows of text to rows of values: every cell, key, reference and rule, with every error."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from rapidfuzz import fuzz, process
from sqlalchemy import String

from directory.catalogue.files.cells import tidy
from directory.catalogue.files.description import AREAS, BOROUGHS, Column, FileTable, Value, Values, direct
from directory.catalogue.files.errors import CellError, Refusals
from directory.catalogue.files.plan import FileRow, Folder, TablePlan
from directory.catalogue.files.reading import RawTable

SUGGESTIONS = 3


def fill_plan(plan: TablePlan, raw: RawTable, now: datetime, refusals: Refusals) -> None:
    """Read every cell of a file into `plan`, and refuse empty bold cells, wrong cells and ids that stand twice."""
    table = plan.table
    plan.present = True
    plan.given = frozenset(raw.header)
    columns = [table.column(name) for name in raw.header]
    limits = _longest(table)
    for number, cells in raw.rows:
        row = FileRow(number, {})
        for column, text in zip(columns, cells, strict=True):
            try:
                row.values[column.name] = _read(column, text, now, limits.get(column.name))
            except CellError as error:
                row.values[column.name] = column.cell.empty
                row.unreadable.add(column.name)
                value = text.strip() if error.value is None else error.value
                refusals.add(
                    table.file, error.message, row=number, column=column.name, value=value, allowed=error.allowed
                )
        _take(plan, row, refusals)


def _read(column: Column, text: str, now: datetime, longest: int | None) -> Value:
    text = tidy(text)
    if not text:
        if column.required:
            raise CellError("The cell is empty and must be filled.")
        return column.cell.empty
    value = column.cell.read(text, now)
    if longest is not None and isinstance(value, str) and len(value) > longest:
        raise CellError(f"It has {len(value)} characters; {longest} is the most.")
    if column.required and value == ():
        raise CellError("The list is empty and must name at least one.")
    return value


def _longest(table: FileTable) -> dict[str, int]:
    """The most characters that a column takes, as the database says."""
    types = {column.name: table.table.c[column.field].type for column in direct(table.columns)}
    return {name: kind.length for name, kind in types.items() if isinstance(kind, String) and kind.length}


def _take(plan: TablePlan, row: FileRow, refusals: Refusals) -> None:
    """Put a row under its key, completed by what is kept for columns that the file does not have."""
    table = plan.table
    if row.unreadable.intersection(table.key):
        return
    key = tuple(str(row.values[name]) for name in table.key)
    if key in plan.rows:
        refusals.add(
            table.file,
            f"The {table.noun} stands there twice: in rows {plan.rows[key].number} and {row.number}.",
            row=row.number,
            column=table.key[0],
            value=table.identifier(key),
        )
        return
    kept = plan.current(key)
    for column in table.columns:
        if column.name not in plan.given:
            row.values[column.name] = kept.values[column.name] if kept else column.cell.empty
    plan.rows[key] = row


def check_references(folder: Folder, refusals: Refusals) -> None:
    """Refuse codes and ids that nothing will be known by once the import is done, with those that come close."""
    for plan in folder.plans.values():
        for column in plan.table.in_file:
            if not column.refers_to or column.refers_to in folder.unread or column.name not in plan.given:
                continue
            known = folder.codes(column.refers_to)
            for row in plan.rows.values():
                for code in _codes(row.values[column.name]):
                    if code not in known:
                        row.unreadable.add(column.name)
                        _refuse_unknown(folder, plan.table, column, row, code, refusals)


def _codes(value: Value) -> Sequence[str]:
    if isinstance(value, tuple):
        return value
    return () if value is None else (str(value),)


def _refuse_unknown(
    folder: Folder, table: FileTable, column: Column, row: FileRow, code: str, refusals: Refusals
) -> None:
    known = folder.codes(column.refers_to)
    what = {BOROUGHS: "borough's code", AREAS: "area"}.get(column.refers_to)
    if what is None:
        owner = folder.plans[column.refers_to]
        leaves = (code,) in owner.leaving
        verb = "would be removed by this import" if leaves else "is not known"
        message = f"The {owner.table.noun} {verb}: it must be in {column.refers_to} or loaded before."
    elif not folder.codes(BOROUGHS):
        message = "No boroughs are loaded: run `places load` first."
    else:
        message = f"It is no {what}."
    named = [name for name, label in known.items() if label.casefold() == code.casefold()]
    refusals.add(
        table.file,
        message,
        row=row.number,
        column=column.name,
        value=code,
        allowed=named or close_codes(code, known),
    )


def close_codes(code: str, known: Iterable[str]) -> list[str]:
    """The known codes that are spelt most like `code`, closest first."""
    found = process.extract(code, list(known), scorer=fuzz.WRatio, limit=SUGGESTIONS, score_cutoff=60)
    return [match for match, _score, _index in found]


def check_parents(folder: Folder, refusals: Refusals) -> None:
    """Refuse terms that are, through their parents, narrower than themselves."""
    for plan in folder.plans.values():
        parent = plan.table.parent
        if not plan.present or not parent:
            continue
        parents = {key[0]: values[parent] for key, values in plan.all_afterwards()}
        for key, row in plan.rows.items():
            circle = _circle(key[0], parents)
            if circle:
                refusals.add(
                    plan.table.file,
                    f"Its parents lead back to it: {' → '.join(circle)}.",
                    row=row.number,
                    column=parent,
                    value=str(row.values[parent]),
                )


def _circle(code: str, parents: dict[str, Value]) -> list[str]:
    """The way from `code` through its parents back to it, or nothing."""
    way = [code]
    step = parents.get(code)
    while step is not None and step not in way:
        way.append(str(step))
        step = parents.get(str(step))
    return [*way, code] if step == code else []


def check_rules(folder: Folder, refusals: Refusals) -> None:
    """Ask every rule of every row whose cells it needs could be read, then those that look across files."""
    for plan in folder.plans.values():
        table = plan.table
        for row in plan.rows.values():
            for rule in table.rules:
                if row.unreadable.intersection(rule.columns):
                    continue
                for problem in rule.check(row.values, folder):
                    value = problem.value if problem.value is not None else _text(table, row.values, problem.column)
                    refusals.add(
                        table.file,
                        problem.message,
                        row=row.number,
                        column=problem.column,
                        value=value,
                        allowed=problem.allowed,
                    )
        if table.check_folder:
            table.check_folder(folder, refusals)


def _text(table: FileTable, values: Values, name: str) -> str:
    column = table.column(name)
    return column.cell.text(values[name])
