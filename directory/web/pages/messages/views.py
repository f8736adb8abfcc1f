"""Messages that could not be sent, for the administrator."""

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.permissions import Permission
from directory.extensions import begin_writing, current_session
from directory.messaging.queries import count_messages, dead_letters
from directory.messaging.service import requeue, requeue_all
from directory.web import current
from directory.web.access import requires
from directory.web.pages.messages.contexts import MessagesPage
from directory.web.rendering import render

SHOWN = 100

blueprint = Blueprint("messages", __name__, url_prefix="/messages")


@blueprint.get("")
@requires(Permission.MESSAGES_VIEW)
def listing() -> Response:
    """What could not be sent, and how much waits."""
    counts = count_messages(current_session())
    letters = tuple(dead_letters(current_session(), SHOWN))
    return render(MessagesPage(letters=letters, dead=counts.dead, waiting=counts.waiting, failed=counts.failed))


@blueprint.post("/<message_id>/try-again")
@requires(Permission.MESSAGES_VIEW)
def try_again(message_id: str) -> ResponseReturnValue:
    """Have one message sent with the next delivery."""
    session = current_session()
    now = current.now()
    begin_writing(session)
    requeue(session, message_id, now)
    session.commit()
    flash("The message is sent again with the next delivery.")
    return redirect(url_for("messages.listing"), 303)


@blueprint.post("/try-all-again")
@requires(Permission.MESSAGES_VIEW)
def try_all_again() -> ResponseReturnValue:
    """Have every message sent with the next delivery, once what kept them back has been mended."""
    session = current_session()
    now = current.now()
    begin_writing(session)
    number = requeue_all(session, now)
    session.commit()
    flash(f"{number} message{' is' if number == 1 else 's are'} sent again with the next delivery.")
    return redirect(url_for("messages.listing"), 303)
