"""The forms of bulk work: a file, what its columns are, and which rows to apply."""

from collections.abc import Sequence

from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import RadioField, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice

from directory.editing.bulk.columns import LEFT_OUT, CatalogueColumn
from directory.editing.bulk.sheet import Sheet
from directory.web.forms import BaseForm
from directory.web.pages.bulk.words import KINDS
from directory.web.pages.editing.words import kind_segment

NO_HEADING = "no heading"


class UploadForm(BaseForm):
    """A file, and what its rows are."""

    kind = RadioField(
        "What are its rows?",
        choices=[SelectChoice(kind_segment(kind), words) for kind, words in KINDS.items()],
        validate_choice=False,
    )
    file = FileField("File", description="Excel (.xlsx) or CSV, up to 10 MB and 20,000 rows.")

    def validate_kind(self, field: RadioField) -> None:
        """Require one of the kinds. Raises ValidationError."""
        if field.data not in {kind_segment(kind) for kind in KINDS}:
            raise ValidationError("Say whether its rows are organisations, services or units")

    def validate_file(self, field: FileField) -> None:
        """Require a file. Raises ValidationError."""
        if not isinstance(field.data, FileStorage) or not field.data.filename:
            raise ValidationError("Choose a file")


class RowsForm(BaseForm):
    """Which rows to apply: the rows are in the page, and this holds what is wrong with the choice of them."""


def columns_form(sheet: Sheet, known: Sequence[CatalogueColumn], chosen: Sequence[str] | None = None) -> BaseForm:
    """A form with one choice for each column of a sheet, `column-0` and so on; what was sent where `chosen` is None."""
    choices = [SelectChoice(LEFT_OUT, "Leave it out")]
    choices += [SelectChoice(column.name, column.label) for column in known]

    class ColumnsForm(BaseForm):
        """What the columns of this sheet are."""

    for place, (letter, header) in enumerate(zip(sheet.letters, sheet.headers, strict=True)):
        label = f"Column {letter}: {header or NO_HEADING}"
        setattr(ColumnsForm, f"column-{place}", SelectField(label, choices=choices, validate_choice=False))
    if chosen is None:
        return ColumnsForm()
    return ColumnsForm(formdata=None, data={f"column-{place}": column for place, column in enumerate(chosen)})
