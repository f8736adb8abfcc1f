"""What the templates of holds may see: the service, never the unit (firewall, rule 3)."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from directory.capacity.holds.queries import HoldFact
from directory.web.pages.holds.holding import Holding
from directory.web.pages.search.contexts import ResultCard


@dataclass(frozen=True, slots=True)
class HoldLine:
    """A hold in a list, in words: until when it is or was kept, what became of it, where a referral is made of it."""

    hold: HoldFact
    until: str
    outcome: str
    refer_url: str


@dataclass(frozen=True, slots=True)
class HoldsPage:
    """A person's holds: live ones, and those that were over in the last day."""

    template: ClassVar[str] = "pages/holds/list.html"

    live: tuple[HoldLine, ...]
    over: tuple[HoldLine, ...]
    now: datetime


@dataclass(frozen=True, slots=True)
class HoldPage:
    """One hold. `seconds_left` is 0 unless it is live."""

    template: ClassVar[str] = "pages/holds/hold.html"

    hold: HoldFact
    until: str
    minutes_left: str
    seconds_left: int
    refer_url: str
    extend_by: str


@dataclass(frozen=True, slots=True)
class GonePage:
    """The space has gone: taken by somebody, or not offered any more. `next_best` can be held from here; they answer
    the same search, where there was one."""

    template: ClassVar[str] = "pages/holds/gone.html"

    service_id: str
    service_name: str
    was_taken: bool
    next_best: tuple[ResultCard, ...]
    answers_a_search: bool
    holding: Holding | None
    now: datetime


@dataclass(frozen=True, slots=True)
class TooManyPage:
    """The person has as many live holds as one may have; one of them has to go first."""

    template: ClassVar[str] = "pages/holds/too_many.html"

    live: tuple[HoldLine, ...]
    most: int
