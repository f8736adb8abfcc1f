"""The search form, and the shorter one of the bed board: from what people type to a question, and its errors back."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice

from directory.catalogue.vocabulary import Gender, ServiceKind
from directory.common.errors import FieldProblem
from directory.places.lookup import BoroughFact
from directory.search.choices import Choices, codes_of
from directory.search.criteria import PreferDistance, Preference
from directory.web.forms import BaseForm, trimmed

MILES = (1, 2, 3, 5, 10, 20, 50, 100)
_AGES = re.compile(r"[0-9]{1,2}(?:[\s,;]+(?:and\s+)?[0-9]{1,2})*")

Pairs = Iterable[tuple[str, str]]


def _options(pairs: Pairs, first: str | None = None) -> list[SelectChoice]:
    blank = [SelectChoice("", first)] if first is not None else []
    return [*blank, *(SelectChoice(value, text) for value, text in pairs)]


class HouseholdForm(BaseForm):
    """Who needs a space together."""

    adults = StringField("Adults", filters=[trimmed])
    girls = StringField("Ages of girls", description="For example, 4, 7. Under 1 is 0.", filters=[trimmed])
    boys = StringField("Ages of boys", description="Some refuges take boys only up to an age.", filters=[trimmed])
    nrpf = BooleanField(
        "A place that does not depend on public funds",
        description="Asked of the place. It is used for this search and then forgotten.",
    )
    avoid = SelectMultipleField("Boroughs to avoid", validate_choice=False)

    def validate_girls(self, field: Field) -> None:
        """Ages are whole numbers with commas or spaces between."""
        _check_ages(field)

    def validate_boys(self, field: Field) -> None:
        """The same as for girls."""
        _check_ages(field)

    def offer_boroughs(self, boroughs: Iterable[BoroughFact]) -> None:
        """Fill in the boroughs that can be ticked."""
        self.avoid.choices = _options((borough.code, borough.name) for borough in sorted(boroughs, key=_name))

    def question(self) -> dict[str, Any]:
        """What was filled in, by the names of design section 4, without what was left empty."""
        question = {
            "adults": _number(self.adults.data),
            "child": [f"{age}f" for age in _ages(self.girls.data)] + [f"{age}m" for age in _ages(self.boys.data)],
            "nrpf": self.nrpf.data,
            "avoid": self.avoid.data,
        }
        return _filled_in(question)

    def fill_in(self, question: dict[str, Any]) -> None:
        """Show an earlier question again, to be changed."""
        children = question.get("child", [])
        self.adults.data = str(question.get("adults", ""))
        self.girls.data = ", ".join(child[:-1] for child in children if child.endswith("f"))
        self.boys.data = ", ".join(child[:-1] for child in children if child.endswith("m"))
        self.nrpf.data = question.get("nrpf", False)
        self.avoid.data = question.get("avoid", [])

    def show_problems(self, problems: Iterable[FieldProblem]) -> None:
        """Put each problem next to the field it is about, in words that name the field."""
        for problem in problems:
            field = self._field_of(problem.field)
            starts_a_sentence = problem.message[:1].isupper() or not problem.message[:1].isalpha()
            text = problem.message if starts_a_sentence else f"{field.label.text} {problem.message}"
            field.errors = [*field.errors, text.removesuffix(".")]

    def _field_of(self, name: str) -> Field:
        return self[{"child": "girls", "open": "open_now"}.get(name, name)]


class SearchForm(HouseholdForm):
    """The whole question. What is asked first is what an officer at a door knows first."""

    near = StringField(
        "Where is the person, or where do they need support?",
        description="A postcode or the first part of one, a borough or a district. For example, E8 3, Southall.",
        filters=[trimmed],
    )
    near_asked = HiddenField()
    near_choice = RadioField("Which place do you mean?", validate_choice=False)
    need = SelectMultipleField("What help is needed?", validate_choice=False)
    space = BooleanField("Only refuges with a space now")
    open_now = BooleanField("Only services that are open now")
    kind = SelectMultipleField("Kinds of service", validate_choice=False)
    within = SelectField("How far away?", validate_choice=False)
    prefer_distance = RadioField("Show first", default=PreferDistance.NEAR.value, validate_choice=False)
    gender = RadioField("Who is the support for?", default="", validate_choice=False)
    age = StringField("Their age", filters=[trimmed])
    language = SelectMultipleField("Languages", validate_choice=False)
    community = SelectMultipleField("Communities", validate_choice=False)
    access = SelectMultipleField("Access", validate_choice=False)
    by_and_for = BooleanField("Prefer organisations run by and for the community")
    must = SelectMultipleField("Only show services that", validate_choice=False)

    def offer(self, choices: Choices, boroughs: Iterable[BoroughFact]) -> None:
        """Fill in everything that can be chosen."""
        self.offer_boroughs(boroughs)
        self.need.choices = _options(codes_of(choices.needs))
        self.community.choices = _options(codes_of(choices.communities))
        self.access.choices = _options(codes_of(choices.access))
        self.language.choices = _options((choice.code, choice.name) for choice in choices.languages)
        self.kind.choices = _options((kind.value, kind.label) for kind in ServiceKind)
        self.within.choices = _options(
            ((str(miles), f"Within {miles} mile{'' if miles == 1 else 's'}") for miles in MILES), "Any distance"
        )
        self.prefer_distance.choices = _options(
            (
                (PreferDistance.NEAR.value, "What is nearer"),
                (PreferDistance.FAR.value, "What is farther away"),
                (PreferDistance.ANY.value, "Distance does not matter"),
            )
        )
        self.gender.choices = _options(((gender.value, gender.label) for gender in Gender), "Not said")
        self.must.choices = _options(
            (
                (Preference.LANGUAGE.value, "speak one of the languages ticked"),
                (Preference.COMMUNITY.value, "name one of the communities ticked"),
                (Preference.BY_AND_FOR.value, "are run by and for the community"),
            )
        )
        if self.near_choice.choices is None:
            self.near_choice.choices = []

    def __iter__(self) -> Iterator[Field]:
        """The fields as the page asks them, so that errors are listed in that order: the place comes first."""
        return iter(sorted(self._fields.values(), key=lambda field: field.name not in {"near", "near_choice"}))

    def question(self) -> dict[str, Any]:
        """What was filled in, by the names of design section 4, without what was left empty."""
        question = {
            "near": self._place(),
            "within": _number(self.within.data),
            "gender": self.gender.data,
            "age": _number(self.age.data),
            "need": self.need.data,
            "language": self.language.data,
            "community": self.community.data,
            "by_and_for": self.by_and_for.data,
            "access": self.access.data,
            "space": self.space.data,
            "open": self.open_now.data,
            "kind": self.kind.data,
            "must": self.must.data,
            "prefer_distance": self.prefer_distance.data,
        }
        return super().question() | _filled_in(question)

    def _place(self) -> str | None:
        """What was typed; or what was chosen, as long as the text for which it was offered still stands."""
        typed: str | None = self.near.data
        chosen: str | None = self.near_choice.data
        return chosen if chosen and typed == self.near_asked.data else typed

    def fill_in(self, question: dict[str, Any]) -> None:
        """Show an earlier question again, to be changed."""
        super().fill_in(question)
        for name in (
            "near",
            "gender",
            "need",
            "language",
            "community",
            "access",
            "kind",
            "must",
            "by_and_for",
            "space",
        ):
            if name in question:
                self[name].data = question[name]
        self.within.data = str(question.get("within", ""))
        self.age.data = str(question.get("age", ""))
        self.open_now.data = question.get("open", False)
        self.prefer_distance.data = question.get("prefer_distance", PreferDistance.NEAR.value)

    def show_problems(self, problems: Iterable[FieldProblem]) -> None:
        """The same; where the place is two places, both are offered to choose from."""
        problems = list(problems)
        super().show_problems(problems)
        for problem in problems:
            if problem.field == "near" and problem.allowed:
                self.near_choice.choices = _options((name, name) for name in problem.allowed)
                self.near_choice.data = None
                self.near_asked.data = self.near.data


def _check_ages(field: Field) -> None:
    if field.data and not _AGES.fullmatch(field.data):
        raise ValidationError(f"{field.label.text} must be whole numbers with commas between, such as 4, 7")
    if any(age > 17 for age in _ages(field.data)):
        raise ValidationError(f"{field.label.text} must be from 0 to 17: count anybody older among the adults")


def _ages(text: str | None) -> list[int]:
    return [int(age) for age in re.findall(r"[0-9]{1,2}", text or "")] if _AGES.fullmatch(text or "") else []


def _number(text: str | None) -> int | str | None:
    """A number where it is one; else the text as it came, so that the question's own check says what is wrong."""
    if text and text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    return text or None


def _filled_in(question: dict[str, Any]) -> dict[str, Any]:
    # Not by truth: a 0 is an answer, if a wrong one.
    return {name: value for name, value in question.items() if value is not False and value not in (None, "", [])}


def _name(borough: BoroughFact) -> str:
    return borough.name
