"""The forms of editions: what to list, drafting one, signing it, correcting one, and how often one is due."""

from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice

from directory.catalogue.vocabulary import ServiceKind
from directory.web.forms import BaseForm, trimmed

_KINDS = sorted((kind.label, kind.value) for kind in ServiceKind)
NOBODY_IS_NAMED = "In at most 300 characters. Do not write anything about a person."


class ListingsForm(BaseForm):
    """Which services to list. It only asks, so it is sent in the address and needs no token."""

    class Meta(BaseForm.Meta):
        """Without the token of forms that change something."""

        csrf = False

    kind = SelectField(
        "Kind",
        choices=[SelectChoice("", "Every kind"), *(SelectChoice(value, label) for label, value in _KINDS)],
        validate_choice=False,
    )
    borough = SelectField(
        "Borough that it is in or covers", choices=[SelectChoice("", "Every borough")], validate_choice=False
    )


class ActForm(BaseForm):
    """A button of the page on which an edition is prepared: it says which draft the page showed, and of which instant.

    A draft that is made again may hold the same and say something else in its note.
    """

    edition = HiddenField()
    content_hash = HiddenField()
    drafted_at = HiddenField()


class DraftForm(ActForm):
    """Drafting an edition, or drafting it again."""

    note = TextAreaField("A note for readers (optional)", description=NOBODY_IS_NAMED, filters=[trimmed])


class CorrectForm(BaseForm):
    """Drafting a correction of an edition."""

    note = TextAreaField(
        "What was wrong with it?", description=f"Readers of both editions see it. {NOBODY_IS_NAMED}", filters=[trimmed]
    )

    def validate_note(self, field: TextAreaField) -> None:
        """Require a note. Raises ValidationError."""
        if not field.data:
            raise ValidationError("Say what was wrong with it")


class SignForm(ActForm):
    """Signing a draft as the second person. `warnings` is how many the page showed."""

    warnings = HiddenField()
    read = BooleanField("I have read the warnings")

    def validate_read(self, field: BooleanField) -> None:
        """Require the tick where there are warnings. Raises ValidationError."""
        if not field.data and self.warnings.data != "0":
            raise ValidationError("Read the warnings, and tick that you have read them")


class ScheduleForm(BaseForm):
    """How often an edition is due."""

    every_months = SelectField(
        "An edition is due",
        choices=[
            SelectChoice("1", "every month"),
            *(SelectChoice(str(months), f"every {months} months") for months in range(2, 12)),
            SelectChoice("12", "every year"),
        ],
    )
    day = StringField("Day of the month", description="From 1 to 28, so that every month has it.", filters=[trimmed])

    def validate_day(self, field: StringField) -> None:
        """Require a day that every month has. Raises ValidationError."""
        text = field.data or ""
        if not (text.isascii() and text.isdigit() and len(text) < 3 and 1 <= int(text) <= 28):
            raise ValidationError("Enter a day from 1 to 28")
