"""The assurance page in words, and as a table for spreadsheets."""

import csv
import io
from collections.abc import Iterator

from flask import current_app, url_for

from directory.accounts.permissions import Permission
from directory.assurance.items import Item, Overview, Standing
from directory.common.sheets_safe import harmless
from directory.web.pages.assurance.contexts import AssurancePage, ItemLine, SectionLines
from directory.web.session import Person

_HEADER = ("section", "item", "standing", "figure", "further", "what it means", "where it is from", "as of")
_STANDING = {
    Standing.MET: ("Met", "green"),
    Standing.NOT_MET: ("Not met", "red"),
    Standing.NO_DATA: ("No data yet", "grey"),
    Standing.NOT_ASKED: ("Not checked", "grey"),
    Standing.FAILED: ("Could not be worked out", "orange"),
}
# Where an item is read in detail: endpoint, who may open it, what the link says.
_DETAIL: dict[str, tuple[str, Permission, str]] = {
    "editions-on-time": ("editions.listing", Permission.CATALOGUE_VIEW, "All editions"),
    "editions-acknowledged": ("receipts.dashboard", Permission.CASCADE_VIEW, "How far it has come, by police area"),
    "units-confirmed": ("freshness.report", Permission.FRESHNESS_VIEW, "Freshness, service by service"),
    "listings-reviewed": ("freshness.report", Permission.FRESHNESS_VIEW, "Freshness, service by service"),
    "reminders-answered": ("freshness.report", Permission.FRESHNESS_VIEW, "Freshness, service by service"),
    "messages-delivered": ("messages.listing", Permission.MESSAGES_VIEW, "Messages that were given up"),
    "answered-in-time": ("performance.quarter", Permission.CATALOGUE_VIEW, "Performance, service by service"),
    "requests-answered": ("disclosures.register", Permission.DISCLOSURES_VIEW, "The register, request by request"),
    "firewall-kept": ("disclosures.register", Permission.DISCLOSURES_VIEW, "The register, request by request"),
    "trail-whole": ("audit.listing", Permission.AUDIT_VIEW, "The audit trail, entry by entry"),
    "editions-whole": ("editions.listing", Permission.CATALOGUE_VIEW, "All editions, with their hashes"),
    "history-whole": ("bulk.changes", Permission.CATALOGUE_BULK, "The last changes"),
}

_OF_ONE_EDITION = {"receipts.dashboard"}


def assurance_page(found: Overview, reader: Person | None) -> AssurancePage:
    """The page for somebody, with the links that they can follow."""
    counts = [(_STANDING[standing][0], found.count(standing)) for standing in Standing]
    return AssurancePage(
        sections=tuple(
            SectionLines(section.title, tuple(_line(item, reader) for item in section.items))
            for section in found.sections
        ),
        summary=tuple(f"{words}: {number}" for words, number in counts if number),
        made_at=found.made_at,
        checked=found.checked,
        csv_url=url_for("assurance.export", check="yes" if found.checked else None),
    )


def as_csv(found: Overview) -> bytes:
    """One item in each row; spreadsheets read it as UTF-8 and run nothing of it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_HEADER)
    for row in _rows(found):
        writer.writerow([harmless(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _rows(found: Overview) -> Iterator[tuple[str, ...]]:
    for section in found.sections:
        for item in section.items:
            promise, figure = item.promise, item.figure
            further = "; ".join(f"{what}: {text}" for what, text in figure.more)
            yield (
                *(section.title, promise.title, _STANDING[figure.standing][0], figure.text, further),
                *(promise.meaning, promise.source, found.made_at.isoformat(timespec="minutes")),
            )


def _line(item: Item, reader: Person | None) -> ItemLine:
    standing, colour = _STANDING[item.figure.standing]
    endpoint, permission, link_text = _DETAIL.get(item.promise.code, ("", Permission.ASSURANCE_VIEW, ""))
    number = item.figure.edition
    is_there = endpoint in current_app.view_functions and (endpoint not in _OF_ONE_EDITION or number is not None)
    is_open = is_there and reader is not None and reader.may(permission)
    return ItemLine(
        code=item.promise.code,
        title=item.promise.title,
        standing=standing,
        colour=colour,
        figure=item.figure.text,
        more=item.figure.more,
        meaning=item.promise.meaning,
        source=item.promise.source,
        link=url_for(endpoint, number=number) if is_open else "",
        link_text=link_text,
    )
