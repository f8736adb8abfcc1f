"""Confirming what has not changed: all units at once, or what the directory says of a service."""

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.permissions import Permission
from directory.capacity.own_units import STATES, units_of_organisation
from directory.capacity.updates import ChangedMeanwhileError, UnitAnswer, confirm_units
from directory.common.errors import NotFoundError, RefusedError
from directory.extensions import begin_writing, current_session
from directory.upkeep.listings import confirm_listing
from directory.web import current
from directory.web.access import requires
from directory.web.pages.provider.blueprint import blueprint
from directory.web.pages.provider.own_page import own_page, own_services

WAS = "was."


@blueprint.post("/units/confirm")
@requires(Permission.UNITS_UPDATE)
def confirm_all() -> ResponseReturnValue:
    """Confirm every unit as the page showed it. What a colleague has changed meanwhile is shown instead."""
    # A part of a form can come without a name.
    shown = {name.removeprefix(WAS): word for name, word in request.form.items() if name and name.startswith(WAS)}
    if not shown or not set(shown.values()) <= set(STATES):
        abort(400)
    session, actor, now = current_session(), current.actor(), current.now()
    begin_writing(session)
    own = units_of_organisation(session, actor.organisation_id, current.moment())
    if not shown.keys() <= {unit.id for unit in own}:
        # Databases cannot even be asked about what may stand in a form, nor about any number of units at once.
        raise NotFoundError("Your organisation has no such unit.")
    answers = {unit_id: UnitAnswer(STATES[word], STATES[word]) for unit_id, word in shown.items()}
    try:
        changes = confirm_units(session, {unit.service_id for unit in own}, answers, actor.reference, now)
    except ChangedMeanwhileError as error:
        session.rollback()
        return own_page(f"{error} Nothing has been confirmed yet.", shown)
    except RefusedError as error:
        session.rollback()
        return own_page(str(error), shown)
    session.commit()
    flash(f"{len(changes)} unit{' is' if len(changes) == 1 else 's are'} confirmed. Thank you.")
    return redirect(url_for("provider.page"), 303)


@blueprint.post("/services/<service_id>/confirm")
@requires(Permission.UNITS_UPDATE)
def confirm_own_listing(service_id: str) -> ResponseReturnValue:
    """Confirm that what the directory says of a service is still right, and of the organisation too."""
    session, actor, now = current_session(), current.actor(), current.now()
    begin_writing(session)
    if service_id not in {one.id for one in own_services()}:
        raise NotFoundError("Your organisation has no such service.")
    try:
        confirm_listing(session, service_id, actor.reference, now, current.moment())
    except RefusedError as error:
        session.rollback()
        return own_page(str(error))
    session.commit()
    flash("The listing is confirmed. Thank you.")
    return redirect(url_for("provider.page"), 303)
