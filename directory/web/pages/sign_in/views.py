"""Signing in and out."""

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.service import SignInRefusedError, TooManyAttemptsError, authenticate, check_password
from directory.extensions import begin_writing, current_session, written
from directory.web import current
from directory.web import session as web_session
from directory.web.access import public, safe_next, signed_in
from directory.web.pages.sign_in.contexts import SignInPage
from directory.web.pages.sign_in.forms import SignInForm
from directory.web.rendering import render

blueprint = Blueprint("sign_in", __name__)


@blueprint.get("/sign-in")
@public
def form() -> ResponseReturnValue:
    """Ask who somebody is; people who are signed in are sent on."""
    if current.person():
        return redirect(_onward(), 303)
    return _page(SignInForm())


@blueprint.post("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Start a session, and go where the person wanted to go."""
    form = SignInForm()
    if not form.validate_on_submit():
        return _page(form)
    try:
        account = written(current_session(), lambda: _authenticated(form))
        web_session.begin(account, current.now())
        return redirect(_onward(), 303)
    except SignInRefusedError as error:
        form.form_errors.append(str(error))
        return _page(form, 422)
    except TooManyAttemptsError as error:
        form.form_errors.append(str(error))
        return _page(form, 429)


def _authenticated(form: SignInForm) -> web_session.Account:
    session, email, password = current_session(), form.email.data, form.password.data
    checked = check_password(session, email, password)
    begin_writing(session)
    try:
        return authenticate(session, email, password, current.now(), current.network(), checked=checked)
    finally:
        # Failures are counted too.
        session.commit()


@blueprint.post("/sign-out")
@signed_in
def sign_out() -> ResponseReturnValue:
    """End every session of this person: this browser's, and that of whoever copied its cookie."""
    begin_writing(current_session())
    web_session.end()
    current_session().commit()
    return redirect(url_for("start.page"), 303)


def _onward() -> str:
    return safe_next(request.args.get("next")) or url_for("start.page")


def _page(form: SignInForm, status: int | None = None) -> Response:
    action = url_for("sign_in.sign_in", next=safe_next(request.args.get("next")))
    return render(SignInPage(form=form, action=action), status)
