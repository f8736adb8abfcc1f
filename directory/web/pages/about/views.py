"""Pages about the directory itself."""

from datetime import timedelta

from flask import Blueprint, Response, current_app

from directory.web import current
from directory.web.access import public
from directory.web.pages.about.contexts import AccessibilityPage, PrivacyPage
from directory.web.rendering import render
from directory.web.session import ABSOLUTE, IDLE

blueprint = Blueprint("about", __name__)


@blueprint.get("/accessibility")
@public
def accessibility() -> Response:
    """How everybody can use the directory, and what to do where somebody cannot."""
    return render(AccessibilityPage())


@blueprint.get("/privacy")
@public
def privacy() -> Response:
    """What is kept about people who use the directory, and the one cookie."""
    return render(
        PrivacyPage(
            cookie_name=current_app.config["SESSION_COOKIE_NAME"],
            idle_minutes=IDLE // timedelta(minutes=1),
            absolute_hours=ABSOLUTE // timedelta(hours=1),
            search_link_minutes=max(1, current.settings().search_link_seconds // 60),
        )
    )
