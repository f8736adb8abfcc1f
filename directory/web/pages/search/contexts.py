"""What the search's templates may see, and nothing else."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from directory.capacity.queries import UnitFact
from directory.catalogue.guidance import GuidanceText
from directory.catalogue.hours import OpenState
from directory.search.choices import Choices
from directory.search.details import Match
from directory.web.pages.holds.holding import Holding
from directory.web.pages.search.forms import SearchForm


@dataclass(frozen=True, slots=True)
class SearchFormPage:
    """The form, empty or with an earlier question; `opened` names the parts that show their contents at once."""

    template: ClassVar[str] = "pages/search/form.html"

    form: SearchForm
    choices: Choices
    opened: frozenset[str]
    guidance: GuidanceText | None


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit that fits, as one line of a result."""

    unit: UnitFact
    address: str
    borough: str | None


@dataclass(frozen=True, slots=True)
class ResultCard:
    """One result: the match, its kind in words, where it is, whether it is open, and the units to show of it.

    `usually` says how it answered last quarter; empty where nothing may be said.
    """

    match: Match
    kind: str
    where: str
    open_state: OpenState
    units: tuple[UnitLine, ...]
    more_units: int
    distance: str | None
    why: tuple[str, ...]
    usually: str


@dataclass(frozen=True, slots=True)
class Pager:
    """Where the page stands among the pages of results, with the addresses of its neighbours."""

    page: int
    pages: int
    previous: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """The answer to a search. `asked` says the question back, line by line; `expires_at` is when its link ends.

    `holding` is the form of the hold buttons, None for people who may not hold a space.
    """

    template: ClassVar[str] = "pages/search/results.html"

    heading: str
    asked: tuple[str, ...]
    corrected_from: str | None
    place_name: str | None
    results: tuple[ResultCard, ...]
    conditional: tuple[ResultCard, ...]
    near_misses: tuple[ResultCard, ...]
    pathways: tuple[ResultCard, ...]
    pathway_guidance: GuidanceText | None
    guidance: GuidanceText | None
    holding: Holding | None
    total: int
    first: int
    pager: Pager
    change_url: str
    now: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ExpiredPage:
    """A link that can no longer be opened."""

    template: ClassVar[str] = "pages/search/expired.html"

    minutes: int
