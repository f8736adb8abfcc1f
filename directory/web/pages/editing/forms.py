"""The form of a listing or unit: its fields are columns of the catalogue's files, and no others.

So what the firewall's contract says of those columns holds of the form. What is typed becomes the text that files
write; the domain's own checks say what is wrong with it.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from directory.common.errors import FieldProblem
from directory.common.languages import language_names
from directory.common.text import unusable_characters
from directory.editing.fields import EditableField, FieldInput
from directory.web.forms import BaseForm, trimmed

LANGUAGES = "languages"
OTHER_LANGUAGES = "other_languages"
# Where so few can be chosen, all are shown.
_MOST_RADIOS = 6
_MOST_SEEN = 100_000
# What the reader of opening hours would have liked instead is in its own words, which nobody else knows.
_PARSER_WORDS = re.compile(r"(: at character [0-9]+) it expected .*", re.DOTALL)
# More than these are a list of all that is allowed, and no examples.
_FEW = 4
_OF_A_LIST = (FieldInput.CODES, FieldInput.CHOICE, FieldInput.YES_NO)


class ListingForm(BaseForm):
    """What somebody wants a listing to say. `seen` and `version` are what the form was filled with: others may have
    changed it meanwhile. `replaces` is the proposal that is being changed again."""

    version = HiddenField()
    seen = HiddenField()
    replaces = HiddenField()
    explanation = TextAreaField(
        "Why? (optional)",
        description="For whoever approves it, in at most 500 characters. Do not write anything about a person you "
        "support.",
    )

    def offer(
        self, fields: Sequence[EditableField], offered_languages: Collection[str], values: Mapping[str, str]
    ) -> None:
        """Give the form the listing's fields, in their order.

        `offered_languages` are codes to tick. What the listing says already (`values`) can always be chosen, whatever
        has become of the vocabularies since.
        """
        self._listing_fields = tuple(fields)
        explanation = self._fields.pop("explanation")
        for field in fields:
            self._add(field.column, _field(field, offered_languages, _codes(values.get(field.column, ""))))
            if field.column == LANGUAGES:
                self._add(OTHER_LANGUAGES, _other_languages_field())
        self._fields["explanation"] = explanation

    def fill(self, values: Mapping[str, str], **others: str) -> None:
        """Show what a listing says; `others` are the form's own fields."""
        data: dict[str, Any] = {**others}
        for field in self._listing_fields:
            text = values.get(field.column, "")
            data[field.column] = _codes(text) if field.input is FieldInput.CODES else text
        if LANGUAGES in data:
            offered = {choice.value for choice in self[LANGUAGES].choices}
            typed = [code for code in data[LANGUAGES] if code not in offered]
            data[LANGUAGES] = [code for code in data[LANGUAGES] if code in offered]
            data[OTHER_LANGUAGES] = ", ".join(_typed_name(code) for code in typed)
        self.process(formdata=None, data=data)

    def texts(self) -> dict[str, str]:
        """What was filled in, column by column, as files write it."""
        texts = {}
        for field in self._listing_fields:
            if field.input is FieldInput.CODES:
                codes = set(self[field.column].data or [])
                if field.column == LANGUAGES:
                    codes |= {code for code, _ in self._other_languages() if code}
                texts[field.column] = ";".join(sorted(codes))
            else:
                text = (self[field.column].data or "").replace("\r\n", "\n").strip()
                texts[field.column] = as_iso_date(text) if field.input is FieldInput.DATE else text
        return texts

    def validate(self, extra_validators: Any = None) -> bool:
        """The usual, and that each other language is one."""
        valid = bool(super().validate(extra_validators))
        unknown = [name for code, name in self._other_languages() if not code]
        if unknown:
            self[OTHER_LANGUAGES].errors = [
                f"“{name}” is not the English name of a language that the directory knows" for name in unknown
            ]
        return valid and not unknown

    def show_problems(self, problems: Iterable[FieldProblem]) -> None:
        """Put each problem that the domain found next to its field, in words that name the field."""
        labels = {field.column: field.label for field in self._listing_fields}
        for problem in problems:
            text = _PARSER_WORDS.sub(r"\1", problem.message.removesuffix("."))
            if problem.field in labels:
                field = self[problem.field]
                field.errors = [*field.errors, f"{labels[problem.field]}: {text}{_example(problem)}"]
            elif problem.field in self._fields:
                field = self[problem.field]
                field.errors = [*field.errors, text]
            else:
                self.form_errors.append(text)

    def renew(self, name: str, text: str) -> None:
        """Send other words along with the form the next time."""
        self[name].data = text
        self[name].raw_data = None

    def seen_values(self) -> dict[str, str] | None:
        """What the listing said when the form was filled; None where that cannot be read."""
        values = texts_in(self.seen.data or "")
        columns = {field.column for field in self._listing_fields}
        return {name: text for name, text in values.items() if name in columns} or None

    def _add(self, name: str, unbound: Any) -> None:
        options = {"name": name, "prefix": "", "translations": self.meta.get_translations(self)}
        self._fields[name] = self.meta.bind_field(self, unbound, options)

    def _other_languages(self) -> Iterator[tuple[str, str]]:
        """Each of the languages that were typed: its code, empty where nobody knows it, and what was typed."""
        if OTHER_LANGUAGES not in self._fields:
            return
        names = {name.casefold(): code for code, name in language_names().items()}
        for name in re.split(r"[,;\n]", self[OTHER_LANGUAGES].data or ""):
            typed = " ".join(name.split())
            if typed:
                code = typed if typed in language_names() else names.get(typed.casefold(), "")
                yield code, typed


def texts_in(text: str) -> dict[str, str]:
    """Columns with their texts out of what a form carried along; nothing where that cannot be read, or shown again."""
    try:
        values = json.loads(text) if len(text) < _MOST_SEEN else None
    except (ValueError, RecursionError):  # brackets within brackets without end
        return {}
    if not isinstance(values, dict):
        return {}
    texts = {str(name): str(value) for name, value in values.items()}
    return {} if any(unusable_characters(one) for item in texts.items() for one in item) else texts


def write_seen(fields: Sequence[EditableField], values: Mapping[str, str]) -> str:
    """What a listing says in the form's fields, to be sent along with it."""
    return json.dumps({field.column: values.get(field.column, "") for field in fields}, ensure_ascii=False)


def as_iso_date(text: str) -> str:
    """A date as files write it, of one as date fields send it or as people type it; else the text as it is."""
    for form in ("%d/%m/%Y", "%d.%m.%Y", "%d %B %Y"):
        try:
            return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
    return text


def _codes(text: str) -> list[str]:
    return [code for code in text.split(";") if code]


def _field(field: EditableField, offered_languages: Collection[str], chosen: Sequence[str]) -> Any:
    """The unbound field of a column."""
    label = {"label": field.label, "description": field.hint}
    choices = [
        SelectChoice(choice.value, choice.label)
        for choice in field.choices
        if field.column != LANGUAGES or choice.value in offered_languages or choice.value in chosen
    ]
    if field.input in _OF_A_LIST:
        known = {choice.value for choice in field.choices}
        choices += [SelectChoice(code, code) for code in chosen if code not in known]
    if field.input is FieldInput.CODES:
        return SelectMultipleField(choices=choices, validate_choice=False, **label)
    if field.input in _OF_A_LIST:
        blank = [] if field.required else [SelectChoice("", "Not said")]
        if len(choices) <= _MOST_RADIOS:
            return RadioField(choices=[*choices, *blank], validate_choice=False, **label)
        blank = blank or [SelectChoice("", "Choose one")]
        return SelectField(choices=[*blank, *choices], validate_choice=False, **label)
    if field.input is FieldInput.PARAGRAPHS:
        return TextAreaField(**label)
    return StringField(filters=[trimmed], **label)


def _typed_name(code: str) -> str:
    """What can be typed for a language: its name, or its code where commas in the name would part it."""
    name = language_names().get(code, code)
    return code if re.search("[,;]", name) else name


def _other_languages_field() -> Any:
    return StringField(
        "Other languages",
        description="Their names in English, with commas between. For example Tigrinya, Krio.",
        filters=[trimmed],
    )


def _example(problem: FieldProblem) -> str:
    """What would be right, where a few words say it."""
    return f". For example: {problem.allowed[0]}" if 0 < len(problem.allowed) <= _FEW else ""


class ConflictForm(BaseForm):
    """For each field that two people changed at once: whose words to keep."""

    THEIRS, YOURS = "theirs", "yours"

    def ask(self, labels: Mapping[str, str]) -> None:
        """Ask of each column, called by its label."""
        for column, label in labels.items():
            unbound = RadioField(
                f"{label}: which is right?",
                choices=[SelectChoice(self.THEIRS, "Keep theirs"), SelectChoice(self.YOURS, "Use mine")],
                validate_choice=False,
            )
            options = {"name": keep(column), "prefix": "", "translations": self.meta.get_translations(self)}
            self._fields[keep(column)] = self.meta.bind_field(self, unbound, options)

    def validate(self, extra_validators: Any = None) -> bool:
        """Each is chosen."""
        valid = bool(super().validate(extra_validators))
        for name, field in self._fields.items():
            if name.startswith(_KEEP) and field.data not in (self.THEIRS, self.YOURS):
                field.errors = ["Choose whose words to keep"]
                valid = False
        return valid


_KEEP = "keep_"


def keep(column: str) -> str:
    """The name of the question whose words of a column to keep."""
    return f"{_KEEP}{column}"
