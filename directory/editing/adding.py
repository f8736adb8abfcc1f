"""Proposing a listing that is not there yet: a draft when it is approved, a unit closed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from directory.accounts.permissions import Permission
from directory.capacity.current import read_current
from directory.capacity.models import RingFence, UnitState
from directory.catalogue.versions.models import ListingKind
from directory.catalogue.vocabulary import ListingStatus
from directory.common.actor import Actor
from directory.common.errors import FieldProblem, InvalidInputError, NotAllowedError, NotFoundError
from directory.editing.errors import NothingToProposeError
from directory.editing.facts import Proposed
from directory.editing.fields import allowed, reviews
from directory.editing.making import Draft, check_columns, check_draft, make, user_id_of
from directory.editing.models import Proposal, ProposalSource
from directory.editing.naming import free_id, is_taken, taken_ids
from directory.editing.trial import canonical

OWNER_COLUMN = {ListingKind.SERVICE: "organisation_id", ListingKind.UNIT: "service_id"}

BEGINNINGS: dict[ListingKind, dict[str, str]] = {
    ListingKind.ORGANISATION: {"status": ListingStatus.DRAFT.value},
    ListingKind.SERVICE: {"status": ListingStatus.DRAFT.value},
    ListingKind.UNIT: {"state": UnitState.CLOSED.value, "ringfence": RingFence.NONE.value},
}
"""What a new listing says unless its proposal says otherwise. A unit is opened by its provider, in two taps."""

# What errors call a column, where the form of a new listing calls it otherwise.
_FORM_NAMES = {"id": "listing_id", "organisation_id": "owner_id", "service_id": "owner_id"}


def propose_new(
    session: Session,
    kind: ListingKind,
    *,
    owner_id: str | None,
    wanted: Mapping[str, str],
    explanation: str,
    actor: Actor,
    now: datetime,
    listing_id: str | None = None,
    replaces: int | None = None,
) -> Proposed:
    """Propose a new organisation (commissioners), service or unit; it will be a draft, a unit closed.

    `owner_id` is the organisation of a service (a provider's own, whatever is given) and the service of a unit; None
    for an organisation. The id is made of the name unless a commissioner gives one. `replaces` is the author's own
    earlier proposal of the same listing. Raises as `propose`; problems may also name `listing_id` and `owner_id`.
    """
    user_id_of(actor)
    if not allowed(actor, Permission.LISTINGS_PROPOSE):
        raise NotAllowedError("You cannot add listings.")
    check_columns(kind, [*wanted], actor)
    owner_id, organisation_id = _owner(session, kind, owner_id, actor)
    texts = {column: canonical(kind, column, text, now) for column, text in wanted.items()}
    texts = {column: text for column, text in texts.items() if text}
    if not texts:
        raise NothingToProposeError
    new_id = _new_id(session, kind, texts.get("name", ""), owner_id, listing_id if reviews(actor) else None, replaces)
    if owner_id and kind in OWNER_COLUMN:
        texts[OWNER_COLUMN[kind]] = owner_id
    draft = Draft(
        kind,
        new_id,
        organisation_id or new_id,
        ProposalSource.EDIT,
        {},
        texts,
        0,
        explanation.strip(),
        is_new=True,
    )
    try:
        check_draft(session, replace(draft, wanted={**BEGINNINGS[kind], **texts}), None, actor, now)
    except InvalidInputError as error:
        raise InvalidInputError([_renamed(problem) for problem in error.problems]) from error
    return make(session, draft, actor, now, replaces)


def _owner(session: Session, kind: ListingKind, owner_id: str | None, actor: Actor) -> tuple[str, str]:
    """Whose the new listing will be: the id of its owner, and of the organisation (empty: it is one itself)."""
    if kind is ListingKind.ORGANISATION:
        if not reviews(actor):
            raise NotAllowedError("Only commissioners add organisations.")
        return "", ""
    if kind is ListingKind.SERVICE:
        own = owner_id if reviews(actor) else actor.organisation_id
        if not own:
            raise InvalidInputError([FieldProblem("owner_id", "Choose the organisation that it belongs to.")])
        return own, own
    try:
        service = read_current(session, ListingKind.SERVICE, owner_id or "")
    except NotFoundError:
        raise InvalidInputError([FieldProblem("owner_id", "Choose the service that it belongs to.")]) from None
    if not reviews(actor) and service.organisation_id != actor.organisation_id:
        raise NotFoundError("Your organisation has no such service.")
    return service.id, service.organisation_id


def _new_id(
    session: Session, kind: ListingKind, name: str, owner_id: str, given: str | None, replaces: int | None
) -> str:
    replaced = session.get(Proposal, replaces) if replaces is not None else None
    if (
        replaced is not None
        and (replaced.kind, replaced.is_new) == (kind, True)
        and given in (None, "", replaced.listing_id)
        and not is_taken(session, kind, replaced.listing_id)
    ):
        return replaced.listing_id
    if not given:
        return free_id(session, kind, name, owner_id)
    if given in taken_ids(session, kind):
        raise InvalidInputError([FieldProblem("listing_id", "Another one has this id already.")])
    return given


def _renamed(problem: FieldProblem) -> FieldProblem:
    return replace(problem, field=_FORM_NAMES.get(problem.field, problem.field))
