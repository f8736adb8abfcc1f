"""How often an edition is due."""

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.permissions import Permission
from directory.common.dates import as_date
from directory.extensions import begin_writing, current_session
from directory.publishing.editions.schedule import next_due, read_schedule, save_schedule
from directory.web import current
from directory.web.access import requires
from directory.web.pages.editions.blueprint import blueprint
from directory.web.pages.editions.contexts_preparing import SchedulePage
from directory.web.pages.editions.forms import ScheduleForm
from directory.web.rendering import render


@blueprint.get("/schedule")
@requires(Permission.EDITIONS_PREPARE)
def schedule() -> Response:
    """The form with the schedule as it is."""
    known = read_schedule(current_session())
    return _page(ScheduleForm(formdata=None, every_months=str(known.every_months), day=str(known.day)), 200)


@blueprint.post("/schedule")
@requires(Permission.EDITIONS_PREPARE)
def save() -> ResponseReturnValue:
    """Save the form."""
    form = ScheduleForm()
    if not form.validate():
        return _page(form, 422)
    session = current_session()
    begin_writing(session)
    save_schedule(session, int(form.every_months.data), int(form.day.data), current.actor(), current.now())
    session.commit()
    flash(f"Saved. The next edition is due on {as_date(next_due(session, current.now()))}.")
    return redirect(url_for("editions.listing"), 303)


def _page(form: ScheduleForm, status: int) -> Response:
    return render(SchedulePage(form, next_due(current_session(), current.now())), status)
