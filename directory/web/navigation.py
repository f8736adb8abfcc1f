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
    ("What the words mean", "help.terms", Permission.CATALOGUE_VIEW),
    ("Guidance", "guidance.listing", None),
    ("Edit guidance", "guidance.manage", Permission.GUIDANCE_EDIT),
)


def navigation(person: Person | None) -> list[NavigationItem]:
    """The links for `person`, in order; none for somebody who is not signed in."""
    if person is None:
        return []
    return [
        _item(text, endpoint)
        for text, endpoint, permission in _ITEMS
        if endpoint in current_app.view_functions and (permission is None or person.may(permission))
    ]


def _item(text: str, endpoint: str) -> NavigationItem:
    href = url_for(endpoint)
    within = request.path.startswith(f"{href}/")
    return NavigationItem(text=text, href=href, current=request.path == href, active=within)
