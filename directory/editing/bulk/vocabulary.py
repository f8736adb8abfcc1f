"""What the words in a sheet's cells may mean: codes, their names and what people call them, as the catalogue is now."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.catalogue.models import AccessFeature, Community, Need, Organisation, Service
from directory.catalogue.vocabulary import Gender, ServiceKind, WideArea
from directory.common.languages import language_names
from directory.common.orm import Base
from directory.editing.bulk import words

_SPACES = re.compile(r"[\s\u00a0_]+")
_BOROUGH_TITLES = re.compile(
    r"^(?:the )?(?:london borough of |royal borough of |city of (?=westminster)|lb (?:of )?|rb (?:of )?)"
    r"|(?: (?:london borough|borough|council))+$"
)


def plain(text: str) -> str:
    """A word as it is compared: lower case, single spaces, `and` for `&`, no apostrophes."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").replace("'", "").replace("&", " and ")
    return _SPACES.sub(" ", text).strip(" .")


@dataclass(frozen=True, slots=True)
class Lookup:
    """Codes as they are, and by any of their names. A name that two codes share means neither."""

    codes: frozenset[str]
    by_name: Mapping[str, str]
    boroughs: bool = False

    def find(self, text: str) -> str | None:
        """The code that `text` means, or None."""
        if text in self.codes:
            return text
        name = plain(text)
        found = self.by_name.get(name)
        if found is None and self.boroughs:
            name = _BOROUGH_TITLES.sub("", name)
            found = self.by_name.get(name) or self.by_name.get(words.BOROUGHS.get(name, ""))
        return found


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every lookup, by what it holds."""

    lookups: Mapping[str, Lookup]

    def find(self, of: str, text: str) -> str | None:
        """The code of the vocabulary `of` that `text` means, or None."""
        return self.lookups[of].find(text)


def read_vocabulary(session: Session) -> Vocabulary:
    """All words that cells may hold, in a handful of statements."""
    boroughs = _boroughs(session)
    areas = boroughs + [(area.value, name) for area in WideArea for name in (area.label, *words.WIDE_AREAS[area])]
    return Vocabulary(
        {
            "needs": _lookup(_terms(session, Need)),
            "communities": _lookup(_terms(session, Community)),
            "access_features": _lookup(_terms(session, AccessFeature)),
            "boroughs": _lookup(boroughs, boroughs=True),
            "areas": _lookup(areas, boroughs=True),
            "languages": _languages(),
            "organisations": _lookup(_listings(session, Organisation)),
            "services": _lookup(_listings(session, Service)),
            "statuses": _fixed(words.STATUSES),
            "kinds": _fixed(words.SERVICE_KINDS, {kind: kind.label for kind in ServiceKind}),
            "genders": _fixed(words.GENDERS, {gender: gender.label for gender in Gender}),
            "nrpf": _fixed(words.ACCEPTS),
            "disclosures": _fixed(words.DISCLOSURES),
            "ringfences": _fixed(words.RINGFENCES),
            "states": _fixed(words.STATES),
        }
    )


def _lookup(pairs: Iterable[tuple[str, str]], *, boroughs: bool = False) -> Lookup:
    """A lookup of pairs of a code and one of its names."""
    pairs = list(pairs)
    codes = frozenset(code for code, _ in pairs)
    named = {(plain(name), code) for code, name in pairs}
    counts = Counter(name for name, _ in named)
    by_name = {name: code for name, code in named if counts[name] == 1 and name}
    spelt = Counter(plain(code) for code in codes)
    # What people call something goes before a code in other letters: BSL is no Basa-Gumna, whose code is `bsl`.
    by_name = {plain(code): code for code in codes if spelt[plain(code)] == 1} | by_name
    by_name |= {plain(code.replace("-", " ")): code for code in codes if plain(code.replace("-", " ")) not in by_name}
    return Lookup(codes, by_name, boroughs)


def _fixed(meanings: Mapping[Any, Iterable[str]], labels: Mapping[Any, str] | None = None) -> Lookup:
    pairs = [(str(word), name) for word, names in meanings.items() for name in names]
    pairs += [(str(word), label) for word, label in (labels or {}).items()]
    pairs += [(str(word), str(word)) for word in meanings]
    return _lookup(pairs)


def _terms(session: Session, model: type[Need] | type[Community] | type[AccessFeature]) -> list[tuple[str, str]]:
    """The codes of a taxonomy with their names; with a synonym only where it is no other term's name."""
    rows = session.execute(select(model.code, model.name, model.synonyms)).all()
    names = {plain(row.name) for row in rows}
    pairs = [(row.code, row.name) for row in rows]
    return pairs + [(row.code, other) for row in rows for other in row.synonyms if plain(other) not in names]


def _boroughs(session: Session) -> list[tuple[str, str]]:
    # Foreign keys across capabilities go by table name, and so does reading what they refer to.
    table = Base.metadata.tables["boroughs"]
    return [(code, name) for code, name in session.execute(select(table.c.code, table.c.name))]


def _listings(session: Session, model: type[Organisation] | type[Service]) -> list[tuple[str, str]]:
    rows = session.execute(select(model.id, model.name).where(model.removed_at.is_(None)))
    return [(listing_id, name) for listing_id, name in rows]


def _languages() -> Lookup:
    names = language_names()
    pairs = [(code, name) for code, name in names.items()]
    taken = {plain(name) for name in names.values()}
    pairs += [
        (code, other)
        for code, others in words.LANGUAGES.items()
        for other in others
        if code in names and plain(other) not in taken
    ]
    return _lookup(pairs)
