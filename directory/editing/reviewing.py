"""What commissioners do with proposals: see what they would change, approve, ask for changes, reject."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.audit.events import Event
from directory.audit.log import record
from directory.capacity.current import read_current
from directory.capacity.files import TABLES
from directory.catalogue.files.locking import lock_for_writing
from directory.catalogue.versions.models import ChangeKind
from directory.common.actor import Actor
from directory.common.errors import FieldProblem, InvalidInputError, NotAllowedError, NotFoundError, RefusedError
from directory.common.paging import Paging
from directory.editing.adding import BEGINNINGS
from directory.editing.answering import tell_authors
from directory.editing.columns import label_of
from directory.editing.duplicates import Duplicate, find_duplicates
from directory.editing.errors import ChangedMeanwhileError, FieldConflict
from directory.editing.facts import FoldedIn, Page, Review
from directory.editing.fields import reviews
from directory.editing.making import LIVE, emptied, lock_listing, user_id_of
from directory.editing.models import Proposal, ProposalState
from directory.editing.naming import is_taken
from directory.editing.people import names_for
from directory.editing.reading import current_values, differences, lines, read_page
from directory.editing.texts import check_text
from directory.editing.trial import edit_one, problems_of
from directory.editing.wishes import read

_WAITING = Proposal.state == ProposalState.PENDING


def count_waiting(session: Session) -> int:
    """How many proposals wait for a commissioner."""
    return session.scalar(select(func.count(Proposal.id)).where(_WAITING)) or 0


def queue(session: Session, actor: Actor, paging: Paging) -> Page:
    """What waits for a commissioner, oldest first. Raises NotAllowedError for anybody else."""
    _check_reviewer(actor)
    return read_page(session, _WAITING, actor, paging, newest_first=False)


def read_review(session: Session, proposal_id: int, actor: Actor, now: datetime) -> Review:
    """One proposal, field by field, decided or not. Raises NotFoundError, NotAllowedError for all but commissioners."""
    _check_reviewer(actor)
    found = session.get(Proposal, proposal_id)
    if found is None:
        raise NotFoundError("There is no such proposal.")
    return Review(
        line=lines(session, [found], actor)[0],
        explanation=found.explanation,
        comment=found.comment,
        fields=differences(session, found, actor),
        folded=_folded_in(session, found, actor),
        number=_number(session, found),
        problems=tuple(_problems(session, found, actor, now)) if found.state in LIVE else (),
        duplicates=tuple(_duplicates(session, found)),
        mine=found.author_id == actor.user_id,
    )


def approve(session: Session, proposal_id: int, seen_number: int, actor: Actor, now: datetime) -> int:
    """Let the catalogue say what is proposed, and return the number of the change; all of it or nothing.

    `seen_number` is `Review.number` as the reviewer saw it. The caller has begun to write, commits, and rolls back
    when this raises: NotFoundError, NotAllowedError, RefusedError (it does not wait any more, somebody else is writing,
    or the catalogue says all of it already), ChangedMeanwhileError (the listing has another version by now) or
    InvalidInputError, whose problems name columns.
    """
    _check_reviewer(actor)
    # In this order, as imports lock tables before rows and proposals rows before proposals: nobody waits in a circle.
    lock_for_writing(session, list(TABLES))
    found = _locked(session, proposal_id)
    number = _number(session, found)
    if number != seen_number:
        raise ChangedMeanwhileError(_changed_since(session, found), number)
    problems = _in_the_way(session, found)
    if problems:
        raise InvalidInputError(problems)
    texts = _texts(found)
    report = edit_one(session, found.kind, found.listing_id, texts, now, change=ChangeKind.PROPOSAL, actor=actor)
    if report.refused:
        raise InvalidInputError(problems_of(found.kind, report.errors, actor, texts))
    if report.change_id is None:
        raise RefusedError("The catalogue says all of this already. Reject the proposal, and say so to its author.")
    found.change_id = report.change_id
    _decide(session, found, ProposalState.APPROVED, "", actor, now)
    return report.change_id


def return_for_changes(session: Session, proposal_id: int, comment: str, actor: Actor, now: datetime) -> None:
    """Ask the author for changes, and say which. Raises NotFoundError, NotAllowedError, RefusedError and
    InvalidInputError (`comment`: empty, too long, or stopped by the screen)."""
    _answer(session, proposal_id, ProposalState.RETURNED, comment, actor, now)


def reject(session: Session, proposal_id: int, comment: str, actor: Actor, now: datetime) -> None:
    """Say no, and why. Raises as `return_for_changes`."""
    _answer(session, proposal_id, ProposalState.REJECTED, comment, actor, now)


def _answer(
    session: Session, proposal_id: int, state: ProposalState, comment: str, actor: Actor, now: datetime
) -> None:
    _check_reviewer(actor)
    comment = comment.strip()
    problems = check_text(session, "comment", comment, required=True)
    if problems:
        raise InvalidInputError(problems)
    _decide(session, _locked(session, proposal_id), state, comment, actor, now)


def _decide(session: Session, found: Proposal, state: ProposalState, comment: str, actor: Actor, now: datetime) -> None:
    found.state, found.comment, found.reviewed_by = state, comment, user_id_of(actor)
    found.decided_at = None if state in LIVE else now
    session.flush()
    record(session, Event.PROPOSAL_DECIDED, actor.reference, now, proposal=found.id, decision=state.value)
    tell_authors(session, found, actor, now)


def _check_reviewer(actor: Actor) -> None:
    if not reviews(actor):
        raise NotAllowedError("Only commissioners decide on proposals.")


def _locked(session: Session, proposal_id: int) -> Proposal:
    """A proposal that waits, which nobody else can decide on or fold into another from here on."""
    found = session.get(Proposal, proposal_id)
    if found is None:
        raise NotFoundError("There is no such proposal.")
    lock_listing(session, found.kind, found.listing_id)
    session.refresh(found, with_for_update=True)
    if found.state is ProposalState.FOLDED:
        raise RefusedError("A newer proposal has taken this one in. Look at that one instead.")
    if found.state is not ProposalState.PENDING:
        raise RefusedError("This proposal does not wait for an answer any more.")
    return found


def _number(session: Session, proposal: Proposal) -> int:
    if proposal.is_new:
        return 0
    try:
        return read_current(session, proposal.kind, proposal.listing_id).number
    except NotFoundError:
        return -1


def _texts(proposal: Proposal) -> dict[str, str]:
    wanted = {column: wish.mine.wanted for column, wish in read(proposal.fields).items()}
    return {**BEGINNINGS[proposal.kind], **wanted} if proposal.is_new else wanted


def _in_the_way(session: Session, proposal: Proposal) -> list[FieldProblem]:
    """Why a proposal cannot be approved, whatever the catalogue's own checks say of it."""
    if proposal.is_new:
        taken = is_taken(session, proposal.kind, proposal.listing_id)
        message = "Somebody else has added one with this id meanwhile. Return the proposal: it will get another id."
        return [FieldProblem("", message)] if taken else []
    now_says = current_values(session, proposal)
    if not now_says:
        return [FieldProblem("", "It is not there any more. Reject the proposal, and say so to its author.")]
    return emptied(proposal.kind, now_says, _texts(proposal))


def _problems(session: Session, proposal: Proposal, actor: Actor, now: datetime) -> list[FieldProblem]:
    """Everything that stands in the way of approving a proposal as it is."""
    problems = _in_the_way(session, proposal)
    if problems:
        return problems
    texts, kind = _texts(proposal), proposal.kind
    report = edit_one(
        session, kind, proposal.listing_id, texts, now, change=ChangeKind.PROPOSAL, actor=actor, dry_run=True
    )
    return problems_of(kind, report.errors, actor, texts)


def _changed_since(session: Session, proposal: Proposal) -> list[FieldConflict]:
    """The fields of a proposal that say something else by now than what its author saw."""
    now_says: Mapping[str, str] = current_values(session, proposal)
    said = {column: wish.mine for column, wish in read(proposal.fields).items()}
    return [
        FieldConflict(column, label_of(proposal.kind, column), one.was, now_says.get(column, ""), one.wanted)
        for column, one in said.items()
        if now_says.get(column, "") != one.was
    ]


def _folded_in(session: Session, proposal: Proposal, actor: Actor) -> tuple[FoldedIn, ...]:
    """Everything that the proposal has taken in, oldest first."""
    found: list[Proposal] = []
    newest = [proposal.id]
    while newest:
        query = select(Proposal).where(Proposal.folded_into_id.in_(newest))
        taken_in = session.scalars(query).all()
        found += taken_in
        newest = [one.id for one in taken_in]
    named = names_for(session, actor, {one.author_id for one in found})
    ordered = sorted(found, key=lambda one: one.id)
    return tuple(FoldedIn(one.id, named(one.author_id), one.made_at, one.explanation) for one in ordered)


def _duplicates(session: Session, proposal: Proposal) -> list[Duplicate]:
    if not proposal.is_new or proposal.state not in LIVE:
        return []
    return find_duplicates(session, proposal.kind, _texts(proposal), proposal.listing_id)
