"""The form that narrows the audit trail."""

from wtforms import Field, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice

from directory.audit.events import REFERENCE, Event
from directory.web.forms import BaseForm, trimmed
from directory.web.pages.audit.words import EVENT_WORDS

_EVENTS = sorted((words, event.value) for event, words in EVENT_WORDS.items())


class FilterForm(BaseForm):
    """One event, and one reference. It only asks, so it is sent in the address and needs no token."""

    class Meta(BaseForm.Meta):
        """Without the token of forms that change something."""

        csrf = False

    event = SelectField(
        "What was done",
        choices=[SelectChoice("", "Everything"), *(SelectChoice(value, words) for words, value in _EVENTS)],
        validate_choice=False,
    )
    reference = StringField(
        "Reference",
        description="Of a referral, a hold, a service or an account, such as user-12. Capitals count.",
        filters=[trimmed],
    )

    def validate_event(self, field: Field) -> None:
        """Nothing, or one of the events."""
        if field.data and field.data not in set(Event):
            raise ValidationError("Choose what was done from the list")

    def validate_reference(self, field: Field) -> None:
        """Nothing, or what can be a reference at all."""
        if field.data and not REFERENCE.fullmatch(field.data):
            raise ValidationError("Enter a reference as the trail shows it: letters, digits, hyphens and no spaces")
