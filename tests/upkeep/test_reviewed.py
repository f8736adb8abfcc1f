"""What a hostile reader of the reminders tried."""

from datetime import timedelta

from sqlalchemy.orm import Session

from directory.common.actor import SYSTEM
from directory.upkeep.contacts import Channel, ContactInput, save_contacts
from tests.upkeep.keeping import DAY, NINE, refuge, run, unit_reminders, written


def test_who_is_reminded_as_second_contact_earlier_in_the_day_still_counts_as_the_first_of_another_service(
    session: Session,
) -> None:
    """Two colleagues stand in for one another, at hours of their own: both services escalate."""
    rose, iris = refuge(session), refuge(session)
    email = Channel.EMAIL
    one, other = "one@example.org", "other@example.org"
    save_contacts(session, rose.id, ContactInput(email, one, 7), ContactInput(email, other, 8), SYSTEM, NINE)
    save_contacts(session, iris.id, ContactInput(email, other, 10), ContactInput(email, one, 11), SYSTEM, NINE)

    for day in range(4):
        for hour in range(6, 14):
            run(session, NINE - timedelta(hours=9) + day * DAY + timedelta(hours=hour))

    assert unit_reminders(session, rose) == 3
    assert unit_reminders(session, iris) == 3


def test_after_days_without_run_due_there_is_one_reminder_and_one_step(session: Session) -> None:
    service = refuge(session)
    run(session, NINE)
    before = len(written(session))

    run(session, NINE + 9 * DAY)
    run(session, NINE + 9 * DAY + timedelta(minutes=1))

    assert unit_reminders(session, service) == 2
    assert len(written(session)) == before + 2
