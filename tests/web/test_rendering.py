"""Templates see their page's dataclass, and stumble over anything else."""

from dataclasses import dataclass

import pytest
from flask import Flask, render_template_string
from jinja2 import UndefinedError


@dataclass
class Something:
    """A page's part."""

    name: str = "x"


@pytest.mark.parametrize("source", ["{{ missing }}", "{{ thing.missing }}", "{% if missing %}{% endif %}"])
def test_a_name_that_is_not_there_is_an_error(app: Flask, source: str) -> None:
    with pytest.raises(UndefinedError):
        app.jinja_env.from_string(source).render(thing=Something())


@pytest.mark.parametrize(
    "source",
    ["{{ options.missing }}", "{{ options.missing.deeper }}", "{{ 'x' if options.missing }}", "{{ undefined }}"],
)
def test_what_the_govuk_macros_rely_on_is_silent(app: Flask, source: str) -> None:
    assert app.jinja_env.from_string(source).render(options={}) == ""


def test_text_is_escaped(app: Flask) -> None:
    template = "{% from 'components/listing.html' import phone_link %}{{ phone_link(number) }}"

    with app.test_request_context():
        assert "<b>" not in render_template_string(template, number="<b>")
