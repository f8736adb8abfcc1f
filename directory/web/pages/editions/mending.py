"""Where what a check found is mended: the page of the thing itself, or of its confirmations, contract or figures."""

from collections.abc import Iterator

from flask import url_for

from directory.common.paging import Paging
from directory.publishing.editions.facts import Check, CheckedListing, Severity
from directory.publishing.editions.vocabulary import EntryKind
from directory.web.pages.editions.contexts_preparing import CheckPage, CheckView, FindingLine
from directory.web.pages.editions.presenting import paged, slice_of
from directory.web.pages.editions.words import address

_FIRST = 10
_PER_PAGE = 50
_MISSING = "performance_missing"
_CONFIRMING = {"stale_listings", "unconfirmed_units"}


def check_views(checks: tuple[Check, ...]) -> Iterator[CheckView]:
    """The checks that found something, those that block first."""
    found = [one for one in checks if one.found]
    for one in sorted(found, key=lambda one: one.severity is not Severity.BLOCKS):
        yield CheckView(
            code=one.code,
            title=one.title,
            blocks=one.severity is Severity.BLOCKS,
            count=len(one.found),
            findings=tuple(_line(one.code, found) for found in one.found[:_FIRST]),
            all_href=url_for("editions.findings", code=one.code) if len(one.found) > _FIRST else "",
        )


def check_page(check: Check, page: int) -> CheckPage:
    """A page of everything that one check found."""
    paging, total = Paging(page, _PER_PAGE), len(check.found)
    return CheckPage(
        title=check.title,
        blocks=check.severity is Severity.BLOCKS,
        total=total,
        findings=tuple(_line(check.code, found) for found in check.found[slice_of(paging)]),
        paged=paged(paging, total, "editions.findings", code=check.code),
    )


def _line(code: str, found: CheckedListing) -> FindingLine:
    return FindingLine(found.name, found.why, _address(code, found))


def _address(code: str, found: CheckedListing) -> str:
    match found.kind:
        case EntryKind.ORGANISATION:
            return url_for("editing.form", kind="organisations", listing_id=found.id)
        case EntryKind.SERVICE if code in _CONFIRMING:
            return f"{url_for('freshness.report')}#service-{found.id}"
        case EntryKind.SERVICE:
            return url_for("editing.form", kind="services", listing_id=found.id)
        case EntryKind.PROGRAMME:
            return url_for("contracts.programme", code=found.id)
        case _ if code == _MISSING:
            return address("performance.import_form")
        case _:
            return address("performance.service", service_id=found.id)
