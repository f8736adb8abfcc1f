"""Real workbooks, made with the library that reads them, and the vocabulary of sheets as tests need them."""

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any

from openpyxl import Workbook

from directory.editing.bulk.columns import normalise

HEADERS = {
    "id",
    "name",
    "org name",
    "phone",
    "phone no",
    "beds",
    "status",
    "service",
    "bedspaces",
    "start date",
    "notes",
}


def known(text: str) -> bool:
    """Whether a header is one of a handful."""
    return normalise(text) in HEADERS


def workbook(rows: Sequence[Sequence[Any]], change: Callable[[Any], None] = lambda _sheet: None) -> bytes:
    """An .xlsx file with these rows; `change` may do more to its sheet."""
    made = Workbook()
    for row in rows:
        made.active.append(row)
    change(made.active)
    return saved(made)


def saved(made: Workbook) -> bytes:
    """The bytes of a workbook."""
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def as_csv(rows: Sequence[Sequence[str]], delimiter: str = ",") -> bytes:
    """A CSV file with these rows."""
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return file.getvalue().encode()
