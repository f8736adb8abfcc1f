"""Reading what is asked of the Open Referral UK addresses, strictly: what we do not know is refused, not ignored.

A filter that is silently ignored answers another question than the one that was asked.
"""

from dataclasses import dataclass

from flask import request

from directory.api.problems import ApiError
from directory.common.errors import FieldProblem
from directory.common.paging import DEFAULT_PER_PAGE, MAX_PER_PAGE, Paging
from directory.common.text import unusable_characters
from directory.publishing.formats.live import LONGEST_SEARCH

LAST_PAGE = 100_000
OLDEST = 120
# The least and the greatest of each number.
NUMBERS = {
    "page": (1, LAST_PAGE),
    "per_page": (1, MAX_PER_PAGE),
    "minimum_age": (0, OLDEST),
    "maximum_age": (0, OLDEST),
}
PAGING = ("page", "per_page")
SERVICES = (*PAGING, "search", "taxonomy_term_id", "taxonomy_id", "organization_id", "minimum_age", "maximum_age")


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of a request; None where one is not given. The standard names them."""

    paging: Paging
    search: str = ""
    taxonomy_term_id: str | None = None
    taxonomy_id: str | None = None
    organization_id: str | None = None
    minimum_age: int | None = None
    maximum_age: int | None = None


def read_parameters(known: tuple[str, ...]) -> Asked:
    """The request's parameters, of which only `known` may be there. Raises ApiError 422 with all that are wrong."""
    problems: list[FieldProblem] = []
    texts: dict[str, str] = {}
    numbers: dict[str, int] = {}
    for name, values in request.args.lists():
        if name not in known:
            problems.append(FieldProblem(_plain(name), "This is not a parameter of this address.", known))
        elif len(values) > 1:
            problems.append(FieldProblem(name, "Give it once."))
        elif name in NUMBERS:
            number = _number(name, values[0])
            problems += [number] if isinstance(number, FieldProblem) else []
            numbers |= {name: number} if isinstance(number, int) else {}
        elif len(values[0]) > LONGEST_SEARCH or unusable_characters(values[0]):
            problems.append(FieldProblem(name, f"Give a text of at most {LONGEST_SEARCH} characters."))
        else:
            texts[name] = values[0]
    if problems:
        raise ApiError(422, problems=problems)
    paging = Paging(numbers.pop("page", 1), numbers.pop("per_page", DEFAULT_PER_PAGE))
    return Asked(paging=paging, **texts, **numbers)  # type: ignore[arg-type]  # by the names of `known`


def _number(name: str, text: str) -> int | FieldProblem:
    least, greatest = NUMBERS[name]
    # Longer ones would take long to read, and other digits than these are not those of JSON.
    if text.isascii() and text.isdigit() and len(text) <= 9 and least <= int(text) <= greatest:
        return int(text)
    return FieldProblem(name, f"Give a whole number from {least} to {greatest}.")


def _plain(name: str) -> str:
    """The name of a parameter as it may be repeated: a stranger's text comes back cut short."""
    return "".join(character for character in name if character.isprintable())[:60]
