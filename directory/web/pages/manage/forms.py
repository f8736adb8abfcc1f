"""The form that narrows the list of listings."""

from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice

from directory.catalogue.vocabulary import ListingStatus, ServiceKind
from directory.editing.overview import Filter
from directory.web.forms import BaseForm, trimmed
from directory.web.pages.editing.words import STATUS_WORDS

ORGANISATION = "organisation"
_KINDS = sorted((kind.label, kind.value) for kind in ServiceKind)


class ListingsForm(BaseForm):
    """It only asks, so it is sent in the address and needs no token."""

    class Meta(BaseForm.Meta):
        """Without the token of forms that change something."""

        csrf = False

    words = StringField("Words in the name", filters=[trimmed])
    kind = SelectField(
        "Kind",
        choices=[
            SelectChoice("", "Everything"),
            SelectChoice(ORGANISATION, "Organisations"),
            *(SelectChoice(value, label) for label, value in _KINDS),
        ],
        validate_choice=False,
    )
    status = SelectField(
        "Status",
        choices=[
            SelectChoice("", "Any"),
            *(SelectChoice(status.value, words) for status, words in STATUS_WORDS.items()),
        ],
        validate_choice=False,
    )

    def wanted(self) -> Filter:
        """What is asked for. A word that no list of ours has asks for nothing: the address may be somebody's own."""
        kinds = {ORGANISATION, *(kind.value for kind in ServiceKind)}
        statuses = {status.value: status for status in ListingStatus}
        return Filter(
            text=self.words.data or "",
            kind=self.kind.data if self.kind.data in kinds else "",
            status=statuses.get(self.status.data or ""),
        )
