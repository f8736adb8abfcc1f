"""The services of an edition in a list: chosen by kind and borough, grouped by kind, a page at a time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from directory.catalogue.vocabulary import ServiceKind, WideArea
from directory.publishing.editions.facts import EditionFacts
from directory.publishing.editions.reading import entries
from directory.publishing.editions.vocabulary import EntryKind
from directory.web.pages.editions.contexts import KindGroup, ListingRow
from directory.web.pages.editions.remembering import remembered
from directory.web.pages.editions.words import counted

# Kept in words of ours, so that an edition of another time can name a kind that is none any more.
_LABELS = {kind.value: kind.label for kind in ServiceKind}
_EVERYWHERE = {area.value for area in WideArea}
Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Listed:
    """A service in the list, and by what it is chosen: its kind, and every borough that it is in or covers.

    `everywhere`: it covers all of London, or more, and so each borough.
    """

    kind: str
    boroughs: frozenset[str]
    everywhere: bool
    label: str
    row: ListingRow


_kept: dict[str, tuple[Listed, ...]] = {}
# On the day of publication everybody reads the same edition; a large one takes a few megabytes.
_MOST_KEPT = 2


def kind_label(body: Body) -> str:
    """The kind of a service as people read it."""
    kind = str(body["kind"])
    return _LABELS.get(kind, kind.replace("_", " ").capitalize())


def size_in_words(body: Body) -> str:
    """How large a refuge is; empty for every other service."""
    if body["units"] is None:
        return ""
    return f"{counted(body['units'], 'unit')}, {counted(body['bedspaces'], 'bedspace')}"


def listed(session: Session, edition: EditionFacts, boroughs: Mapping[str, str]) -> tuple[Listed, ...]:
    """Every service of a published edition, by kind, borough and name. `boroughs` are names by code."""

    def read() -> tuple[Listed, ...]:
        bodies = (entry.body for entry in entries(session, edition.id, EntryKind.SERVICE))
        return tuple(sorted((_listed(body, boroughs) for body in bodies), key=_place_in_list))

    return remembered(_kept, edition.seal, _MOST_KEPT, read)


def chosen(services: Sequence[Listed], kind: str, borough: str) -> Sequence[Listed]:
    """The services of a kind that lie in a borough or cover it (empty: any). Who covers all of London covers each."""
    return [
        one
        for one in services
        if (not kind or one.kind == kind) and (not borough or one.everywhere or borough in one.boroughs)
    ]


def groups(services: Sequence[Listed], shown: slice) -> Iterator[KindGroup]:
    """A page of the list, in its groups."""
    before = services[shown.start - 1].label if 0 < shown.start <= len(services) else ""
    for label, group in groupby(services[shown], key=lambda one: one.label):
        yield KindGroup(label, label == before, tuple(one.row for one in group))


def _place_in_list(one: Listed) -> tuple[str, bool, str, str, str]:
    where = one.row.borough
    return one.label, not where, where.casefold(), one.row.name.casefold(), one.row.id


def _listed(body: Body, boroughs: Mapping[str, str]) -> Listed:
    areas = set(body["areas"])
    row = ListingRow(
        id=body["id"],
        name=body["name"],
        organisation=body["organisation_name"],
        borough=boroughs.get(body["borough"] or "", ""),
        phone=body["phone"],
        size=size_in_words(body),
    )
    return Listed(
        kind=body["kind"],
        boroughs=frozenset({*(areas - _EVERYWHERE), body["borough"]} - {None}),
        everywhere=bool(areas & _EVERYWHERE),
        label=kind_label(body),
        row=row,
    )
