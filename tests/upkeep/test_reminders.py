"""Who is reminded when: one message a day to each person, and a step further each time in vain."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from directory.capacity.availability import Moment
from directory.capacity.models import Unit
from directory.catalogue.models import Service
from directory.catalogue.vocabulary import ListingStatus
from directory.common.actor import SYSTEM
from directory.common.errors import NotAllowedError, RefusedError
from directory.extensions import Database
from directory.messaging.models import Channel, OutboxMessage
from directory.upkeep.contacts import ContactInput, save_contacts
from directory.upkeep.due import asking
from directory.upkeep.reminders import Reminded, day_of, remind, send_link_now
from tests import factories
from tests.messaging.test_two_at_once import at_once
from tests.support.databases import count_statements
from tests.upkeep.keeping import (
    CLOSED,
    DAY,
    FIRST,
    NINE,
    SECOND,
    actor,
    audited,
    counts,
    moment,
    refuge,
    run,
    sessions_on,
    unit_reminders,
    written,
)

HOUR, MINUTE, WEEK = timedelta(hours=1), timedelta(minutes=1), timedelta(days=7)
DUE, DUE_SECOND, OVERDUE = "update_due", "update_due_second", "updates_overdue"


def confirm(session: Session, service: Service, at: datetime) -> None:
    """As an import or another program does: the units are confirmed, and nobody is told."""
    session.execute(update(Unit).where(Unit.service_id == service.id).values(confirmed_at=at))
    session.commit()


def test_at_the_hour_and_once(session: Session) -> None:
    service = refuge(session, 2)

    assert run(session, NINE - MINUTE) == Reminded()
    assert run(session, NINE) == Reminded(messages=1, services=1)
    assert run(session, NINE) == run(session, NINE + HOUR) == Reminded()

    assert written(session) == [(DUE, FIRST)]
    message = session.query(OutboxMessage).one()
    assert (message.path, message.reference) == ("/u", "U20261123")
    assert day_of(message.reference) == NINE.date()
    assert counts(session) == {(service.id, "units"): 1}
    assert audited(session) == [
        ("service_overdue", "system", f'{{"reminders":1,"service":"{service.id}","subject":"units"}}')
    ]


def test_nobody_is_reminded_of_what_is_fresh_closed_ended_or_not_published(session: Session) -> None:
    refuge(session, confirmed_at=NINE - 13 * HOUR)
    ended, closed, draft = refuge(session), refuge(session), refuge(session, status=ListingStatus.DRAFT)
    session.execute(update(Unit).where(Unit.service_id == ended.id).values(active_until=NINE.date()))
    session.execute(update(Unit).where(Unit.service_id == closed.id).values(state=CLOSED))
    suspended = factories.organisation(session, status=ListingStatus.SUSPENDED)
    refuge(session, organisation=suspended)
    session.commit()

    assert run(session, NINE) == Reminded()
    assert (counts(session), draft.id in str(written(session))) == ({}, False)


@pytest.mark.parametrize(
    ("hour", "times", "reminded_at"),
    [
        (9, [9 * 60 - 1, 14 * 60 + 5], 14 * 60 + 5),  # run-due was down at nine
        (9, [8 * 60, 20 * 60], None),  # in the evening it waits for tomorrow
        (22, [20 * 60, 22 * 60 + 30], 22 * 60 + 30),  # who chooses the night is reminded at night
        (0, [1], 1),
        (23, [23 * 60], 23 * 60),
    ],
)
def test_a_missed_hour_is_made_up_for_on_the_same_day(
    session: Session, hour: int, times: list[int], reminded_at: int | None
) -> None:
    service = refuge(session)
    save_contacts(session, service.id, ContactInput(Channel.SMS, "07700 900123", hour), None, SYSTEM, NINE)
    midnight = NINE.replace(hour=0)

    reminded = [minute for minute in times if run(session, midnight + minute * MINUTE).messages]

    assert reminded == ([] if reminded_at is None else [reminded_at])


@pytest.mark.parametrize(
    ("hour", "days_hours"),
    [
        # London's clocks go from one to two on 28 March 2027: there is no hour of one.
        (1, [(datetime(2027, 3, 28, 0, 30, tzinfo=UTC), False), (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), True)]),
        # They go from two back to one on 25 October 2026: there are two of them.
        (1, [(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), True), (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), False)]),
        # In summer nine in London is eight in Greenwich.
        (9, [(datetime(2027, 7, 1, 7, 59, tzinfo=UTC), False), (datetime(2027, 7, 1, 8, 0, tzinfo=UTC), True)]),
        # Half past midnight in London is the day before in Greenwich.
        (0, [(datetime(2027, 7, 1, 23, 30, tzinfo=UTC), True), (datetime(2027, 7, 1, 23, 45, tzinfo=UTC), False)]),
    ],
)
def test_hours_are_londons_when_the_clocks_change(
    session: Session, hour: int, days_hours: list[tuple[datetime, bool]]
) -> None:
    service = refuge(session, verified_on=datetime(2027, 6, 30, tzinfo=UTC).date())
    save_contacts(session, service.id, ContactInput(Channel.SMS, "07700 900123", hour), None, SYSTEM, NINE)

    for at, expected in days_hours:
        assert bool(run(session, at).messages) is expected, at


@pytest.mark.parametrize(
    ("age", "asked_at_nine"),
    [(timedelta(hours=24), True), (timedelta(hours=19), True), (13 * HOUR + MINUTE, True), (13 * HOUR, False)],
)
def test_what_lapses_before_the_evening_is_asked_about_at_the_hour_that_was_chosen(
    session: Session, age: timedelta, asked_at_nine: bool
) -> None:
    refuge(session, confirmed_at=NINE - age)

    assert bool(run(session, NINE).messages) is asked_at_nine
    # Whatever lapses later in the day, nobody is asked at another hour than her own.
    assert not any(run(session, NINE + hours * HOUR).messages for hours in range(1, 15))
    assert run(session, NINE + DAY).messages >= 1


def test_short_confirmations_are_asked_about_when_half_of_their_time_is_over() -> None:
    at_nine = asking(Moment(NINE, timedelta(hours=4), timedelta(hours=8)))
    at_night = asking(Moment(NINE + 12 * HOUR, timedelta(hours=4), timedelta(hours=8)))

    assert (at_nine.confirm_within, at_night.confirm_within) == (timedelta(hours=2), timedelta(hours=4))


def test_all_of_one_persons_items_come_in_one_message_at_the_first_of_her_hours(session: Session) -> None:
    early, late, listing = refuge(session), refuge(session), refuge(session, 0, verified_on=None)
    save_contacts(session, early.id, ContactInput(Channel.EMAIL, FIRST.upper(), 7), None, SYSTEM, NINE)
    session.commit()

    assert run(session, NINE - 2 * HOUR) == Reminded(messages=1, services=3)
    assert run(session, NINE) == Reminded()
    assert counts(session) == {(early.id, "units"): 1, (late.id, "units"): 1, (listing.id, "listing"): 1}


def test_three_steps_then_the_commissioners_week_by_week(session: Session) -> None:
    service = refuge(session)
    commissioner = factories.user(session, "commissioner", email="commissioner@example.org").email
    factories.user(session, "commissioner", email="left@example.org", active=False)
    factories.user(session, "auditor")
    told: list[tuple[int, list[tuple[str, str]]]] = []
    before = 0

    for day in range(17):
        for hour in (0, 3):
            run(session, NINE + day * DAY + hour * HOUR)
        now_written = written(session)
        told.append((unit_reminders(session, service), sorted(now_written[before:])))
        before = len(now_written)

    both = [(DUE, FIRST), (DUE_SECOND, SECOND)]
    everybody = [*both, (OVERDUE, commissioner)]
    assert told[:4] == [(1, [(DUE, FIRST)]), (2, both), (3, everybody), (3, both)]
    assert [day for day, (_, messages) in enumerate(told) if (OVERDUE, commissioner) in messages] == [2, 9, 16]
    overdue = session.query(OutboxMessage).filter_by(kind=OVERDUE).order_by(OutboxMessage.made_at).all()
    assert [message.path for message in overdue] == ["/manage/freshness"] * 3
    # At their own hour, ten: one message tells of all that came together until then.
    assert overdue[0].next_attempt_at == NINE + 2 * DAY + HOUR


def test_commissioners_get_one_message_a_day_whatever_comes_together(session: Session) -> None:
    for hour in (8, 9, 15):
        service = refuge(session, referral_email=f"at{hour}@example.org")
        save_contacts(
            session, service.id, ContactInput(Channel.EMAIL, f"at{hour}@example.org", hour), None, SYSTEM, NINE
        )
    factories.user(session, "commissioner")
    session.commit()

    for hours in range(0, 24 * 3, 1):
        run(session, NINE - HOUR + hours * HOUR)

    sent = [message.next_attempt_at for message in session.query(OutboxMessage).filter_by(kind=OVERDUE)]
    # What comes after their hour is told on the next day.
    assert sorted(sent) == [NINE + 2 * DAY + HOUR, NINE + 3 * DAY + HOUR]


def test_a_confirmation_ends_it_on_whichever_way_it_came(session: Session) -> None:
    service = refuge(session)
    for day in range(3):
        run(session, NINE + day * DAY)
    assert unit_reminders(session, service) == 3

    confirm(session, service, NINE + 2 * DAY + HOUR)
    run(session, NINE + 2 * DAY + 2 * HOUR)

    assert unit_reminders(session, service) == 0
    run(session, NINE + 3 * DAY)
    run(session, NINE + 3 * DAY + 2 * HOUR)
    assert unit_reminders(session, service) == 1, "it begins anew"


def test_listings_are_asked_about_a_week_apart_and_both_counts_stand_side_by_side(session: Session) -> None:
    service = refuge(session, verified_on=(NINE - 90 * DAY).date())
    told = []

    for day in range(17):
        run(session, NINE + day * DAY)
        told.append(counts(session).get((service.id, "listing"), 0))

    # After ninety days it still counts; from the next day on it is to be reviewed.
    assert told == [0] + [1] * 7 + [2] * 7 + [3] * 2
    assert unit_reminders(session, service) == 3


def test_where_nobody_can_be_asked_the_commissioners_are_told_at_once(session: Session) -> None:
    service = refuge(session, referral_email="", second="")
    factories.user(session, "commissioner", email="commissioner@example.org")
    told = []

    for day in range(9):
        run(session, NINE + day * DAY)
        told.append((unit_reminders(session, service), len(written(session))))

    assert told == [(1, 1), (2, 1), (3, 1), (3, 1), (3, 1), (3, 1), (3, 1), (3, 2), (3, 2)]
    assert {kind for kind, _ in written(session)} == {OVERDUE}


def test_where_only_the_second_contact_can_be_asked_she_is_asked_at_once(session: Session) -> None:
    refuge(session, referral_email="")

    assert run(session, NINE).messages == 1
    assert written(session) == [(DUE_SECOND, SECOND)]


def test_a_new_first_contact_is_told_on_the_same_day(session: Session) -> None:
    service = refuge(session)
    run(session, NINE)
    save_contacts(session, service.id, ContactInput(Channel.EMAIL, "new@example.org"), None, SYSTEM, NINE)
    session.commit()

    run(session, NINE + HOUR)

    assert written(session) == [(DUE, FIRST), (DUE, "new@example.org")]
    assert unit_reminders(session, service) == 1


def test_every_member_of_staff_is_told_and_it_counts_once(session: Session) -> None:
    service = refuge(session, referral_email="", second="")
    for number in (1, 2):
        factories.user(
            session, "provider", organisation_id=service.organisation_id, email=f"worker{number}@example.org"
        )

    assert run(session, NINE) == Reminded(messages=2, services=1)
    assert unit_reminders(session, service) == 1


def test_two_at_once_remind_once(database_url: str) -> None:
    database = Database(database_url)
    with database.new_session.begin() as session:
        ids = [refuge(session, referral_email=f"{number % 2}@example.org").id for number in range(4)]
    remind(database.new_session, moment(NINE - DAY))

    at_once(3, lambda: remind(database.new_session, moment(NINE)))

    with database.new_session() as session:
        assert counts(session) == {(one, "units"): 2 for one in ids}
        assert sorted(written(session)) == [
            *[(DUE, address) for address in ("0@example.org", "0@example.org", "1@example.org", "1@example.org")],
            (DUE_SECOND, SECOND),
        ]
    database.engine.dispose()


@pytest.mark.parametrize(("confirmed_at", "most"), [(NINE, 2), (None, 8)], ids=["nothing due", "all reminded today"])
def test_with_nothing_to_do_it_asks_little_and_writes_nothing(
    session: Session, confirmed_at: datetime | None, most: int
) -> None:
    for number in range(5):
        refuge(session, confirmed_at=confirmed_at, referral_email=f"{number}@example.org")
    run(session, NINE)
    new_session = sessions_on(session)

    with count_statements(session.get_bind().engine) as statements:
        remind(new_session, moment(NINE))

    assert len(statements) <= most
    assert all(statement.startswith("SELECT") for statement in statements)


def test_somebody_can_ask_for_a_link_at_once(session: Session) -> None:
    service, fresh, alone = refuge(session), refuge(session, confirmed_at=NINE), refuge(session, referral_email="")
    commissioner, officer = (actor(factories.user(session, role)) for role in ("commissioner", "officer"))

    assert send_link_now(session, service.id, commissioner, NINE - 3 * HOUR) == 1
    session.commit()

    assert written(session) == [(DUE, FIRST)]
    assert unit_reminders(session, service) == 1, "pressed every day, it must not keep a service from being escalated"
    for refused in (service, fresh, alone):
        with pytest.raises(RefusedError):
            send_link_now(session, refused.id, commissioner, NINE - 2 * HOUR)
    with pytest.raises(NotAllowedError):
        send_link_now(session, service.id, officer, NINE)
    run(session, NINE)
    assert [address for _, address in written(session)].count(FIRST) == 1
    assert unit_reminders(session, service) == 1
