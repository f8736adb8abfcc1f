"""The register of disclosure requests: kept by commissioners, read by providers and auditors (recommendation 7)."""

from flask import Blueprint, Response, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.permissions import Permission
from directory.assurance.disclosures import AnsweredAlreadyError, Recorded, answer_request, record_request
from directory.assurance.register import organisations, read_register, read_request
from directory.assurance.vocabulary import Decision
from directory.assurance.words import DECISION_HINTS
from directory.common.clock import london_date
from directory.common.errors import InvalidInputError, NotFoundError
from directory.extensions import begin_writing, current_session
from directory.web import current
from directory.web.access import requires
from directory.web.forms import show_problems
from directory.web.pages.disclosures.contexts import CorrectPage, EnterPage, RequestPage
from directory.web.pages.disclosures.forms import AnswerForm, CorrectionForm, RequestForm, filled_with, read_day
from directory.web.pages.disclosures.presenting import as_csv, register_page, request_line
from directory.web.rendering import render

blueprint = Blueprint("disclosures", __name__, url_prefix="/disclosures")


@blueprint.get("")
@requires(Permission.DISCLOSURES_VIEW)
def register() -> Response:
    """The whole register, the latest request first."""
    found = read_register(current_session(), current.actor(), current.now())
    may_keep, sees_all = _may(Permission.DISCLOSURES_KEEP), _may(Permission.ASSURANCE_VIEW)
    return render(register_page(found, _page_number(), may_keep=may_keep, sees_all=sees_all))


@blueprint.get("/csv")
@requires(Permission.DISCLOSURES_VIEW)
def export() -> Response:
    """The same as a CSV file, with the same left out."""
    found = read_register(current_session(), current.actor(), current.now())
    response = make_response(as_csv(found.entries))
    response.mimetype = "text/csv"
    response.headers["Content-Disposition"] = 'attachment; filename="disclosure-requests.csv"'
    return response


@blueprint.get("/new")
@requires(Permission.DISCLOSURES_KEEP)
def new() -> Response:
    """An empty form, of today."""
    form = RequestForm(formdata=None, received_on=london_date(current.now()).isoformat())
    return _enter(form, 200)


@blueprint.post("/new")
@requires(Permission.DISCLOSURES_KEEP)
def enter() -> ResponseReturnValue:
    """Enter a request."""
    session = current_session()
    begin_writing(session)
    form = RequestForm()
    if not form.validate_on_submit():
        return _enter(form)
    try:
        recorded = record_request(session, form.entry(), current.actor(), current.now())
    except InvalidInputError as error:
        show_problems(form, error.problems)
        return _enter(form)
    session.commit()
    return _entered(recorded)


@blueprint.get("/<number>")
@requires(Permission.DISCLOSURES_VIEW)
def entry(number: str) -> Response:
    """One entry, with the form of its answer for those who keep the register."""
    return _entry(number)


@blueprint.post("/<number>/answer")
@requires(Permission.DISCLOSURES_KEEP)
def answer(number: str) -> ResponseReturnValue:
    """Say how it was answered."""
    session = current_session()
    begin_writing(session)
    form = AnswerForm()
    if not form.validate_on_submit():
        return _entry(number, form)
    decision, answered_on = Decision(form.decision.data), read_day(form.answered_on.data)
    try:
        answer_request(session, _number(number), decision, answered_on, current.actor(), current.now())
    except InvalidInputError as error:
        show_problems(form, error.problems)
        return _entry(number, form)
    except AnsweredAlreadyError as error:
        session.rollback()
        return _entry(number, problem=str(error))
    session.commit()
    flash(f"The answer to request {number} is recorded.")
    return redirect(url_for("disclosures.entry", number=number), 303)


@blueprint.get("/<number>/correct")
@requires(Permission.DISCLOSURES_KEEP)
def correction(number: str) -> Response:
    """The form with the entry as it is."""
    wrong = read_request(current_session(), _number(number), current.actor(), current.now())
    if not wrong.stands:
        return _entry(number, problem=f"It has been corrected already, by entry {wrong.corrected_by}.")
    return _correct(wrong.number, CorrectionForm(formdata=None, **filled_with(wrong)), 200)


@blueprint.post("/<number>/correct")
@requires(Permission.DISCLOSURES_KEEP)
def correct(number: str) -> ResponseReturnValue:
    """Enter the request anew, in place of an entry that was wrong."""
    session = current_session()
    begin_writing(session)
    wrong = _number(number)
    form = CorrectionForm()
    if not form.validate_on_submit():
        return _correct(wrong, form)
    try:
        recorded = record_request(session, form.correction_of(wrong), current.actor(), current.now())
    except InvalidInputError as error:
        show_problems(form, error.problems)
        return _correct(wrong, form)
    except AnsweredAlreadyError as error:
        session.rollback()
        return _entry(number, problem=str(error))
    session.commit()
    return _entered(recorded)


def _enter(form: RequestForm, status: int = 422) -> Response:
    form.offer(organisations(current_session()))
    return render(EnterPage(form), status)


def _correct(number: int, form: CorrectionForm, status: int = 422) -> Response:
    # Raises NotFoundError where there is nothing to correct.
    read_request(current_session(), number, current.actor(), current.now())
    form.offer(organisations(current_session()))
    return render(CorrectPage(number, form), status)


def _entered(recorded: Recorded) -> ResponseReturnValue:
    if recorded.already:
        flash(
            f"This is request {recorded.number} already, and was not entered twice. If it is another request, say in "
            "the summary how it differs."
        )
    else:
        flash(f"Request {recorded.number} is in the register.")
    return redirect(url_for("disclosures.entry", number=recorded.number), 303)


def _entry(number: str, form: AnswerForm | None = None, problem: str = "") -> Response:
    found = read_request(current_session(), _number(number), current.actor(), current.now())
    may_keep = _may(Permission.DISCLOSURES_KEEP)
    page = RequestPage(
        entry=request_line(found),
        form=form or AnswerForm(formdata=None, answered_on=london_date(current.now()).isoformat()),
        may_answer=found.waits and may_keep,
        hints=DECISION_HINTS,
        may_correct=may_keep and found.stands,
        problem=problem,
    )
    return render(page, 409 if problem else None)


def _may(permission: Permission) -> bool:
    person = current.person()
    return person is not None and person.may(permission)


def _number(text: str) -> int:
    """The number of an entry in an address. Raises NotFoundError for what is none."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise NotFoundError("There is no such request in the register.")
    return int(text)


def _page_number() -> int:
    """What is no number of a page is the first."""
    text = request.args.get("page", "")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1
