"""The reviewer's answer to a proposal."""

from wtforms import HiddenField, TextAreaField

from directory.web.forms import BaseForm


class AnswerForm(BaseForm):
    """What to change, or why not. `seen` is the version of the listing that was looked at."""

    seen = HiddenField()
    comment = TextAreaField(
        "What should be changed, or why not?",
        description="Its author reads this. At most 500 characters. Do not write anything about a person who is "
        "supported.",
    )
