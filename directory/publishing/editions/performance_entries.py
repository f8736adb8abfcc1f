"""The performance data of an edition: the last four final quarters, in the texts that everybody may read (rule 8)."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from directory.publishing.editions.facts import Entry
from directory.publishing.editions.vocabulary import EntryKind
from directory.publishing.performance.facts import QuarterFigures, ServiceFigures, Shown, ShownState, Source
from directory.publishing.performance.reading import read_quarter, shown_quarters

QUARTERS = 4
NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Performance:
    """The entries, and the quarters as they were read for them, newest first (none: no final one has figures)."""

    entries: list[Entry] = field(default_factory=list)
    quarters: tuple[QuarterFigures, ...] = ()


def read_performance(session: Session, service_ids: Collection[str], now: datetime) -> Performance:
    """An entry for each of these services that has a figure, shown or hidden, in one of the quarters."""
    said: defaultdict[str, dict[str, dict[str, dict[str, str]]]] = defaultdict(dict)
    read = tuple(read_quarter(session, quarter, now) for quarter in shown_quarters(session, now)[:QUARTERS])
    for of_quarter in read:
        for figures in of_quarter.services:
            texts = _texts(figures) if figures.service_id in service_ids else {}
            if texts:
                said[figures.service_id][of_quarter.quarter] = texts
    entries = [
        Entry(EntryKind.PERFORMANCE, service_id, {"service_id": service_id, "quarters": quarters})
        for service_id, quarters in said.items()
    ]
    return Performance(entries, read)


def _texts(figures: ServiceFigures) -> dict[str, dict[str, str]]:
    """By measure and source; a measure that neither source knows is left out."""
    said = {}
    for measure in sorted({*figures.imported, *figures.computed}):
        shown = {source: figures.of(source).get(measure) for source in Source}
        if any(one is not None and one.state is not ShownState.UNKNOWN for one in shown.values()):
            said[measure] = _both(shown)
    return said


def _both(shown: Mapping[Source, Shown | None]) -> dict[str, str]:
    return {source.value: one.text if one else NOT_KNOWN for source, one in shown.items()}
