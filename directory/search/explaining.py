"""Sentences for the musts: what a match meets, and the one condition that a near miss failed.

They are the same for every unit that fits, whatever it is funded for.
"""

from collections.abc import Iterable

from directory.common.languages import language_name
from directory.search.criteria import Criteria, Household, Preference
from directory.search.musts import Must
from directory.search.ranking import Reason


def describe_household(household: Household) -> str:
    """ "1 adult", "2 adults and 3 children"."""
    adults = f"{household.adults} adult{'' if household.adults == 1 else 's'}"
    if not household.children:
        return adults
    count = len(household.children)
    return f"{adults} and {count} {'child' if count == 1 else 'children'}"


def musts_met(criteria: Criteria, *, is_refuge: bool) -> list[Reason]:
    """What was demanded and is met, as reasons that add no points."""
    texts: list[tuple[Must, str]] = []
    if criteria.asked_needs:
        texts.append((Must.NEED, f"Helps with {_listed(criteria.names[code] for code in criteria.asked_needs)}"))
    if criteria.household is not None and is_refuge:
        texts.append((Must.HOUSEHOLD, f"Has room for {describe_household(criteria.household)}"))
    if criteria.near is not None and not is_refuge:
        texts.append((Must.AREA, f"Covers or is close to {criteria.near.name}"))
    if criteria.access:
        texts.append((Must.ACCESS, _listed(sorted(criteria.names[code] for code in criteria.access))))
    if Preference.LANGUAGE in criteria.musts and criteria.languages:
        texts.append((Must.LANGUAGE, f"Speaks {_languages(criteria)}"))
    return [Reason(must.value, text, 0.0) for must, text in texts]


def failed_text(must: Must, criteria: Criteria) -> str:
    """What a near miss lacks, as a sentence."""
    household = describe_household(criteria.household) if criteria.household else "this household"
    where = criteria.near.name if criteria.near else "this place"
    return {
        Must.NEED: f"Does not list {_listed((criteria.names[code] for code in criteria.asked_needs), last='and')}.",
        Must.HOUSEHOLD: f"No unit that fits {household}.",
        Must.NOT_LOCAL: f"Cannot take anybody from {where}: it would be too near.",
        Must.ACCESS: "Does not have all the access features asked for.",
        Must.GENDER: "Not listed as a service for this person.",
        Must.AGE: "Outside the ages it works with.",
        Must.AREA: f"Too far from {where}." if criteria.within else f"Does not cover {where}.",
        Must.SPACE: "No unit that can be held now.",
        Must.OPEN: "Not known to be open now.",
        Must.KIND: "A different kind of service.",
        Must.LANGUAGE: f"Does not list {_languages(criteria)}.",
        Must.COMMUNITY: "Does not name the community asked for.",
        Must.BY_AND_FOR: "Not listed as ‘by and for’.",
    }[must]


def _languages(criteria: Criteria) -> str:
    return _listed(sorted(language_name(code) for code in criteria.languages), last="or")


def _listed(names: Iterable[str], last: str = "and") -> str:
    *first, final = [*names] or [""]
    return f"{', '.join(first)} {last} {final}" if first else final
