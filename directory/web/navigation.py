"""The service navigation: what each person may open, and where they are."""

from typing import TypedDict

from flask import current_app, request, url_for

from directory.accounts.permissions import Permission
from directory.web.session import Person


class NavigationItem(TypedDict):
    """A link as the service navigation's macro wants it: `current` is the page shown, `active` one that it lies in."""

    text: str
    href: str
    current: bool
    active: bool


# text, endpoint, who sees it (None: everybody who is signed in)
_ITEMS: tuple[tuple[str, str, Permission | None], ...] = (
    ("Find support", "search.form", Permission.SEARCH_RUN),
    ("Bed availability", "availability.board", Permission.AVAILABILITY_VIEW),
    ("My holds", "holds.listing", Permission.HOLDS_MAKE),
    ("Referrals", "referrals.listing", Permission.REFERRALS_MAKE),
    ("Inbox", "inbox.listing", Permission.REFERRALS_ANSWER),
    ("Your units", "provider.page", Permission.UNITS_UPDATE),
    ("Your listings", "editing.own", Permission.UNITS_UPDATE),
    ("Manage", "manage.home", Permission.LISTINGS_REVIEW),
    ("Freshness", "freshness.report", Permission.FRESHNESS_VIEW),
    ("Your proposals", "editing.mine", Permission.CORRECTIONS_SUGGEST),
    ("Editions", "editions.listing", Permission.CATALOGUE_VIEW),
    ("Performance", "performance.quarter", Permission.CATALOGUE_VIEW),
    ("Insight", "insight.overview", Permission.INSIGHT_VIEW),
    ("Assurance", "assurance.page", Permission.ASSURANCE_VIEW),
    ("Disclosure requests", "disclosures.register", Permission.DISCLOSURES_VIEW),
    ("What the words mean", "help.terms", Permission.CATALOGUE_VIEW),
    ("Guidance", "guidance.listing", None),
    ("Audit trail", "audit.listing", Permission.AUDIT_VIEW),
    ("Messages", "messages.listing", Permission.MESSAGES_VIEW),
)


def navigation(person: Person | None) -> list[NavigationItem]:
    """The links for `person`, in order; none for somebody who is not signed in."""
    if person is None:
        return []
    links = [
        (text, url_for(endpoint))
        for text, endpoint, permission in _ITEMS
        if endpoint in current_app.view_functions and (permission is None or person.may(permission))
    ]
    # The inbox lies within the provider's page, and has a link of its own: the longest address is the one.
    holding = max((href for _, href in links if f"{request.path}/".startswith(f"{href}/")), key=len, default="")
    return [
        NavigationItem(text=text, href=href, current=request.path == href, active=href == holding != request.path)
        for text, href in links
    ]
