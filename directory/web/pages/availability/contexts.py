"""What the bed board's template may see, and nothing else."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from directory.search.board import BoardRow
from directory.web.pages.holds.holding import Holding
from directory.web.pages.search.forms import HouseholdForm


@dataclass(frozen=True, slots=True)
class Tile:
    """A borough's square on the map: its place in pixels, a short name, how many units, how strongly it is filled."""

    name: str
    short_name: str
    x: int
    y: int
    available: int
    shade: int
    anchor: str


@dataclass(frozen=True, slots=True)
class BoroughSection:
    """A borough with units: its name, its anchor on the page, its units with space, and how many have none."""

    name: str
    anchor: str
    available: int
    bedspaces: int
    units: int
    rows: tuple[BoardRow, ...]
    without_space: int


@dataclass(frozen=True, slots=True)
class BoardPage:
    """The bed board. `refresh_url` is the page itself; `asked` says back for which household, where one was given.

    `holding` is the form of the hold buttons, None for people who may not hold a space.
    """

    template: ClassVar[str] = "pages/availability/board.html"

    form: HouseholdForm
    asked: tuple[str, ...]
    tiles: tuple[Tile, ...]
    map_width: int
    map_height: int
    tile_size: int
    sections: tuple[BoroughSection, ...]
    empty_boroughs: tuple[str, ...]
    available: int
    bedspaces: int
    now: datetime
    refresh_url: str
    is_filtered: bool
    holding: Holding | None
