"""What a programme is, and what must hold between its facts, whether they come from a file or from a form."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from directory.catalogue.files.description import Problem
from directory.catalogue.files.service_rules import tells_of_ringfence
from directory.catalogue.secrecy import find_location_in_label
from directory.common.dates import as_date

MOST_UNITS = 5_000
MOST_BEDSPACES = 30_000
DAY = timedelta(days=1)
# Addresses of pages of their own.
_RESERVED = frozenset({"new"})


@dataclass(frozen=True, slots=True)
class ProgrammeFacts:
    """A contract with its inventory; `active_until` is the London date after the last one."""

    code: str
    name: str
    units: int
    bedspaces: int
    ringfenced_units: int
    active_from: date | None
    active_until: date | None

    @property
    def version(self) -> str:
        """Tells what somebody has read of it from what it says by now."""
        said = [str(value) for value in self.values.values()]
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]

    @property
    def last_day(self) -> date | None:
        """The last London date of the contract."""
        return self.active_until - DAY if self.active_until else None

    @property
    def values(self) -> dict[str, Any]:
        """All but the code, by the names of the columns."""
        return {
            "name": self.name,
            "units": self.units,
            "bedspaces": self.bedspaces,
            "ringfenced_units": self.ringfenced_units,
            "active_from": self.active_from,
            "active_until": self.active_until,
        }

    def runs_on(self, day: date) -> bool:
        """Whether the contract covers this London date."""
        return (self.active_from is None or self.active_from <= day) and not self.ended_by(day)

    def ended_by(self, day: date) -> bool:
        """Whether the contract's last day was before this London date."""
        return self.active_until is not None and self.active_until <= day


def is_reserved(code: str) -> bool:
    """Whether the address of this programme's page would be that of another page."""
    return code.lower() in _RESERVED


def problems_in(values: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong between a programme's values, by their columns: the same for files and forms."""
    units, bedspaces, ringfenced = values["units"], values["bedspaces"], values["ringfenced_units"]
    if bedspaces < units:
        yield Problem(
            "bedspaces", f"Each unit has a bedspace or more, so it must be {units} or more for {units} units."
        )
    if ringfenced > units:
        yield Problem("ringfenced_units", f"They are some of the units, so it must be {units} or fewer.")
    first, end = values["active_from"], values["active_until"]
    if first is not None and end is not None and not first < end:
        yield Problem("active_until", f"The contract must end after it begins, which is on {as_date(first)}.")
    if is_reserved(values["code"]):
        yield Problem("code", "Choose another code: the directory needs this word for itself.")
    yield from tells_of_ringfence(values, ("code", "name"))
    for column in ("code", "name"):
        found = find_location_in_label(values[column])
        if found:
            yield Problem(column, f"It holds a {found.what}: a refuge's address never enters.", found.words)
