"""For commissioners: what was commissioned beside what is live, and who must act where they differ."""

from flask import Blueprint, Response, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.permissions import Permission
from directory.capacity.contracts.facts import ProgrammeFacts
from directory.capacity.contracts.programmes import (
    ProgrammeChangedError,
    add_programme,
    change_programme,
    list_programmes,
    read_programme,
)
from directory.capacity.contracts.reconciliation import reconcile, reconcile_all
from directory.capacity.contracts.typed import ProgrammeTexts, texts_of, usable_code
from directory.capacity.unit_history import read_month
from directory.common.errors import InvalidInputError
from directory.extensions import begin_writing, current_session
from directory.web import current
from directory.web.access import requires
from directory.web.forms import show_problems
from directory.web.pages.contracts.contexts import ContractedUnitPage, ContractsPage, EditProgrammePage
from directory.web.pages.contracts.forms import ProgrammeForm
from directory.web.pages.contracts.presenting import as_csv, dates_in_words, programme_page
from directory.web.pages.unit_history.presenting import nights_rows, read_month_choice, timeline
from directory.web.rendering import render

blueprint = Blueprint("contracts", __name__, url_prefix="/manage")


@blueprint.get("/contracts")
@requires(Permission.CONTRACTS_KEEP)
def listing() -> Response:
    """Every programme."""
    found = reconcile_all(current_session(), current.moment())
    return render(ContractsPage(programmes=found.programmes, unknown=found.unknown))


@blueprint.get("/contracts/new")
@requires(Permission.CONTRACTS_KEEP)
def new() -> Response:
    """An empty form, with the code that units name where the address says one."""
    asked = request.args.get("code", "")
    return _form(ProgrammeForm(formdata=None, code=asked if usable_code(asked) else ""), None, status=200)


@blueprint.post("/contracts/new")
@requires(Permission.CONTRACTS_KEEP)
def create() -> ResponseReturnValue:
    """Enter a programme."""
    begin_writing(current_session())
    form = ProgrammeForm()
    if not form.validate_on_submit():
        return _form(form, None)
    try:
        made = add_programme(current_session(), _texts(form), current.actor(), current.now())
    except InvalidInputError as error:
        show_problems(form, error.problems)
        return _form(form, None)
    current_session().commit()
    flash(f"{made.name} is entered.")
    return redirect(url_for("contracts.programme", code=made.code), 303)


@blueprint.get("/contracts/<code>")
@requires(Permission.CONTRACTS_KEEP)
def programme(code: str) -> Response:
    """One programme beside its units."""
    return render(programme_page(reconcile(current_session(), code, current.moment())))


@blueprint.get("/contracts/<code>/differences")
@requires(Permission.CONTRACTS_KEEP)
def differences(code: str) -> Response:
    """The same as a CSV file."""
    response = make_response(as_csv(reconcile(current_session(), code, current.moment())))
    response.mimetype = "text/csv"
    response.headers["Content-Disposition"] = f'attachment; filename="differences-{code}.csv"'
    return response


@blueprint.get("/contracts/<code>/edit")
@requires(Permission.CONTRACTS_KEEP)
def edit(code: str) -> Response:
    """The form with the programme as it is."""
    known = read_programme(current_session(), code)
    texts = texts_of(known)
    filled = {name: getattr(texts, name) for name in ProgrammeTexts.__slots__}
    return _form(ProgrammeForm(formdata=None, version=known.version, **filled), known, status=200)


@blueprint.post("/contracts/<code>/edit")
@requires(Permission.CONTRACTS_KEEP)
def save(code: str) -> ResponseReturnValue:
    """Save the form."""
    begin_writing(current_session())
    known = read_programme(current_session(), code)
    form = ProgrammeForm()
    if not form.validate_on_submit():
        return _form(form, known)
    seen = form.version.data or ""
    try:
        saved = change_programme(current_session(), code, _texts(form), seen, current.actor(), current.now())
    except InvalidInputError as error:
        show_problems(form, error.problems)
        return _form(form, known)
    except ProgrammeChangedError as error:
        form.form_errors.append(str(error))
        # What was typed stays in the form; saving it once more, after reading theirs, replaces theirs.
        form.version.data = error.current.version
        return _form(form, known, theirs=error.current, status=409)
    current_session().commit()
    flash(f"{saved.name} is saved.")
    return redirect(url_for("contracts.programme", code=code), 303)


@blueprint.get("/units/<unit_id>")
@requires(Permission.CONTRACTS_KEEP)
def unit(unit_id: str) -> Response:
    """A month (`?month=2026-11`) of any unit, without a word of holds."""
    month = read_month(current_session(), unit_id, read_month_choice(request.args.get("month")), current.now())
    found = month.unit
    return render(
        ContractedUnitPage(
            unit=found,
            dates=dates_in_words(found.active_from, found.active_until),
            programme_known=any(one.code == found.programme for one in list_programmes(current_session())),
            # Days are enough for a contract. The hour of a change would lie beside that of a referral's steps.
            timeline=timeline(month, current.now(), with_hours=False),
            nights=nights_rows(month.spans, month.unit_nights),
        )
    )


def _texts(form: ProgrammeForm) -> ProgrammeTexts:
    return ProgrammeTexts(**{name: form[name].data or "" for name in ProgrammeTexts.__slots__})


def _form(
    form: ProgrammeForm, known: ProgrammeFacts | None, theirs: ProgrammeFacts | None = None, status: int = 422
) -> Response:
    their_dates = dates_in_words(theirs.active_from, theirs.active_until) if theirs else ""
    return render(EditProgrammePage(form=form, programme=known, theirs=theirs, their_dates=their_dates), status)
