"""Services that leave referrals unanswered, for commissioners: about services, never about a referral."""

from flask import Response

from directory.accounts.permissions import Permission
from directory.extensions import current_session
from directory.referrals.statistics import UNANSWERED_SINCE, unanswered_now
from directory.web import current
from directory.web.access import requires
from directory.web.pages.referrals.blueprint import blueprint
from directory.web.pages.referrals.contexts import UnansweredPage
from directory.web.rendering import render


@blueprint.get("/unanswered")
@requires(Permission.REFERRALS_OVERSEE)
def unanswered() -> Response:
    """Whom to phone."""
    return render(UnansweredPage(tuple(unanswered_now(current_session(), current.now())), UNANSWERED_SINCE.days))
