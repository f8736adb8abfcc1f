"""Publishing, suspending and withdrawing: the commissioner's own. Nothing is deleted."""

from dataclasses import dataclass

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.permissions import Permission
from directory.capacity.current import CurrentListing
from directory.catalogue.vocabulary import ListingStatus
from directory.common.errors import InvalidInputError, NotFoundError, RefusedError
from directory.editing.completeness import missing
from directory.editing.errors import ChangedMeanwhileError, IncompleteError, OpenReferralsError
from directory.editing.overview import ListingKind
from directory.editing.status import change_status, services_of
from directory.extensions import begin_writing, current_session
from directory.referrals.service import open_referrals
from directory.web import current
from directory.web.access import requires
from directory.web.pages.editing.access import kept_listing, listing_of, public_page, where_listed
from directory.web.pages.editing.blueprint import blueprint
from directory.web.pages.editing.history_contexts import ConfirmStatusPage, MissingLine, StatusMove, StatusPage
from directory.web.pages.editing.proposing import number_in
from directory.web.pages.editing.words import STATUS_WORDS, kind_of, kind_segment
from directory.web.rendering import render


@dataclass(frozen=True, slots=True)
class _Move:
    """A status to give a listing: what the link, the question and the button say, and what follows from it."""

    text: str
    heading: str
    consequence: str
    button: str
    done: str
    is_warning: bool = False


_MOVES: dict[ListingStatus, _Move] = {
    ListingStatus.PUBLISHED: _Move(
        "Publish", "Publish {name}?", "Everybody who is signed in finds it from then on.", "Publish", "published"
    ),
    ListingStatus.IN_REVIEW: _Move(
        "Put in review",
        "Put {name} in review?",
        "Commissioners and its provider alone see it.",
        "Put in review",
        "in review",
    ),
    ListingStatus.DRAFT: _Move(
        "Back to draft",
        "Make {name} a draft again?",
        "Nobody else finds it any more. Nothing is lost.",
        "Make it a draft",
        "a draft again",
    ),
    ListingStatus.SUSPENDED: _Move(
        "Suspend",
        "Suspend {name}?",
        "Nobody finds it until it is published again. Referrals that are open go on.",
        "Suspend",
        "suspended",
        is_warning=True,
    ),
    ListingStatus.WITHDRAWN: _Move(
        "Withdraw",
        "Withdraw {name}?",
        "It is over for good, as far as anybody knows. Everything that it said is kept, and it can be published again.",
        "Withdraw",
        "withdrawn",
        is_warning=True,
    ),
}
_CHANGED = "Somebody has changed it after you opened this page. Look at it again before you decide."


@blueprint.get("/listings/<kind>/<listing_id>/status")
@requires(Permission.LISTINGS_REVIEW)
def status(kind: str, listing_id: str) -> Response:
    """Where it stands, and what can be made of it."""
    listing = _listing(kind, listing_id)
    now_is = ListingStatus(listing.values["status"])
    return render(
        StatusPage(
            listing=listing_of(listing),
            status=STATUS_WORDS[now_is],
            moves=tuple(
                StatusMove(status.value.replace("_", "-"), move.text, move.consequence)
                for status, move in _MOVES.items()
                if status is not now_is
            ),
            back=public_page(listing) or where_listed(),
        )
    )


@blueprint.get("/listings/<kind>/<listing_id>/status/<word>")
@requires(Permission.LISTINGS_REVIEW)
def ask_for_status(kind: str, listing_id: str, word: str) -> Response:
    """Whether to do it, and what stands in the way."""
    return _confirm(_listing(kind, listing_id), _status(word))


@blueprint.post("/listings/<kind>/<listing_id>/status/<word>")
@requires(Permission.LISTINGS_REVIEW)
def give_status(kind: str, listing_id: str, word: str) -> ResponseReturnValue:
    """Do it."""
    session, wanted = current_session(), _status(word)
    begin_writing(session)
    listing = _listing(kind, listing_id)
    try:
        change_status(
            session,
            listing.kind,
            listing.id,
            wanted,
            number_in(request.form.get("number")),
            current.actor(),
            current.now(),
            open_referrals=_open_referrals(listing),
        )
    except (IncompleteError, OpenReferralsError):
        session.rollback()
        return _confirm(_listing(kind, listing_id), wanted, status=409)
    except ChangedMeanwhileError:
        session.rollback()
        return _confirm(_listing(kind, listing_id), wanted, _CHANGED, status=409)
    except (InvalidInputError, RefusedError) as error:
        session.rollback()
        return _confirm(_listing(kind, listing_id), wanted, _sentence(error), status=409)
    session.commit()
    flash(f"{listing_of(listing).name} is {_MOVES[wanted].done}.")
    return redirect(url_for("editing.status", kind=kind, listing_id=listing_id), 303)


def _confirm(listing: CurrentListing, wanted: ListingStatus, problem: str = "", status: int = 200) -> Response:
    about, move = listing_of(listing), _MOVES[wanted]
    lacks = missing(current_session(), listing.kind, listing.id) if wanted is ListingStatus.PUBLISHED else []
    open_ones = _open_referrals(listing) if wanted is ListingStatus.WITHDRAWN else 0
    page = ConfirmStatusPage(
        listing=about,
        status=wanted.value.replace("_", "-"),
        heading=move.heading.format(name=about.name),
        consequence=move.consequence,
        button=move.button,
        is_warning=move.is_warning,
        number=listing.number,
        missing=tuple(MissingLine(one.label, one.why, _where(listing, one.column)) for one in lacks),
        open_referrals=open_ones,
        problem=problem,
    )
    return render(page, status)


def _where(listing: CurrentListing, column: str) -> str:
    """Where what is missing can be put right: in the form, or on the page of the unit or organisation it takes."""
    if column == "units":
        return url_for("editing.new", kind="units", owner=listing.id)
    if column == "organisation_id":
        return url_for("editing.status", kind="organisations", listing_id=listing.organisation_id)
    return url_for("editing.form", kind=kind_segment(listing.kind), listing_id=listing.id, _anchor=column)


def _open_referrals(listing: CurrentListing) -> int:
    session = current_session()
    return open_referrals(session, services_of(session, listing.kind, listing.id))


def _listing(kind: str, listing_id: str) -> CurrentListing:
    """Raises NotFoundError for units: those have no status of their own."""
    if kind_of(kind) is ListingKind.UNIT:
        raise NotFoundError("There is no such page.")
    return kept_listing(kind_of(kind), listing_id)


def _status(word: str) -> ListingStatus:
    found = next((status for status in ListingStatus if status.value.replace("_", "-") == word), None)
    if found is None:
        raise NotFoundError("There is no such page.")
    return found


def _sentence(error: InvalidInputError | RefusedError) -> str:
    if isinstance(error, InvalidInputError):
        return " ".join(problem.message for problem in error.problems)
    return str(error)
