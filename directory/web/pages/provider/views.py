"""The provider's own page: say in one tap that a unit is open, occupied or closed."""

from datetime import datetime

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.permissions import Permission
from directory.capacity.holds.errors import UnitHeldError
from directory.capacity.own_units import STATES, own_unit
from directory.capacity.updates import set_unit_state
from directory.common.errors import NotFoundError, RefusedError
from directory.common.text import unusable_characters
from directory.extensions import begin_writing, current_session
from directory.web import current
from directory.web.access import requires
from directory.web.pages.holds.presenting import until_in_words
from directory.web.pages.provider import confirming, contacts, poster
from directory.web.pages.provider.blueprint import blueprint
from directory.web.pages.provider.contexts import EndHoldPage
from directory.web.pages.provider.own_page import own_page
from directory.web.rendering import render

PARTS = (confirming, contacts, poster)

__all__ = ["PARTS", "blueprint"]


@blueprint.get("")
@requires(Permission.UNITS_UPDATE)
def page() -> Response:
    """Our units."""
    return own_page()


@blueprint.post("/units")
@requires(Permission.UNITS_UPDATE)
def update_unit() -> ResponseReturnValue:
    """Put a unit (the value of the button that was pressed) into a state (its name), confirmed now.

    A unit that somebody holds is not taken away before the provider has seen until when, and said `end_hold` of that
    very hold: one that was made or extended meanwhile is asked about anew.
    """
    state = next((state for state in STATES if state in request.form), None)
    unit_id = request.form.get(state or "", "")
    if state is None or not unit_id:
        abort(400)
    if unusable_characters(unit_id) or not unit_id.isprintable():
        raise NotFoundError("Your organisation has no such unit.")
    return _update(unit_id, state, _instant(request.form.get("end_hold", "")))


def _update(unit_id: str, state: str, held_until: datetime | None) -> ResponseReturnValue:
    session, end_hold = current_session(), held_until is not None
    begin_writing(session)
    try:
        set_unit_state(
            session,
            unit_id,
            STATES[state],
            current.actor(),
            current.now(),
            end_hold=end_hold,
            held_until=held_until,
        )
        session.commit()
    except UnitHeldError as error:
        session.rollback()
        return _ask(unit_id, state, error)
    except RefusedError as error:
        session.rollback()
        return own_page(str(error))
    if end_hold:
        # Nothing that is kept or shown names a unit together with a hold: neither this sentence nor the address.
        flash("The hold has ended, and your change is kept. Whoever held the space sees that beside it.")
        return redirect(url_for("provider.page"), 303)
    # No notice: it would take the reader to the top, and the unit itself says "confirmed just now".
    return redirect(url_for("provider.page", _anchor=f"unit-{unit_id}"), 303)


def _instant(text: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant if instant.tzinfo else None


def _ask(unit_id: str, state: str, error: UnitHeldError) -> Response:
    unit = own_unit(current_session(), current.actor().organisation_id, unit_id, current.moment())
    page = EndHoldPage(
        unit_id=unit.id,
        unit_name=unit.name,
        service_name=unit.service_name,
        until=until_in_words(error.until, current.now()),
        held_until=error.until.isoformat(),
        for_referral=error.for_referral,
        state=state,
    )
    return render(page, 409)
