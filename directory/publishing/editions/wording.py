"""One difference between two bodies, in plain words, with names rather than codes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from directory.common.dates import duration
from directory.publishing.editions.naming import Names
from directory.publishing.editions.vocabulary import EntryKind

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Value:
    """A key whose value is one thing: what people call it, whether that word is a plural, and how a value is shown."""

    key: str
    label: str
    plural: bool = False
    shown: Callable[[Any], str] = str


_VALUES = {
    EntryKind.ORGANISATION: (
        _Value("name", "Name"),
        _Value("phone", "Phone"),
        _Value("email", "Email"),
        _Value("website", "Website"),
        _Value("charity_number", "Charity number"),
    ),
    EntryKind.SERVICE: (
        _Value("name", "Name"),
        _Value("kind", "Kind"),
        _Value("phone", "Phone"),
        _Value("website", "Website"),
        _Value("hours", "Opening hours", plural=True),
        _Value("postcode", "Postcode"),
        _Value("borough", "Borough"),
        _Value("min_age", "Lowest age"),
        _Value("max_age", "Highest age"),
        _Value("response_target_minutes", "Target for an answer", shown=duration),
    ),
    EntryKind.PROGRAMME: (_Value("name", "Name"),),
}
_LISTS = {
    EntryKind.ORGANISATION: {"communities": "Communities"},
    EntryKind.SERVICE: {
        "needs": "Needs",
        "communities": "Communities",
        "languages": "Languages",
        "genders": "For",
        "areas": "Areas",
        "access_features": "Access",
    },
}
# What reads best as a sentence of its own for each value.
_SENTENCES: Mapping[str, Mapping[Any, str]] = {
    "by_and_for": {
        True: "it is led by and for the community that it supports",
        False: "it is not led by and for a community",
    },
    "accepts_nrpf": {
        "yes": "people without public funds are taken",
        "no": "people without public funds are not taken",
        "if_funded": "people without public funds are taken where somebody pays",
        None: "it is not known whether people without public funds are taken",
    },
    "location_disclosure": {
        "public": "its location is public",
        "borough": "its borough is told and no more",
        "secret": "its location is secret",
    },
}


def words_between(kind: EntryKind, old: Body, new: Body, names: Names) -> Iterator[str]:
    """A sentence for each thing that differs, but for capacity.

    When a listing was last confirmed is no change of it; and what is said of a service's organisation is told there.
    """
    for value in _VALUES.get(kind, ()):
        if old[value.key] != new[value.key]:
            yield _value(value, old[value.key], new[value.key], names)
    if old.get("description") != new.get("description"):
        yield "The description was rewritten."
    if kind is EntryKind.SERVICE and old["organisation_id"] != new["organisation_id"]:
        yield f"It belongs to {new['organisation_name']}; it belonged to {old['organisation_name']}."
    for key, sentences in _SENTENCES.items():
        # A service's is its organisation's.
        told_elsewhere = key == "by_and_for" and kind is EntryKind.SERVICE
        if key in new and old[key] != new[key] and not told_elsewhere:
            yield f"{_capital(_say(sentences, new[key]))}; before, {_say(sentences, old[key])}."
    for key, label in _LISTS.get(kind, {}).items():
        if old[key] != new[key]:
            yield _listed(key, label, old[key], new[key], names)
    if kind is EntryKind.PROGRAMME:
        yield from _commissioned(old, new)


def restated(old: Body, new: Body) -> Iterator[str]:
    """The quarters that two performance entries both have, and of which they say different things."""
    for quarter in sorted({*old["quarters"]} & {*new["quarters"]}):
        if old["quarters"][quarter] != new["quarters"][quarter]:
            yield f"Its figures of {quarter} were restated."


def capacity(units: int, bedspaces: int) -> str:
    """`4 units with 9 bedspaces`."""
    return f"{_counted(units, 'unit')} with {_counted(bedspaces, 'bedspace')}"


def capacity_between(old: tuple[int, int], new: tuple[int, int]) -> str:
    """How units and bedspaces changed: `4 units with 9 bedspaces; there were 3 with 7.`"""
    now = _capital(capacity(*new)) if any(new) else "No units any more"
    if not any(old):
        return f"{now}; there were none."
    was = "was" if old[0] == 1 else "were"
    before = f"{old[0]} with {old[1]}" if any(new) else capacity(*old)
    return f"{now}; there {was} {before}."


def _value(value: _Value, old: Any, new: Any, names: Names) -> str:
    is_, was, it = ("are", "were", "they") if value.plural else ("is", "was", "it")
    had = f"{it} {was} {_shown(value, old, names)}" if _is_there(old) else f"there {was} none"
    if not _is_there(new):
        return f"There {is_} no {value.label.lower()} any more; {had}."
    return f"{value.label} {is_} {_shown(value, new, names)}; {had}."


def _shown(value: _Value, said: Any, names: Names) -> str:
    return names.of(value.key, said) if isinstance(said, str) else value.shown(said)


def _is_there(said: Any) -> bool:
    return said is not None and said != ""


def _listed(key: str, label: str, old: list[str], new: list[str], names: Names) -> str:
    added = names.all_of(key, [code for code in new if code not in old])
    gone = names.all_of(key, [code for code in old if code not in new])
    parts = [f"now also {', '.join(added)}"] if added else []
    parts += [f"no longer {', '.join(gone)}"] if gone else []
    return f"{label}: {'; '.join(parts)}."


def _commissioned(old: Body, new: Body) -> Iterator[str]:
    then, now = ((body["units"], body["bedspaces"]) for body in (old, new))
    if then != now:
        yield f"Commissioned: {capacity_between(then, now)}"


def _say(sentences: Mapping[Any, str], said: Any) -> str:
    return sentences.get(said, str(said))


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
