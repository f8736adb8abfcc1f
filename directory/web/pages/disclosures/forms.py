"""The forms of the register of disclosure requests. No field asks who somebody is; the summary is screened."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from wtforms import Field, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice

from directory.assurance import words
from directory.assurance.facts import DisclosureFacts, Entry, Organisation
from directory.assurance.vocabulary import ANSWERS, LONGEST_SUMMARY, Basis, Decision, Requester, Subject
from directory.web.forms import BaseForm, trimmed

NO_ORGANISATION = ""
_EXAMPLE = "such as 22/11/2026"


def _choices(texts: Mapping[Any, str]) -> list[SelectChoice]:
    return [SelectChoice(value.value, text) for value, text in texts.items()]


def _radio(label: str, texts: Mapping[Any, str], missing: str, **more: Any) -> Any:
    def chosen(_form: Any, field: Field) -> None:
        if field.data not in [value.value for value in texts]:
            raise ValidationError(missing)

    return RadioField(label, choices=_choices(texts), validate_choice=False, validators=[chosen], **more)


def _date(label: str, **more: Any) -> Any:
    return StringField(label, filters=[trimmed], **more)


class RequestForm(BaseForm):
    """A request, as it came."""

    received_on = _date("When did it come?")
    requester = _radio("Who asked?", words.REQUESTER, "Choose who asked")
    subject = _radio("What was asked for?", words.SUBJECT, "Choose what was asked for")
    basis = _radio("On which ground?", words.BASIS, "Choose the ground")
    organisation_id = SelectField(
        "Which organisation was it about, if any?",
        description="Providers see the name of their own organisation only.",
        validate_choice=False,
    )
    summary = TextAreaField(
        "Summary (optional)",
        description=f"At most {LONGEST_SUMMARY} characters. Name nobody and no organisation: providers read it.",
        filters=[trimmed],
    )

    def validate_received_on(self, field: Field) -> None:
        """A date."""
        if read_day(field.data) is None:
            raise ValidationError(f"Enter the date on which it came, {_EXAMPLE}")

    def offer(self, organisations: Iterable[Organisation]) -> None:
        """Let one of these be chosen, or none."""
        self.organisation_id.choices = [
            SelectChoice(NO_ORGANISATION, "No organisation"),
            *(SelectChoice(one.id, one.name) for one in organisations),
        ]

    def entry(self) -> Entry:
        """What is entered; to be asked of a valid form alone."""
        return Entry(
            received_on=_certain(self.received_on.data),
            requester=Requester(self.requester.data),
            subject=Subject(self.subject.data),
            basis=Basis(self.basis.data),
            organisation_id=self.organisation_id.data or None,
            summary=self.summary.data or "",
        )


class CorrectionForm(RequestForm):
    """A request as it should have been entered, with its answer where it has one already."""

    decision = _radio("How was it answered?", words.DECISION, "Choose how it was answered")
    answered_on = _date("When was it answered?", description="Leave it empty where it was not answered yet.")

    def validate_answered_on(self, field: Field) -> None:
        """Empty, or a date."""
        if field.data and read_day(field.data) is None:
            raise ValidationError(f"Enter the date of the answer, {_EXAMPLE}")

    def correction_of(self, number: int) -> Entry:
        """What is entered in place of entry `number`."""
        entry = self.entry()
        return Entry(
            entry.received_on,
            entry.requester,
            entry.subject,
            entry.basis,
            entry.organisation_id,
            entry.summary,
            number,
            Decision(self.decision.data),
            read_day(self.answered_on.data),
        )


class AnswerForm(BaseForm):
    """How a request was answered."""

    decision = _radio(
        "How was it answered?", {answer: words.DECISION[answer] for answer in ANSWERS}, "Choose how it was answered"
    )
    answered_on = _date("When was it answered?")

    def validate_answered_on(self, field: Field) -> None:
        """A date."""
        if read_day(field.data) is None:
            raise ValidationError(f"Enter the date of the answer, {_EXAMPLE}")


def filled_with(wrong: DisclosureFacts) -> dict[str, str | None]:
    """What a correction's form begins with: the entry that is to be put right."""
    return {
        "received_on": wrong.received_on.isoformat(),
        "requester": wrong.requester.value,
        "subject": wrong.subject.value,
        "basis": wrong.basis.value,
        "organisation_id": wrong.organisation_id,
        "summary": wrong.summary,
        "decision": wrong.decision.value,
        "answered_on": wrong.answered_on.isoformat() if wrong.answered_on else "",
    }


def read_day(text: str | None) -> date | None:
    """A date as date fields send it, or as people type it where there are none."""
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %B %Y"):
        try:
            return datetime.strptime(text or "", form).date()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
    return None


def _certain(text: str | None) -> date:
    day = read_day(text)
    if day is None:
        raise ValueError("The form was not checked before it was read.")
    return day
