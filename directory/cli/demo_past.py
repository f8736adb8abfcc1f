"""The demonstration's past: how its units were used, and what became of referrals, before the directory was there.

All of it is made up, from nothing but the names of units and services and the figures in `performance.csv`, so it is
the same on every machine.
"""

import csv
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy.orm import Session

from directory.capacity.history import backfill_states
from directory.insight.counters import Bucket, widest_terms
from directory.insight.counters import add_counts as add_unmet
from directory.insight.unmet import buckets_of
from directory.paths import SEED_DATA
from directory.places.lookup import all_boroughs
from directory.referrals.statistics import ANSWERED_WITHIN_MINUTES, Contribution, add_counts, referral_counts

PAST = timedelta(days=500)
SHORTEST_STAY, LONGEST_STAY = 14, 150
LONGEST_GAP = 6
ONE_IN_CLOSED = 12
UNMET_SEARCHES = 1_500


def ensure_past(session: Session, now: datetime) -> None:
    """Make up what is not there yet; the caller commits."""
    backfill_states(session, _earlier)
    if not referral_counts(session):
        add_counts(session, _counts())
        add_unmet(session, _unmet(session, now))


def _earlier(unit_id: str, state: str, began_at: datetime) -> Sequence[tuple[str, datetime]]:
    """Stays of some weeks with short gaps between, some of them for repairs; oldest first."""
    made_up = _made_up(unit_id)
    periods: list[tuple[str, datetime]] = []
    at = (began_at - PAST).replace(minute=0, second=0, microsecond=0)
    at += timedelta(days=made_up.randrange(LONGEST_STAY))
    while at < began_at:
        periods.append(("occupied", at))
        at += timedelta(days=made_up.randrange(SHORTEST_STAY, LONGEST_STAY), hours=made_up.randrange(-4, 5))
        if at < began_at:
            periods.append(("closed" if made_up.randrange(ONE_IN_CLOSED) == 0 else "open", at))
            at += timedelta(days=made_up.randrange(1, LONGEST_GAP), hours=made_up.randrange(-4, 5))
    # Two periods in a row are never in the same state.
    while periods and periods[-1][0] == state:
        periods.pop()
    return periods


def _counts() -> Counter[Contribution]:
    """What referrals would have left behind that agree with the imported figures of most services, and not of all."""
    counted: Counter[Contribution] = Counter()
    for (service_id, quarter), figures in _imported().items():
        received = figures.get("referrals_received")
        if received is None:
            continue
        made_up = _made_up(f"{service_id} {quarter}")
        # Some services hear of referrals by other ways too, some count differently.
        asked = received if made_up.randrange(5) else round(received * made_up.choice((0.6, 0.85, 1.2)))
        for measure, count in _of_quarter(asked, received, figures, made_up).items():
            for month, share in zip(_months(quarter), _in_three(count, made_up), strict=True):
                counted[month, service_id, measure] += share
    return counted


def _of_quarter(asked: int, received: int, figures: Mapping[str, int], made_up: Random) -> Counter[str]:
    scale = asked / received if received else 0
    accepted = min(asked, round(figures.get("referrals_accepted", 0) * scale))
    full = min(asked - accepted, round(figures.get("declined_no_capacity", (received - accepted) // 2) * scale))
    unanswered = min(asked - accepted - full, made_up.randrange(3))
    counts = Counter(
        {"asked": asked, "accepted": accepted, "declined.provider.no_capacity": full, "unanswered": unanswered}
    )
    others = ("survivor.too_near", "survivor.too_far", "provider.cannot_meet_need", "survivor.not_reachable")
    for _ in range(asked - accepted - full - unanswered):
        counts[f"declined.{made_up.choice(others)}"] += 1
    answered = asked - unanswered
    counts.update(_bands(answered, figures, made_up))
    in_time = round(answered * figures.get("answered_within_target_percent", 90) / 100)
    counts["answered_in_time"] = min(answered, in_time)
    counts["code_met"] = round(asked * 0.93)
    counts["code_missed"] = asked - counts["code_met"]
    counts["arrived"] = round(accepted * 0.85)
    counts["did_not_arrive"] = accepted - counts["arrived"]
    return counts


def _bands(answered: int, figures: Mapping[str, int], made_up: Random) -> Counter[str]:
    """Times of answering that have about the imported median and 90th percentile."""
    median, slow = figures.get("median_response_minutes", 60), figures.get("p90_response_minutes", 240)
    bands: Counter[str] = Counter()
    for number in range(answered):
        part = (number + 0.5) / answered
        minutes = median * 2 * part if part <= 0.5 else median + (slow - median) * (part - 0.5) / 0.4
        minutes *= 1 if part <= 0.9 else made_up.choice((1, 2))
        band = next((f"{most}" for most in ANSWERED_WITHIN_MINUTES if minutes <= most), "more")
        bands[f"answered.{band}"] += 1
    return bands


@dataclass(frozen=True, slots=True)
class _Place:
    borough_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Household:
    people: int


@dataclass(frozen=True, slots=True)
class _Search:
    near: _Place | None
    household: _Household | None
    asked_needs: tuple[str, ...]


def _unmet(session: Session, now: datetime) -> Counter[Bucket]:
    """Searches of the last months that found nothing: more in some boroughs, for large households above all."""
    made_up = _made_up("unmet")
    boroughs = sorted(borough.code for borough in all_boroughs(session))
    busy = made_up.choices(boroughs, k=12)
    widest = widest_terms(session)
    needs = sorted(set(widest.values()))
    counts: Counter[Bucket] = Counter()
    for number in range(UNMET_SEARCHES):
        search = _Search(
            _Place((made_up.choice(busy if number % 3 else boroughs),)) if number % 9 else None,
            _Household(made_up.choice((1, 2, 3, 4, 4, 5, 5, 6))) if number % 8 else None,
            tuple(made_up.sample(needs, k=1)) if number % 5 else (),
        )
        counts.update(buckets_of(search, widest, now - timedelta(days=made_up.randrange(PAST.days // 2))))
    return counts


def _imported() -> dict[tuple[str, str], dict[str, int]]:
    found: dict[tuple[str, str], dict[str, int]] = {}
    with (SEED_DATA / "demo" / "performance.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["value"]:
                of_quarter = found.setdefault((row["service_id"], row["period"]), {})
                of_quarter[row["measure"]] = round(float(row["value"]))
    return found


def _months(quarter: str) -> Iterator[str]:
    year, _, number = quarter.partition("-Q")
    first = 3 * int(number) - 2
    return (f"{year}-{month:02}" for month in range(first, first + 3))


def _in_three(count: int, made_up: Random) -> tuple[int, int, int]:
    third = count // 3
    early = third + (made_up.randrange(count - 3 * third + 1) if count % 3 else 0)
    return early, third, count - early - third


def _made_up(text: str) -> Random:
    """Chance that is the same for the same text."""
    return Random(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]))  # noqa: S311 - nothing to guess
