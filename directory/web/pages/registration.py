"""Every area of pages, in one list."""

from flask import Flask

from directory.web.pages.about.views import blueprint as about
from directory.web.pages.audit.views import blueprint as audit
from directory.web.pages.availability.views import blueprint as availability
from directory.web.pages.guidance.views import blueprint as guidance
from directory.web.pages.health.views import blueprint as health
from directory.web.pages.help.views import blueprint as help_pages
from directory.web.pages.holds.views import blueprint as holds
from directory.web.pages.inbox.views import blueprint as inbox
from directory.web.pages.listings.views import blueprint as listings
from directory.web.pages.messages.views import blueprint as messages
from directory.web.pages.provider.views import blueprint as provider
from directory.web.pages.referrals.views import blueprint as referrals
from directory.web.pages.search.views import blueprint as search
from directory.web.pages.sign_in.views import blueprint as sign_in
from directory.web.pages.start.views import blueprint as start

_AREAS = (
    *(start, sign_in, search, availability, listings, holds, referrals, provider, inbox),
    *(help_pages, guidance, audit, messages, about, health),
)


def register_pages(app: Flask) -> None:
    """Give `app` every page."""
    for blueprint in _AREAS:
        app.register_blueprint(blueprint)
