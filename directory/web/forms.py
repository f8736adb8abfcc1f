"""What forms share: one base, one check of every text, and their errors as the components want them."""

from collections.abc import Iterable
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, FieldList, FormField, Label, StringField, TextAreaField, ValidationError

from directory.common.errors import FieldProblem
from directory.common.text import unusable_characters


class BaseForm(FlaskForm):  # type: ignore[misc]
    """What every form derives from: it carries a CSRF token, and refuses text that nothing can store."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Adds the check to each field of text."""

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            """Make the field, with our check before its own."""
            field = super().bind_field(form, unbound_field, options)
            if isinstance(field, StringField):
                field.validators = [usable_text, *field.validators]
            return field


def usable_text(_form: Any, field: Field) -> None:
    """Refuse control characters and halves of characters, and take them out: no page could show them again.

    Raises ValidationError.
    """
    text = field.data or ""
    usable = "".join(character for character in text if not unusable_characters(character))
    if not isinstance(field, TextAreaField):
        usable = " ".join(usable.splitlines())
    if usable != text:
        field.data = usable
        raise ValidationError("It held characters that cannot be kept. They are gone: check it, and send it again")


def show_problems(form: FlaskForm, problems: Iterable[FieldProblem]) -> None:
    """Put each problem that the domain found next to the field of `form` that has its name."""
    for problem in problems:
        field = form[problem.field]
        field.errors = [*field.errors, problem.message]


def trimmed(text: str | None) -> str | None:
    """`text` without the spaces around it: a filter for fields."""
    return text.strip() if text else text


def error_list(form: FlaskForm) -> list[dict[str, str]]:
    """Every error of `form` for the error summary, in the order of its fields: `text`, and `href` to the field."""
    errors = [{"text": str(message)} for message in form.form_errors]
    for field in form:
        errors += _field_errors(field)
    return errors


def _field_errors(field: Field) -> list[dict[str, str]]:
    if isinstance(field, FieldList | FormField):
        within = [error for inner in field for error in _field_errors(inner)]
        own = [error for error in field.errors if isinstance(error, str)]
        return [{"text": error, "href": f"#{field.id}"} for error in own] + within
    return [{"text": str(error), "href": f"#{field.id}"} for error in field.errors]


def first_error(field: Field) -> dict[str, str] | None:
    """The first error of `field` for its component; None when it has none."""
    own = [error for error in field.errors if isinstance(error, str)]
    return {"text": own[0]} if own else None


def choice_items(field: Field, hints: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """The choices of `field` as items of the radios, checkboxes and select components.

    `hints` maps values to a sentence under the choice.
    """
    items = []
    for value, label, selected, *_rest in field.iter_choices():
        text = label.text if isinstance(label, Label) else str(label)
        item: dict[str, Any] = {"value": value, "text": text, "checked": selected, "selected": selected}
        if hints and str(value) in hints:
            item["hint"] = {"text": hints[str(value)]}
        items.append(item)
    return items
