"""Who may use a route: declared beside the view, by the web's pages and the API alike.

This only holds the declaration. `directory/web/access.py` enforces it for pages, the API for its bearer tokens, and the
application refuses to start while a route has none.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

View = TypeVar("View", bound=Callable[..., Any])

_ATTRIBUTE = "__access__"


@dataclass(frozen=True, slots=True)
class Access:
    """`public`, `signed-in`, `permission` or `token`; `name` is the permission or the token's scope."""

    kind: Literal["public", "signed-in", "permission", "token"]
    name: str = ""


def declare(view: View, access: Access) -> View:
    """Write on `view` who may use it, and return it."""
    setattr(view, _ATTRIBUTE, access)
    return view


def declared(view: Callable[..., Any]) -> Access | None:
    """What is written on `view`; None when nothing is."""
    access: Access | None = getattr(view, _ATTRIBUTE, None)
    return access
