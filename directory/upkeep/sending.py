"""Making the link of a reminder at the moment at which it is sent, so that it lies nowhere before or after."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from directory.capacity.availability import Moment
from directory.common.clock import london_date
from directory.extensions import begin_writing
from directory.messaging.delivery import Complete, DeliveryError, Incomplete
from directory.upkeep.contacts import Contact, contacts_of_services, services_that_may_ask
from directory.upkeep.due import asking, due_items
from directory.upkeep.links import make_link
from directory.upkeep.reminders import day_of


def completion(new_session: Callable[[], Session], confirm_within: timedelta, stale_after: timedelta) -> Complete:
    """What `deliver_due` completes the links of reminders with.

    Who gets a link, and to what, is decided by the contacts and by what is due at that moment, not by those of the
    moment at which the message was written: somebody who has left meanwhile gets none.
    """

    def complete(message: Incomplete, now: datetime) -> str:
        written_on, today = day_of(message.reference), london_date(now)
        if written_on is None or not today - timedelta(days=1) <= written_on <= today:
            # Each day has a reminder of its own: what could not be sent for days would arrive as a pile.
            raise DeliveryError("out-of-date", permanent=True)
        moment = asking(Moment(now, confirm_within, stale_after))
        try:
            with new_session() as session:
                begin_writing(session)
                service_ids = services_to_confirm(session, Contact(message.channel, message.address), moment)
                if not service_ids:
                    raise DeliveryError("nothing-to-confirm", permanent=True)
                token = make_link(session, service_ids, now)
                session.commit()
        except OperationalError:
            raise DeliveryError("database-busy") from None
        return f"{message.path}/{token}"

    return complete


def services_to_confirm(session: Session, person: Contact, moment: Moment) -> list[str]:
    """The services of which something is due and this person is asked, as first or as second contact; by id."""
    due = [one.id for one in due_items(session, moment, services_that_may_ask(session, person))]
    contacts = contacts_of_services(session, due)
    asked = {
        service_id: {one.identity for one in (*found.asked_first, *found.asked_second)}
        for service_id, found in contacts.items()
    }
    return [service_id for service_id in due if person.identity in asked[service_id]]
