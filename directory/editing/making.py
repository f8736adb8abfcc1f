"""Making a proposal: the checks that every one of them passes, folding, and writing it down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.audit.events import Event
from directory.audit.log import record
from directory.capacity.current import CurrentListing
from directory.capacity.files import LISTING_TABLES
from directory.catalogue.versions.models import ChangeKind, ListingKind
from directory.catalogue.vocabulary import ListingStatus
from directory.common.actor import Actor
from directory.common.errors import FieldProblem, InvalidInputError, NotAllowedError, NotFoundError, RefusedError
from directory.editing.columns import COLUMNS, FieldOwner
from directory.editing.completeness import lacks
from directory.editing.facts import Proposed
from directory.editing.fields import reviews
from directory.editing.models import Proposal, ProposalSource, ProposalState
from directory.editing.texts import check_text, check_values
from directory.editing.trial import edit_one, in_form_order, problems_of
from directory.editing.wishes import Said, Wish, Wishes, fold, read, without, written

LIVE = (ProposalState.PENDING, ProposalState.RETURNED)
"""The states in which a proposal has not been decided."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposal that is about to be made. `was` and `wanted` map the same columns to texts."""

    kind: ListingKind
    listing_id: str
    organisation_id: str
    source: ProposalSource
    was: Mapping[str, str]
    wanted: Mapping[str, str]
    base_version: int
    explanation: str
    is_new: bool = False


def user_id_of(actor: Actor) -> int:
    """The number of somebody's account. Raises NotAllowedError for the system, which proposes and decides nothing."""
    if actor.user_id is None:
        raise NotAllowedError("Only somebody with an account can do this.")
    return actor.user_id


def check_columns(kind: ListingKind, columns: Sequence[str], actor: Actor) -> None:
    """Raise NotAllowedError where one of them is not the actor's to change, or nobody's."""
    own = {spec.column for spec in COLUMNS[kind] if spec.owner is FieldOwner.ANYBODY or reviews(actor)}
    if not own.issuperset(columns):
        raise NotAllowedError("That is for commissioners to change.")


def lock_listing(session: Session, kind: ListingKind, listing_id: str) -> None:
    """Let nobody else propose changes of this listing, or decide on them, until this transaction ends.

    Holds go on: a reference to a unit needs no more than that its id stays.
    """
    table = LISTING_TABLES[kind].table
    session.execute(select(table.c.id).where(table.c.id == listing_id).with_for_update(key_share=True))


def check_draft(session: Session, draft: Draft, current: CurrentListing | None, actor: Actor, now: datetime) -> None:
    """Do nothing where everything is in order. Raises InvalidInputError, naming columns and `explanation`."""
    problems = check_text(session, "explanation", draft.explanation)
    if not reviews(actor):
        problems += check_values(session, draft.kind, draft.wanted, draft.was)
    if not problems:
        problems = _trial_problems(session, draft, actor, now)
    if current is not None:
        problems += emptied(draft.kind, current.values, draft.wanted)
    if problems:
        raise InvalidInputError(in_form_order(draft.kind, problems))


def _trial_problems(session: Session, draft: Draft, actor: Actor, now: datetime) -> list[FieldProblem]:
    """What the catalogue's own checks say of a draft."""
    report = edit_one(
        session, draft.kind, draft.listing_id, draft.wanted, now, change=ChangeKind.PROPOSAL, actor=actor, dry_run=True
    )
    columns = [*(spec.column for spec in COLUMNS[draft.kind]), "id", "organisation_id", "service_id"]
    return problems_of(draft.kind, report.errors, actor, columns if draft.is_new else [*draft.wanted])


def emptied(kind: ListingKind, now_says: Mapping[str, str], wanted: Mapping[str, str]) -> list[FieldProblem]:
    """Fields that a published listing would lose, though nothing is published without them."""
    if now_says.get("status") != ListingStatus.PUBLISHED:
        return []
    already = {one.column for one in lacks(kind, now_says)}
    after = lacks(kind, {**now_says, **wanted})
    return [
        FieldProblem(one.column, f"A published listing must say this. {one.why}")
        for one in after
        if one.column not in already
    ]


def make(session: Session, draft: Draft, actor: Actor, now: datetime, replaces: int | None = None) -> Proposed:
    """Write a checked draft down, with the older proposals that it takes in.

    Raises NotFoundError where `replaces` is no proposal of the actor's for this listing, RefusedError where it has
    been decided.
    """
    author = user_id_of(actor)
    wishes: Wishes = {
        column: Wish(Said(author, draft.was.get(column, ""), text)) for column, text in draft.wanted.items()
    }
    replaced = _replaced(session, draft, author, replaces)
    older = [one for one in _live(session, draft) if one is not replaced and read(one.fields).keys() & wishes.keys()]
    older = sorted([*older, *([replaced] if replaced else [])], key=lambda one: one.id)
    before = [without(read(one.fields), author) if one is replaced else read(one.fields) for one in older]
    made = Proposal(
        kind=draft.kind,
        listing_id=draft.listing_id,
        is_new=draft.is_new,
        organisation_id=draft.organisation_id,
        source=draft.source,
        state=ProposalState.PENDING,
        fields=written(fold(wishes, before)),
        base_version=draft.base_version,
        explanation=draft.explanation,
        author_id=author,
        made_at=now,
    )
    session.add(made)
    session.flush()
    for one in older:
        one.state, one.decided_at, one.folded_into_id = ProposalState.FOLDED, now, made.id
    session.flush()
    record(session, Event.PROPOSAL_MADE, actor.reference, now, proposal=made.id, source=draft.source.value)
    return Proposed(made.id, made.listing_id, tuple(one.id for one in older))


def _live(session: Session, draft: Draft) -> Sequence[Proposal]:
    query = select(Proposal).where(
        Proposal.kind == draft.kind,
        Proposal.listing_id == draft.listing_id,
        Proposal.is_new.is_(draft.is_new),
        Proposal.state.in_(LIVE),
    )
    return session.scalars(query.order_by(Proposal.id).with_for_update()).all()


def _replaced(session: Session, draft: Draft, author: int, replaces: int | None) -> Proposal | None:
    if replaces is None:
        return None
    query = select(Proposal).where(
        Proposal.id == replaces,
        Proposal.author_id == author,
        Proposal.kind == draft.kind,
        Proposal.is_new.is_(draft.is_new),
    )
    found = session.scalar(query.with_for_update().execution_options(populate_existing=True))
    # A new listing may have had to take another id, because somebody else's has the first one by now.
    if found is None or not (draft.is_new or found.listing_id == draft.listing_id):
        raise NotFoundError("You have no such proposal.")
    if found.state not in LIVE:
        raise RefusedError("That proposal has been decided meanwhile. Look at it before you make another one.")
    return found
