"""Whom to remind of a service's entries: two contacts, each with the hour at which reminders suit."""

from datetime import UTC, datetime

from wtforms import RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from directory.common.dates import as_time
from directory.upkeep.contacts import DEFAULT_HOUR, Channel, Contact, ContactInput, Contacts
from directory.web.forms import BaseForm, trimmed

CHANNELS = [SelectChoice("email", "E-mail"), SelectChoice("sms", "Text message")]
# A winter's day, on which London's hours are those of UTC.
_DAY = datetime(2026, 1, 1, tzinfo=UTC)
HOURS = [SelectChoice(str(hour), as_time(_DAY.replace(hour=hour))) for hour in range(24)]


class ContactsForm(BaseForm):
    """An address left empty takes that contact away."""

    first_channel = RadioField("By", choices=CHANNELS, default="email")
    first_address = StringField("E-mail address or mobile number", filters=[trimmed])
    first_hour = SelectField("When reminders suit", choices=HOURS, default=str(DEFAULT_HOUR))
    second_channel = RadioField("By", choices=CHANNELS, default="email")
    second_address = StringField("E-mail address or mobile number", filters=[trimmed])
    second_hour = SelectField("When reminders suit", choices=HOURS, default=str(DEFAULT_HOUR))

    def wanted(self, which: str) -> ContactInput | None:
        """The contact `first` or `second` as it was filled in; None where it was left empty."""
        address = self[f"{which}_address"].data
        if not address:
            return None
        return ContactInput(Channel(self[f"{which}_channel"].data), address, int(self[f"{which}_hour"].data))


def filled_form(contacts: Contacts) -> ContactsForm:
    """The form as the contacts are now."""
    return ContactsForm(formdata=None, data=_values("first", contacts.first) | _values("second", contacts.second))


def _values(which: str, contact: Contact | None) -> dict[str, str]:
    if contact is None:
        return {}
    return {
        f"{which}_channel": contact.channel.value,
        f"{which}_address": contact.address,
        f"{which}_hour": str(contact.hour),
    }
