"""What any page needs that lets people hold a space: the one form that its buttons belong to."""

import secrets
from dataclasses import dataclass
from urllib.parse import quote

from directory.accounts.permissions import Permission
from directory.web import current


@dataclass(frozen=True, slots=True)
class Holding:
    """The form of a page's hold buttons. Each page has a `key` of its own: a double tap, or the page sent once more,
    is the same hold. `link` is the sealed link of the search that the page answers; empty where it answers none."""

    key: str
    link: str


def holding(link: str = "") -> Holding | None:
    """The form for the page being made; None for people who may not hold a space: they are shown no buttons."""
    person = current.person()
    if person is None or not person.may(Permission.HOLDS_MAKE):
        return None
    return Holding(secrets.token_urlsafe(16), link)


def referral_address(hold_id: str, link: str = "") -> str:
    """Where a referral is made of a hold; with the sealed link of a search, its answers are filled in there."""
    return f"/referrals/new/hold/{quote(hold_id, safe='')}" + (f"/{quote(link, safe='=')}" if link else "")
