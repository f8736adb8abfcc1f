"""What checks find about an edition's performance data.

They are made while it is drafted, of exactly the figures that go into it, and kept with the draft: working all figures
out takes several times as long as everything else, and would have to be done again while others wait to write.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.audit.events import Event
from directory.audit.models import AuditEntry
from directory.publishing.editions.canonical import canonical
from directory.publishing.editions.facts import CheckedListing, Entry
from directory.publishing.editions.vocabulary import EntryKind
from directory.publishing.performance.facts import QuarterFigures, ShownState
from directory.publishing.performance.measures import measure
from directory.publishing.performance.self_check import check_quarter

GIVEN_AWAY, MISSING, DISAGREEING = "suppression", "performance_missing", "performance_disagreeing"


def find_in_figures(entries: Sequence[Entry], quarters: Sequence[QuarterFigures]) -> str:
    """Everything that is found of `quarters` (newest first), as it is kept with the draft of `entries`."""
    newest = next(iter(quarters), None)
    found = {
        GIVEN_AWAY: given_away(quarters),
        MISSING: missing_figures(entries, newest),
        DISAGREEING: disagreeing_figures(entries, newest),
    }
    return canonical({code: [[one.id, one.name, one.why] for one in listed] for code, listed in found.items()})


def found_in_figures(kept: str) -> dict[str, list[CheckedListing]]:
    """The same, read again; by the checks' codes."""
    read = json.loads(kept) if kept else {}
    return {
        code: [CheckedListing(EntryKind.PERFORMANCE, *one) for one in read.get(code, ())]
        for code in (GIVEN_AWAY, MISSING, DISAGREEING)
    }


def imported_since(session: Session, drafted_at: datetime) -> Iterator[CheckedListing]:
    """Whether figures, or a folder that may hold some, came after that instant: by the audit trail."""
    imports = (Event.PERFORMANCE_IMPORTED.value, Event.CATALOGUE_IMPORTED.value)
    since = select(AuditEntry.sequence).where(AuditEntry.event.in_(imports), AuditEntry.at > drafted_at).limit(1)
    if session.scalar(since) is not None:
        why = "Figures may have been imported after it was drafted. Draft again to have them in it."
        yield CheckedListing(EntryKind.PERFORMANCE, "", "Performance figures", why)


def given_away(quarters: Sequence[QuarterFigures]) -> Iterator[CheckedListing]:
    """Quarters of which a hidden number can be worked out. Which number, and how, is not repeated here."""
    for figures in quarters:
        problems = len(check_quarter(figures).problems)
        if problems:
            numbers = "1 hidden number" if problems == 1 else f"{problems} hidden numbers"
            why = f"{numbers} can be worked out from what is shown. Tell whoever keeps the directory."
            yield CheckedListing(EntryKind.PERFORMANCE, figures.quarter, figures.quarter, why)


def missing_figures(entries: Sequence[Entry], newest: QuarterFigures | None) -> Iterator[CheckedListing]:
    """Services that have given no figure of the newest final quarter (None: there is none)."""
    if newest is None:
        yield CheckedListing(EntryKind.PERFORMANCE, "", "All services", "There are no figures of any final quarter.")
        return
    given = {
        one.service_id
        for one in newest.services
        if any(shown.state is not ShownState.UNKNOWN for shown in one.imported.values())
    }
    for entry in entries:
        if entry.kind is EntryKind.SERVICE and entry.id not in given:
            why = f"It has given no figures of {newest.quarter}."
            yield CheckedListing(EntryKind.PERFORMANCE, entry.id, str(entry.body["name"]), why)


def disagreeing_figures(entries: Sequence[Entry], newest: QuarterFigures | None) -> Iterator[CheckedListing]:
    """Services whose own figures of the newest quarter are not the directory's."""
    held = {entry.id for entry in entries if entry.kind is EntryKind.SERVICE}
    for one in newest.services if newest else ():
        if one.disagreeing and one.service_id in held:
            names = ", ".join(_name(code) for code in one.disagreeing)
            why = f"Its own figures and the directory’s differ by more than a tenth: {names}."
            yield CheckedListing(EntryKind.PERFORMANCE, one.service_id, one.service_name, why)


def _name(code: str) -> str:
    found = measure(code)
    return found.name.lower() if found else code
