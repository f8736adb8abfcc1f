"""What the provider's templates may see. Its own staff alone are shown what a unit is funded for."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from directory.capacity.own_units import OwnUnit


@dataclass(frozen=True, slots=True)
class StateButton:
    """A state to put a unit into with one tap: its word, what stands on the button, whether it is so already."""

    state: str
    text: str
    is_now: bool


@dataclass(frozen=True, slots=True)
class UnitCard:
    """A unit with what its staff can say of it. `held_until` is empty unless it is held."""

    unit: OwnUnit
    held_until: str
    held_for_referral: bool
    buttons: tuple[StateButton, ...]


@dataclass(frozen=True, slots=True)
class ServiceUnits:
    """The units of one service."""

    id: str
    name: str
    units: tuple[UnitCard, ...]


@dataclass(frozen=True, slots=True)
class ProviderPage:
    """The provider's own page. `problem` says what could not be done just now; `due` counts units to confirm."""

    template: ClassVar[str] = "pages/provider/page.html"

    units: tuple[ServiceUnits, ...]
    due: int
    problem: str
    now: datetime


@dataclass(frozen=True, slots=True)
class EndHoldPage:
    """A change that would take a held unit away: asks first. Says nothing about what the unit is funded for.

    `held_until` is the same instant as `until`, for the form: it says which hold was asked about.
    """

    template: ClassVar[str] = "pages/provider/end_hold.html"

    unit_id: str
    unit_name: str
    service_name: str
    until: str
    held_until: str
    for_referral: bool
    state: str
