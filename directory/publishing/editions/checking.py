"""The checks of a draft: what keeps it from being signed off, and what whoever signs it must have read."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.capacity.availability import Moment
from directory.capacity.overdue import LISTING_REVIEW
from directory.publishing.editions.canonical import canonical
from directory.publishing.editions.content import build_listings
from directory.publishing.editions.facts import Check, CheckedListing, Entry, Severity
from directory.publishing.editions.listing_checks import (
    changed_since,
    incomplete,
    nothing_published,
    stale_listings,
    told_places,
    unreconciled,
)
from directory.publishing.editions.models import Edition
from directory.publishing.editions.performance_checks import (
    DISAGREEING,
    GIVEN_AWAY,
    MISSING,
    found_in_figures,
    imported_since,
)
from directory.publishing.editions.reading import entries
from directory.publishing.editions.vocabulary import EntryKind

_Found = Mapping[str, Sequence[CheckedListing]]
KEPT = 50
"""Of each check, so many findings are kept with the signature, beside how many there were."""


def check(session: Session, edition_id: int, moment: Moment) -> tuple[Check, ...]:
    """Every check of an edition at `moment`, those that block first; a check without findings passed.

    A fixed number of statements. Titles say what must hold.
    """
    held = [entry for kind in EntryKind for entry in entries(session, edition_id, kind)]
    kept = session.execute(select(Edition.drafted_checks, Edition.prepared_at).where(Edition.id == edition_id)).one()
    figures = found_in_figures(kept.drafted_checks)
    listings = [entry for entry in held if entry.kind is not EntryKind.PERFORMANCE]
    changed = [
        *changed_since(listings, build_listings(session, moment)),
        *imported_since(session, kept.prepared_at),
    ]
    return (*_blocking_checks(session, held, figures), *_warning_checks(session, held, figures, changed, moment))


def blocking(checks: Iterable[Check]) -> tuple[Check, ...]:
    """Those that keep an edition from being signed off."""
    return tuple(one for one in checks if one.found and one.severity is Severity.BLOCKS)


def count_warnings(checks: Iterable[Check]) -> int:
    """How many findings whoever signs has to be shown."""
    return sum(len(one.found) for one in checks if one.severity is Severity.WARNS)


def as_json(checks: Sequence[Check]) -> str:
    """What the checks found, as it is kept with the signature: all numbers, and the first findings of each."""
    return canonical([_summary(one) for one in checks if one.found])


def _summary(one: Check) -> dict[str, Any]:
    first = [
        {"kind": found.kind.value, "id": found.id, "name": found.name, "why": found.why} for found in one.found[:KEPT]
    ]
    return {"code": one.code, "severity": one.severity.value, "found": len(one.found), "first": first}


def _blocking_checks(session: Session, held: Sequence[Entry], figures: _Found) -> list[Check]:
    hidden = "No hidden number can be worked out from what is shown."
    return [
        _check("nothing_published", Severity.BLOCKS, "There is a service in it.", nothing_published(held)),
        _check("secret_location", Severity.BLOCKS, "No place is told that is not public.", told_places(session, held)),
        _check("suppression", Severity.BLOCKS, hidden, figures[GIVEN_AWAY]),
    ]


def _warning_checks(
    session: Session, held: Sequence[Entry], figures: _Found, changed: Sequence[CheckedListing], moment: Moment
) -> list[Check]:
    listings, units = stale_listings(session, held, moment)
    hours = round(moment.stale_after.total_seconds() / 3600)
    stale = f"Every listing was confirmed in the last {LISTING_REVIEW.days} days."
    found = [
        ("stale_listings", stale, listings),
        ("unconfirmed_units", f"Every unit was confirmed in the last {hours} hours.", units),
        ("incomplete", "Every listing says what it has to say.", incomplete(session, held)),
        ("reconciliation", "Every programme has what was commissioned.", unreconciled(session, moment)),
        (
            "performance_missing",
            "Every service has given figures of the newest quarter.",
            figures[MISSING],
        ),
        (
            "performance_disagreeing",
            "What services say of themselves is what the directory has counted.",
            figures[DISAGREEING],
        ),
        ("changed_since", "The catalogue has not changed since it was drafted.", changed),
    ]
    return [_check(code, Severity.WARNS, title, listed) for code, title, listed in found]


def _check(code: str, severity: Severity, title: str, found: Iterable[CheckedListing]) -> Check:
    ordered = sorted(found, key=lambda one: (one.name.casefold(), one.kind.value, one.id))
    return Check(code, severity, title, tuple(ordered))
