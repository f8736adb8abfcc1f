"""Proposals as lists and pages show them, to each reader only what is theirs to see."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from directory.capacity.current import read_current
from directory.capacity.files import LISTING_TABLES
from directory.capacity.models import Unit
from directory.catalogue.models import Organisation, Service
from directory.catalogue.versions.models import ListingKind
from directory.catalogue.vocabulary import ListingStatus
from directory.common.actor import Actor
from directory.common.errors import NotFoundError
from directory.common.paging import Paging
from directory.editing.columns import COLUMNS, label_of
from directory.editing.facts import FieldDifference, OtherWish, Page, ProposalLine, ProposalView
from directory.editing.fields import reviews, visible
from directory.editing.making import LIVE
from directory.editing.models import Proposal, ProposalState
from directory.editing.people import names_for
from directory.editing.wishes import Said, Wish, Wishes, read


def my_proposals(session: Session, actor: Actor, paging: Paging) -> Page:
    """What somebody has proposed, newest first; for a provider also what colleagues proposed for their organisation."""
    return read_page(session, _readable(actor), actor, paging, newest_first=True)


def proposal_for_author(session: Session, proposal_id: int, actor: Actor) -> ProposalView:
    """One proposal for its author, or the staff of the organisation whose listing it is.

    Raises NotFoundError for anybody else's.
    """
    found = session.scalar(select(Proposal).where(Proposal.id == proposal_id, _readable(actor)))
    if found is None:
        raise NotFoundError("You have no such proposal.")
    end = ends_of(session, [found])[found.id]
    own = found.author_id == actor.user_id and found.state in LIVE
    return ProposalView(
        line=lines(session, [found], actor)[0],
        explanation=found.explanation,
        comment=end.comment,
        fields=differences(session, found, actor),
        folded_into_id=found.folded_into_id,
        may_change=own,
        may_withdraw=own,
    )


def read_page(
    session: Session, condition: ColumnElement[bool], actor: Actor, paging: Paging, *, newest_first: bool
) -> Page:
    """The proposals that meet a condition, a page of them."""
    order = Proposal.id.desc() if newest_first else Proposal.id
    first = (paging.page - 1) * paging.per_page
    query = select(Proposal).where(condition).order_by(order).offset(first).limit(paging.per_page)
    total = session.scalar(select(func.count(Proposal.id)).where(condition)) or 0
    return Page(tuple(lines(session, session.scalars(query).all(), actor)), total)


def lines(session: Session, proposals: Sequence[Proposal], actor: Actor) -> list[ProposalLine]:
    """Each of them as a line of a list for `actor`; a few statements, however many there are."""
    named = names_for(session, actor, {one.author_id for one in proposals})
    titles = _titles(session, proposals)
    ends = ends_of(session, proposals)
    keepers = _keepers(session, proposals)
    return [
        ProposalLine(
            id=one.id,
            kind=one.kind,
            listing_id=one.listing_id,
            listing_name=titles[one.kind, one.listing_id],
            organisation_id=one.organisation_id,
            organisation_name=titles[ListingKind.ORGANISATION, one.organisation_id],
            is_new=one.is_new,
            source=one.source,
            state=one.state,
            ended_as=ends[one.id].state,
            labels=tuple(
                label_of(one.kind, column) for column, _said in _shown(one, actor, keeps=_keeps(actor, keepers[one.id]))
            ),
            author=named(one.author_id),
            made_at=one.made_at,
            decided_at=one.decided_at,
        )
        for one in proposals
    ]


def differences(session: Session, proposal: Proposal, actor: Actor) -> tuple[FieldDifference, ...]:
    """What a proposal would change, in the order of a form, for somebody who may see it.

    Of what is neither theirs nor published, nobody is told more than they saw when they proposed it.
    """
    now_says = current_values(session, proposal)
    keeps = _keeps(actor, _keepers(session, [proposal])[proposal.id])
    told = keeps or now_says.get("status") == ListingStatus.PUBLISHED
    shown = list(_shown(proposal, actor, keeps=keeps))
    wishes = read(proposal.fields)
    everybody = {said.by for wish in wishes.values() for said in wish.everything}
    named = names_for(session, actor, everybody)
    return tuple(
        FieldDifference(
            column=column,
            label=label_of(proposal.kind, column),
            was=said.was,
            now_is=now_says.get(column, "") if told else said.was,
            wanted=said.wanted,
            by=named(said.by),
            changed_since=told and proposal.state in LIVE and now_says.get(column, "") != said.was,
            others=tuple(OtherWish(one.wanted, named(one.by)) for one in wishes[column].others)
            if reviews(actor)
            else (),
        )
        for column, said in shown
    )


def current_values(session: Session, proposal: Proposal) -> Mapping[str, str]:
    """What the catalogue says now of the listing that a proposal is about; nothing where there is none.

    A new one that was not added says nothing yet: what has its id by now is somebody else's.
    """
    if proposal.is_new and proposal.state is not ProposalState.APPROVED:
        return {}
    try:
        return read_current(session, proposal.kind, proposal.listing_id).values
    except NotFoundError:
        return {}


def in_order(kind: ListingKind, wishes: Wishes) -> list[tuple[str, Wish]]:
    """Wishes in the order of a form, what no form has at the end."""
    order = {spec.column: position for position, spec in enumerate(COLUMNS[kind])}
    return sorted(wishes.items(), key=lambda item: (order.get(item[0], len(order)), item[0]))


def ends_of(session: Session, proposals: Iterable[Proposal]) -> dict[int, Proposal]:
    """What each of them has become part of in the end, by its id; itself where it was not folded into another."""
    ends = {one.id: one for one in proposals}
    while True:
        into = {one.folded_into_id for one in ends.values() if one.folded_into_id is not None}
        if not into:
            return ends
        next_ones = {one.id: one for one in session.scalars(select(Proposal).where(Proposal.id.in_(into)))}
        ends = {start: next_ones[one.folded_into_id] if one.folded_into_id else one for start, one in ends.items()}


def _readable(actor: Actor) -> ColumnElement[bool]:
    """Which proposals are somebody's to read: their own, and for staff those for their organisation's listings."""
    own = Proposal.author_id == actor.user_id
    if actor.role == "provider" and actor.organisation_id:
        return or_(own, keeper() == actor.organisation_id)
    return own


def keeper() -> ColumnElement[str]:
    """Whose the listing of a proposal is by now, which an import may have given to another organisation.

    What is not there, or not yet, is whose it was when it was proposed.
    """
    owners = select(Service.organisation_id).correlate(Proposal)
    of_service = owners.where(Service.id == Proposal.listing_id)
    of_unit = owners.join(Unit, Unit.service_id == Service.id).where(Unit.id == Proposal.listing_id)
    owner = case(
        (Proposal.is_new & (Proposal.state != ProposalState.APPROVED), None),
        (Proposal.kind == ListingKind.SERVICE, of_service.scalar_subquery()),
        (Proposal.kind == ListingKind.UNIT, of_unit.scalar_subquery()),
    )
    return func.coalesce(owner, Proposal.organisation_id)


def _keepers(session: Session, proposals: Iterable[Proposal]) -> dict[int, str]:
    """Whose the listing of each proposal is by now, by the proposal's number."""
    query = select(Proposal.id, keeper()).where(Proposal.id.in_([one.id for one in proposals]))
    return {proposal_id: organisation_id for proposal_id, organisation_id in session.execute(query)}  # noqa: C416


def _keeps(actor: Actor, organisation_id: str) -> bool:
    """Whether somebody looks after the listings of this organisation."""
    return reviews(actor) or (actor.role == "provider" and organisation_id == actor.organisation_id)


def _shown(proposal: Proposal, actor: Actor, *, keeps: bool) -> Iterable[tuple[str, Said]]:
    """The fields of a proposal that somebody may see, and what of them: of others' listings only their own wishes."""
    for column, wish in in_order(proposal.kind, read(proposal.fields)):
        if not visible(actor, column):
            continue
        if keeps:
            yield column, wish.mine
        else:
            yield from ((column, said) for said in wish.everything if said.by == actor.user_id)


def _titles(session: Session, proposals: Sequence[Proposal]) -> dict[tuple[ListingKind, str], str]:
    """What listings are called, and their organisations; a new one as its proposal would have it, else by its id."""
    wanted = {(one.kind, one.listing_id) for one in proposals}
    wanted |= {(ListingKind.ORGANISATION, one.organisation_id) for one in proposals}
    titles = {key: key[1] for key in wanted}
    for one in proposals:
        name = read(one.fields).get("name")
        if one.is_new and one.state is not ProposalState.APPROVED and name:
            titles[one.kind, one.listing_id] = name.mine.wanted
    for kind in {kind for kind, _listing_id in wanted}:
        table = Organisation.__table__ if kind is ListingKind.ORGANISATION else LISTING_TABLES[kind].table
        ids = [listing_id for of_kind, listing_id in wanted if of_kind is kind]
        for listing_id, name in session.execute(select(table.c.id, table.c.name).where(table.c.id.in_(ids))):
            titles[kind, listing_id] = name or listing_id
    return titles
