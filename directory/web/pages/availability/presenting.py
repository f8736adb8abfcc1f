"""From the board to its map and its list."""

from datetime import datetime

from directory.search.board import Board, BoroughRows
from directory.search.criteria import Criteria
from directory.web.pages.availability.contexts import BoardPage, BoroughSection, Tile
from directory.web.pages.holds.holding import Holding
from directory.web.pages.search.forms import HouseholdForm
from directory.web.pages.search.presenting import asked_for

TILE = 64
GAP = 4
SHADES = (0, 1, 3, 6)
"""From how many available units on a tile is filled one step stronger."""


def board_page(
    board: Board,
    form: HouseholdForm,
    criteria: Criteria | None,
    now: datetime,
    address: str,
    holding: Holding | None,
) -> BoardPage:
    """Everything that the page of the bed board shows."""
    names = {one.borough.code: one.borough.name for one in board.boroughs}
    tiles = tuple(_tile(one) for one in board.boroughs)
    sections = [_section(one.borough.name, one) for one in board.boroughs if one.rows]
    if board.elsewhere:
        available = [row for row in board.elsewhere if row.unit.available]
        sections.append(
            BoroughSection(
                name="Borough not known",
                anchor="borough-unknown",
                available=len(available),
                bedspaces=sum(row.unit.bedspaces for row in available),
                units=len(board.elsewhere),
                rows=tuple(available),
                without_space=len(board.elsewhere) - len(available),
            )
        )
    return BoardPage(
        form=form,
        asked=tuple(asked_for(criteria, names)) if criteria is not None else (),
        tiles=tiles,
        map_width=max(tile.x for tile in tiles) + TILE if tiles else 0,
        map_height=max(tile.y for tile in tiles) + TILE if tiles else 0,
        tile_size=TILE,
        sections=tuple(sections),
        empty_boroughs=tuple(one.borough.name for one in board.boroughs if not one.rows),
        available=board.available,
        bedspaces=board.available_bedspaces,
        now=now,
        refresh_url=address,
        is_filtered=criteria is not None,
        holding=holding,
    )


def _tile(one: BoroughRows) -> Tile:
    borough = one.borough
    return Tile(
        name=borough.name,
        short_name=_short(borough.name),
        x=borough.grid_column * (TILE + GAP),
        y=borough.grid_row * (TILE + GAP),
        available=one.available,
        shade=sum(one.available >= least for least in SHADES[1:]),
        anchor=_anchor(borough.code) if one.rows else "",
    )


def _section(name: str, one: BoroughRows) -> BoroughSection:
    with_space = tuple(row for row in one.rows if row.unit.available)
    return BoroughSection(
        name=name,
        anchor=_anchor(one.borough.code),
        available=len(with_space),
        bedspaces=one.available_bedspaces,
        units=len(one.rows),
        rows=with_space,
        without_space=len(one.rows) - len(with_space),
    )


def _anchor(code: str) -> str:
    return f"borough-{code}"


def _short(name: str) -> str:
    """A name that fits on a tile: `Hackney`, `Tower H`, `Kensing. C`, `Richmond`, `City`."""
    first, *others = [word for word in name.split() if word not in {"and", "of", "upon", "Thames", "London"}]
    longest = 8 if others else 10
    return " ".join([first if len(first) <= longest else f"{first[:7]}.", *(word[0] for word in others)])
