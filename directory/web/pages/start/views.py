"""The start page."""

from flask import Blueprint, Response, current_app, url_for

from directory.accounts.permissions import Permission
from directory.web import current
from directory.web.access import public
from directory.web.pages.start.contexts import StartPage, Task
from directory.web.rendering import render
from directory.web.session import Person

blueprint = Blueprint("start", __name__)

# text, endpoint, who sees it (None: everybody who is signed in), explanation
_TASKS: tuple[tuple[str, str, Permission | None, str], ...] = (
    (
        "See which beds are available",
        "availability.board",
        Permission.AVAILABILITY_VIEW,
        "Every refuge space by borough, with how sure we are of it.",
    ),
    (
        "Look up what the words mean",
        "help.terms",
        Permission.CATALOGUE_VIEW,
        "Needs, communities and access features, with the words that people use for them.",
    ),
    (
        "Read the guidance",
        "guidance.listing",
        None,
        "What “Safe to share?” asks of an officer, and what is always possible when no place is free.",
    ),
    (
        "Edit the guidance",
        "guidance.manage",
        Permission.GUIDANCE_EDIT,
        "The texts that officers and advocates see beside their search.",
    ),
)


@blueprint.get("/")
@public
def page() -> Response:
    """What this is, and the way in."""
    person = current.person()
    searches = person is None or person.may(Permission.SEARCH_RUN)
    return render(
        StartPage(
            is_signed_in=person is not None,
            start_text="Find support" if person else "Sign in to find support",
            start_url=url_for("search.form") if searches else "",
            tasks=tuple(_tasks(person)) if person else (),
        )
    )


def _tasks(person: Person) -> list[Task]:
    return [
        Task(text, url_for(endpoint), explanation)
        for text, endpoint, permission, explanation in _TASKS
        if endpoint in current_app.view_functions and (permission is None or person.may(permission))
    ]
