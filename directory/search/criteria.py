"""A validated need: what a search asks for (design section 4). Nothing in here is ever stored.

The question may say "a place that does not depend on public funds". That is asked of a place, used once and forgotten.
"""

import enum
from dataclasses import dataclass, field

from directory.catalogue.vocabulary import Gender, ServiceKind
from directory.common.paging import Paging
from directory.places.lookup import Place


class Preference(enum.StrEnum):
    """A preference that can be turned into a must."""

    LANGUAGE = "language"
    COMMUNITY = "community"
    BY_AND_FOR = "by_and_for"


class PreferDistance(enum.StrEnum):
    """Whether nearer or farther is better: for many, safety is distance."""

    NEAR = "near"
    FAR = "far"
    ANY = "any"


class Sex(enum.StrEnum):
    """A child's sex, asked because some refuges take boys only up to an age."""

    FEMALE = "f"
    MALE = "m"


@dataclass(frozen=True, slots=True)
class Child:
    """A child who needs a space too: age in whole years, 0 to 17."""

    age: int
    sex: Sex


@dataclass(frozen=True, slots=True)
class Household:
    """The adults and children who need a space together."""

    adults: int
    children: tuple[Child, ...]

    @property
    def people(self) -> int:
        """How many bedspaces the household takes."""
        return self.adults + len(self.children)

    @property
    def oldest_boy(self) -> int | None:
        """The age of the oldest boy, or None without boys."""
        return max((child.age for child in self.children if child.sex == Sex.MALE), default=None)


@dataclass(frozen=True, slots=True)
class Criteria:
    """What is asked. Every code in here exists; an empty value asks nothing.

    `needs` holds, for each need asked, the codes that answer it: its own and those of all narrower terms.
    """

    near: Place | None = None
    within: float | None = None
    avoid: frozenset[str] = frozenset()
    household: Household | None = None
    gender: Gender | None = None
    age: int | None = None
    needs: tuple[frozenset[str], ...] = ()
    languages: frozenset[str] = frozenset()
    communities: frozenset[str] = frozenset()
    by_and_for: bool = False
    access: frozenset[str] = frozenset()
    nrpf: bool = False
    space: bool = False
    open_now: bool = False
    kinds: frozenset[ServiceKind] = frozenset()
    musts: frozenset[Preference] = frozenset()
    prefer_distance: PreferDistance = PreferDistance.NEAR
    paging: Paging = field(default_factory=Paging)
    names: dict[str, str] = field(default_factory=dict, compare=False)
    """The names of the needs, communities and features asked, by code, for explaining a match."""
    asked_needs: tuple[str, ...] = ()
    """The need codes as they were asked, in the order of `needs`."""
