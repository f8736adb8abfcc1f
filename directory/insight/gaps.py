"""Where the gaps are that matter most: nobody covers a need, many people live there, searches found nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from directory.insight.coverage import Cover, Matrix
from directory.insight.rounding import FEW, Rounded
from directory.insight.unmet_tables import UnmetQuarter
from directory.places.lookup import BoroughFact

PER = 100_000


@dataclass(frozen=True, slots=True)
class Gap:
    """A need in a borough: who covers it, how many people live there, and what was searched in vain in its BCU.

    `unmet` is the rounded count of the borough's whole BCU, in the last quarter that can be shown.
    """

    need: str
    borough: BoroughFact
    cover: Cover
    residents: int
    unmet: Rounded

    @property
    def residents_per_service(self) -> int | None:
        """Residents for each service that covers the borough; None where none does."""
        return round(self.residents / self.cover.services) if self.cover.services else None


def need_by_borough(
    matrix: Matrix,
    need: str,
    boroughs: list[BoroughFact],
    residents: Mapping[str, int],
    unmet: UnmetQuarter | None,
) -> list[Gap]:
    """One need, borough by borough, in the order of `boroughs`."""
    table = unmet.needs if unmet else None
    return [
        Gap(
            need=need,
            borough=borough,
            cover=matrix.cell(need, borough.code),
            residents=residents.get(borough.code, 0),
            unmet=table.cells.get((need, borough.police_area), FEW) if table else FEW,
        )
        for borough in boroughs
    ]


def worst_gaps(
    matrix: Matrix,
    boroughs: list[BoroughFact],
    residents: Mapping[str, int],
    unmet: UnmetQuarter | None,
    most: int = 10,
) -> list[Gap]:
    """What nobody covers, then what only services for all of London or more do; searches in vain first, then people."""
    found = [
        gap
        for need in matrix.rows
        for gap in need_by_borough(matrix, need, boroughs, residents, unmet)
        if not gap.cover.local
    ]
    found.sort(key=lambda gap: (gap.cover.wide > 0, -gap.unmet.low, -gap.residents, gap.need, gap.borough.code))
    return found[:most]


def per_residents(services: int, residents: int) -> float | None:
    """Services for each 100,000 residents, to one decimal; None where nobody is known to live there."""
    return round(services * PER / residents, 1) if residents else None
