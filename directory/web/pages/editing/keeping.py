"""The ways in which whoever looks at a listing may put it right."""

from dataclasses import dataclass
from typing import Any

from flask import url_for

from directory.accounts.permissions import Permission
from directory.web import current


@dataclass(frozen=True, slots=True)
class Keeping:
    """Addresses of pages about one listing, each empty for those who may not open it."""

    correct: str = ""
    edit: str = ""
    status: str = ""
    versions: str = ""


def keeping(kind: str, listing_id: str, organisation_id: str, *, published: bool) -> Keeping:
    """What the person who asks may do with a listing; `kind` as addresses name it."""
    person = current.person()
    if person is None:
        return Keeping()
    at: dict[str, Any] = {"kind": kind, "listing_id": listing_id}
    reviews = person.may(Permission.LISTINGS_REVIEW)
    # Whoever keeps a listing edits it; everybody else tells those who do.
    keeps = reviews or (person.may(Permission.LISTINGS_PROPOSE) and person.organisation_id == organisation_id)
    suggests = published and not keeps and person.may(Permission.CORRECTIONS_SUGGEST)
    return Keeping(
        correct=url_for("editing.correct", **at) if suggests else "",
        edit=url_for("editing.form", **at) if keeps else "",
        # Units have no status of their own.
        status=url_for("editing.status", **at) if reviews and kind != "units" else "",
        versions=url_for("editing.versions", **at) if keeps else "",
    )
