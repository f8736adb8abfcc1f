"""What listings say, field by field, as people read it: names for codes, days for dates, lists as lists."""

from collections.abc import Iterable, Mapping
from datetime import date

from directory.accounts.permissions import Role
from directory.common.actor import Actor
from directory.common.dates import as_date
from directory.editing.fields import EditableField, FieldInput, fields_for, label_of, visible
from directory.editing.overview import ListingKind
from directory.extensions import current_session
from directory.web.pages.editing.differences import Shown, marked, shown
from directory.web.pages.editing.words import STATUS_WORDS

_STATUSES = {status.value: words for status, words in STATUS_WORDS.items()}


class Sayer:
    """Says the fields of one kind of listing. Whoever reads must be let see a column by its caller."""

    def __init__(self, kind: ListingKind) -> None:
        self._kind = kind
        fields = fields_for(current_session(), kind, Role.COMMISSIONER)
        self._fields: dict[str, EditableField] = {field.column: field for field in fields}
        self._labels = {
            field.column: {choice.value: choice.label for choice in field.choices} for field in fields if field.choices
        }

    def label(self, column: str) -> str:
        """What people call a column."""
        return label_of(self._kind, column)

    def shown(self, column: str, text: str) -> Shown:
        """What a column says, by itself."""
        return shown(self._words(column, text), is_list=self._is_list(column))

    def marked(self, column: str, before: str, after: str) -> tuple[Shown, Shown]:
        """What a column said and what it would say, with what differs marked."""
        return marked(self._words(column, before), self._words(column, after), is_list=self._is_list(column))

    def _is_list(self, column: str) -> bool:
        field = self._fields.get(column)
        return field is not None and field.input is FieldInput.CODES

    def _words(self, column: str, text: str) -> tuple[str, ...]:
        field, labels = self._fields.get(column), self._labels.get(column, {})
        if not text:
            return ()
        if self._is_list(column):
            return tuple(sorted((labels.get(code, code) for code in text.split(";") if code), key=str.casefold))
        if column == "status":
            return (_STATUSES.get(text, text),)
        if field is not None and field.input is FieldInput.DATE:
            return (_day(text),)
        return (labels.get(text, text),)


def seen_by(actor: Actor, columns: Iterable[str]) -> list[str]:
    """Those of the columns that this person may see."""
    return [column for column in columns if visible(actor, column)]


def changed_columns(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """The columns in which two versions differ, in the order of the files."""
    return [column for column in {**before, **after} if before.get(column, "") != after.get(column, "")]


def _day(text: str) -> str:
    try:
        return as_date(date.fromisoformat(text))
    except ValueError:
        return text
