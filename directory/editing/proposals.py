"""Proposing what the catalogue should say. Nothing is written to it before a commissioner approves."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts.permissions import Permission
from directory.audit.events import Event
from directory.audit.log import record
from directory.capacity.current import CurrentListing, read_current
from directory.catalogue.versions.models import ChangeKind, ListingKind
from directory.catalogue.versions.reading import version_of
from directory.common.actor import Actor
from directory.common.errors import NotAllowedError, NotFoundError, RefusedError
from directory.editing.adding import propose_new
from directory.editing.columns import label_of
from directory.editing.corrections import MOST_CORRECTIONS, correct
from directory.editing.errors import ChangedMeanwhileError, FieldConflict, NothingToProposeError
from directory.editing.facts import Proposed
from directory.editing.fields import allowed, reviews
from directory.editing.making import LIVE, Draft, check_columns, check_draft, lock_listing, make, user_id_of
from directory.editing.models import Proposal, ProposalSource, ProposalState
from directory.editing.reading import my_proposals, proposal_for_author
from directory.editing.texts import LONGEST_TEXT as LONGEST_EXPLANATION
from directory.editing.trial import canonical

__all__ = [
    "LONGEST_EXPLANATION",
    "MOST_CORRECTIONS",
    "correct",
    "listing_to_edit",
    "my_proposals",
    "proposal_for_author",
    "propose",
    "propose_new",
    "withdraw",
]


def listing_to_edit(session: Session, kind: ListingKind, listing_id: str, actor: Actor) -> CurrentListing:
    """What a listing says now, for the form of somebody who may propose to change it.

    `values` hold every column: show those of `fields_for` alone, for `programme` is not for a provider's eyes. Raises
    NotAllowedError for those who may only suggest corrections, NotFoundError where it is not their organisation's.
    """
    if not allowed(actor, Permission.LISTINGS_PROPOSE):
        raise NotAllowedError("You can suggest a correction instead.")
    current = read_current(session, kind, listing_id)
    if not reviews(actor) and current.organisation_id != actor.organisation_id:
        raise NotFoundError("Your organisation has no such listing.")
    return current


def propose(
    session: Session,
    kind: ListingKind,
    listing_id: str,
    *,
    base_version: int,
    base: Mapping[str, str] | None,
    wanted: Mapping[str, str],
    explanation: str,
    actor: Actor,
    now: datetime,
    replaces: int | None = None,
) -> Proposed:
    """Propose that fields of a listing or unit say something else; the caller has begun to write, and commits.

    `base_version` is the version whose values the author's form showed (`listing_to_edit(...).number`), `base` those
    values where the form carried them (None: they are read from the history). `wanted` maps columns to texts; columns
    that are as in `base` are not proposed. `replaces` is the author's own earlier proposal (waiting or returned) that
    the form was filled from: its wishes are replaced by these, not folded in.

    Raises NotFoundError (no such listing, or a provider's that is not its own), NotAllowedError (a column that is the
    commissioner's own), NothingToProposeError, ChangedMeanwhileError (with what both wrote), and InvalidInputError,
    whose problems name columns, `explanation`, or nothing (an empty word) where something else stands in the way.
    """
    lock_listing(session, kind, listing_id)
    current = listing_to_edit(session, kind, listing_id, actor)
    check_columns(kind, [*wanted], actor)
    seen = {**_as_seen(session, current, base_version), **(base or {})}
    was, changed = _changed(kind, seen, wanted, now)
    conflicts = _conflicts(current, was, changed)
    if conflicts:
        raise ChangedMeanwhileError(conflicts, current.number)
    # What somebody else has made so meanwhile need not be proposed.
    changed = {column: text for column, text in changed.items() if text != current.values[column]}
    if not changed:
        raise NothingToProposeError
    draft = Draft(
        kind,
        listing_id,
        current.organisation_id,
        ProposalSource.EDIT,
        {column: was[column] for column in changed},
        changed,
        base_version,
        explanation.strip(),
    )
    check_draft(session, draft, current, actor, now)
    return make(session, draft, actor, now, replaces)


def withdraw(session: Session, proposal_id: int, actor: Actor, now: datetime) -> None:
    """Take one's own proposal back. What others had proposed and was folded into it waits again by itself.

    Raises NotFoundError where it is not the actor's, RefusedError where it has been decided or folded already.
    """
    author = user_id_of(actor)
    found = session.get(Proposal, proposal_id)
    if found is None or found.author_id != author:
        raise NotFoundError("You have no such proposal.")
    lock_listing(session, found.kind, found.listing_id)
    session.refresh(found, with_for_update=True)
    if found.state not in LIVE:
        raise RefusedError("That proposal does not wait any more, so it cannot be taken back.")
    found.state, found.decided_at = ProposalState.WITHDRAWN, now
    _reopen(session, found.id, author)
    session.flush()
    decision = ProposalState.WITHDRAWN.value
    record(session, Event.PROPOSAL_DECIDED, actor.reference, now, proposal=found.id, decision=decision)


def _reopen(session: Session, proposal_id: int, author: int) -> None:
    """Let those wait again that others had made before the one that is taken back; one's own stay replaced."""
    query = select(Proposal).where(Proposal.folded_into_id == proposal_id).order_by(Proposal.id).with_for_update()
    for one in session.scalars(query).all():
        if one.author_id == author:
            _reopen(session, one.id, author)
        else:
            one.state = ProposalState.RETURNED if one.comment else ProposalState.PENDING
            one.decided_at = one.folded_into_id = None


def _as_seen(session: Session, current: CurrentListing, number: int) -> Mapping[str, str]:
    """What the listing said in the version that the author saw."""
    if number == current.number:
        return current.values
    if number == 0:
        # It had no history then. What it said is its first version, kept as found when it was changed.
        first = version_of(session, current.kind, current.id, 1)
        return first.values if first.change_kind is ChangeKind.FOUND else {}
    return version_of(session, current.kind, current.id, number).values


def _changed(
    kind: ListingKind, seen: Mapping[str, str], wanted: Mapping[str, str], now: datetime
) -> tuple[dict[str, str], dict[str, str]]:
    """What the author saw in the columns of `wanted`, and what of that they changed, both as files write it."""
    was = {column: canonical(kind, column, seen.get(column, ""), now) for column in wanted}
    texts = {column: canonical(kind, column, text, now) for column, text in wanted.items()}
    return was, {column: text for column, text in texts.items() if text != was[column]}


def _conflicts(current: CurrentListing, was: Mapping[str, str], changed: Mapping[str, str]) -> list[FieldConflict]:
    return [
        FieldConflict(column, label_of(current.kind, column), was[column], current.values[column], text)
        for column, text in changed.items()
        if current.values[column] not in (was[column], text)
    ]
