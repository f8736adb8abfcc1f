"""The fields that somebody may edit, with what they can choose from, and texts of files as people read them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from directory.accounts.permissions import Permission, Role, may
from directory.capacity.contracts.models import Programme
from directory.capacity.models import RingFence, Unit
from directory.catalogue.models import AccessFeature, Community, Need, Organisation, Service
from directory.catalogue.versions.models import ListingKind
from directory.catalogue.vocabulary import AcceptsNrpf, Gender, LocationDisclosure, ServiceKind, WideArea
from directory.common.actor import Actor
from directory.common.languages import language_names
from directory.common.orm import Base
from directory.editing.columns import (
    COLUMNS,
    COMMISSIONERS_EYES,
    ColumnSpec,
    FieldInput,
    FieldOwner,
    label_of,
)

__all__ = [
    "Choice",
    "EditableField",
    "FieldInput",
    "FieldOwner",
    "allowed",
    "correctable_fields",
    "fields_for",
    "label_of",
    "reviews",
    "visible",
    "wording",
]


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose: what files write, and what people read."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class EditableField:
    """A field of a form. What is typed is the text that the catalogue's files write (lists with `;` between).

    `required` ones are refused empty. `choices` are those of `choice` and `codes`, in the order in which to show them.
    """

    column: str
    label: str
    hint: str
    owner: FieldOwner
    input: FieldInput
    choices: tuple[Choice, ...]
    required: bool


_REQUIRED = {
    ListingKind.ORGANISATION: {"name", "by_and_for"},
    ListingKind.SERVICE: {"name", "kind", "needs", "location_disclosure"},
    ListingKind.UNIT: {"bedspaces", "max_adults", "max_children", "ringfence"},
}
_RINGFENCES = {RingFence.NONE: "None", RingFence.NRPF: "No recourse to public funds"}
_NRPF = {AcceptsNrpf.YES: "Yes", AcceptsNrpf.NO: "No", AcceptsNrpf.IF_FUNDED: "If somebody pays"}
_DISCLOSURES = {
    LocationDisclosure.PUBLIC: "Public: its postcode",
    LocationDisclosure.BOROUGH: "Its borough only",
    LocationDisclosure.SECRET: "Secret: its borough at most",
}


def reviews(actor: Actor) -> bool:
    """Whether somebody approves proposals: a commissioner."""
    return allowed(actor, Permission.LISTINGS_REVIEW)


def allowed(actor: Actor, permission: Permission) -> bool:
    """Whether somebody may do something; the system by itself proposes nothing."""
    return actor.role in {str(role) for role in Role} and may(Role(actor.role), permission)


def fields_for(session: Session, kind: ListingKind, role: Role | str) -> list[EditableField]:
    """What somebody in `role` may propose to change of a `kind`, in the order of a form.

    Commissioners get every field, a provider those that are not the commissioner's own (`programme`, for one, it never
    sees), anybody else none: see `correctable_fields`.
    """
    role = Role(role)
    if not may(role, Permission.LISTINGS_PROPOSE):
        return []
    everything = may(role, Permission.LISTINGS_REVIEW)
    specs = [spec for spec in COLUMNS[kind] if everything or spec.owner is FieldOwner.ANYBODY]
    return _fields(session, kind, specs)


def correctable_fields(session: Session, kind: ListingKind) -> list[EditableField]:
    """Of which fields anybody who is signed in may suggest a correction; none of units, whose facts are not theirs."""
    specs = [spec for spec in COLUMNS[kind] if spec.owner is FieldOwner.ANYBODY and spec.correctable]
    return [] if kind is ListingKind.UNIT else _fields(session, kind, specs)


def visible(actor: Actor, column: str) -> bool:
    """Whether somebody may see what a listing of theirs says in `column` (firewall, rule 3)."""
    return column not in COMMISSIONERS_EYES or reviews(actor)


def wording(session: Session, kind: ListingKind) -> Callable[[str, str], str]:
    """A function from a column and its text to what people read: names for codes, “Yes” for `yes`; empty stays so."""
    labels = {
        field.column: {choice.value: choice.label for choice in field.choices}
        for field in _fields(session, kind, COLUMNS[kind])
    }
    for column, owner in (("organisation_id", Organisation), ("service_id", Service)):
        labels[column] = _pairs(session, select(owner.id, owner.name))

    def say(column: str, text: str) -> str:
        return ", ".join(_names(text, labels[column])) if labels.get(column) else text

    return say


def _names(text: str, labels: Mapping[str, str]) -> list[str]:
    return sorted((labels.get(code, code) for code in text.split(";") if code), key=str.casefold)


def _fields(session: Session, kind: ListingKind, specs: Sequence[ColumnSpec]) -> list[EditableField]:
    choices = {name: _choices(session, name) for name in {spec.codes_of for spec in specs if spec.codes_of}}
    yes_no = (Choice("yes", "Yes"), Choice("no", "No"))
    return [
        EditableField(
            column=spec.column,
            label=spec.label,
            hint=spec.hint,
            owner=spec.owner,
            input=spec.input,
            choices=yes_no if spec.input is FieldInput.YES_NO else choices.get(spec.codes_of, ()),
            required=spec.column in _REQUIRED[kind],
        )
        for spec in specs
    ]


def _choices(session: Session, vocabulary: str) -> tuple[Choice, ...]:
    return _READERS[vocabulary](session)


def _taxonomy(model: type[Need] | type[Community] | type[AccessFeature]) -> Callable[[Session], tuple[Choice, ...]]:
    return lambda session: _by_name(_pairs(session, select(model.code, model.name)))


def _boroughs(session: Session) -> tuple[Choice, ...]:
    # Foreign keys across capabilities go by table name, and so does reading what they refer to.
    table = Base.metadata.tables["boroughs"]
    return _by_name(_pairs(session, select(table.c.code, table.c.name)))


def _pairs(session: Session, query: Select[str, str]) -> dict[str, str]:
    return {code: name for code, name in session.execute(query)}  # noqa: C416 - a row is no tuple of two for mypy


def _programmes(session: Session) -> tuple[Choice, ...]:
    """Every programme, and what units are said to be paid by that nobody has described yet."""
    names = {code: code for code in session.scalars(select(Unit.programme).distinct()) if code}
    return _by_name(names | _pairs(session, select(Programme.code, Programme.name)))


def _areas(session: Session) -> tuple[Choice, ...]:
    wide = tuple(Choice(area.value, area.label) for area in (WideArea.UK, WideArea.ENGLAND, WideArea.LONDON))
    return (*wide, *_boroughs(session))


def _by_name(names: Mapping[str, str]) -> tuple[Choice, ...]:
    ordered = sorted(names.items(), key=lambda item: (item[1].casefold(), item[0]))
    return tuple(Choice(code, name) for code, name in ordered)


def _fixed(words: Mapping[Any, str]) -> Callable[[Session], tuple[Choice, ...]]:
    choices = tuple(Choice(str(word), label) for word, label in words.items())
    return lambda _session: choices


_READERS: dict[str, Callable[[Session], tuple[Choice, ...]]] = {
    "needs": _taxonomy(Need),
    "communities": _taxonomy(Community),
    "access_features": _taxonomy(AccessFeature),
    "boroughs": _boroughs,
    "areas": _areas,
    "programmes": _programmes,
    "languages": lambda _session: _by_name(language_names()),
    "kinds": _fixed({kind: kind.label for kind in ServiceKind}),
    "genders": _fixed({gender: gender.label for gender in Gender}),
    "nrpf": _fixed(_NRPF),
    "disclosures": _fixed(_DISCLOSURES),
    "ringfences": _fixed(_RINGFENCES),
}
