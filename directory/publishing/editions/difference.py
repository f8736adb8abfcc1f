"""What is different from the edition before, in plain words.

How many units of a programme are ring-fenced is not said here: beside a refuge that has one more, it would tell which
(firewall, rule 3).
"""

from collections.abc import Iterable, Iterator

from sqlalchemy.orm import Session

from directory.publishing.editions.facts import ChangeSort, EditionChange, EditionDifference, Entry
from directory.publishing.editions.naming import Names, read_names
from directory.publishing.editions.reading import before, entries, read_by_id
from directory.publishing.editions.vocabulary import EntryKind
from directory.publishing.editions.wording import Body, capacity, capacity_between, restated, words_between

_SORTS = list(ChangeSort)
_KINDS = list(EntryKind)
# Under which keys bodies say how much there is.
_CAPACITY = {
    EntryKind.SERVICE: ("units", "bedspaces"),
    EntryKind.PROGRAMME: ("live_units", "live_bedspaces"),
}


def difference(session: Session, edition_id: int) -> EditionDifference:
    """How an edition differs from the one published before it; of a draft, from the last. Raises NotFoundError."""
    edition = read_by_id(session, edition_id)
    earlier = before(session, edition)
    old = _all(session, earlier.id) if earlier else []
    changes = differences(old, _all(session, edition_id), read_names(session))
    return EditionDifference(earlier.number if earlier else None, changes)


def _all(session: Session, edition_id: int) -> list[Entry]:
    return [entry for kind in EntryKind for entry in entries(session, edition_id, kind)]


def differences(old: Iterable[Entry], new: Iterable[Entry], names: Names) -> tuple[EditionChange, ...]:
    """Every difference from `old` to `new`: new first, then changed, withdrawn, capacity up and down; each by name."""
    then = {(entry.kind, entry.id): entry for entry in old}
    now = {(entry.kind, entry.id): entry for entry in new}
    found: list[EditionChange] = []
    for key in {*then, *now}:
        before_, after = then.get(key), now.get(key)
        if before_ is None and after is not None:
            found += _only_one(ChangeSort.NEW, after, names)
        elif before_ is not None and after is None:
            found += _only_one(ChangeSort.WITHDRAWN, before_, names)
        elif before_ is not None and after is not None and before_.body != after.body:
            found += _between(before_, after, _name(after, now), names)
    return tuple(sorted(found, key=_order))


def _order(change: EditionChange) -> tuple[int, int, str, str]:
    return _SORTS.index(change.sort), _KINDS.index(change.kind), change.name.casefold(), change.id


def _name(entry: Entry, among: dict[tuple[EntryKind, str], Entry]) -> str:
    """A performance entry has the name of its service."""
    service = among.get((EntryKind.SERVICE, entry.id)) if entry.kind is EntryKind.PERFORMANCE else None
    return str((service or entry).body.get("name", entry.id))


def _only_one(sort: ChangeSort, entry: Entry, names: Names) -> Iterator[EditionChange]:
    # Figures come and go with every quarter.
    if entry.kind is not EntryKind.PERFORMANCE:
        words = (_description(entry, names),) if entry.kind is EntryKind.SERVICE else ()
        yield EditionChange(sort, entry.kind, entry.id, str(entry.body["name"]), words)


def _description(entry: Entry, names: Names) -> str:
    body = entry.body
    what = f"{names.of('kind', body['kind'])}, {body['organisation_name']}"
    units, bedspaces = _amounts(entry.kind, body)
    return f"{what}: {capacity(units, bedspaces)}." if units else f"{what}."


def _between(old: Entry, new: Entry, name: str, names: Names) -> Iterator[EditionChange]:
    kind, entry_id = new.kind, new.id
    if kind is EntryKind.PERFORMANCE:
        words = tuple(restated(old.body, new.body))
    else:
        words = tuple(words_between(kind, old.body, new.body, names))
    if words:
        yield EditionChange(ChangeSort.CHANGED, kind, entry_id, name, words)
    then, now = _amounts(kind, old.body), _amounts(kind, new.body)
    if then != now:
        # Bedspaces are people; of as many of them, more units are more households.
        up = (now[1], now[0]) > (then[1], then[0])
        sort = ChangeSort.CAPACITY_UP if up else ChangeSort.CAPACITY_DOWN
        yield EditionChange(sort, kind, entry_id, name, (capacity_between(then, now),))


def _amounts(kind: EntryKind, body: Body) -> tuple[int, int]:
    units, bedspaces = (body.get(key) or 0 for key in _CAPACITY.get(kind, ("", "")))
    return units, bedspaces
