"""Names for the codes that editions hold, as people read them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.catalogue.models import AccessFeature, Community, Need
from directory.catalogue.vocabulary import Gender, ServiceKind, WideArea
from directory.common.languages import language_name
from directory.places.lookup import all_boroughs

_WIDE = {area.value: area.label for area in WideArea}
_KINDS = {kind.value: kind.label for kind in ServiceKind}
_GENDERS = {gender.value: gender.label for gender in Gender}


@dataclass(frozen=True, slots=True)
class Names:
    """What codes are called today. A code that nobody has a name for any more is shown as it is."""

    needs: Mapping[str, str] = field(default_factory=dict)
    communities: Mapping[str, str] = field(default_factory=dict)
    access_features: Mapping[str, str] = field(default_factory=dict)
    boroughs: Mapping[str, str] = field(default_factory=dict)

    def of(self, key: str, code: str) -> str:
        """The name of a code that stands in an entry's body under `key`; of what has no codes, the value itself."""
        if key == "languages":
            return language_name(code)
        known: Mapping[str, Mapping[str, str]] = {
            "needs": self.needs,
            "communities": self.communities,
            "access_features": self.access_features,
            "borough": self.boroughs,
            "areas": {**self.boroughs, **_WIDE},
            "kind": _KINDS,
            "genders": _GENDERS,
        }
        return known.get(key, {}).get(code, code)

    def all_of(self, key: str, codes: list[str]) -> tuple[str, ...]:
        """The names of several codes, in their own alphabetical order."""
        return tuple(sorted((self.of(key, code) for code in codes), key=str.casefold))


def read_names(session: Session) -> Names:
    """The names of every term and borough; four statements."""
    needs, communities, features = (
        {row.code: row.name for row in session.execute(select(term.code, term.name))}
        for term in (Need, Community, AccessFeature)
    )
    return Names(needs, communities, features, {borough.code: borough.name for borough in all_boroughs(session)})
