"""Fields as components, and what no field takes."""

from typing import Any

import pytest
from flask import Flask, render_template_string
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    FieldList,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from directory.common.errors import FieldProblem
from directory.web.forms import BaseForm, error_list, show_problems
from tests.support.html import Page, text_of

ALL = """
{% from "components/forms.html" import checkbox_field, csrf, number_field, radio_field, select_field, submit,
   text_field, textarea_field, tick_box %}
<!DOCTYPE html><html lang="en"><title>x</title><form>{{ csrf(form) }}{{ text_field(form.name) }}
{{ number_field(form.adults) }}{{ textarea_field(form.notes) }}{{ select_field(form.borough) }}
{{ radio_field(form.kind, hints={"b": "The second"}) }}{{ checkbox_field(form.needs) }}{{ tick_box(form.nrpf) }}
{{ submit("Go", name="do", value="it") }}</form></html>
"""
LETTERS = [SelectChoice("a", "Letter A"), SelectChoice("b", "Letter <B>")]


class Everything(BaseForm):
    """One field of each kind."""

    name = StringField("Name", [InputRequired("Enter a name")], description="As on the door")
    adults = IntegerField("Adults", [InputRequired("Enter how many")])
    notes = TextAreaField("Notes")
    borough = SelectField("Borough", choices=LETTERS)
    kind = RadioField("Kind", choices=LETTERS)
    needs = SelectMultipleField("Needs", choices=LETTERS)
    nrpf = BooleanField("A place that does not depend on public funds")
    ages = FieldList(StringField("Age", [InputRequired("Enter an age")]), min_entries=2)


def _form(app: Flask, data: dict[str, Any]) -> tuple[Everything, Page]:
    with app.test_request_context("/", method="POST", data=data):
        form = Everything(meta={"csrf": False})
        form.validate()
        return form, Page(render_template_string(ALL, form=form))


def test_fields_carry_label_hint_value_and_no_error(app: Flask) -> None:
    _, page = _form(
        app,
        {
            "name": "Ann & Bo",
            "adults": "2",
            "notes": "a\nb",
            "borough": "b",
            "kind": "b",
            "needs": ["a", "b"],
            "nrpf": "y",
            "ages-0": "1",
            "ages-1": "2",
        },
    )

    assert page.form_values(page.one("form")) == {
        "name": ["Ann & Bo"],
        "adults": ["2"],
        "notes": ["a\nb"],
        "borough": ["b"],
        "kind": ["b"],
        "needs": ["a", "b"],
        "nrpf": ["y"],
    }
    assert text_of(page.one(id="name-hint")) == "As on the door"
    assert page.one("input", name="adults").get("inputmode") == "numeric"
    assert not page.all("p", class_="govuk-error-message")
    assert "Letter &lt;B&gt;" in page.html
    assert "The second" in page.html


def test_errors_stand_at_their_fields_and_in_the_summary_in_order(app: Flask) -> None:
    form, page = _form(app, {"borough": "a", "kind": "a"})

    assert error_list(form) == [
        {"text": "Enter a name", "href": "#name"},
        {"text": "Enter how many", "href": "#adults"},
        {"text": "Enter an age", "href": "#ages-0"},
        {"text": "Enter an age", "href": "#ages-1"},
    ]
    assert page.one("input", name="name").get("aria-describedby") == "name-hint name-error"
    assert text_of(page.one(id="name-error")) == "Error: Enter a name"


def test_what_the_domain_found_wrong_is_shown_at_the_field(app: Flask) -> None:
    with app.test_request_context("/"):
        form = Everything(meta={"csrf": False})
        show_problems(form, [FieldProblem("notes", "Too long")])

        assert error_list(form) == [{"text": "Too long", "href": "#notes"}]


@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "\ud800", "a\nb", "a\rb"])
def test_one_line_of_text_takes_no_control_characters(app: Flask, text: str) -> None:
    with app.test_request_context("/"):
        form = Everything(MultiDict({"name": text}), meta={"csrf": False})

        assert not form.validate()
        assert form.name.errors == [
            "It held characters that cannot be kept. They are gone: check it, and send it again"
        ]
        # What is sent back can be shown, and can be sent again.
        assert form.name.data in {"ab", "", "a b"}


def test_several_lines_of_text_take_line_breaks_alone(app: Flask) -> None:
    with app.test_request_context("/"):
        form = Everything(MultiDict({"notes": "a\r\nb\tc"}), meta={"csrf": False})
        form.validate()
        assert not form.notes.errors

        form = Everything(MultiDict({"notes": "a\x00b"}), meta={"csrf": False})
        form.validate()
        assert form.notes.errors
