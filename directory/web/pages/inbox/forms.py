"""Saying no: two lists of words, and no text."""

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from directory.referrals.service import DeclinedBy, DeclineReason
from directory.web.forms import BaseForm
from directory.web.pages.referrals import words
from directory.web.pages.referrals.forms import one_of


class DeclineForm(BaseForm):
    """Who says no to whom, and why. There is no reason that speaks of anybody's status."""

    declined_by = RadioField(
        "Who says no?",
        choices=[SelectChoice(value.value, words.DECLINED_BY[value]) for value in DeclinedBy],
        validate_choice=False,
        validators=[one_of("Choose who says no")],
    )
    reason = RadioField(
        "Why?",
        choices=[SelectChoice(value.value, words.DECLINE_REASON[value]) for value in DeclineReason],
        validate_choice=False,
        validators=[one_of("Choose the reason")],
    )
