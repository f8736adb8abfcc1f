"""A proposal as its reviewer sees it."""

from flask import url_for

from directory.editing.facts import ProposalLine, Review
from directory.editing.overview import ListingKind, ProposalSource, ProposalState
from directory.web.pages.editing.saying import Sayer
from directory.web.pages.editing.showing import difference_lines, what_of
from directory.web.pages.editing.words import STATE_COLOURS, STATE_WORDS, kind_segment
from directory.web.pages.review.contexts import DuplicateLine, FoldedLine, QueueLine, ReviewPage
from directory.web.pages.review.forms import AnswerForm

_SOURCE_WORDS = {ProposalSource.EDIT: "Edit", ProposalSource.CORRECTION: "Suggested correction"}


def queue_line(line: ProposalLine) -> QueueLine:
    """A proposal in the queue."""
    return QueueLine(
        id=line.id,
        name=line.listing_name,
        organisation_name=line.organisation_name,
        what=what_of(line),
        source=_SOURCE_WORDS[line.source],
        by=line.author,
        made_at=line.made_at,
    )


def review_page(review: Review, form: AnswerForm, *, problem: str = "", changed_meanwhile: bool = False) -> ReviewPage:
    """All of it."""
    line = review.line
    segment = kind_segment(line.kind)
    sayer = Sayer(line.kind)
    return ReviewPage(
        form=form,
        line=queue_line(line),
        state=STATE_WORDS[line.state],
        colour=STATE_COLOURS[line.state],
        listing_url="" if line.is_new else _address(line.kind, line.listing_id),
        versions_url="" if line.is_new else url_for("editing.versions", kind=segment, listing_id=line.listing_id),
        edit_url="" if line.is_new else url_for("editing.form", kind=segment, listing_id=line.listing_id),
        is_new=line.is_new,
        mine=review.mine,
        waits=line.state is ProposalState.PENDING,
        number=review.number,
        explanation=review.explanation,
        comment=review.comment,
        fields=difference_lines(sayer, review.fields),
        folded=tuple(FoldedLine(one.author, one.made_at, one.explanation) for one in review.folded),
        problems=tuple(
            f"{sayer.label(one.field)}: {one.message}" if one.field else one.message for one in review.problems
        ),
        duplicates=tuple(
            DuplicateLine(one.name, _address(line.kind, one.id), one.because) for one in review.duplicates
        ),
        problem=problem,
        changed_meanwhile=changed_meanwhile,
    )


def _address(kind: ListingKind, listing_id: str) -> str:
    """Where a commissioner looks at a listing; empty for units, which stand on the page of their service."""
    if kind is ListingKind.ORGANISATION:
        return url_for("listings.organisation", organisation_id=listing_id)
    return url_for("listings.service", service_id=listing_id) if kind is ListingKind.SERVICE else ""
