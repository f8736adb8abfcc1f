"""What the provider's templates may see. Its own staff alone are shown what a unit is funded for."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from directory.capacity.own_units import OwnUnit
from directory.web.pages.provider.contact_forms import ContactsForm


@dataclass(frozen=True, slots=True)
class StateButton:
    """A state to put a unit into with one tap: its word, what stands on the button, whether it is so already."""

    state: str
    text: str
    is_now: bool


@dataclass(frozen=True, slots=True)
class UnitCard:
    """A unit with what its staff can say of it. `held_until` is empty unless it is held.

    `confirmed_by` says who confirmed it, in words, as far as that is known. `was_shown_as` is the state in which the
    page showed it before, where somebody has changed it since; empty otherwise.
    """

    unit: OwnUnit
    confirmed_by: str
    was_shown_as: str
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
class OwnService:
    """A service of the organisation. Its listing has to be confirmed where `is_due`; then `verified_on` is long ago."""

    id: str
    name: str
    is_due: bool
    verified_on: date | None


@dataclass(frozen=True, slots=True)
class ProviderPage:
    """The provider's own page. `problem` says what could not be done just now; `due` counts units to confirm.

    `history` and `listings` say whether there are such pages to link to.
    """

    template: ClassVar[str] = "pages/provider/page.html"

    units: tuple[ServiceUnits, ...]
    number: int
    due: int
    services: tuple[OwnService, ...]
    history: bool
    listings: bool
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


@dataclass(frozen=True, slots=True)
class ContactsPage:
    """Who is reminded of a service's entries. While a contact is empty, its fallback is written to."""

    template: ClassVar[str] = "pages/provider/contacts.html"

    form: ContactsForm
    service_id: str
    service_name: str
    fallback_first: tuple[str, ...]
    fallback_second: tuple[str, ...]
    back_url: str
    back_text: str


@dataclass(frozen=True, slots=True)
class PosterPage:
    """A poster: `code` is a drawing of `code_size` by `code_size` that leads to signing in, as `address` does."""

    template: ClassVar[str] = "pages/provider/poster.html"

    code: str
    code_size: int
    address: str
