"""The form with which commissioners write guidance."""

from wtforms import HiddenField, StringField, TextAreaField

from directory.catalogue.guidance import MAXIMUM_BODY
from directory.web.forms import BaseForm


class GuidanceForm(BaseForm):
    """A title and a text. `version` tells whether somebody else saved the text meanwhile."""

    title = StringField("Title")
    body = TextAreaField(
        "Text",
        description=f"Up to {MAXIMUM_BODY:,} characters. Use # for a heading, - for a list, **bold**, "
        "and [words](https://address) for a link.",
    )
    version = HiddenField()
