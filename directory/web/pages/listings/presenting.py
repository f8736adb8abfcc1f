"""Facts about listings in words."""

from directory.capacity.queries import UnitFact
from directory.catalogue.queries import ServiceFacts
from directory.catalogue.vocabulary import AcceptsNrpf, Gender, ListingStatus, LocationDisclosure
from directory.web.pages.listings.contexts import UnitLine

_STATUS_WORDS = {
    ListingStatus.DRAFT: "Draft",
    ListingStatus.IN_REVIEW: "In review",
    ListingStatus.PUBLISHED: "",
    ListingStatus.SUSPENDED: "Suspended",
    ListingStatus.WITHDRAWN: "Withdrawn",
}
_GENDER_WORDS = {Gender.WOMAN: "women", Gender.MAN: "men", Gender.NON_BINARY: "non-binary people"}
_NRPF_WORDS = {
    AcceptsNrpf.YES: "Yes: it can take people who have no recourse to public funds",
    AcceptsNrpf.NO: "No: it depends on public funds, such as housing benefit",
    AcceptsNrpf.IF_FUNDED: "If somebody pays, such as a council or a fund: ask them",
    None: "Not known: ask them",
}


def unpublished_word(status: ListingStatus) -> str:
    """What a listing is that only commissioners see; empty for a published one."""
    return _STATUS_WORDS[status]


def for_whom(service: ServiceFacts) -> str:
    """`Women, 16 and over`; who is not named is not taken."""
    words = [_GENDER_WORDS[gender] for gender in Gender if gender in service.genders]
    everybody = len(words) == len(Gender)
    who = "People of every gender" if everybody else " and ".join(words).capitalize() or "Not known"
    return f"{who}, {_ages(service)}"


def _ages(service: ServiceFacts) -> str:
    if service.min_age is None and service.max_age is None:
        return "of any age"
    if service.max_age is None:
        return f"{service.min_age} and over"
    if service.min_age is None:
        return f"up to {service.max_age}"
    return f"{service.min_age} to {service.max_age}"


def nrpf_in_words(service: ServiceFacts) -> str:
    """Whether the place depends on public funds: a fact about the place, asked of nobody."""
    return _NRPF_WORDS[service.accepts_nrpf]


def location_in_words(service: ServiceFacts) -> str:
    """As much of where it is as may be known."""
    if service.location == LocationDisclosure.PUBLIC:
        return ", ".join(filter(None, (service.postcode, service.borough))) or "Not known"
    if service.location == LocationDisclosure.SECRET:
        return f"{service.borough}; the address is kept secret" if service.borough else "Kept secret"
    return service.borough or "No office that people visit"


def unit_line(unit: UnitFact, boroughs: dict[str, str]) -> UnitLine:
    """A unit with its boroughs by name."""
    return UnitLine(
        unit=unit,
        borough=boroughs.get(unit.borough_code or ""),
        cannot_take_from=tuple(sorted(boroughs[code] for code in unit.not_from if code in boroughs)),
    )
