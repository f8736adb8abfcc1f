"""How true the catalogue is kept, and whether its messages arrive."""

from sqlalchemy.orm import Session

from directory.assurance.items import Figure, Promise, Standing, counted, met, percent
from directory.capacity.availability import Moment
from directory.messaging.queries import count_messages
from directory.upkeep.freshness import freshness_report, overdue_services

CONFIRMED_PERCENT = 90
"""Of units within 72 hours: older ones are no longer offered, so the rest is capacity that nobody can use."""
LISTINGS_PERCENT = 90
"""Of published services whose listing was reviewed in time."""


def units_confirmed(session: Session, moment: Moment) -> Figure:
    """What share of the units is confirmed, so that they can be offered."""
    report = freshness_report(session, moment)
    if not report.units:
        return Figure(Standing.NO_DATA, "There are no units that may be offered yet.")
    share = percent(report.within_72h, report.units)
    return Figure(
        met(share >= CONFIRMED_PERCENT),
        f"{share}%: {report.within_72h:,} of {counted(report.units, 'unit')} confirmed within 72 hours",
        (
            ("Confirmed within 24 hours", f"{percent(report.within_24h, report.units)}%: {report.within_24h:,}"),
            ("Never confirmed", f"{report.never:,}"),
        ),
    )


def listings_reviewed(session: Session, moment: Moment) -> Figure:
    """What share of the published services was reviewed in time."""
    report = freshness_report(session, moment)
    services = len(report.services)
    if not services:
        return Figure(Standing.NO_DATA, "Nothing is published yet.")
    reviewed = services - sum(service.listing_due for service in report.services)
    share = percent(reviewed, services)
    return Figure(met(share >= LISTINGS_PERCENT), f"{share}%: {reviewed:,} of {counted(services, 'published service')}")


def reminders_answered(session: Session, _moment: Moment) -> Figure:
    """Whether services answer the reminders to confirm their entries."""
    silent = overdue_services(session)
    return Figure(met(not silent), f"{counted(silent, 'service').capitalize()} reminded without an answer")


def messages_delivered(session: Session, _moment: Moment) -> Figure:
    """Whether the directory's messages arrive."""
    counts = count_messages(session)
    return Figure(
        met(not counts.dead),
        f"{counted(counts.dead, 'message').capitalize()} given up",
        (("Waiting to be sent", f"{counts.waiting:,}"), ("Of these, failed at least once", f"{counts.failed:,}")),
    )


CATALOGUE = (
    Promise(
        "units-confirmed",
        "Units are confirmed",
        f"Providers confirm whether each unit is free. Met when {CONFIRMED_PERCENT}% or more were confirmed within 72 "
        "hours: after that they are no longer offered.",
        "Counted now, over units that are not closed and within their contract.",
        units_confirmed,
    ),
    Promise(
        "listings-reviewed",
        "Listings are reviewed",
        "Each service is asked at set times whether its listing is still right. Met when "
        f"{LISTINGS_PERCENT}% or more are not due for review.",
        "Counted now, over published services.",
        listings_reviewed,
    ),
    Promise(
        "reminders-answered",
        "Reminders are answered",
        "A service that does not confirm what it says is reminded. Met when none was reminded in vain.",
        "Counted now, over reminders without an answer.",
        reminders_answered,
    ),
    Promise(
        "messages-delivered",
        "Messages are delivered",
        "Referrals, reminders and editions are announced by e-mail or text message. Met when none was given up.",
        "Counted now, in the outbox.",
        messages_delivered,
    ),
)
