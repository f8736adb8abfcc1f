"""What charts are made of: amounts that go in, and geometry with words that a template draws. See `charts`."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

Number = Decimal | float


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure: its words, and what is drawn of it; None where there is nothing to draw (hidden, not known).

    A picture has `brief` instead of the words, or of those only what stands before a colon; the table has all of them.
    """

    text: str
    value: Number | None = None
    brief: str = ""

    @property
    def short(self) -> str:
        """The words without their explanation."""
        return self.brief or self.text.partition(":")[0]


@dataclass(frozen=True, slots=True)
class DataTable:
    """The figures in words. The first cell of a row says what the row is."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """What every chart has: the beginning of its ids, its words, its height (it is 320 wide) and its table."""

    id: str
    title: str
    description: str
    height: int
    table: DataTable


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """What a pattern, a marker or a level means; `index` says which, `y` where its text stands."""

    index: int
    text: str
    y: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: which series it belongs to (a pattern), where it stands, its width (0: none) and the words after it."""

    series: int
    y: int
    width: float
    text: str


@dataclass(frozen=True, slots=True)
class BarGroup:
    """A label and the bars below it, one of each series."""

    label: str
    y: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars that lie, in groups, from nought on."""

    frame: Frame
    legend: tuple[LegendEntry, ...]
    groups: tuple[BarGroup, ...]


@dataclass(frozen=True, slots=True)
class RangeEntry:
    """A group's figures, lowest, median and highest, and one's own beside them (None: there is none)."""

    label: str
    services: int
    lowest: Amount
    median: Amount
    highest: Amount
    own: Amount | None = None


@dataclass(frozen=True, slots=True)
class RangeRow:
    """One range as it is drawn: a bar from `begins` to `ends`, a stroke at `median`, a diamond at `own`."""

    label: str
    y: int
    begins: float
    ends: float
    median: float
    own: float | None
    text: str


@dataclass(frozen=True, slots=True)
class RangeChart:
    """Ranges below each other on one scale from nought to `top`."""

    frame: Frame
    legend: tuple[LegendEntry, ...]
    rows: tuple[RangeRow, ...]
    top: str


@dataclass(frozen=True, slots=True)
class Marker:
    """A point of a trend; its shape is that of its series."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Line:
    """A series of a trend: all its points, and the stretches of neighbours among them as SVG's points."""

    series: int
    stretches: tuple[str, ...]
    markers: tuple[Marker, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis, with what stands at it, in one line or two."""

    at: float
    text: str
    below: str = ""


@dataclass(frozen=True, slots=True)
class TrendChart:
    """Lines over quarters, between `top` and `bottom`. `missing`: where no series has a value, there is a cross."""

    frame: Frame
    legend: tuple[LegendEntry, ...]
    unit: str
    lines: tuple[Line, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    missing: tuple[float, ...]
    top: int
    bottom: int

    @property
    def has_values(self) -> bool:
        """Whether there is anything to draw."""
        return any(line.markers for line in self.lines)


@dataclass(frozen=True, slots=True)
class TileValue:
    """What a borough's tile tells: words for the table, a level from 0 (nothing) to 4 (most), which is its pattern.

    `short`, at most five characters, is what stands in the tile; without it, `text` where that is as short.
    """

    text: str
    level: int
    short: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """A borough's tile: its place, its abbreviated name, its value and its pattern."""

    name: str
    abbreviation: str
    x: int
    y: int
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class TileMap:
    """London's boroughs as tiles, about where they lie."""

    frame: Frame
    legend: tuple[LegendEntry, ...]
    tiles: tuple[Tile, ...]


TileValues = Mapping[str, TileValue]
"""By borough code."""
