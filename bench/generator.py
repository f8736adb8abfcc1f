"""Makes a catalogue of any size, as a folder of catalogue files: the same seed makes the same catalogue."""

import csv
import random
from dataclasses import dataclass
from pathlib import Path

from directory.catalogue.vocabulary import ServiceKind

SEED = 20261122
HOURS = ("24/7", "Mo-Fr 09:00-17:00; PH off", "Mo-Fr 09:30-16:30; We 09:30-20:00", "Mo-Su 10:00-22:00", "")
LANGUAGES = ("en", "bn", "ur", "pa", "so", "tr", "ar", "fa", "pl", "ro", "es", "pt", "fr", "zh", "vi", "ta", "gu", "yo")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The codes that a generated catalogue is made of."""

    needs: list[str]
    communities: list[str]
    access: list[str]
    boroughs: list[str]
    postcodes: list[tuple[str, str]]


def read_vocabulary(seed_data: Path) -> Vocabulary:
    """The codes of the project's own seed data."""

    def codes(path: str, column: str = "code") -> list[str]:
        with (seed_data / path).open(encoding="utf-8") as file:
            return [row[column] for row in csv.DictReader(file)]

    with (seed_data / "demo/services.csv").open(encoding="utf-8") as file:
        postcodes = [(row["postcode"], row["borough"]) for row in csv.DictReader(file) if row["postcode"]]
    return Vocabulary(
        codes("taxonomies/needs.csv"),
        codes("taxonomies/communities.csv"),
        codes("taxonomies/access_features.csv"),
        codes("gazetteer/boroughs.csv"),
        postcodes,
    )


def write_catalogue(folder: Path, words: Vocabulary, *, services: int, units: int) -> None:
    """Write organisations.csv, services.csv, units.csv and performance.csv: a fifth of the services are refuges."""
    chance = random.Random(SEED)
    folder.mkdir(parents=True, exist_ok=True)
    organisations = max(1, services // 3)
    _write(folder / "organisations.csv", [_organisation(number, words, chance) for number in range(organisations)])
    rows = [_service(number, organisations, words, chance) for number in range(services)]
    _write(folder / "services.csv", rows)
    refuges = [row["id"] for row in rows if row["kind"] == ServiceKind.REFUGE]
    _write(folder / "units.csv", [_unit(number, refuges, words, chance) for number in range(units)])
    _write(
        folder / "performance.csv",
        [
            {
                "service_id": row["id"],
                "period": "2026-Q3",
                "measure": "median_response_minutes",
                "value": str(chance.randint(10, 2000)),
            }
            for row in rows[::2]
        ],
    )


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _some(chance: random.Random, of: list[str] | tuple[str, ...], least: int, most: int) -> str:
    return ";".join(sorted(chance.sample(of, chance.randint(least, most))))


def _organisation(number: int, words: Vocabulary, chance: random.Random) -> dict[str, str]:
    return {
        "id": f"organisation-{number}",
        "name": f"Organisation {number}",
        "description": "Fictional organisation for measuring.",
        "by_and_for": chance.choice(("yes", "no")),
        "communities": _some(chance, words.communities, 0, 3),
        "website": f"https://organisation-{number}.example.org",
        "phone": f"020 7946 0{number % 1000:03d}",
        "status": "published",
        "verified_on": "2026-10-01",
    }


def _service(number: int, organisations: int, words: Vocabulary, chance: random.Random) -> dict[str, str]:
    is_refuge = number % 5 == 0
    kind = ServiceKind.REFUGE if is_refuge else chance.choice([kind for kind in ServiceKind if kind != "refuge"])
    postcode, borough = chance.choice(words.postcodes)
    is_public = not is_refuge and chance.random() < 0.6
    return {
        "id": f"service-{number}",
        "organisation_id": f"organisation-{number % organisations}",
        "name": f"Service {number}",
        "kind": kind.value,
        "description": "Made for measuring.",
        "needs": _some(chance, words.needs, 3, 12),
        "communities": _some(chance, words.communities, 0, 2),
        "languages": _some(chance, LANGUAGES, 1, 5),
        "genders": chance.choice(("woman", "woman", "woman", "woman;non_binary", "man", "man;non_binary;woman")),
        "min_age": chance.choice(("", "16", "18")),
        "max_age": chance.choice(("", "", "", "25")),
        "accepts_nrpf": chance.choice(("yes", "no", "if_funded", "")),
        "areas": ""
        if is_refuge
        else chance.choice(("london", "england", "", "", "")) or _some(chance, words.boroughs, 1, 5),
        "location_disclosure": "secret" if is_refuge else "public" if is_public else "borough",
        "postcode": postcode if is_public else "",
        "borough": borough if is_public else chance.choice(words.boroughs),
        "access_features": _some(chance, words.access, 0, 4),
        "hours": chance.choice(HOURS),
        "phone": f"020 7946 0{number % 1000:03d}",
        "response_target_minutes": chance.choice(("60", "240", "1440")),
        "status": "published",
        "verified_on": "2026-10-01",
    }


def _unit(number: int, refuges: list[str], words: Vocabulary, chance: random.Random) -> dict[str, str]:
    bedspaces = chance.randint(1, 6)
    return {
        "id": f"unit-{number}",
        "service_id": refuges[number % len(refuges)],
        "name": f"Room {number % 10 + 1}",
        "bedspaces": str(bedspaces),
        "max_adults": str(chance.randint(1, min(2, bedspaces))),
        "max_children": str(bedspaces - 1),
        "boys_max_age": chance.choice(("", "11", "14")),
        "ringfence": "nrpf" if chance.random() < 0.2 else "none",
        "access_features": _some(chance, words.access, 0, 5),
        "not_from": _some(chance, words.boroughs, 0, 3),
        "programme": "",
        "active_from": "2025-04-01",
        "active_until": "2028-04-01",
        "state": chance.choice(("open", "open", "occupied", "occupied", "closed")),
        "confirmed_at": chance.choice(("-PT1H", "-PT9H", "-PT30H", "-P5D")),
    }
