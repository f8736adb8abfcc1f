"""The history of one of our units, for the provider's own staff."""

from flask import Blueprint, Response, request

from directory.accounts.permissions import Permission
from directory.capacity.unit_history import read_own_month
from directory.extensions import current_session
from directory.web import current
from directory.web.access import requires
from directory.web.pages.unit_history.contexts import UnitHistoryPage
from directory.web.pages.unit_history.presenting import nights_rows, read_month_choice, timeline
from directory.web.rendering import render

blueprint = Blueprint("unit_history", __name__)


@blueprint.get("/provider/units/<unit_id>/history")
@requires(Permission.UNITS_UPDATE)
def provider(unit_id: str) -> Response:
    """A month (`?month=2026-11`) of one of the organisation's own units; 404 for any other unit."""
    month = read_own_month(
        current_session(),
        current.actor().organisation_id,
        unit_id,
        read_month_choice(request.args.get("month")),
        current.now(),
    )
    return render(
        UnitHistoryPage(
            unit=month.unit,
            timeline=timeline(month, current.now(), with_hours=True),
            holds=month.holds or (),
            unit_nights=nights_rows(month.spans, month.unit_nights),
            service_nights=nights_rows(month.spans, month.service_nights),
        )
    )
