"""In which parts the long forms are asked, and how each field is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from directory.editing.fields import EditableField, FieldOwner
from directory.editing.overview import ListingKind
from directory.search.choices import ChoiceGroup, Choices
from directory.web.pages.editing.forms import LANGUAGES, OTHER_LANGUAGES, ListingForm

_PARTS: dict[ListingKind, tuple[tuple[str, tuple[str, ...]], ...]] = {
    ListingKind.ORGANISATION: (
        ("About it", ("name", "description", "by_and_for", "communities")),
        ("Contact", ("website", "phone", "email", "charity_number")),
    ),
    ListingKind.SERVICE: (
        ("About it", ("name", "kind", "description", "needs")),
        ("For whom", ("genders", "min_age", "max_age", "communities", "languages", "accepts_nrpf")),
        ("Where", ("areas", "location_disclosure", "postcode", "borough", "access_features")),
        ("When and how", ("hours", "phone", "professional_phone", "referral_email", "response_target_minutes")),
    ),
    ListingKind.UNIT: (
        ("Its room", ("name", "bedspaces", "max_adults", "max_children", "boys_max_age")),
        ("Where", ("borough", "not_from", "access_features")),
    ),
}
_REST, _COMMISSIONERS = "More", "Kept by commissioners"


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field of the form. `input` says how it is typed, `groups` are its choices under their wider terms.

    `other` is the field in which what is not among the choices can be typed. A `required` one must not be empty.
    """

    field: Any
    input: str
    groups: tuple[ChoiceGroup, ...] = ()
    other: Any = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Fields under a heading."""

    heading: str
    fields: tuple[FieldView, ...]


def parts_of(
    form: ListingForm, kind: ListingKind, fields: Sequence[EditableField], choices: Choices
) -> tuple[Part, ...]:
    """The form's fields in parts; those that are the commissioner's own come last."""
    groups = groups_of(choices)
    left = {field.column: field for field in fields}
    parts = []
    for heading, columns in _PARTS[kind]:
        asked = [left.pop(column) for column in columns if column in left]
        parts.append(Part(heading, tuple(field_view(form, field, groups) for field in asked)))
    owned = [field for field in left.values() if field.owner is FieldOwner.COMMISSIONER]
    rest = [field for field in left.values() if field not in owned]
    for heading, those in ((_REST, rest), (_COMMISSIONERS, owned)):
        parts.append(Part(heading, tuple(field_view(form, field, groups) for field in those)))
    return tuple(part for part in parts if part.fields)


def groups_of(choices: Choices) -> dict[str, tuple[ChoiceGroup, ...]]:
    """The terms of each column that has a taxonomy, under their wider terms."""
    return {"needs": choices.needs, "communities": choices.communities, "access_features": choices.access}


def field_view(form: ListingForm, field: EditableField, groups: Mapping[str, tuple[ChoiceGroup, ...]]) -> FieldView:
    """One field."""
    return FieldView(
        field=form[field.column],
        input=field.input.value,
        groups=groups.get(field.column, ()),
        other=form[OTHER_LANGUAGES] if field.column == LANGUAGES else None,
        required=field.required,
    )
