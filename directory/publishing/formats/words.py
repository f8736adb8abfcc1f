"""What an edition's body says of a listing, in words: the same in print and in sheets."""

from collections.abc import Mapping
from typing import Any

from directory.catalogue.vocabulary import AcceptsNrpf, Gender, LocationDisclosure, ServiceKind
from directory.common.dates import duration
from directory.publishing.formats.terms import Terms

Body = Mapping[str, Any]
"""What an entry of an edition says; `publishing.editions.content` names its keys."""

NOT_KNOWN = "Not known"
_GENDERS = {Gender.WOMAN: "women", Gender.MAN: "men", Gender.NON_BINARY: "non-binary people"}
_NRPF = {
    AcceptsNrpf.YES: "Yes",
    AcceptsNrpf.NO: "No",
    AcceptsNrpf.IF_FUNDED: "If somebody pays, such as a council or a fund",
}


def kind_label(body: Body) -> str:
    """The kind of a service."""
    return ServiceKind(body["kind"]).label


def for_whom(body: Body) -> str:
    """`Women, 16 and over`; who is not named is not taken."""
    words = [_GENDERS[gender] for gender in Gender if gender in body["genders"]]
    everybody = len(words) == len(Gender)
    who = "People of every gender" if everybody else " and ".join(words).capitalize() or NOT_KNOWN
    return f"{who}, {_ages(body['min_age'], body['max_age'])}"


def _ages(youngest: int | None, oldest: int | None) -> str:
    if youngest is None:
        return "of any age" if oldest is None else f"up to {oldest}"
    return f"{youngest} and over" if oldest is None else f"{youngest} to {oldest}"


def takes_nrpf(body: Body) -> str:
    """Whether it takes households that have no recourse to public funds: a fact about the place."""
    return _NRPF[AcceptsNrpf(body["accepts_nrpf"])] if body["accepts_nrpf"] else NOT_KNOWN


def where(body: Body, terms: Terms) -> str:
    """As much of where it is as may be known."""
    borough = terms.borough(body["borough"])
    if body["location_disclosure"] == LocationDisclosure.PUBLIC:
        return ", ".join(filter(None, (body["postcode"], borough))) or NOT_KNOWN
    if body["location_disclosure"] == LocationDisclosure.SECRET:
        return f"{borough}; the address is kept secret" if borough else "Kept secret"
    return borough or "No office that people visit"


def answers_within(body: Body) -> str:
    """The time within which it means to answer a referral."""
    minutes = body["response_target_minutes"]
    return duration(minutes) if minutes else NOT_KNOWN


def spaces(body: Body) -> str:
    """`6 units, 14 bedspaces`; empty for what is not a refuge."""
    units, bedspaces = body["units"], body["bedspaces"]
    if units is None or bedspaces is None:
        return ""
    return f"{_counted(units, 'unit')}, {_counted(bedspaces, 'bedspace')}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
