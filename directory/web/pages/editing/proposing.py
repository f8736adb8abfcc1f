"""Editing a listing: what is saved is a proposal, and the published listing stays until a commissioner approves."""

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.permissions import Permission
from directory.capacity.current import CurrentListing
from directory.common.errors import InvalidInputError, RefusedError
from directory.editing.errors import ChangedMeanwhileError, NothingToProposeError
from directory.editing.facts import ProposalView, Proposed
from directory.editing.overview import ProposalState
from directory.editing.proposals import proposal_for_author, propose
from directory.editing.reviewing import approve
from directory.extensions import begin_writing, current_session
from directory.web import current
from directory.web.access import requires
from directory.web.pages.editing.access import is_commissioner, kept_listing, public_page, where_listed
from directory.web.pages.editing.blueprint import blueprint
from directory.web.pages.editing.conflicts import (
    APPROVE,
    answered,
    asked_before,
    clash_of,
    conflict_form,
    conflict_page,
)
from directory.web.pages.editing.forming import Made, form_page, new_form, posted_form, setting_of
from directory.web.pages.editing.forms import write_seen
from directory.web.pages.editing.words import kind_of
from directory.web.rendering import render

FOLDED_IN = "Somebody else had proposed to change the same fields. Look at all of it before you approve it."
_RETURNED = "The commissioner asked for changes: {comment}"


@blueprint.get("/listings/<kind>/<listing_id>/edit")
@requires(Permission.LISTINGS_PROPOSE)
def form(kind: str, listing_id: str) -> Response:
    """The form, with what the listing says; changing a proposal again, with what that one wanted."""
    listing = kept_listing(kind_of(kind), listing_id)
    again = proposal_asked_for(listing.id)
    made = new_form(listing.kind, listing.values)
    made.form.fill(
        {**listing.values, **_wanted(again)},
        version=str(listing.number),
        seen=write_seen(made.fields, listing.values),
        replaces=str(again.line.id) if again else "",
        explanation=again.explanation if again else "",
    )
    return render(form_page(made, setting_of(listing, note_of(again))))


@blueprint.post("/listings/<kind>/<listing_id>/edit")
@requires(Permission.LISTINGS_PROPOSE)
def save(kind: str, listing_id: str) -> ResponseReturnValue:
    """Propose what was filled in; a commissioner may approve it as well."""
    session = current_session()
    begin_writing(session)
    listing = kept_listing(kind_of(kind), listing_id)
    made = posted_form(listing.kind, listing.values)
    if not made.form.validate():
        return render(form_page(made, setting_of(listing)))
    texts, seen = made.form.texts(), made.form.seen_values() or dict(listing.values)
    clash = asked_before(texts, listing.number)
    if clash is not None:
        if "back" in request.form:
            return _with_all_that_was_typed(made, listing, texts)
        questions = conflict_form(clash, made, posted=True)
        if not questions.validate():
            return render(conflict_page(made, listing, clash, questions))
        texts = answered(questions, clash, seen)
    return _save(made, listing, texts, seen)


def _save(made: Made, listing: CurrentListing, texts: dict[str, str], seen: dict[str, str]) -> ResponseReturnValue:
    session = current_session()
    try:
        proposed = propose(
            session,
            listing.kind,
            listing.id,
            base_version=number_in(made.form.version.data),
            base=seen,
            wanted=texts,
            explanation=made.form.explanation.data or "",
            actor=current.actor(),
            now=current.now(),
            replaces=number_in(made.form.replaces.data) or None,
        )
        return finish(proposed, listing.number, public_page(listing) or where_listed())
    except ChangedMeanwhileError as error:
        session.rollback()
        clash = clash_of(error, texts, seen, listing)
        return render(conflict_page(made, listing, clash, conflict_form(clash, made, posted=False)), 409)
    except (InvalidInputError, RefusedError) as error:
        session.rollback()
        return render(form_page(made, setting_of(listing), show(made, error)), status_of(error))


def finish(proposed: Proposed, number: int, then: str) -> ResponseReturnValue:
    """Approve what was proposed where a commissioner says so, commit, and go where one sees what became of it.

    Raises what `approve` raises; nothing is committed then.
    """
    session = current_session()
    at_once = APPROVE in request.form and is_commissioner()
    if at_once and not proposed.folded:
        approve(session, proposed.id, number, current.actor(), current.now())
        session.commit()
        flash("Saved and approved. Everybody who may see it sees it from now on.")
        return redirect(then, 303)
    session.commit()
    if at_once:
        flash(FOLDED_IN)
        return redirect(url_for("review.proposal", number=proposed.id), 303)
    return redirect(url_for("editing.sent", number=proposed.id), 303)


def show(made: Made, error: InvalidInputError | RefusedError) -> str:
    """Put what is wrong into the form, or say why it could not be done: a sentence, empty where the form says it."""
    if isinstance(error, InvalidInputError):
        made.form.show_problems(error.problems)
        return ""
    if isinstance(error, NothingToProposeError):
        made.form.form_errors.append(str(error).removesuffix("."))
        return ""
    return str(error)


def status_of(error: InvalidInputError | RefusedError) -> int:
    """422 where the form is wrong, 409 where something stands in the way."""
    return 422 if isinstance(error, InvalidInputError | NothingToProposeError) else 409


def number_in(text: str | None) -> int:
    """A number that the form carries; 0 where it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def proposal_asked_for(listing_id: str) -> ProposalView | None:
    """The proposal that is to be changed again, where the address names one of this person's for this listing."""
    number = number_in(request.args.get("proposal"))
    if not number:
        return None
    found = proposal_for_author(current_session(), number, current.actor())
    return found if found.may_change and listing_id in ("", found.line.listing_id) else None


def note_of(again: ProposalView | None) -> str:
    """What its reviewer asked to be changed."""
    if again is None or again.line.state is not ProposalState.RETURNED:
        return ""
    return _RETURNED.format(comment=again.comment)


def _wanted(again: ProposalView | None) -> dict[str, str]:
    return {field.column: field.wanted for field in again.fields} if again else {}


def _with_all_that_was_typed(made: Made, listing: CurrentListing, texts: dict[str, str]) -> Response:
    fresh = new_form(listing.kind, listing.values)
    fresh.form.fill(
        texts,
        version=made.form.version.data or "",
        seen=write_seen(fresh.fields, listing.values),
        replaces=made.form.replaces.data or "",
        explanation=made.form.explanation.data or "",
    )
    return render(form_page(fresh, setting_of(listing)))
