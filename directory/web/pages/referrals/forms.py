"""The form of a referral. Nothing in it asks who the victim is (firewall, rule 1); most answers are ticks."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice

from directory.common.clock import LONDON
from directory.common.errors import FieldProblem, InvalidInputError
from directory.referrals.service import LONGEST_NOTE, ChildBand
from directory.search.choices import Choices, codes_of
from directory.web.forms import BaseForm, trimmed
from directory.web.pages.referrals import words

IN_ORDER = "in-order"
NOW, EARLIER = "now", "earlier"
NOT_EXPECTED = "That is not possible now: nobody is expected for this referral."
# What a problem is about, where its own sentence does not say so.
_ABOUT = {
    "needs": "What she needs help with",
    "adults": "Adults",
    "children": "Children",
    "language": "Language",
    "access_features": "Access",
    "alias": "What to call her",
    "address": "Safe number or email",
    "safe_times": "When it is safe",
    "say": "What the caller may say",
    "note": "Note",
}


def _options(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice(value, text) for value, text in pairs]


def one_of(message: str) -> Callable[[Any, Field], None]:
    """A validator: one of the field's choices is chosen, else `message`."""

    def check(_form: Any, field: Field) -> None:
        if field.data not in [choice.value for choice in field.choices]:
            raise ValidationError(message)

    return check


def _radio(label: str, choices: dict[Any, str], missing: str, **more: Any) -> Any:
    return RadioField(
        label, choices=_options(choices.items()), validate_choice=False, validators=[one_of(missing)], **more
    )


def _number(label: str) -> Any:
    return StringField(label, filters=[trimmed])


class ReferralForm(BaseForm):
    """Everything that a referral says. `sealed` is the plan that is offered, closed: no unit stands in the page."""

    service_phone = ""
    sealed = HiddenField()
    needs = SelectMultipleField("What does she need help with?", validate_choice=False)
    adults = _number("Adults")
    girl_0_4 = _number("0 to 4")
    girl_5_10 = _number("5 to 10")
    girl_11_15 = _number("11 to 15")
    girl_16_17 = _number("16 to 17")
    boy_0_4 = _number("0 to 4")
    boy_5_10 = _number("5 to 10")
    boy_11_15 = _number("11 to 15")
    boy_16_17 = _number("16 to 17")
    language = SelectField(
        "Language",
        description="Which worker or interpreter the service should have ready.",
        validate_choice=False,
    )
    access_features = SelectMultipleField("Access", validate_choice=False)
    risk = _radio("What is the risk (DASH)?", words.RISK, "Choose the risk")
    reported_on = StringField(
        "When was it reported to the police?",
        description="The Victims’ Code gives two working days from then. Not reported: the day she told you.",
        filters=[trimmed],
    )
    consent = BooleanField("She has said yes to this referral")
    consent_how = _radio("How did she say yes?", words.CONSENT_HOW, "Choose how she said yes")
    consent_when = _radio(
        "When did she say yes?", {NOW: "Just now", EARLIER: "Earlier"}, "Choose when she said yes", default=NOW
    )
    consent_at = StringField("Date and time, if earlier", filters=[trimmed])
    plan = _radio("Whom should we ask?", {}, "Choose whom to ask", default="0")
    consent_covers_plan = BooleanField("She has agreed to each of these services")
    moves_on = BooleanField("Ask the next one without asking me first")
    alias = StringField(
        "What to call her",
        description="A word you agreed with her, not her name. For example, Bluebell.",
        filters=[trimmed],
    )
    channel = _radio("How may she be reached?", words.CHANNEL, "Choose how she may be reached")
    address = StringField(
        "Safe number or email address", description="One that nobody else looks at.", filters=[trimmed]
    )
    safe_times = StringField("When is it safe?", description="For example, 10am to 2pm on weekdays.", filters=[trimmed])
    voicemail_ok = BooleanField("It is safe to leave a voicemail")
    say = StringField(
        "What the caller may say (optional)", description="For example, that it is the library.", filters=[trimmed]
    )
    note = TextAreaField(
        "Anything else the service needs to know (optional)",
        description=f"At most {LONGEST_NOTE} characters. Write “she” and “child 1”. Leave out names, addresses, "
        "numbers, dates of birth, where she comes from and immigration matters: a note with one of them is not kept.",
    )

    def offer(self, choices: Choices, alone: Sequence[str], several: bool) -> None:
        """Fill in what can be chosen: the terms; the services of which each can be asked alone, by their names; and,
        where there are `several`, all of the plan one after the other."""
        self.needs.choices = _options(codes_of(choices.needs))
        self.access_features.choices = _options(codes_of(choices.access))
        self.language.choices = _options(
            [("", "English, or not needed"), *((choice.code, choice.name) for choice in choices.languages)]
        )
        self.plan.choices = _options((str(number), f"Ask only {name}") for number, name in enumerate(alone))
        if several:
            then = "If they say no or do not answer, ask the next one, in this order"
            self.plan.choices.append(SelectChoice(IN_ORDER, then))

    def validate_adults(self, field: Field) -> None:
        """A whole number."""
        _whole(field, "Adults")

    def validate_consent(self, field: Field) -> None:
        """Without it there is no referral; the page says whom to phone instead."""
        if not field.data:
            number = f": {self.service_phone}" if self.service_phone else ""
            raise ValidationError(f"There is no referral without her consent. Phone the service instead{number}")

    def validate_consent_at(self, field: Field) -> None:
        """Needed where she said yes earlier."""
        if self.consent_when.data == EARLIER and _instant(field.data) is None:
            raise ValidationError("Enter the date and time at which she said yes, such as 22/11/2026 14:30")

    def validate_reported_on(self, field: Field) -> None:
        """A date."""
        if _day(field.data) is None:
            raise ValidationError("Enter the date of the report, such as 22/11/2026")

    def validate(self, extra_validators: Any = None) -> bool:
        """The usual, and each number of children."""
        valid = bool(super().validate(extra_validators))
        for band in ChildBand:
            try:
                _whole(self[band.value], words.band_in_words(band))
            except ValidationError as error:
                self[band.value].errors = [str(error)]
                valid = False
        return valid

    @property
    def children(self) -> tuple[ChildBand, ...]:
        """One band for each child."""
        return tuple(band for band in ChildBand for _ in range(_count(self[band.value].data)))

    @children.setter
    def children(self, bands: Iterable[ChildBand]) -> None:
        bands = list(bands)
        for band in ChildBand:
            self[band.value].data = str(bands.count(band)) if band in bands else ""

    @property
    def adults_count(self) -> int:
        """How many adults; 0 where it is not a number."""
        return _count(self.adults.data)

    @property
    def reported_day(self) -> date | None:
        """The London date of the report."""
        return _day(self.reported_on.data)

    def consented_at(self, now: datetime) -> datetime | None:
        """When she said yes (UTC)."""
        return now if self.consent_when.data == NOW else _instant(self.consent_at.data)

    def show(self, problems: Iterable[FieldProblem]) -> None:
        """Put each problem that the domain found next to the field that it is about, in words that say which."""
        for problem in problems:
            field = self["girl_0_4" if problem.field == "children" else problem.field]
            about = _ABOUT.get(problem.field)
            text = problem.message.removesuffix(".")
            field.errors = [*field.errors, f"{about}: {text}" if about else text]


def said_arrived(answer: str | None) -> bool:
    """What a button said about her arrival. Raises InvalidInputError where it said neither: that ends no referral."""
    if answer not in ("yes", "no"):
        raise InvalidInputError([FieldProblem("arrived", "Say whether she arrived.", ("yes", "no"))])
    return answer == "yes"


def _count(text: str | None) -> int:
    return int(text) if text and re.fullmatch(r"[0-9]{1,2}", text) else 0


def _whole(field: Field, about: str) -> None:
    if field.data and not re.fullmatch(r"[0-9]{1,2}", field.data):
        raise ValidationError(f"{about}: enter a whole number, such as 1")


def _day(text: str | None) -> date | None:
    """A date as date fields send it, or as people type it where there are none."""
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(text or "", form).date()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
    return None


def _instant(text: str | None) -> datetime | None:
    """An instant (UTC) from London's date and time, as date and time fields send it or as people type it."""
    for form in ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M"):
        try:
            return datetime.strptime(text or "", form).replace(tzinfo=LONDON).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    return None
