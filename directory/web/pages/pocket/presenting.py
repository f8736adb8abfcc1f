"""The pocket page in words."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import url_for

from directory.catalogue.vocabulary import ServiceKind
from directory.common.languages import language_name
from directory.publishing.cascade.areas import PoliceArea
from directory.publishing.cascade.contacts import Contact, Contacts
from directory.publishing.cascade.issued import IssuedEdition
from directory.publishing.formats.opening import hours_in_words
from directory.web.assets import asset_url
from directory.web.filters import in_a_sentence
from directory.web.pages.pocket.contexts import AreaChoice, ChoosePage, PocketEntry, PocketGroup, PocketPage
from directory.web.pages.pocket.files import SCRIPT, STYLE, file_url

POCKET_LIFE = timedelta(days=7)
"""How long a page may be kept on a telephone: numbers change, and telephones are lost."""
DAY_AND_NIGHT = "Day and night"


def choose_page(edition: IssuedEdition | None, areas: Sequence[PoliceArea]) -> ChoosePage:
    """Every area with the way to its page."""
    return ChoosePage(
        number=edition.number if edition else None,
        as_of=edition.as_of if edition else None,
        areas=tuple(
            AreaChoice(
                name=area.name,
                boroughs=in_a_sentence([borough.name for borough in area.boroughs]),
                href=url_for("pocket.page", area=area.slug),
            )
            for area in areas
        ),
    )


def pocket_page(found: Contacts, now: datetime) -> PocketPage:
    """The page of an area."""
    style, script = file_url(STYLE), file_url(SCRIPT)
    return PocketPage(
        number=found.edition.number,
        as_of=found.edition.as_of,
        area=found.area.name,
        groups=_groups(found.contacts),
        count=len(found.contacts),
        without_phone=found.without_phone,
        made_at=now,
        until=now + POCKET_LIFE,
        path=url_for("pocket.page", area=found.area.slug),
        worker=url_for("pocket.worker"),
        assets=" ".join((style, script, asset_url("favicon.svg"))),
        pocket_style_url=style,
        pocket_script_url=script,
    )


def _groups(contacts: Sequence[Contact]) -> tuple[PocketGroup, ...]:
    """Who answers at any hour first, refuges among them; then by kind, in the vocabulary's order."""
    named = [(DAY_AND_NIGHT, [one for one in contacts if one.round_the_clock])]
    for kind in ServiceKind:
        named.append((kind.label, [one for one in contacts if one.kind is kind and not one.round_the_clock]))
    return tuple(PocketGroup(heading, tuple(map(_entry, some))) for heading, some in named if some)


def _entry(one: Contact) -> PocketEntry:
    return PocketEntry(
        service=one.service,
        organisation="" if one.organisation.casefold() == one.service.casefold() else one.organisation,
        kind=one.kind.label,
        languages=in_a_sentence(sorted(language_name(code) for code in one.languages)),
        hours=hours_in_words(one.hours),
        phone=one.phone,
    )
