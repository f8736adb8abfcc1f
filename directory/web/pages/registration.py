"""Every area of pages, in one list."""

from flask import Flask

from directory.web.pages.about.views import blueprint as about
from directory.web.pages.assurance.views import blueprint as assurance
from directory.web.pages.audit.views import blueprint as audit
from directory.web.pages.availability.views import blueprint as availability
from directory.web.pages.briefings.views import blueprint as briefings
from directory.web.pages.bulk.views import blueprint as bulk
from directory.web.pages.contracts.views import blueprint as contracts
from directory.web.pages.disclosures.views import blueprint as disclosures
from directory.web.pages.downloads.views import blueprint as downloads
from directory.web.pages.editing.views import blueprint as editing
from directory.web.pages.editions.views import blueprint as editions
from directory.web.pages.freshness.views import blueprint as freshness
from directory.web.pages.guidance.views import blueprint as guidance
from directory.web.pages.health.views import blueprint as health
from directory.web.pages.help.views import blueprint as help_pages
from directory.web.pages.holds.views import blueprint as holds
from directory.web.pages.inbox.views import blueprint as inbox
from directory.web.pages.insight.views import blueprint as insight
from directory.web.pages.listings.views import blueprint as listings
from directory.web.pages.manage.views import blueprint as manage
from directory.web.pages.messages.views import blueprint as messages
from directory.web.pages.one_tap.views import blueprint as one_tap
from directory.web.pages.performance.views import blueprint as performance
from directory.web.pages.pocket.views import blueprint as pocket
from directory.web.pages.provider.views import blueprint as provider
from directory.web.pages.receipts.views import blueprint as receipts
from directory.web.pages.referrals.views import blueprint as referrals
from directory.web.pages.review.views import blueprint as review
from directory.web.pages.search.views import blueprint as search
from directory.web.pages.sign_in.views import blueprint as sign_in
from directory.web.pages.start.views import blueprint as start
from directory.web.pages.unit_history.views import blueprint as unit_history

_AREAS = (
    *(start, sign_in, search, availability, listings, holds, referrals, provider, inbox),
    *(one_tap, freshness),
    *(editing, manage, review),
    *(help_pages, guidance, audit, messages, about, health),
    *(contracts, unit_history, bulk),
    *(editions, downloads, receipts, briefings, pocket),
    *(performance, insight, assurance, disclosures),
)


def register_pages(app: Flask) -> None:
    """Give `app` every page."""
    for blueprint in _AREAS:
        app.register_blueprint(blueprint)
