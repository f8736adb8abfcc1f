"""Suggesting a correction: one field of a published listing, by anybody who is signed in. It goes the way of edits."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.accounts.permissions import Permission
from directory.capacity.current import CurrentListing, read_current
from directory.catalogue.versions.models import ListingKind
from directory.catalogue.vocabulary import ListingStatus
from directory.common.actor import Actor
from directory.common.errors import NotAllowedError, NotFoundError
from directory.editing.columns import COLUMNS, FieldOwner, label_of
from directory.editing.errors import (
    ChangedMeanwhileError,
    FieldConflict,
    NothingToProposeError,
    TooManyCorrectionsError,
)
from directory.editing.facts import Proposed
from directory.editing.fields import allowed
from directory.editing.making import Draft, check_draft, lock_listing, make, user_id_of
from directory.editing.models import Proposal, ProposalSource, ProposalState
from directory.editing.trial import canonical

MOST_CORRECTIONS = 10
"""So many of one person's suggestions may wait at a time."""


def listing_to_correct(session: Session, kind: ListingKind, listing_id: str, actor: Actor) -> CurrentListing:
    """What a published organisation or service says now, for the form of a correction.

    Show the columns of `correctable_fields` alone. Raises NotFoundError where it is not published, or is a unit, and
    NotAllowedError.
    """
    if not allowed(actor, Permission.CORRECTIONS_SUGGEST):
        raise NotAllowedError("Only somebody who is signed in can suggest a correction.")
    if kind is ListingKind.UNIT:
        raise NotFoundError("There is no such listing.")
    current = read_current(session, kind, listing_id)
    shown = current.values["status"] == ListingStatus.PUBLISHED
    if kind is ListingKind.SERVICE and shown:
        owner = read_current(session, ListingKind.ORGANISATION, current.organisation_id)
        shown = owner.values["status"] == ListingStatus.PUBLISHED
    if not shown:
        raise NotFoundError("There is no such listing.")
    return current


def correct(
    session: Session,
    kind: ListingKind,
    listing_id: str,
    column: str,
    value: str,
    explanation: str,
    actor: Actor,
    now: datetime,
    *,
    seen: str | None = None,
) -> Proposed:
    """Suggest that one field of a published organisation or service is wrong: anybody who is signed in.

    `seen` is what the field said in the form; where it says something else by now, and not `value`, raises
    ChangedMeanwhileError. Raises NotFoundError (not published, or a unit), NotAllowedError (not a column for this),
    NothingToProposeError, TooManyCorrectionsError and InvalidInputError (problems name the column or `explanation`).
    """
    _check_number(session, user_id_of(actor))
    lock_listing(session, kind, listing_id)
    current = listing_to_correct(session, kind, listing_id, actor)
    if column not in _correctable(kind):
        raise NotAllowedError("That cannot be corrected here.")
    said, wanted = current.values[column], canonical(kind, column, value, now)
    if wanted == said:
        raise NothingToProposeError
    before = said if seen is None else canonical(kind, column, seen, now)
    if said != before:
        conflict = FieldConflict(column, label_of(kind, column), before, said, wanted)
        raise ChangedMeanwhileError([conflict], current.number)
    draft = Draft(
        kind,
        listing_id,
        current.organisation_id,
        ProposalSource.CORRECTION,
        {column: said},
        {column: wanted},
        current.number,
        explanation.strip(),
    )
    check_draft(session, draft, current, actor, now)
    return make(session, draft, actor, now)


def _correctable(kind: ListingKind) -> set[str]:
    return {spec.column for spec in COLUMNS[kind] if spec.owner is FieldOwner.ANYBODY and spec.correctable}


def _check_number(session: Session, author: int) -> None:
    # One after the other, or two at once would both be the last that is allowed.
    session.execute(select(User.id).where(User.id == author).with_for_update(key_share=True))
    waiting = session.scalar(
        select(func.count(Proposal.id)).where(
            Proposal.author_id == author,
            Proposal.source == ProposalSource.CORRECTION,
            Proposal.state == ProposalState.PENDING,
        )
    )
    if (waiting or 0) >= MOST_CORRECTIONS:
        raise TooManyCorrectionsError(MOST_CORRECTIONS)
