"""Receipts and their counts, in words."""

import csv
import io

from flask import url_for

from directory.common.dates import as_date
from directory.common.sheets_safe import harmless
from directory.publishing.cascade.dashboard import FEWEST, AreaProgress, Cascade, Progress
from directory.publishing.cascade.links import LinkState
from directory.web.filters import in_a_sentence
from directory.web.pages.receipts.contexts import DashboardPage, Notice, ProgressRow

COLUMNS = (
    *("edition", "area", "people", "sent", "seen", "acknowledged", "acknowledged_percent"),
    "median_minutes_to_acknowledge",
)
NOT_TOLD = f"fewer than {FEWEST}"
_NO_AREA = "Area not known"
_DAY = 1440
_HOUR = 60
NOTICES: dict[LinkState, Notice] = {
    LinkState.EXPIRED: Notice(
        "This link has run out",
        (
            "Nothing was changed, and nobody is cross with you.",
            "You can still read the newest edition, and say there that you have received it: sign in.",
        ),
    ),
    LinkState.UNKNOWN: Notice(
        "This link leads nowhere",
        ("If you typed it, check that it is right. If it came in two lines, put them together.",),
    ),
}
TOO_MANY = Notice("Too many attempts", ("Wait a minute, and open the link again. It is still good.",), sign_in=False)


def dashboard_page(found: Cascade, all_editions: tuple[Cascade, ...]) -> DashboardPage:
    """One edition by area, with every edition below it."""
    edition, total = found.edition, found.total
    pooled = next((one for one in found.areas if one.is_pooled), None)
    return DashboardPage(
        number=edition.number,
        as_of=edition.as_of,
        published_at=edition.published_at,
        has_readers=total is None or total.people > 0,
        few=total is None,
        is_newest=bool(all_editions) and all_editions[0].edition.number == edition.number,
        areas=tuple(_row(area_name(one), one.progress) for one in found.areas),
        total=_row("All areas", total) if total else None,
        pooled=in_a_sentence([_one_name(area) for area in pooled.areas]) if pooled else "",
        editions=tuple(_edition_row(one) for one in all_editions),
    )


def as_csv(found: Cascade) -> str:
    """The table of one edition for a spreadsheet, the total last; without rows where nothing may be told."""
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(COLUMNS)
    rows = [(area_name(one), one.progress) for one in found.areas]
    if found.total is not None:
        rows.append(("All areas", found.total))
    for name, progress in rows:
        counts = (progress.people, progress.sent, progress.seen, progress.acknowledged, progress.percent)
        median = "" if progress.median_minutes is None else str(progress.median_minutes)
        writer.writerow([str(found.edition.number), harmless(name), *map(str, counts), median])
    return lines.getvalue()


def area_name(one: AreaProgress) -> str:
    """An area as people call it; several small ones are `Smaller areas together`."""
    return "Smaller areas together" if one.is_pooled else _one_name(one.areas[0])


def _one_name(area: str) -> str:
    return area or _NO_AREA


def _row(name: str, progress: Progress, href: str = "") -> ProgressRow:
    return ProgressRow(
        name=name,
        people=str(progress.people),
        sent=str(progress.sent),
        seen=str(progress.seen),
        acknowledged=str(progress.acknowledged),
        share=f"{progress.percent}%" if progress.people else "–",
        median=_took(progress.median_minutes),
        href=href,
    )


def _edition_row(one: Cascade) -> ProgressRow:
    name = f"Edition {one.edition.number}, {as_date(one.edition.as_of)}"
    href = url_for("receipts.dashboard", number=one.edition.number)
    if one.total is None:
        return ProgressRow(name, NOT_TOLD, "", "", "–", "–", "", href)
    return _row(name, one.total, href)


def _took(minutes: int | None) -> str:
    """About how long, in the largest unit that says enough: `35 minutes`, `7 hours`, `3 days`."""
    if minutes is None:
        return "–"
    for length, unit in ((_DAY, "day"), (_HOUR, "hour"), (1, "minute")):
        if minutes >= length * 2 or length == 1:
            count = round(minutes / length)
            return f"{count} {unit}{'' if count == 1 else 's'}"
    raise AssertionError  # pragma: no cover - minutes are the last unit
