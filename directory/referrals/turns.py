"""Whose turn it is, and by when. At any moment every referral has one or the other: a turn, or an outcome.

The time of reading decides. A referral that ran out a minute ago reads as run out, whether or not the job that writes
that down has run since; what the job writes is what was read before it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from directory.referrals.lifecycle import ASKED, OUTCOMES
from directory.referrals.vocabulary import Party, ReferralState

DRAFT_LASTS = timedelta(hours=2)
"""A draft is written to be sent; what is in it is not kept longer than a hold lasts."""
REFERRER_DECIDES_WITHIN = timedelta(hours=24)
"""How long the referrer has to choose what comes next after a no or silence, before the referral closes by itself."""
REFUGE_ARRIVAL = timedelta(hours=24)
SERVICE_ARRIVAL = timedelta(days=7)
"""How long a service that said yes has until it must say whether she arrived."""
ARRIVAL_GRACE = timedelta(hours=24)
"""How long the referrer has to say it when the service has not."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody who has to act, and by when."""

    party: Party
    by: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a referral stands at some moment. `turn` is None exactly where `state` is an outcome."""

    state: ReferralState
    turn: Turn | None


def standing(state: ReferralState, due_at: datetime | None, now: datetime) -> Standing:
    """Where a referral stands at `now` that was written down as `state`, due at `due_at`."""
    if state in OUTCOMES or due_at is None:
        return Standing(state, None)
    if state is ReferralState.DRAFT:
        return _until(state, Party.REFERRER, due_at, now, ReferralState.WITHDRAWN)
    if state in ASKED:
        if now < due_at:
            return Standing(state, Turn(Party.PROVIDER, due_at))
        return _until(
            ReferralState.EXPIRED, Party.REFERRER, due_at + REFERRER_DECIDES_WITHIN, now, ReferralState.CLOSED
        )
    if state is ReferralState.ACCEPTED:
        if now < due_at:
            return Standing(state, Turn(Party.PROVIDER, due_at))
        return _until(state, Party.REFERRER, due_at + ARRIVAL_GRACE, now, ReferralState.CLOSED)
    return _until(state, Party.REFERRER, due_at, now, ReferralState.CLOSED)


def moves_of_time(state: ReferralState, due_at: datetime | None, now: datetime) -> list[tuple[ReferralState, datetime]]:
    """What time alone has made of a referral by `now` since `state` was written down: to which state, and when.

    However long nobody looked: it first ran out, and only then waited for the referrer.
    """
    moves: list[tuple[ReferralState, datetime]] = []
    while due_at is not None and (after := standing(state, due_at, now).state) is not state:
        if state in ASKED:
            moves.append((ReferralState.EXPIRED, due_at))
            state, due_at = ReferralState.EXPIRED, due_at + REFERRER_DECIDES_WITHIN
        else:
            moves.append((after, due_at + ARRIVAL_GRACE if state is ReferralState.ACCEPTED else due_at))
            state, due_at = after, None
    return moves


def _until(state: ReferralState, party: Party, by: datetime, now: datetime, afterwards: ReferralState) -> Standing:
    return Standing(state, Turn(party, by)) if now < by else Standing(afterwards, None)
