"""The forms of insight: numbers and codes alone. They only ask, so they are sent in the address without a token."""

from collections.abc import Iterable
from typing import Any

from wtforms import Field, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice

from directory.insight.coverage import Subject
from directory.insight.what_if import Part, Plan, Takes
from directory.places.lookup import BoroughFact
from directory.web.forms import BaseForm, trimmed

Pairs = Iterable[tuple[str, str]]


def _options(pairs: Pairs, *first: SelectChoice) -> list[SelectChoice]:
    return [*first, *(SelectChoice(value, text) for value, text in pairs)]


class AskingForm(BaseForm):
    """A form that changes nothing."""

    class Meta(BaseForm.Meta):
        """Without the token of forms that change something."""

        csrf = False


class CoverageForm(AskingForm):
    """Which matrix; of needs, which one on the map; and one borough alone, where that is all somebody wants."""

    subject = SelectField(
        "Show",
        choices=_options(
            [
                (Subject.NEEDS.value, "Needs by borough"),
                (Subject.LANGUAGES.value, "Languages by borough"),
                (Subject.COMMUNITIES.value, "Communities by kind of service"),
            ]
        ),
        default=Subject.NEEDS.value,
    )
    borough = SelectField("Borough", validate_choice=True, default="")
    need = SelectField("Need on the map", validate_choice=True, default="")

    def offer(self, needs: Pairs, boroughs: Iterable[BoroughFact]) -> None:
        """Fill in what can be chosen."""
        self.need.choices = _options(needs)
        self.borough.choices = _options(
            ((borough.code, borough.name) for borough in boroughs), SelectChoice("", "All boroughs")
        )
        if self.need.data is None or not self.need.data:
            self.need.data = next((choice.value for choice in self.need.choices), "")


class WhatIfForm(AskingForm):
    """Units to add, all alike."""

    units = StringField("Units to add", description="1 to 50", filters=[trimmed], default="4")
    bedspaces = StringField("Bedspaces in each", description="1 to 12", filters=[trimmed], default="4")
    adults = StringField("Adults that each takes, at most", filters=[trimmed], default="1")
    children = StringField("Children that each takes, at most", filters=[trimmed], default="3")
    part = SelectField("Where in London")
    takes = SelectField(
        "Whom they take",
        choices=_options(
            [
                (Takes.ELSEWHERE.value, "Only people from elsewhere"),
                (Takes.ANYBODY.value, "People from anywhere"),
                (Takes.LOCAL.value, "Only local people"),
            ]
        ),
        default=Takes.ELSEWHERE.value,
    )
    nights = StringField("Nights that a household stays", filters=[trimmed])

    def offer(self, parts: Iterable[Part], nights: int) -> None:
        """Fill in the parts of London, and the nights that are reckoned with unless somebody changes them."""
        self.part.choices = _options((part.code, part.name) for part in parts)
        self.nights.description = "1 to 730"
        if self.nights.data is None:
            self.nights.data = str(nights)

    def plan(self) -> Plan:
        """What was filled in, once it is valid."""
        number = {name: int(self[name].data) for name in ("units", "bedspaces", "adults", "children", "nights")}
        return Plan(**number, takes=Takes(self.takes.data))

    def validate_units(self, field: Field) -> None:
        """From 1 to 50."""
        _check(field, 1, 50)

    def validate_bedspaces(self, field: Field) -> None:
        """From 1 to 12."""
        _check(field, 1, 12)

    def validate_adults(self, field: Field) -> None:
        """From 1 to 12: no household is without one."""
        _check(field, 1, 12)

    def validate_children(self, field: Field) -> None:
        """From 0 to 12."""
        _check(field, 0, 12)

    def validate_nights(self, field: Field) -> None:
        """From 1 to 730."""
        _check(field, 1, 730)


def _check(field: Any, least: int, most: int) -> None:
    text = field.data or ""
    if not (text.isascii() and text.isdigit() and len(text) < 6 and least <= int(text) <= most):
        raise ValidationError(f"{field.label.text}: write a whole number from {least} to {most}")
