"""What the templates of performance may see: figures as everybody may see them, never a raw one."""

from dataclasses import dataclass
from typing import ClassVar

from directory.publishing.performance.facts import Measure
from directory.web.chart_facts import DataTable, RangeChart, TrendChart
from directory.web.pages.performance.forms import ConfirmForm, FilterForm, UploadForm


@dataclass(frozen=True, slots=True)
class Links:
    """Where the figures chosen are to be seen otherwise; `import_url` is empty for who may not import."""

    services: str
    kinds: str
    boroughs: str
    measures: str
    download: str
    import_url: str


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """A service in the table: its figures, one for each column, whether they disagree, and what else to know."""

    id: str
    name: str
    organisation: str
    kind: str
    figures: tuple[str, ...]
    notes: tuple[str, ...]
    disagree: bool


@dataclass(frozen=True, slots=True)
class Pager:
    """Where the page stands among the pages of services, with the addresses of its neighbours."""

    page: int
    pages: int
    previous: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class NoFiguresPage:
    """Nothing has been published of any quarter yet."""

    template: ClassVar[str] = "pages/performance/empty.html"

    links: Links


@dataclass(frozen=True, slots=True)
class QuarterPage:
    """One measure of one quarter by service. `asked` says what was chosen; `silent` counts services without a figure.

    While the form has errors there is nothing below it.
    """

    template: ClassVar[str] = "pages/performance/quarter.html"

    form: FilterForm
    asked: str
    measure: Measure | None
    direction: str
    columns: tuple[str, ...]
    lines: tuple[ServiceLine, ...]
    total: int
    silent: int
    charts: tuple[RangeChart, ...]
    london: DataTable | None
    pager: Pager
    links: Links


@dataclass(frozen=True, slots=True)
class GroupsPage:
    """One measure of one quarter by kind or by borough. `too_few` names the groups that are too small to be shown."""

    template: ClassVar[str] = "pages/performance/groups.html"

    form: FilterForm
    heading: str
    action: str
    asked: str
    measure: Measure | None
    direction: str
    charts: tuple[RangeChart, ...]
    too_few: tuple[str, ...]
    links: Links


@dataclass(frozen=True, slots=True)
class MeasureSection:
    """A measure of one service over the quarters. `latest` says the newest quarter in words."""

    measure: Measure
    direction: str
    latest: str
    chart: TrendChart


@dataclass(frozen=True, slots=True)
class FlagLine:
    """What to know of a quarter's figures before taking them at their word."""

    quarter: str
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServicePerformancePage:
    """Every measure of one service over the quarters, and beside others of its kind in the newest one."""

    template: ClassVar[str] = "pages/performance/service.html"

    service_id: str
    name: str
    organisation: str
    kind: str
    quarter: str
    sections: tuple[MeasureSection, ...]
    silent: tuple[str, ...]
    peers: tuple[RangeChart, ...]
    flags: tuple[FlagLine, ...]
    links: Links


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """A measure as its definition says it."""

    measure: Measure
    unit: str
    direction: str
    of: str


@dataclass(frozen=True, slots=True)
class MeasuresPage:
    """What every measure means."""

    template: ClassVar[str] = "pages/performance/measures.html"

    measures: tuple[MeasureLine, ...]
    links: Links


@dataclass(frozen=True, slots=True)
class ImportPage:
    """The form for a file, with the measures that it may name."""

    template: ClassVar[str] = "pages/performance/import.html"

    form: UploadForm
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class CellLine:
    """A cell that is wrong: where it is, what it says, what is wrong with it and what would be right."""

    where: str
    value: str
    message: str
    allowed: str


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A figure that would be added, or changed from what it was."""

    service: str
    quarter: str
    measure: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class CheckPage:
    """What a file would change; nothing has been changed yet. `cells` are those with an error.

    `again` says that it is another answer than before.
    """

    template: ClassVar[str] = "pages/performance/check.html"

    form: ConfirmForm
    filename: str
    summary: tuple[tuple[str, str], ...]
    cells: tuple[CellLine, ...]
    more_cells: int
    added: tuple[FigureLine, ...]
    changed: tuple[FigureLine, ...]
    more: int
    can_be_applied: bool
    again: bool
