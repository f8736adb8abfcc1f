"""What the templates of bulk work may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from directory.editing.bulk.results import CellProblem, Likeness
from directory.web.forms import BaseForm
from directory.web.pages.bulk.forms import UploadForm


@dataclass(frozen=True, slots=True)
class ExportLine:
    """One kind of rows to take out, with the addresses of its two files."""

    words: str
    csv_url: str
    xlsx_url: str


@dataclass(frozen=True, slots=True)
class BulkPage:
    """Uploading a file, and taking one out."""

    template: ClassVar[str] = "pages/bulk/home.html"

    form: UploadForm
    exports: Sequence[ExportLine]


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A column of the sheet: the name of its field, and what stands in it."""

    field: str
    samples: Sequence[str]


@dataclass(frozen=True, slots=True)
class ColumnsPage:
    """What the columns of a sheet are. `live` are those that providers keep, where the sheet may set them."""

    template: ClassVar[str] = "pages/bulk/columns.html"

    form: BaseForm
    kind: str
    one: str
    rows: str
    columns: Sequence[ColumnLine]
    remarks: Sequence[str]
    live: bool
    check_url: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in words: what it says and what it would say."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowLine:
    """A row of the sheet in words."""

    number: int
    title: str
    id: str
    verdict: str
    colour: str
    can_be_applied: bool
    chosen: bool
    outdated: bool
    differences: Sequence[Difference]
    problems: Sequence[CellProblem]
    notices: Sequence[str]
    likenesses: Sequence[tuple[Likeness, str]]


@dataclass(frozen=True, slots=True)
class FilterLine:
    """Some of the rows: what they are, how many, the value that the button sends, and whether they are shown."""

    words: str
    count: int
    value: str
    current: bool


@dataclass(frozen=True, slots=True)
class CheckPage:
    """The dry run of a sheet, one page of its rows."""

    template: ClassVar[str] = "pages/bulk/check.html"

    form: BaseForm
    sheet_id: str
    kind: str
    at: datetime
    summary: Sequence[tuple[str, str]]
    problems: Sequence[str]
    remarks: Sequence[str]
    filters: Sequence[FilterLine]
    rows: Sequence[RowLine]
    show: str
    page: int
    pages: int
    chosen: int
    can_be_applied: int


@dataclass(frozen=True, slots=True)
class ApplyPage:
    """The page that is sent piece by piece while a sheet is applied: `gap` is where the pieces go."""

    template: ClassVar[str] = "pages/bulk/apply.html"

    rows: str
    gap: str


@dataclass(frozen=True, slots=True)
class ListingLine:
    """What a change did to one listing or unit, in words; `href` is None where it has no page."""

    name: str
    kind: str
    became: str
    colour: str
    href: str | None
    differences: Sequence[Difference]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change in words. `undoes` and `undone_by` are numbers of changes."""

    id: int
    at: datetime
    what: str
    by: str
    listings: str
    undoes: int | None
    undone_by: int | None


@dataclass(frozen=True, slots=True)
class ResultPage:
    """What applying a sheet has changed."""

    template: ClassVar[str] = "pages/bulk/result.html"

    change: ChangeRow
    kind: str
    summary: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """The last changes, newest first."""

    template: ClassVar[str] = "pages/bulk/changes.html"

    changes: Sequence[ChangeRow]
    page: int
    pages: int
    previous: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class ChangePage:
    """One change: what it did, and what keeps it from being taken back."""

    template: ClassVar[str] = "pages/bulk/change.html"

    form: BaseForm
    change: ChangeRow
    summary: Sequence[tuple[str, str]]
    listings: Sequence[ListingLine]
    conflicts: Sequence[str]
    page: int
    pages: int
    previous: str | None
    next: str | None
