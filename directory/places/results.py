"""What a lookup answers with: a place, a choice of places, or nothing and a sentence that helps."""

from dataclasses import dataclass
from typing import Literal

from directory.common.errors import DomainError, NotFoundError

PlaceKind = Literal["postcode", "sector", "outcode", "borough", "place"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is. `name` can be typed again to mean exactly this place.

    Coordinates are WGS84 degrees. `borough_codes` are ONS codes, the one that holds most of the place first; none
    outside London. `country` is `england`, `scotland` or `wales`. `corrected_from` is what was typed, where a slip
    was put right: pages have to say so.
    """

    name: str
    kind: PlaceKind
    latitude: float
    longitude: float
    borough_codes: tuple[str, ...]
    country: str
    corrected_from: str | None = None


@dataclass(frozen=True, slots=True)
class BoroughFact:
    """One of London's 33 boroughs. `grid_row` and `grid_column` are its tile on the map, counted from 0."""

    code: str
    name: str
    latitude: float
    longitude: float
    police_area: str
    grid_row: int
    grid_column: int


class AmbiguousPlaceError(DomainError):
    """The text means two or more places: `choices`, in the order to show them."""

    def __init__(self, choices: list[Place]) -> None:
        self.choices = choices
        names = [choice.name for choice in choices]
        super().__init__(f"Several places have that name: {'; '.join(names)}. Say which.")


class PlaceNotFoundError(NotFoundError):
    """The text means no place we know. The message helps on; `suggestions` can be typed instead, the best first."""

    def __init__(self, message: str, suggestions: list[str]) -> None:
        self.message = message
        self.suggestions = suggestions
        super().__init__(message)
