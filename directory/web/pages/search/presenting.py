"""From an answer to what its page shows. The same words for every unit, whatever it is funded for."""

from collections.abc import Mapping
from datetime import datetime

from flask import url_for

from directory.capacity.availability import Moment
from directory.capacity.queries import UnitFact
from directory.catalogue.guidance import GuidanceText
from directory.catalogue.hours import state_now
from directory.catalogue.vocabulary import ServiceKind
from directory.common.languages import language_name
from directory.search.criteria import Criteria, PreferDistance, Preference
from directory.search.details import Match
from directory.search.explaining import describe_household
from directory.search.service import Answer
from directory.web.filters import in_a_sentence
from directory.web.pages.holds.holding import Holding
from directory.web.pages.search.contexts import Pager, ResultCard, ResultsPage, UnitLine
from directory.web.pages.search.forms import SearchForm

MOST_UNITS_SHOWN = 3
MOST_CONDITIONAL_SHOWN = 10

# Which part of the form each field stands in; a part with an answer or an error in it is shown opened.
_PARTS = {
    "kind": ("kind",),
    "person": ("gender", "age", "language"),
    "distance": ("within", "prefer_distance", "avoid"),
    "community": ("community", "by_and_for", "must"),
    "access": ("access",),
}


def opened_parts(form: SearchForm) -> frozenset[str]:
    """The parts of the form that have something in them."""
    opened = set()
    for part, names in _PARTS.items():
        for name in names:
            field = form[name]
            untouched = field.data in (None, "", [], False, PreferDistance.NEAR.value)
            if field.errors or not untouched:
                opened.add(part)
    return frozenset(opened)


def results_page(
    answer: Answer,
    criteria: Criteria,
    *,
    link: str,
    moment: Moment,
    expires_at: datetime,
    boroughs: Mapping[str, str],
    usually: Mapping[str, str],
    guidance: GuidanceText | None,
    pathway_guidance: GuidanceText | None,
    holding: Holding | None,
) -> ResultsPage:
    """Everything that the page of results shows. `boroughs` gives names by code, `usually` words by service."""

    def cards(matches: tuple[Match, ...]) -> tuple[ResultCard, ...]:
        return tuple(result_card(match, moment, boroughs, usually) for match in matches)

    paging = answer.paging
    return ResultsPage(
        heading=_heading(answer),
        asked=tuple(asked_for(criteria, boroughs)),
        corrected_from=answer.place.corrected_from if answer.place else None,
        place_name=answer.place.name if answer.place else None,
        results=cards(answer.results),
        conditional=cards(_conditional(answer)),
        near_misses=cards(answer.near_misses),
        pathways=cards(answer.pathways),
        pathway_guidance=pathway_guidance,
        guidance=guidance,
        holding=holding,
        total=answer.total,
        first=(paging.page - 1) * paging.per_page + 1,
        pager=_pager(link, paging.page, paging.pages(answer.total)),
        change_url=url_for("search.change", link=link),
        now=moment.now,
        expires_at=expires_at,
    )


def shown_services(answer: Answer) -> frozenset[str]:
    """The services that the page of results shows."""
    parts = (answer.results, _conditional(answer), answer.near_misses, answer.pathways)
    return frozenset(match.service.id for part in parts for match in part)


def _conditional(answer: Answer) -> tuple[Match, ...]:
    return answer.conditional[:MOST_CONDITIONAL_SHOWN]


def _heading(answer: Answer) -> str:
    if answer.total:
        return f"{answer.total} service{' that fits' if answer.total == 1 else 's that fit'}"
    return "Nothing fits outright" if answer.conditional else "Nothing fits all of this"


def _pager(link: str, page: int, pages: int) -> Pager:
    def address(number: int) -> str:
        return url_for("search.results", link=link, page=number)

    return Pager(
        page=page,
        pages=pages,
        previous=address(min(page - 1, pages)) if page > 1 else None,
        next=address(page + 1) if page < pages else None,
    )


def result_card(
    match: Match, moment: Moment, boroughs: Mapping[str, str], usually: Mapping[str, str] | None = None
) -> ResultCard:
    """One result as its card shows it. `boroughs` gives names by code, `usually` how services answer, by their ids."""
    units = match.units[:MOST_UNITS_SHOWN]
    said = (usually or {}).get(match.service.id, "")
    # What a card says elsewhere, in more words, is no reason that it has to repeat.
    elsewhere = {"distance", "open", "space"} | ({"responsiveness"} if said else set())
    return ResultCard(
        match=match,
        kind=ServiceKind(match.service.kind).label,
        where=_where(match, boroughs),
        open_state=state_now(match.service.hours, moment.now),
        units=tuple(_unit_line(unit, boroughs) for unit in units),
        more_units=len(match.units) - len(units),
        distance=next((reason.text for reason in match.reasons if reason.code == "distance"), None),
        why=tuple(reason.text for reason in match.reasons if reason.code not in elsewhere),
        usually=said,
    )


def _where(match: Match, boroughs: Mapping[str, str]) -> str:
    """The boroughs of the units that fit, or the service's own."""
    of_units = {boroughs[unit.borough_code] for unit in match.units if unit.borough_code}
    return in_a_sentence(sorted(of_units)) if of_units else match.service.borough or ""


def _unit_line(unit: UnitFact, boroughs: Mapping[str, str]) -> UnitLine:
    return UnitLine(
        unit,
        url_for("listings.unit", service_id=unit.service_id, unit_id=unit.id),
        boroughs.get(unit.borough_code or ""),
    )


def asked_for(criteria: Criteria, boroughs: Mapping[str, str]) -> list[str]:
    """The question said back, a line for each thing asked."""
    lines = [criteria.names[code] for code in criteria.asked_needs]
    if criteria.near is not None:
        within = f" within {criteria.within:g} miles of" if criteria.within else " near"
        lines.append(f"{within.strip().capitalize()} {criteria.near.name}")
    if criteria.avoid:
        lines.append(f"Not in {', '.join(sorted(boroughs[code] for code in criteria.avoid))}")
    if criteria.household is not None:
        ages = ", ".join(
            f"{'girl' if child.sex.value == 'f' else 'boy'} {child.age}" for child in criteria.household.children
        )
        lines.append(describe_household(criteria.household) + (f" ({ages})" if ages else ""))
    if criteria.gender is not None:
        lines.append(criteria.gender.label)
    if criteria.age is not None:
        lines.append(f"Aged {criteria.age}")
    return lines + _wishes(criteria)


def _wishes(criteria: Criteria) -> list[str]:
    named = {
        Preference.LANGUAGE: ", ".join(sorted(language_name(code) for code in criteria.languages)),
        Preference.COMMUNITY: ", ".join(sorted(criteria.names[code] for code in criteria.communities)),
        Preference.BY_AND_FOR: "By and for" if criteria.by_and_for else "",
    }
    lines = [
        f"{text} ({'a must' if preference in criteria.musts else 'if possible'})"
        for preference, text in named.items()
        if text
    ]
    lines += sorted(criteria.names[code] for code in criteria.access)
    if criteria.nrpf:
        lines.append("A place that does not depend on public funds")
    if criteria.space:
        lines.append("With a space now")
    if criteria.open_now:
        lines.append("Open now")
    if criteria.kinds:
        lines.append(", ".join(sorted(kind.label for kind in criteria.kinds)))
    if criteria.prefer_distance == PreferDistance.FAR:
        lines.append("Farther away first")
    return lines
