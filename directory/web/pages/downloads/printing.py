"""An edition put together for printing: services by kind and borough, organisations, figures and what changed."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from directory.catalogue.vocabulary import ServiceKind
from directory.common.dates import as_date
from directory.publishing.editions.facts import ChangeSort, EditionDifference, EditionFacts
from directory.publishing.formats.atom import counts_in_words
from directory.publishing.formats.holding import Held
from directory.publishing.formats.opening import hours_in_words
from directory.publishing.formats.terms import Taxonomy, Terms, language_names_of
from directory.publishing.formats.words import Body, answers_within, for_whom, spaces, takes_nrpf, where
from directory.publishing.performance.facts import Measure
from directory.web.pages.downloads.contexts import (
    EditionPrint,
    PrintedBorough,
    PrintedChange,
    PrintedChanges,
    PrintedFact,
    PrintedKind,
    PrintedOrganisation,
    PrintedProgramme,
    PrintedService,
)
from directory.web.pages.downloads.tables import figure_tables, newest_quarter

MOST_CHANGES = 100
NO_BOROUGH = "No borough of its own"
_SORTS = {
    ChangeSort.NEW: "New",
    ChangeSort.CHANGED: "Changed",
    ChangeSort.WITHDRAWN: "Withdrawn",
    ChangeSort.CAPACITY_UP: "More capacity",
    ChangeSort.CAPACITY_DOWN: "Less capacity",
}
_SUMS = (
    ("Units", "units", "live_units"),
    ("Bedspaces", "bedspaces", "live_bedspaces"),
    ("Ring-fenced units", "ringfenced_units", None),
)
TOO_FEW, NOT_TOLD = "too few to say", "not told"


def printed_edition(
    edition: EditionFacts,
    held: Held,
    difference: EditionDifference,
    terms: Terms,
    measures: Sequence[Measure],
    address: str,
    service_name: str,
) -> EditionPrint:
    """The edition for the print template. `address` is that of its page."""
    services = [_service(body, _led_by(_owners(held), body["organisation_id"], terms), terms) for body in held.services]
    quarter = newest_quarter(held.performance)
    return EditionPrint(
        edition=edition,
        title=f"{service_name}: edition {edition.number}, {as_date(edition.as_of)}",
        footer=f"Edition {edition.number} · {as_date(edition.as_of)} · SHA-256 {edition.content_hash[:16]}…",
        counts=counts_in_words(edition),
        address=address,
        from_number=difference.from_number,
        changes=tuple(_changes(difference)),
        kinds=tuple(_kinds(held.services, services, terms)),
        organisations=tuple(_organisations(held, terms)),
        quarter=quarter,
        figures=figure_tables(held.performance, held.services, quarter, measures),
        programmes=tuple(_programme(body) for body in held.programmes),
        measures=tuple(measures),
    )


def _owners(held: Held) -> Mapping[str, Body]:
    return {body["id"]: body for body in held.organisations}


def _led_by(owners: Mapping[str, Body], organisation_id: str, terms: Terms) -> str:
    """`Led by and for Latin American women`; empty for an organisation that is not."""
    body = owners.get(organisation_id)
    if body is None or not body["by_and_for"]:
        return ""
    names = terms.names(Taxonomy.COMMUNITIES, body["communities"])
    return f"Led by and for: {', '.join(names)}" if names else "Led by and for the community it supports"


def _service(body: Body, led_by: str, terms: Terms) -> PrintedService:
    return PrintedService(
        id=body["id"],
        name=body["name"],
        organisation_id=body["organisation_id"],
        organisation_name=body["organisation_name"],
        led_by=led_by,
        description=body["description"],
        facts=tuple(PrintedFact(what, text) for what, text in _service_facts(body, terms) if text),
    )


def _service_facts(body: Body, terms: Terms) -> Iterator[tuple[str, str]]:
    yield "Phone", body["phone"] or "Not published: find it in the directory"
    yield "Hours", hours_in_words(body["hours"])
    yield "Who it is for", for_whom(body)
    yield "Helps with", ", ".join(terms.names(Taxonomy.NEEDS, body["needs"]))
    yield "Knows", ", ".join(terms.names(Taxonomy.COMMUNITIES, body["communities"]))
    yield "Languages", ", ".join(language_names_of(body["languages"]))
    yield "Covers", ", ".join(terms.areas(body["areas"]))
    yield "Where", where(body, terms)
    yield "Access", ", ".join(terms.names(Taxonomy.ACCESS_FEATURES, body["access_features"]))
    yield "No recourse to public funds", takes_nrpf(body)
    yield "Spaces in contract", spaces(body)
    yield "Answers referrals within", answers_within(body)


def _kinds(bodies: Sequence[Body], printed: Sequence[PrintedService], terms: Terms) -> Iterator[PrintedKind]:
    placed = [
        (body["kind"], terms.borough(body["borough"]), service) for body, service in zip(bodies, printed, strict=True)
    ]
    for kind in ServiceKind:
        of_kind = sorted(
            ((borough, service) for its, borough, service in placed if its == kind),
            # Those without a borough, such as helplines, stand last.
            key=lambda one: (not one[0], one[0].casefold(), one[1].name.casefold(), one[1].id),
        )
        if of_kind:
            groups = groupby(of_kind, key=lambda one: one[0])
            yield PrintedKind(
                anchor=f"kind-{kind.value.replace('_', '-')}",
                name=kind.label,
                boroughs=tuple(
                    PrintedBorough(borough or NO_BOROUGH, tuple(service for _, service in group))
                    for borough, group in groups
                ),
            )


def _organisations(held: Held, terms: Terms) -> Iterator[PrintedOrganisation]:
    services: dict[str, list[tuple[str, str]]] = {}
    for body in held.services:
        services.setdefault(body["organisation_id"], []).append((body["id"], body["name"]))
    for body in sorted(held.organisations, key=lambda body: (body["name"].casefold(), body["id"])):
        facts = (
            ("Phone", body["phone"]),
            ("E-mail", body["email"]),
            ("Charity number", body["charity_number"]),
        )
        yield PrintedOrganisation(
            id=body["id"],
            name=body["name"],
            led_by=_led_by({body["id"]: body}, body["id"], terms),
            description=body["description"],
            facts=tuple(PrintedFact(what, text) for what, text in facts if text),
            website=body["website"],
            services=tuple(sorted(services.get(body["id"], ()), key=lambda one: one[1].casefold())),
        )


def _changes(difference: EditionDifference) -> Iterator[PrintedChanges]:
    for sort, title in _SORTS.items():
        found = difference.of(sort)
        if found and difference.from_number is not None:
            shown = tuple(PrintedChange(change.name, change.words) for change in found[:MOST_CHANGES])
            yield PrintedChanges(f"{title} ({len(found)})", shown, len(found) - len(shown))


def _programme(body: Body) -> PrintedProgramme:
    sums = tuple(
        (what, _told(body[commissioned]), _told(body[live]) if live else NOT_TOLD) for what, commissioned, live in _SUMS
    )
    return PrintedProgramme(name=body["name"], code=body["code"], sums=sums)


def _told(number: int | None) -> str:
    return TOO_FEW if number is None else str(number)
