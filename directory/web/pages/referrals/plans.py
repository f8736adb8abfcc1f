"""Whom a referral could ask, in order: the service that was chosen, and the next best after it.

The units of a plan never stand in a page. The form carries the plan closed, with the key of search links, so that what
the person agreed to with the victim is what is stored, even when a search would answer otherwise a minute later.
"""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import timedelta
from typing import Any

from directory.catalogue.queries import ServiceFacts, read_service
from directory.catalogue.vocabulary import ServiceKind
from directory.common.errors import InvalidInputError
from directory.common.paging import Paging
from directory.extensions import current_session
from directory.places.lookup import all_boroughs
from directory.referrals.service import LONGEST_PLAN, Option, reachable
from directory.search.alternatives import next_best
from directory.search.criteria import Criteria
from directory.search.details import Match
from directory.search.questions import read_question
from directory.search.sealing import LinkExpiredError, Seal
from directory.search.service import search
from directory.web import current
from directory.web.sealing import seal

# As long as somebody may take over the form; a session lasts no longer either.
FORM_LASTS = timedelta(hours=12)
MOST_REASONS = 3
# True of every option here.
_LEFT_OUT = frozenset({"space"})


@dataclass(frozen=True, slots=True)
class Offered:
    """One service of a plan, as the form names it: why it stands there is for the reader."""

    option: Option
    name: str
    organisation_name: str
    phone: str
    where: str
    why: tuple[str, ...]


Plan = tuple[Offered, ...]


def plan_for_unit(first: ServiceFacts, unit_id: str, criteria: Criteria | None) -> Plan:
    """The unit's service, and the next best refuges with a space now."""
    matches = next_best(current_session(), criteria, unit_id, current.moment(), most=LONGEST_PLAN + 1)
    others = [
        _offered(match, match.units[0].id)
        for match in _askable(matches)
        if match.units and match.service.id != first.id
    ]
    return (_first(first, unit_id), *others[: LONGEST_PLAN - 1])


def plan_for_service(first: ServiceFacts, criteria: Criteria | None) -> Plan:
    """The service, and those of its kind that answer the same search; it alone where there was none."""
    if criteria is None:
        return (_first(first, None),)
    paging = Paging(per_page=LONGEST_PLAN + 1)
    like_it = replace(criteria, kinds=frozenset({kind_of(first)}), space=False, paging=paging)
    matches = search(current_session(), like_it, current.moment()).results
    others = [_offered(match, None) for match in _askable(matches) if match.service.id != first.id]
    return (_first(first, None), *others[: LONGEST_PLAN - 1])


def plan_instead_of(unit_id: str) -> Plan:
    """What could be asked where the unit has gone and nobody knows the search any more."""
    matches = next_best(current_session(), None, unit_id, current.moment(), most=LONGEST_PLAN)
    return tuple(_offered(match, match.units[0].id) for match in _askable(matches) if match.units)


def plan_as_written(options: Iterable[Option]) -> Plan:
    """The plan of a draft again."""
    session = current_session()
    return tuple(_first(read_service(session, option.service_id, drafts=True), option.unit_id) for option in options)


def kind_of(service: ServiceFacts) -> ServiceKind:
    """The kind of a service, from the words that its page shows."""
    return next(kind for kind in ServiceKind if kind.label == service.kind)


def read_link(link: str) -> tuple[dict[str, Any], Criteria | None]:
    """The question of a search's link, as it was asked and as it was understood; nothing where there is none."""
    if not link:
        return {}, None
    try:
        question = seal().open(link, current.now())
        return question, read_question(current_session(), question)
    except (LinkExpiredError, InvalidInputError):
        return {}, None


def close(plan: Iterable[Offered]) -> str:
    """The plan as the form carries it."""
    rows = [
        [*astuple(one.option), one.name, one.organisation_name, one.phone, one.where, list(one.why)] for one in plan
    ]
    return _seal().close({"plan": rows, "by": current.actor().reference}, current.now())


def open_plan(sealed: str | None) -> Plan:
    """What `close` closed for this person; empty where it is too old, or was never ours, or somebody else's."""
    try:
        found = _seal().open(sealed or "", current.now())
    except LinkExpiredError:
        return ()
    if found.get("by") != current.actor().reference:
        return ()
    return tuple(
        Offered(Option(service_id, unit_id), name, organisation_name, phone, where, tuple(why))
        for service_id, unit_id, name, organisation_name, phone, where, why in found["plan"]
    )


def _seal() -> Seal:
    return Seal.from_secret(current.settings().secret_key, FORM_LASTS)


def _first(service: ServiceFacts, unit_id: str | None) -> Offered:
    return Offered(
        Option(service.id, unit_id),
        service.name,
        service.organisation_name,
        service.professional_phone or service.phone,
        "",
        (),
    )


def _askable(matches: Sequence[Match]) -> list[Match]:
    """Those at which somebody reads referrals: she is not asked to agree to services that never would be."""
    askable = reachable(current_session(), {match.service.id for match in matches})
    return [match for match in matches if match.service.id in askable]


def _offered(match: Match, unit_id: str | None) -> Offered:
    boroughs = {borough.code: borough.name for borough in all_boroughs(current_session())}
    code = match.units[0].borough_code if unit_id is not None else None
    reasons = [reason.text for reason in match.reasons if reason.code not in _LEFT_OUT]
    return Offered(
        Option(match.service.id, unit_id),
        match.service.name,
        match.organisation.name,
        match.service.professional_phone or match.service.phone,
        boroughs.get(code, "") if code else match.service.borough or "",
        tuple(reasons[:MOST_REASONS]),
    )
