"""How many people live in each borough: a small published file, so that gaps can be weighed."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from directory.common.errors import DomainError
from directory.paths import SEED_DATA

POPULATIONS = SEED_DATA / "populations.csv"


@dataclass(frozen=True, slots=True)
class Populations:
    """Residents by borough code, and where the figures come from."""

    residents: dict[str, int]
    source: str


@cache
def read_populations(path: Path = POPULATIONS) -> Populations:
    """The file's figures, read once: `borough_code,population,source`. Raises DomainError for a line that is wrong."""
    residents: dict[str, int] = {}
    sources: list[str] = []
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            population = (row.get("population") or "").strip()
            if not population.isascii() or not population.isdigit() or not row.get("borough_code"):
                raise DomainError(f"{path.name}, line {number}: a borough's code and a whole number are needed.")
            residents[row["borough_code"].strip()] = int(population)
            sources.append((row.get("source") or "").strip())
    return Populations(residents, "; ".join(sorted({source for source in sources if source})))
