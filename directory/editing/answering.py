"""Telling those who proposed something that it has been answered: a reference and a link, and nothing else."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts.colleagues import read_colleague
from directory.common.actor import Actor
from directory.editing.models import Proposal
from directory.messaging.kinds import MessageKind
from directory.messaging.models import Channel
from directory.messaging.outbox import enqueue


def tell_authors(session: Session, decided: Proposal, reviewer: Actor, now: datetime) -> None:
    """Tell the author of a proposal, and those of whatever it has taken in, each about their own newest one."""
    told = {reviewer.user_id}
    step = [decided]
    while step:
        for one in sorted(step, key=lambda proposal: -proposal.id):
            if one.author_id not in told:
                told.add(one.author_id)
                _tell(session, one, decided, now)
        query = select(Proposal).where(Proposal.folded_into_id.in_([one.id for one in step]))
        step = list(session.scalars(query))


def _tell(session: Session, proposal: Proposal, decided: Proposal, now: datetime) -> None:
    author = read_colleague(session, proposal.author_id)
    if author.active:
        enqueue(
            session,
            MessageKind.PROPOSAL_ANSWERED,
            Channel.EMAIL,
            author.email,
            f"P{proposal.id}",
            f"/proposals/{proposal.id}",
            now,
            dedupe_key=f"{MessageKind.PROPOSAL_ANSWERED.value}-{proposal.id}-{decided.id}-{decided.state.value}",
        )
