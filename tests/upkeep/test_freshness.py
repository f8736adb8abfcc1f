"""The freshness report: shares of units confirmed lately, and the services, worst first."""

from datetime import timedelta

from sqlalchemy.orm import Session

from directory.capacity.overdue import DueSubject, count_reminder
from directory.catalogue.vocabulary import ListingStatus
from directory.upkeep.freshness import freshness_report, overdue_services, unanswered_of
from directory.upkeep.links import make_link
from tests import factories
from tests.support.databases import count_statements
from tests.upkeep.keeping import CLOSED, DAY, NINE, OCCUPIED, moment, refuge

HOURS = timedelta(hours=1)


def test_shares_count_the_units_that_may_be_offered(session: Session) -> None:
    service = refuge(session, 0)
    for confirmed_at in (NINE, NINE - 24 * HOURS, NINE - 25 * HOURS, NINE - 72 * HOURS, NINE - 73 * HOURS, None):
        factories.unit(session, service, confirmed_at=confirmed_at, state=OCCUPIED)
    factories.unit(session, service, state=CLOSED)
    factories.unit(session, service, active_until=NINE.date())
    factories.unit(session, service, state=CLOSED, removed_at=NINE)
    refuge(session, 3, status=ListingStatus.DRAFT)
    refuge(session, 3, organisation=factories.organisation(session, status=ListingStatus.WITHDRAWN))

    report = freshness_report(session, moment(NINE))

    assert (report.units, report.within_24h, report.within_72h, report.never) == (6, 2, 4, 1)
    (line,) = report.services
    assert (line.id, line.units, line.within_24h, line.within_72h, line.never) == (service.id, 6, 2, 4, 1)
    assert line.oldest_confirmed_at is None, "one was never confirmed"


def test_the_worst_stands_first(session: Session) -> None:
    fresh = refuge(session, confirmed_at=NINE)
    old = refuge(session, confirmed_at=NINE - 2 * DAY)
    older = refuge(session, confirmed_at=NINE - 3 * DAY)
    never = refuge(session)
    silent = refuge(session, confirmed_at=NINE - DAY - HOURS)
    listing = refuge(session, 0, verified_on=(NINE - 91 * DAY).date())
    count_reminder(session, silent.id, DueSubject.UNITS, NINE - DAY)
    count_reminder(session, silent.id, DueSubject.UNITS, NINE)
    count_reminder(session, silent.id, DueSubject.LISTING, NINE)
    make_link(session, [silent.id], NINE)
    session.flush()

    report = freshness_report(session, moment(NINE))

    assert [line.id for line in report.services] == [silent.id, never.id, older.id, old.id, listing.id, fresh.id]
    first = report.services[0]
    assert (first.reminders, first.link_sent_at, first.organisation_id) == (2, NINE, silent.organisation_id)
    assert [line.listing_due for line in report.services] == [False, False, False, False, True, False]
    assert report.overdue_services == overdue_services(session) == 1
    assert unanswered_of(session, silent.id) == {DueSubject.UNITS: 2, DueSubject.LISTING: 1}


def test_it_takes_as_many_statements_for_many_services_as_for_one(session: Session) -> None:
    for _ in range(5):
        refuge(session, 2)
    with count_statements(session.get_bind().engine) as statements:
        freshness_report(session, moment(NINE))

    assert len(statements) == 3
