"""The form that narrows the figures, and the forms of an import."""

from collections.abc import Iterable, Sequence

from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import Field, HiddenField, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice

from directory.catalogue.vocabulary import ServiceKind
from directory.places.lookup import BoroughFact
from directory.publishing.performance.facts import Measure, Source
from directory.web.forms import BaseForm
from directory.web.pages.performance.words import SOURCES, quarter_words


def _offered(_form: BaseForm, field: Field) -> None:
    """Nothing, or one of the choices. Raises ValidationError."""
    values = {choice[0] for choice in field.iter_choices()}
    if field.data and field.data not in values:
        raise ValidationError(f"Choose from the list under “{field.label.text}”: what you asked for is not in it")


class FilterForm(BaseForm):
    """Which figures. It only asks, so it is sent in the address and needs no token."""

    class Meta(BaseForm.Meta):
        """Without the token of forms that change something."""

        csrf = False

    quarter = SelectField("Quarter", validate_choice=False, validators=[_offered])
    measure = SelectField("Measure", validate_choice=False, validators=[_offered])
    kind = SelectField("Kind of service", validate_choice=False, validators=[_offered])
    borough = SelectField("Borough", validate_choice=False, validators=[_offered])
    source = SelectField("Whose figures", validate_choice=False, validators=[_offered])

    def offer(self, quarters: Sequence[str], measures: Iterable[Measure], boroughs: Iterable[BoroughFact]) -> None:
        """Fill in the choices: the quarters that may be shown, newest first; without a choice the first one counts."""
        self.quarter.choices = [SelectChoice(one, f"{quarter_words(one)} ({one})") for one in quarters]
        self.measure.choices = [SelectChoice(one.code, one.name) for one in measures]
        kinds = sorted(ServiceKind, key=lambda kind: kind.label)
        self.kind.choices = [SelectChoice("", "Every kind"), *(SelectChoice(one.value, one.label) for one in kinds)]
        by_name = sorted(boroughs, key=lambda borough: borough.name)
        self.borough.choices = [
            SelectChoice("", "Every borough"),
            *(SelectChoice(one.code, one.name) for one in by_name),
        ]
        self.source.choices = [
            SelectChoice("", "Both, side by side"),
            *(SelectChoice(source.value, SOURCES[source]) for source in Source),
        ]


class UploadForm(BaseForm):
    """A file of figures."""

    file = FileField("File", description="Excel (.xlsx) or CSV, up to 2 MB.")

    def validate_file(self, field: FileField) -> None:
        """Require a file. Raises ValidationError."""
        if not isinstance(field.data, FileStorage) or not field.data.filename:
            raise ValidationError("Choose a file")


class ConfirmForm(BaseForm):
    """A sheet that has been checked, sealed, and what was seen of it."""

    sheet = HiddenField()
