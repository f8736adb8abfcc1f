"""What the templates of insight may see: counts of services and units, and rounded counts of searches in vain."""

from dataclasses import dataclass
from typing import ClassVar

from directory.insight.what_if import Outcome, Part, Plan
from directory.web.chart_facts import BarChart, DataTable, TileMap
from directory.web.pages.insight.forms import CoverageForm, WhatIfForm


@dataclass(frozen=True, slots=True)
class CellView:
    """A cell of a matrix: what it shows, what is read aloud instead (empty: the same), and how it is marked.

    `mark` is empty, `gap` (nobody), `wide` (only services for all of London or more), `few`, or `level-1` to `-4`.
    """

    text: str
    spoken: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One row: what it is, and its cells."""

    label: str
    cells: tuple[CellView, ...]
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class MatrixView:
    """A wide table in a region that scrolls. `corner` heads the first column; `id` begins its ids.

    `is_upright` writes the columns' heads from below, for many narrow columns.
    """

    id: str
    caption: str
    corner: str
    head: tuple[str, ...]
    rows: tuple[MatrixRow, ...]
    is_upright: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A large number with its label and a few words, as `app-shares` shows them."""

    label: str
    number: str
    words: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A link to another quarter; `href` is None for the one that is shown."""

    text: str
    href: str | None


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """The ways in, with a figure of each; `map` has services for each 100,000 residents."""

    template: ClassVar[str] = "pages/insight/overview.html"

    figures: tuple[Figure, ...]
    map: TileMap
    wide_services: int
    source: str


@dataclass(frozen=True, slots=True)
class UnmetPage:
    """Searches in vain in one quarter, and by month. `to_come` says what is shown next, and from when.

    `quarter` is empty while no quarter can be shown. The tables and the map are None where nothing of a quarter may be.
    """

    template: ClassVar[str] = "pages/insight/unmet.html"

    quarter: str
    quarter_code: str
    choices: tuple[Choice, ...]
    to_come: str
    needs: MatrixView | None
    households: MatrixView | None
    map: TileMap | None
    months: BarChart | None


@dataclass(frozen=True, slots=True)
class GapLine:
    """A gap in words: which need, where, who covers it, how many live there, what was searched in vain."""

    need: str
    borough: str
    cover: str
    residents: str
    unmet: str


@dataclass(frozen=True, slots=True)
class CoveragePage:
    """One matrix, and for needs the gaps that matter most and a map of one need.

    `unmet_quarter` names the quarter whose searches in vain stand beside gaps; empty where there is none.
    """

    template: ClassVar[str] = "pages/insight/coverage.html"

    form: CoverageForm
    subject: str
    matrix: MatrixView
    nobody: tuple[str, ...]
    gaps: tuple[GapLine, ...]
    map: TileMap | None
    need_table: DataTable | None
    need_name: str
    unmet_quarter: str
    source: str


@dataclass(frozen=True, slots=True)
class QuarterView:
    """A quarter's capacity as a chart, and what was asked for, in words."""

    label: str
    chart: BarChart
    referrals: str
    households: str


@dataclass(frozen=True, slots=True)
class CapacityPage:
    """Demand beside capacity in the last four quarters."""

    template: ClassVar[str] = "pages/insight/capacity.html"

    quarters: tuple[QuarterView, ...]


@dataclass(frozen=True, slots=True)
class WhatIfPage:
    """The form, and what the plan would have done. `outcome` is None until the form is filled in, or without figures.

    `quarter` is empty while no quarter can be reckoned with. `known_nights` is the median stay, None where unknown.
    """

    template: ClassVar[str] = "pages/insight/what_if.html"

    form: WhatIfForm
    quarter: str
    known_nights: int | None
    plan: Plan | None
    part: Part | None
    outcome: Outcome | None
