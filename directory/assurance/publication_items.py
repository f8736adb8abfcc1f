"""Whether editions come out when they are due, and reach the people whom they are for (recommendation 6)."""

import itertools
from datetime import date, timedelta

from sqlalchemy.orm import Session

from directory.assurance.items import Figure, Promise, Standing, counted, met
from directory.capacity.availability import Moment
from directory.common.clock import london_date
from directory.common.dates import as_date
from directory.publishing.cascade.dashboard import Cascade, all_cascades
from directory.publishing.editions.facts import EditionFacts
from directory.publishing.editions.reading import published_editions
from directory.publishing.editions.schedule import AHEAD, ScheduleFacts, due_dates, next_due, read_schedule

ACKNOWLEDGED_PERCENT = 80
"""Of the people to whom an edition goes: the rest are on leave, ill or away for long."""
TIME_TO_READ = timedelta(days=14)
"""So long after it was published nobody is expected to have read it."""
GRACE = timedelta(days=7)
"""The draft is made on the day on which it is due; this leaves time to check it, and for a second person to sign."""
EDITIONS_SHOWN = 6


def editions_on_time(session: Session, moment: Moment) -> Figure:
    """Whether the editions came out when they were due by today's schedule, and none is overdue now."""
    # A correction comes when it is needed; it is neither due nor late.
    editions = [one for one in published_editions(session) if one.corrects_number is None]
    if not editions:
        return Figure(Standing.NO_DATA, "No edition has been published yet.")
    schedule = read_schedule(session)
    pairs = itertools.pairwise(editions[: EDITIONS_SHOWN + 1])
    following = [(one, _due_after(before, schedule)) for one, before in pairs]
    due = next_due(session, moment.now)
    is_overdue = moment.today > due + GRACE
    in_time = [_published_on(one) <= day + GRACE for one, day in following]
    more = [(f"Edition {one.number}", f"{as_date(_published_on(one))}, due {as_date(day)}") for one, day in following]
    if len(editions) == 1:
        more = [("Edition 1", f"{as_date(_published_on(editions[0]))}, the first")]
    said = "is overdue" if is_overdue else "is due"
    return Figure(
        met(not is_overdue and in_time[:1] != [False]),
        f"{_came(in_time)} next {said}: {as_date(due)}",
        tuple(more),
    )


def editions_acknowledged(session: Session, moment: Moment) -> Figure:
    """What share of the people acknowledged the newest edition that has been out long enough."""
    cascades = all_cascades(session, moment.now)
    if not cascades:
        return Figure(Standing.NO_DATA, "No edition has been published yet.")
    more = tuple((_called(one), _reached(one)) for one in cascades[:EDITIONS_SHOWN])
    readable = [
        one
        for one in cascades
        if one.edition.published_at <= moment.now - TIME_TO_READ and one.total is not None and one.total.people
    ]
    if not readable:
        text = "No edition has been out for 14 days, with five people or more to read it."
        return Figure(Standing.NO_DATA, text, more)
    newest = readable[0]
    assert newest.total is not None  # noqa: S101 - chosen by it
    share = newest.total.percent
    return Figure(
        met(share >= ACKNOWLEDGED_PERCENT),
        f"{share}% have acknowledged edition {newest.edition.number}",
        more,
        newest.edition.number,
    )


def _came(in_time: list[bool]) -> str:
    if not in_time:
        return "The"
    one = "The last one came in time" if in_time[0] else "The last one came late"
    return f"{one if len(in_time) == 1 else f'{sum(in_time)} of the last {len(in_time)} came in time'}; the"


def _published_on(edition: EditionFacts) -> date:
    assert edition.published_at is not None  # noqa: S101 - it has been published
    return london_date(edition.published_at)


def _due_after(edition: EditionFacts, schedule: ScheduleFacts) -> date:
    """When the edition after this one was due; one that came out shortly before a due date was the one that was due."""
    return next(due_dates(schedule, _published_on(edition) + AHEAD))


def _called(one: Cascade) -> str:
    return f"Edition {one.edition.number}, {as_date(one.edition.published_at)}"


def _reached(one: Cascade) -> str:
    if one.total is None:
        return "to fewer than five people"
    total = one.total
    return f"to {counted(total.people, 'person', 'people')}: {total.seen:,} seen, {total.acknowledged:,} acknowledged"


PUBLICATION = (
    Promise(
        "editions-on-time",
        "Editions come out on time",
        "Officers are kept supplied with current information. Met when the newest edition came out within "
        f"{GRACE.days} days of the day on which it was due, and none is overdue now.",
        "The dates of the editions against today’s schedule. Corrections are not counted.",
        editions_on_time,
    ),
    Promise(
        "editions-acknowledged",
        "Editions are read",
        f"Every edition goes to all relevant officers. Met when {ACKNOWLEDGED_PERCENT}% or more have acknowledged "
        "the newest one that has been out for 14 days.",
        "Receipts of all editions: to how many people each went, and how many of them have acknowledged it.",
        editions_acknowledged,
    ),
)
