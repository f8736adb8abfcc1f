"""The words behind the codes of an edition: taxonomies, kinds of service and areas."""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.catalogue.models import AccessFeature, Community, Need
from directory.catalogue.vocabulary import ServiceKind, WideArea
from directory.common.languages import language_name
from directory.places.lookup import all_boroughs


class Taxonomy(enum.StrEnum):
    """What listings are described with. The values are stable: identifiers are made of them."""

    KINDS = "kinds"
    NEEDS = "needs"
    COMMUNITIES = "communities"
    ACCESS_FEATURES = "access_features"

    @property
    def label(self) -> str:
        """The taxonomy as people call it."""
        return _LABELS[self][0]

    @property
    def description(self) -> str:
        """What its terms say of a listing."""
        return _LABELS[self][1]


_LABELS = {
    Taxonomy.KINDS: ("Kinds of service", "What a service is, such as a refuge or a helpline."),
    Taxonomy.NEEDS: ("Needs", "What a service helps with."),
    Taxonomy.COMMUNITIES: ("Communities", "Whom an organisation is led by and for, or whom a service knows."),
    Taxonomy.ACCESS_FEATURES: ("Access features", "What lets somebody use a place, such as a step-free entrance."),
}


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a taxonomy. `parent` is the code of the wider one, empty where there is none."""

    taxonomy: Taxonomy
    code: str
    name: str
    definition: str
    parent: str


@dataclass(frozen=True, slots=True)
class Terms:
    """Every term by taxonomy and code, and the names of the boroughs by theirs. A code without a name is its own."""

    terms: Mapping[tuple[Taxonomy, str], Term]
    boroughs: Mapping[str, str]

    def names(self, taxonomy: Taxonomy, codes: Iterable[str]) -> list[str]:
        """The names of `codes`, in alphabetical order."""
        found = (self.terms.get((taxonomy, code)) for code in codes)
        return sorted((term.name if term else code for term, code in zip(found, codes, strict=True)), key=str.casefold)

    def of(self, taxonomy: Taxonomy) -> list[Term]:
        """The terms of one taxonomy, by code."""
        return sorted((term for (held, _), term in self.terms.items() if held is taxonomy), key=lambda term: term.code)

    def with_narrower(self, taxonomy: Taxonomy, code: str) -> frozenset[str]:
        """`code` and all codes below it: a narrower term answers for its wider one."""
        found, added = {code}, {code}
        while added:
            added = {term.code for term in self.of(taxonomy) if term.parent in added} - found
            found |= added
        return frozenset(found)

    def borough(self, code: str | None) -> str:
        """A borough's name; empty where there is none."""
        return self.boroughs.get(code or "", code or "")

    def areas(self, codes: Iterable[str]) -> list[str]:
        """Areas by name: the widest first, then the boroughs."""
        held = set(codes)
        wide = [area for area in (WideArea.UK, WideArea.ENGLAND, WideArea.LONDON) if area in held]
        return [*(area.label for area in wide), *sorted(self.borough(code) for code in held - set(wide))]


def read_terms(session: Session) -> Terms:
    """Every term and borough: four statements. Raises DomainError while no gazetteer is loaded."""
    found = [Term(Taxonomy.KINDS, kind.value, kind.label, "", "") for kind in ServiceKind]
    sources: tuple[tuple[Taxonomy, Any], ...] = (
        (Taxonomy.NEEDS, Need),
        (Taxonomy.COMMUNITIES, Community),
        (Taxonomy.ACCESS_FEATURES, AccessFeature),
    )
    for taxonomy, model in sources:
        rows = session.execute(select(model.code, model.name, model.definition, model.parent_code))
        found += [Term(taxonomy, code, name, definition, parent or "") for code, name, definition, parent in rows]
    boroughs = {borough.code: borough.name for borough in all_boroughs(session)}
    return Terms({(term.taxonomy, term.code): term for term in found}, boroughs)


def language_names_of(codes: Iterable[str]) -> list[str]:
    """Languages by their English names, in alphabetical order."""
    return sorted((language_name(code) for code in codes), key=str.casefold)
