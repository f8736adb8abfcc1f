"""The freshness report in words and numbers."""

from collections.abc import Iterable
from datetime import datetime

from flask import url_for

from directory.capacity.overdue import RANKED_LAST_FROM
from directory.common.paging import Paging
from directory.upkeep.freshness import FreshnessReport, ServiceFreshness
from directory.web.pages.freshness.contexts import FreshnessPage, ServiceRow, Share

PER_PAGE = 50
COLUMNS = (
    *("service", "name", "organisation", "units", "within_24_hours", "within_72_hours", "never"),
    *("oldest_confirmed_at", "reminders_without_answer", "ranked_last", "listing_due", "listing_confirmed_on"),
)


def freshness_page(
    report: FreshnessReport,
    page: int,
    now: datetime,
    *,
    may_remind: bool,
    may_keep_contacts: bool,
    problem: str = "",
) -> FreshnessPage:
    """One page of the report."""
    paging = Paging(page, PER_PAGE)
    number = len(report.services)
    pages = paging.pages(number)
    return FreshnessPage(
        shares=(
            _share("Confirmed within 24 hours", report.within_24h, report.units),
            _share("Confirmed within 72 hours", report.within_72h, report.units),
            _share("Never confirmed", report.never, report.units),
        ),
        services=tuple(_row(service) for service in paging.slice(report.services)),
        number=number,
        page=page,
        pages=pages,
        previous=url_for("freshness.report", page=min(page - 1, pages)) if page > 1 else None,
        next=url_for("freshness.report", page=page + 1) if page < pages else None,
        may_remind=may_remind,
        may_keep_contacts=may_keep_contacts,
        problem=problem,
        now=now,
    )


def table(services: Iterable[ServiceFreshness]) -> list[tuple[str, ...]]:
    """The report's table as a file holds it, below COLUMNS."""
    return [
        (
            *(one.id, one.name, one.organisation, str(one.units), str(one.within_24h), str(one.within_72h)),
            str(one.never),
            one.oldest_confirmed_at.isoformat() if one.oldest_confirmed_at else "",
            *(str(one.reminders), _yes_no(one.reminders >= RANKED_LAST_FROM), _yes_no(one.listing_due)),
            one.verified_on.isoformat() if one.verified_on else "",
        )
        for one in services
    ]


def _share(label: str, part: int, whole: int) -> Share:
    # Rounded down: "100%" is said of all of them alone.
    percentage = f"{part * 100 // whole}%" if whole else "–"
    return Share(label, percentage, f"{part} of {whole} unit{'' if whole == 1 else 's'}")


def _row(service: ServiceFreshness) -> ServiceRow:
    words = (
        f"{service.within_24h} of {service.units} within 24 hours",
        f"{service.within_72h} of {service.units} within 72 hours",
    )
    return ServiceRow(
        id=service.id,
        name=service.name,
        organisation=service.organisation,
        units=words if service.units else ("no units",),
        oldest_confirmed_at=service.oldest_confirmed_at,
        has_units=service.units > 0,
        is_due=service.listing_due or service.within_24h < service.units,
        reminders=service.reminders,
        ranked_last=service.reminders >= RANKED_LAST_FROM,
        listing_due=service.listing_due,
        verified_on=service.verified_on,
        link_sent_at=service.link_sent_at,
    )


def _yes_no(answer: bool) -> str:
    return "yes" if answer else "no"
