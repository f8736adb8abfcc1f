"""From what somebody sent to validated criteria: every bad value gets a message next to its field.

The web form and the API both come through `read_question`, so that one question has one meaning.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.catalogue.models import AccessFeature, Community, Need
from directory.catalogue.vocabulary import Gender, ServiceKind
from directory.common.errors import FieldProblem, InvalidInputError
from directory.common.languages import language_names
from directory.common.paging import DEFAULT_PER_PAGE, MAX_PER_PAGE, Paging
from directory.common.text import squeeze, unusable_characters
from directory.places.lookup import (
    AmbiguousPlaceError,
    Place,
    PlaceNotFoundError,
    all_boroughs,
    find_borough,
    find_place,
)
from directory.search.criteria import Child, Criteria, Household, PreferDistance, Preference, Sex

LONGEST_TEXT = 200
MOST_ITEMS = 50
MOST_ADULTS = 20
MOST_MILES = 1_000
OLDEST = 120
CHILD = re.compile(r"([0-9]{1,2})\s*([fm])", re.IGNORECASE)

Word = TypeVar("Word", bound=StrEnum)


@dataclass(slots=True)
class _Reader:
    """Takes fields out of what was sent, by type, collecting what is wrong with them."""

    sent: Mapping[str, Any]
    problems: list[FieldProblem] = field(default_factory=list)

    def wrong(self, name: str, message: str, allowed: Iterable[str] = ()) -> None:
        self.problems.append(FieldProblem(name, message, tuple(allowed)))

    def given(self, name: str) -> Any:
        """The value sent, where it says anything: null and an empty text ask nothing."""
        value = self.sent.get(name)
        return None if isinstance(value, str) and not value.strip() else value

    def text(self, name: str) -> str | None:
        value = self.given(name)
        if value is None:
            return None
        if not isinstance(value, str):
            self.wrong(name, "must be text.")
        elif len(value) > LONGEST_TEXT:
            self.wrong(name, f"must be {LONGEST_TEXT} characters or fewer.")
        elif unusable_characters(value):
            self.wrong(name, "contains characters that cannot be read.")
        else:
            return squeeze(value)
        return None

    def whole_number(self, name: str, lowest: int, highest: int) -> int | None:
        value = self.given(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            self.wrong(name, f"must be a whole number from {lowest} to {highest}.")
            return None
        return value

    def miles(self, name: str) -> float | None:
        value = self.given(name)
        if value is None:
            return None
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or (isinstance(value, float) and not math.isfinite(value)) or not 0 < value <= MOST_MILES:
            self.wrong(name, f"must be a number of miles, more than 0 and at most {MOST_MILES}.")
            return None
        return float(value)

    def yes(self, name: str) -> bool | None:
        value = self.given(name)
        if value is not None and not isinstance(value, bool):
            self.wrong(name, "must be true or false.", ("true", "false"))
            return None
        return value

    def word(self, name: str, vocabulary: type[Word]) -> Word | None:
        value = self.text(name)
        if value is None:
            return None
        words = [member.value for member in vocabulary]
        if value not in words:
            self.wrong(name, f"must be one of: {', '.join(words)}.", words)
            return None
        return vocabulary(value)

    def items(self, name: str) -> list[str]:
        """A list of texts, without repetitions, in the order given."""
        value = self.given(name)
        if value is None:
            return []
        if not isinstance(value, list | tuple):
            self.wrong(name, "must be a list.")
        elif len(value) > MOST_ITEMS:
            self.wrong(name, f"must have {MOST_ITEMS} items or fewer.")
        elif not all(isinstance(item, str) and 0 < len(item.strip()) <= LONGEST_TEXT for item in value):
            self.wrong(name, f"must hold texts of 1 to {LONGEST_TEXT} characters.")
        elif any(unusable_characters(item) for item in value):
            self.wrong(name, "contains characters that cannot be read.")
        else:
            return [squeeze(item) for item in value]
        return []

    def unique_items(self, name: str) -> list[str]:
        return list(dict.fromkeys(self.items(name)))

    def words(self, name: str, vocabulary: type[Word]) -> frozenset[Word]:
        words = [member.value for member in vocabulary]
        chosen = self.known(name, words, "a word that can be asked for")
        return frozenset(vocabulary(item) for item in chosen)

    def known(self, name: str, codes: Iterable[str], what: str) -> list[str]:
        """The items of `name`, each of which must be one of `codes`; close ones are offered for those that are not."""
        codes = list(codes)
        items = self.unique_items(name)
        for item in items:
            if item not in codes:
                close = get_close_matches(item.lower(), codes, n=3) or (codes if len(codes) <= 12 else ())
                self.wrong(name, f"“{item}” is not {what}.{_did_you_mean(close)}", close)
        return [item for item in items if item in codes]


def _did_you_mean(close: Iterable[str]) -> str:
    names = list(close)
    return f" Did you mean {' or '.join(names)}?" if names else ""


def read_question(session: Session, sent: Mapping[str, Any]) -> Criteria:
    """Validate a question given by the names of design section 4, as JSON types.

    Raises InvalidInputError with every problem found, each by the field's name; `allowed` holds what would be right
    where that is a short list (for a place that is two places: both, to be typed again as they stand).
    """
    reader = _Reader(sent)
    for name in sent:
        if name not in FIELDS:
            close = get_close_matches(str(name), FIELDS, n=3)
            reader.wrong(str(name)[:LONGEST_TEXT], f"is not part of a search.{_did_you_mean(close)}", close or FIELDS)
    values = _where(session, reader) | _who(reader) | _what(session, reader) | _wishes(reader)
    if reader.problems:
        order = {name: position for position, name in enumerate(FIELDS)}
        raise InvalidInputError(sorted(reader.problems, key=lambda problem: order.get(problem.field, -1)))
    return Criteria(**values)


def _where(session: Session, reader: _Reader) -> dict[str, Any]:
    near = _place(session, reader)
    within = reader.miles("within")
    if within is not None and reader.given("near") is None:
        reader.wrong("within", "needs a place to measure from: fill in near.")
    return {
        "near": near,
        "within": within,
        "avoid": _boroughs(session, reader, "avoid"),
        "prefer_distance": reader.word("prefer_distance", PreferDistance) or PreferDistance.NEAR,
    }


def _boroughs(session: Session, reader: _Reader, name: str) -> frozenset[str]:
    """Codes of boroughs given by code or by name."""
    items = reader.unique_items(name)
    known: dict[str, str] = {}
    for borough in all_boroughs(session) if items else ():
        known |= {borough.code: borough.code, borough.name.casefold(): borough.code}
    codes = set()
    for item in items:
        try:
            codes.add(known.get(item) or known.get(item.casefold()) or find_borough(session, item).code)
        except PlaceNotFoundError as error:
            reader.wrong(name, f"“{item}” is not a London borough.", error.suggestions)
    return frozenset(codes)


def _place(session: Session, reader: _Reader) -> Place | None:
    text = reader.text("near")
    if text is None:
        return None
    try:
        return find_place(session, text)
    except AmbiguousPlaceError as error:
        names = [choice.name for choice in error.choices]
        reader.wrong("near", f"“{text}” is more than one place. Choose {' or '.join(names)}.", names)
    except PlaceNotFoundError as error:
        reader.wrong("near", str(error), error.suggestions)
    return None


def _who(reader: _Reader) -> dict[str, Any]:
    adults = reader.whole_number("adults", 1, MOST_ADULTS)
    children = []
    for item in reader.items("child"):
        matched = CHILD.fullmatch(item)
        if matched and int(matched[1]) <= 17:
            children.append(Child(int(matched[1]), Sex(matched[2].lower())))
        else:
            reader.wrong("child", f"“{item}” is not an age from 0 to 17 and f or m, such as 4f or 13m.")
    asked = adults is not None or bool(children)
    return {
        # With children only, one adult is assumed: somebody comes with them.
        "household": Household(adults or 1, tuple(children)) if asked else None,
        "gender": reader.word("gender", Gender),
        "age": reader.whole_number("age", 0, OLDEST),
    }


def _what(session: Session, reader: _Reader) -> dict[str, Any]:
    parents: dict[str, str | None] = {}
    names: dict[str, str] = {}
    if reader.given("need"):
        for code, name, parent in session.execute(select(Need.code, Need.name, Need.parent_code)):
            parents[code] = parent
            names[code] = name
    needs = reader.known("need", parents, "a need in the list of terms")
    found: dict[str, list[str]] = {}
    for field_name, term, what in (
        ("community", Community, "a community in the list of terms"),
        ("access", AccessFeature, "an access feature in the list of terms"),
    ):
        known: dict[str, str] = {}
        if reader.given(field_name):
            known = {row.code: row.name for row in session.execute(select(term.code, term.name))}
        found[field_name] = reader.known(field_name, known, what)
        names |= known
    return {
        "asked_needs": tuple(needs),
        "needs": tuple(_with_narrower(code, parents) for code in needs),
        "communities": frozenset(found["community"]),
        "access": frozenset(found["access"]),
        "names": {code: names[code] for code in (*needs, *found["community"], *found["access"])},
    }


def _with_narrower(code: str, parents: Mapping[str, str | None]) -> frozenset[str]:
    """A need and all its narrower terms, however deep: a child term answers for its parent, not the other way."""
    answers = {code}
    growing = True
    while growing:
        more = {child for child, parent in parents.items() if parent in answers} - answers
        answers |= more
        growing = bool(more)
    return frozenset(answers)


def _wishes(reader: _Reader) -> dict[str, Any]:
    musts = reader.words("must", Preference)
    by_and_for = reader.yes("by_and_for")
    return {
        "languages": frozenset(reader.known("language", language_names(), "an ISO 639 language code")),
        # Naming it among the musts asks for it, unless the same question says that it is not wanted.
        "by_and_for": by_and_for if by_and_for is not None else Preference.BY_AND_FOR in musts,
        "nrpf": bool(reader.yes("nrpf")),
        "space": bool(reader.yes("space")),
        "open_now": bool(reader.yes("open")),
        "kinds": reader.words("kind", ServiceKind),
        "musts": musts,
        "paging": Paging(
            reader.whole_number("page", 1, 1_000_000_000) or 1,
            reader.whole_number("per_page", 1, MAX_PER_PAGE) or DEFAULT_PER_PAGE,
        ),
    }


FIELDS = (
    *("near", "within", "avoid", "adults", "child", "gender", "age", "need", "language", "community", "by_and_for"),
    *("access", "nrpf", "space", "open", "kind", "must", "prefer_distance", "page", "per_page"),
)
"""The names of a question, in the order in which the form asks and errors are listed."""
