"""The form with which commissioners enter what was commissioned."""

from wtforms import HiddenField, StringField

from directory.web.forms import BaseForm


class ProgrammeForm(BaseForm):
    """A programme. `version` tells whether somebody else changed it meanwhile."""

    code = StringField(
        "Code",
        description="As units name it, such as LDN-SAFE-2026. It cannot be changed later, and must not say for whom "
        "units are funded.",
    )
    name = StringField("Name", description="For commissioners. It must not say for whom units are funded.")
    units = StringField("Units")
    bedspaces = StringField("Bedspaces")
    ringfenced_units = StringField("Ring-fenced units", description="How many of the units are ring-fenced.")
    first_day = StringField(
        "First day of the contract", description="For example, 1 April 2025. Leave it empty where there is no limit."
    )
    last_day = StringField(
        "Last day of the contract", description="For example, 31 March 2028. Leave it empty where there is no limit."
    )
    version = HiddenField()
