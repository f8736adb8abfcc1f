"""Counting searches that found nothing, so coarsely and so late that none of them can be recognised.

What waits to be written lives in this process's memory alone, and is lost on purpose when the process ends: a file of
single searches would be what this avoids. Each process waits by itself. Nothing here is ever logged.
"""

import threading
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from secrets import SystemRandom
from typing import Protocol

from sqlalchemy.orm import Session

from directory.common.clock import london_date
from directory.insight.counters import Bucket, add_counts, widest_terms, without_waiting
from directory.insight.models import HouseholdBand
from directory.insight.periods import FINAL_AFTER

TOGETHER = 3
"""So many in one bucket are written at once."""
SHORTEST_WAIT = timedelta(hours=2)
LONGEST_WAIT = timedelta(hours=24)
NewSession = Callable[[], Session]
# Not the usual generator, whose next numbers can be told from its last ones.
_RANDOM = SystemRandom()
_BANDS = {
    1: HouseholdBand.ONE,
    2: HouseholdBand.TWO,
    3: HouseholdBand.THREE,
    4: HouseholdBand.FOUR,
}


class AskedPlace(Protocol):
    """Where a search was made for: only the first of the place's London boroughs is looked at."""

    @property
    def borough_codes(self) -> tuple[str, ...]:
        """ONS codes, the one that holds most of the place first."""


class AskedHousehold(Protocol):
    """For how many: only their number is looked at."""

    @property
    def people(self) -> int:
        """How many bedspaces the household takes."""


class Asked(Protocol):
    """All that this package may know of a question; there are no names here for anything else that is asked."""

    @property
    def near(self) -> AskedPlace | None:
        """The place."""

    @property
    def household(self) -> AskedHousehold | None:
        """The household."""

    @property
    def asked_needs(self) -> tuple[str, ...]:
        """Codes of needs."""


class UnmetNeeds:
    """What waits to be counted. One for each process, shared by its threads.

    `failures` counts what could not be noted or written, without a word of why: an error's text may quote the question.
    """

    def __init__(self, uniform: Callable[[float, float], float] = _RANDOM.uniform) -> None:
        self.failures = 0
        self._uniform = uniform
        self._lock = threading.Lock()
        self._waiting: dict[Bucket, list[datetime]] = {}

    def note(self, new_session: NewSession, asked: Asked, now: datetime) -> None:
        """Count a search that matched nothing outright, which the caller has made sure of; then write what is due.

        Call it once the answer has gone. Whatever goes wrong is swallowed.
        """
        try:
            with new_session() as session:
                widest = widest_terms(session)
            self._add(buckets_of(asked, widest, now), now)
        except Exception:  # nobody's search may fail for being counted
            self.failures += 1
        self.write_due(new_session, now)

    def note_if(
        self, new_session: NewSession, asked: Asked, now: datetime, found_nothing: Callable[[Session], bool]
    ) -> None:
        """The same where it has yet to be found out, with a session of its own, whether anything matched."""
        try:
            with new_session() as session:
                unmet = found_nothing(session)
        except Exception:
            self.failures += 1
            return
        if unmet:
            self.note(new_session, asked, now)
        else:
            self.write_due(new_session, now)

    def write_due(self, new_session: NewSession, now: datetime) -> None:
        """Write what has waited long enough, and what has company, in one statement and a transaction of its own.

        Any search is an occasion, also one that found something: a write does not tell that a search went unmet just
        now. It waits for nobody who is writing: where it fails, it is tried again on the next occasion.
        """
        due = self._take_due(now)
        if not due:
            return
        try:
            with new_session() as session:
                with without_waiting(session):
                    add_counts(session, due)
                session.commit()
        except Exception:
            self.failures += 1
            self._put_back(due, now)

    def _add(self, buckets: Collection[Bucket], now: datetime) -> None:
        seconds = (SHORTEST_WAIT.total_seconds(), LONGEST_WAIT.total_seconds())
        with self._lock:
            for bucket in buckets:
                due = now + timedelta(seconds=self._uniform(*seconds))
                self._waiting.setdefault(bucket, []).append(due)

    def _take_due(self, now: datetime) -> Counter[Bucket]:
        """What is to be written now. What comes so late that its period may have been shown is given up."""
        today = london_date(now)
        taken: Counter[Bucket] = Counter()
        with self._lock:
            for bucket, times in list(self._waiting.items()):
                later = [] if len(times) >= TOGETHER else [time for time in times if time > now]
                if len(later) < len(times) and today <= bucket.day + FINAL_AFTER:
                    taken[bucket] = len(times) - len(later)
                if later:
                    self._waiting[bucket] = later
                else:
                    del self._waiting[bucket]
        return taken

    def _put_back(self, counts: Mapping[Bucket, int], now: datetime) -> None:
        with self._lock:
            for bucket, count in counts.items():
                self._waiting.setdefault(bucket, []).extend([now] * count)


def buckets_of(asked: Asked, widest: Mapping[str, str], now: datetime) -> list[Bucket]:
    """Where a search is counted: once for each widest need that it asked for, once where it asked for none."""
    boroughs = asked.near.borough_codes if asked.near else ()
    people = asked.household.people if asked.household else 0
    band = _BANDS.get(people, HouseholdBand.FIVE_OR_MORE) if people else HouseholdBand.NOT_SAID
    needs = {widest[code] for code in asked.asked_needs if code in widest} or {""}
    return [Bucket(london_date(now), boroughs[0] if boroughs else "", need, band) for need in sorted(needs)]
