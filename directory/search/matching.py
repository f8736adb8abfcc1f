"""What fits: a refuge by its units, each on its own; every other service as a whole."""

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np

from directory.search.musts import (
    Asked,
    Must,
    Musts,
    service_may_be_offered,
    service_musts,
    services_if_funded,
    services_outright,
    unit_may_be_offered,
    unit_musts,
    units_outright,
)
from directory.search.postings import Mask, Numbers

WHOLE = -1


@dataclass(frozen=True, slots=True)
class Options:
    """What can be offered, one entry each: the position of the service and of the unit (WHOLE: the service itself).

    `failed` names, by the positions of service and unit, the one must that a near miss did not meet.
    """

    service: Numbers
    unit: Numbers
    failed: dict[tuple[int, int], Must] = field(default_factory=dict)

    def without_services(self, services: Numbers) -> "Options":
        """The same without what these services offer."""
        keep = ~np.isin(self.service, services)
        return Options(self.service[keep], self.unit[keep], self.failed)

    def units_of(self, services: Collection[int]) -> dict[int, list[int]]:
        """The positions of the units that these services offer, by the position of the service."""
        rows = np.flatnonzero(np.isin(self.service, list(services)) & (self.unit != WHOLE))
        grouped: dict[int, list[int]] = {}
        for row in rows:
            grouped.setdefault(int(self.service[row]), []).append(int(self.unit[row]))
        return grouped


@dataclass(frozen=True, slots=True)
class Matches:
    """What fits outright, and what fits only if it is funded; a service stands in one of the two."""

    outright: Options
    if_funded: Options


def find_matches(asked: Asked) -> Matches:
    """Everything that meets all musts."""
    units = unit_may_be_offered(asked) & _all(unit_musts(asked), len(asked.index.units.ids))
    services = service_may_be_offered(asked) & _all(service_musts(asked), len(asked.index.services.ids))
    outright = _options(asked, units & units_outright(asked), services & services_outright(asked))
    payable = services_if_funded(asked)
    if_funded = _options(asked, units & payable[asked.index.units.service], services & payable)
    return Matches(outright, if_funded.without_services(outright.service))


def find_near_misses(asked: Asked) -> Options:
    """Everything that fails exactly one must and takes the household outright.

    One that failed on funding is never shown, nor one in an avoided borough: the first could tell a ring-fence.
    """
    of_units, of_services = unit_musts(asked), service_musts(asked)
    units = unit_may_be_offered(asked) & units_outright(asked) & (_failures(of_units, len(asked.index.units.ids)) == 1)
    services = (
        service_may_be_offered(asked)
        & services_outright(asked)
        & (_failures(of_services, len(asked.index.services.ids)) == 1)
    )
    options = _options(asked, units, services)
    failed: dict[tuple[int, int], Must] = {}
    for service, unit in zip(options.service.tolist(), options.unit.tolist(), strict=True):
        musts, row = (of_services, service) if unit == WHOLE else (of_units, unit)
        failed[service, unit] = next(must for must, mask in musts.items() if not mask[row])
    return Options(options.service, options.unit, failed)


def _options(asked: Asked, units: Mask, services: Mask) -> Options:
    unit_rows, service_rows = np.flatnonzero(units), np.flatnonzero(services)
    return Options(
        service=np.concatenate([asked.index.units.service[unit_rows], service_rows]),
        unit=np.concatenate([unit_rows, np.full(len(service_rows), WHOLE, dtype=np.int64)]),
    )


def _all(musts: Musts, size: int) -> Mask:
    mask = np.ones(size, dtype=bool)
    for must in musts.values():
        mask &= must
    return mask


def _failures(musts: Musts, size: int) -> Numbers:
    failures = np.zeros(size, dtype=np.int64)
    for mask in musts.values():
        failures += ~mask
    return failures
