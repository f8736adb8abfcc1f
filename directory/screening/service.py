"""The screen: what in a text may not be stored (firewall, rule 5). Offline, without a database, and fail closed."""

from collections.abc import Callable, Iterator

from directory.common.clock import utc_now
from directory.screening import (
    addresses,
    contacts,
    dates,
    identity_numbers,
    immigration,
    names,
    peoples,
    phones,
)
from directory.screening.explaining import explain
from directory.screening.kinds import Finding, Kind, Screening
from directory.screening.page import Page, Span, lay_out

__all__ = ["LONGEST", "Finding", "Kind", "Screening", "explain", "screen"]

# Characters. What is longer is no note, and nobody reads it at two in the morning.
LONGEST = 2000

_RULES: dict[Kind, Callable[[Page], Iterator[Span]]] = {
    Kind.IMMIGRATION: immigration.find,
    Kind.IDENTITY_NUMBER: identity_numbers.find,
    Kind.NAME: names.find,
    Kind.PHONE: phones.find,
    Kind.DATE_OF_BIRTH: dates.find,
    Kind.ADDRESS: addresses.find,
    Kind.NATIONALITY: peoples.find,
    Kind.EMAIL: contacts.find_emails,
    Kind.SOCIAL_HANDLE: contacts.find_handles,
}
# The digits of a national insurance number are no phone number.
_COVERS = {(Kind.IDENTITY_NUMBER, Kind.PHONE)}


def screen(text: str, *, known_names: frozenset[str] = frozenset(), this_year: int | None = None) -> Screening:
    """What in `text` may not be stored.

    `known_names` are names of the catalogue's organisations and services: they pass, whatever words are in them, as
    long as they begin with a capital letter. `this_year` tells old dates from appointments (the clock's year, if not
    given). Never raises: what lies beyond `LONGEST` characters cannot be screened and is one finding of its own.
    """
    page = lay_out(text[:LONGEST], known_names, this_year or utc_now().year)
    found = {_finding(text, page, kind, span) for kind, rule in _RULES.items() for span in rule(page)}
    if len(text) > LONGEST:
        found.add(Finding(LONGEST, len(text), Kind.NAME, text[LONGEST:]))
    return Screening(tuple(sorted(_widest(found))))


def _finding(text: str, page: Page, kind: Kind, span: Span) -> Finding:
    start = page.plain.origins[span[0]]
    end = page.plain.origins[max(span[0], span[1] - 1)] + 1
    return Finding(start, end, kind, text[start:end])


def _widest(found: set[Finding]) -> Iterator[Finding]:
    """The findings without those that lie within another of the same kind, or of one that says what they are."""
    for one in found:
        kinds = {(one.kind, one.kind), *_COVERS}
        others = (other for other in found if other != one and (other.kind, one.kind) in kinds)
        if not any(other.start <= one.start and one.end <= other.end for other in others):
            yield one
