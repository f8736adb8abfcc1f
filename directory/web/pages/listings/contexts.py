"""What the templates of listings may see: facts for signed-in people, never what a unit is funded for."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from directory.capacity.queries import UnitFact
from directory.catalogue.guidance import GuidanceText
from directory.catalogue.hours import DayHours, OpenState
from directory.catalogue.queries import OrganisationFacts, ServiceFacts
from directory.web.pages.editing.keeping import Keeping
from directory.web.pages.holds.holding import Holding


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """An organisation. `unpublished` is its status in words for a commissioner, empty for what everybody sees.

    `source` says where the facts were read; it is for commissioners, empty for others. `last_changed` is when what is
    said of it was last changed (None: not known), which is another question than when it was confirmed.
    """

    template: ClassVar[str] = "pages/listings/organisation.html"

    organisation: OrganisationFacts
    unpublished: str
    unpublished_services: dict[str, str]
    source: str
    last_changed: datetime | None
    keeping: Keeping


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit in the list of its service."""

    unit: UnitFact
    borough: str | None
    cannot_take_from: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServicePage:
    """A service, whether it is open, and its units where the person may see those and there are any.

    `accepts_nrpf` and `location` are sentences about the place. `holding` is the form of the hold buttons, None for
    people who may not hold a space. `usually` says how they answered last quarter, empty where nothing may be said.
    `not_confirmed` says that its staff left three reminders unanswered; `last_changed` when what is said of it was last
    changed (None: not known).
    """

    template: ClassVar[str] = "pages/listings/service.html"

    service: ServiceFacts
    unpublished: str
    open_state: OpenState
    week: tuple[DayHours, ...]
    for_whom: str
    accepts_nrpf: str
    location: str
    units: tuple[UnitLine, ...] | None
    holding: Holding | None
    keeping: Keeping
    usually: str
    not_confirmed: bool
    last_changed: datetime | None
    guidance: GuidanceText | None
    now: datetime


@dataclass(frozen=True, slots=True)
class UnitPage:
    """One unit: for whom it has room, how sure its state is, and whom to phone about it."""

    template: ClassVar[str] = "pages/listings/unit.html"

    line: UnitLine
    service_id: str
    service_name: str
    unpublished: str
    phone: str
    professional_phone: str
    open_state: OpenState
    guidance: GuidanceText | None
    verified_on: date | None
    holding: Holding | None
    keeping: Keeping
    now: datetime
