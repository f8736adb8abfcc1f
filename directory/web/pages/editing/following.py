"""What became of one's proposals: the list, one of them, taking it back."""

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.permissions import Permission
from directory.common.errors import RefusedError
from directory.common.paging import Paging
from directory.editing.facts import ProposalView
from directory.editing.overview import ListingKind, ProposalSource
from directory.editing.proposals import my_proposals, proposal_for_author, withdraw
from directory.extensions import begin_writing, current_session
from directory.web import current
from directory.web.access import requires
from directory.web.pages.editing.blueprint import blueprint
from directory.web.pages.editing.contexts import MyProposalsPage, ProposalPage, SentPage
from directory.web.pages.editing.saying import Sayer
from directory.web.pages.editing.showing import difference_lines, proposal_line
from directory.web.pages.editing.words import kind_segment, number_of
from directory.web.rendering import render

PER_PAGE = 20


@blueprint.get("/proposals")
@requires(Permission.CORRECTIONS_SUGGEST)
def mine() -> Response:
    """What I have proposed, and for a provider what colleagues have; newest first."""
    paging = Paging(page_asked(), PER_PAGE)
    found = my_proposals(current_session(), current.actor(), paging)
    pages = paging.pages(found.total)
    return render(
        MyProposalsPage(
            lines=tuple(proposal_line(line, may_change=line.author == "you") for line in found.lines),
            page=paging.page,
            pages=pages,
            previous=url_for("editing.mine", page=min(paging.page - 1, pages)) if paging.page > 1 else None,
            next=url_for("editing.mine", page=paging.page + 1) if paging.page < pages else None,
            now=current.now(),
        )
    )


@blueprint.get("/proposals/<number>")
@requires(Permission.CORRECTIONS_SUGGEST)
def proposal(number: str) -> Response:
    """One of them: where it stands, and what the commissioner wrote."""
    return _page(number_of(number))


@blueprint.get("/proposals/<number>/sent")
@requires(Permission.CORRECTIONS_SUGGEST)
def sent(number: str) -> Response:
    """What happens next."""
    found = proposal_for_author(current_session(), number_of(number), current.actor())
    line = found.line
    is_correction = line.source is ProposalSource.CORRECTION
    back, back_text = _listing_address(found), f"Back to {line.listing_name}"
    person = current.person()
    if not is_correction and person is not None and person.may(Permission.UNITS_UPDATE):
        back, back_text = url_for("editing.own"), "Back to your listings"
    elif not is_correction:
        back, back_text = url_for("manage.home"), "Back to what you manage"
    return render(
        SentPage(
            number=line.id,
            name=line.listing_name,
            labels=line.labels,
            is_correction=is_correction,
            is_new=line.is_new,
            back=back,
            back_text=back_text,
        )
    )


@blueprint.post("/proposals/<number>/withdraw")
@requires(Permission.CORRECTIONS_SUGGEST)
def take_back(number: str) -> ResponseReturnValue:
    """Take it back before it is answered."""
    session = current_session()
    begin_writing(session)
    proposal_id = number_of(number)
    try:
        withdraw(session, proposal_id, current.actor(), current.now())
    except RefusedError as error:
        session.rollback()
        return _page(proposal_id, str(error))
    session.commit()
    flash("You have taken your proposal back. The listing stays as it is.")
    return redirect(url_for("editing.mine"), 303)


def page_asked() -> int:
    """Which page of a list the address asks for."""
    page = request.args.get("page", "1")
    return max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 9 else 1


def _page(proposal_id: int, problem: str = "") -> Response:
    found = proposal_for_author(current_session(), proposal_id, current.actor())
    page = ProposalPage(
        line=proposal_line(found.line, may_change=found.may_change),
        explanation=found.explanation,
        comment=found.comment,
        fields=difference_lines(Sayer(found.line.kind), found.fields),
        is_new=found.line.is_new,
        folded_into=found.folded_into_id,
        change_url=_change_url(found) if found.may_change else "",
        may_withdraw=found.may_withdraw,
        problem=problem,
    )
    return render(page, 409 if problem else 200)


def _change_url(found: ProposalView) -> str:
    line = found.line
    segment = kind_segment(line.kind)
    if line.is_new:
        return url_for("editing.new", kind=segment, proposal=line.id)
    if line.source is ProposalSource.EDIT:
        return url_for("editing.form", kind=segment, listing_id=line.listing_id, proposal=line.id)
    if len(found.fields) != 1:
        return url_for("editing.correct", kind=segment, listing_id=line.listing_id)
    column = found.fields[0].column.replace("_", "-")
    return url_for("editing.correct_field", kind=segment, listing_id=line.listing_id, column=column)


def _listing_address(found: ProposalView) -> str:
    """Only published listings can be corrected, and everybody may look at those."""
    if found.line.kind is ListingKind.ORGANISATION:
        return url_for("listings.organisation", organisation_id=found.line.listing_id)
    return url_for("listings.service", service_id=found.line.listing_id)
