"""The life of a referral: one table of the moves that are possible, and who may make them. Every other is refused."""

from datetime import datetime

from directory.common.errors import RefusedError
from directory.referrals.models import Referral, ReferralMove
from directory.referrals.vocabulary import Party, ReferralState

_REFERRER = frozenset({Party.REFERRER})
_PROVIDER = frozenset({Party.PROVIDER})
_SYSTEM = frozenset({Party.SYSTEM})
_S = ReferralState

MOVES: dict[tuple[ReferralState, ReferralState], frozenset[Party]] = {
    (_S.DRAFT, _S.SENT): _REFERRER,
    (_S.DRAFT, _S.WITHDRAWN): _REFERRER | _SYSTEM,
    (_S.SENT, _S.SEEN): _PROVIDER,
    (_S.SENT, _S.ACCEPTED): _PROVIDER,
    (_S.SENT, _S.DECLINED): _PROVIDER,
    (_S.SENT, _S.EXPIRED): _SYSTEM,
    (_S.SENT, _S.WITHDRAWN): _REFERRER,
    (_S.SEEN, _S.ACCEPTED): _PROVIDER,
    (_S.SEEN, _S.DECLINED): _PROVIDER,
    (_S.SEEN, _S.EXPIRED): _SYSTEM,
    (_S.SEEN, _S.WITHDRAWN): _REFERRER,
    (_S.DECLINED, _S.SENT): _REFERRER | _SYSTEM,
    (_S.DECLINED, _S.CLOSED): _REFERRER | _SYSTEM,
    (_S.EXPIRED, _S.SENT): _REFERRER | _SYSTEM,
    (_S.EXPIRED, _S.CLOSED): _REFERRER | _SYSTEM,
    (_S.ACCEPTED, _S.ARRIVED): _PROVIDER | _REFERRER,
    (_S.ACCEPTED, _S.DID_NOT_ARRIVE): _PROVIDER | _REFERRER,
    (_S.ACCEPTED, _S.WITHDRAWN): _REFERRER,
    # Nobody said, though both were asked: it must not stay open for ever.
    (_S.ACCEPTED, _S.CLOSED): _SYSTEM,
    (_S.ARRIVED, _S.CLOSED): _REFERRER | _SYSTEM,
    (_S.DID_NOT_ARRIVE, _S.CLOSED): _REFERRER | _SYSTEM,
    (_S.WITHDRAWN, _S.CLOSED): _REFERRER | _SYSTEM,
}

OUTCOMES = frozenset({_S.WITHDRAWN, _S.ARRIVED, _S.DID_NOT_ARRIVE, _S.CLOSED})
"""The states in which a referral has come to something and waits for nobody."""

ASKED = frozenset({_S.SENT, _S.SEEN})
"""The states in which a service has been asked and has not answered."""

_NOW_IS = {
    _S.DRAFT: "has not been sent",
    _S.SENT: "waits for the service’s answer",
    _S.SEEN: "waits for the service’s answer",
    _S.ACCEPTED: "has been accepted",
    _S.DECLINED: "has been declined",
    _S.EXPIRED: "was not answered in time",
    _S.WITHDRAWN: "has been withdrawn",
    _S.ARRIVED: "has ended: she arrived",
    _S.DID_NOT_ARRIVE: "has ended: she did not arrive",
    _S.CLOSED: "has been closed",
}


class MoveRefusedError(RefusedError):
    """The referral is not where this could be done, or somebody else has to do it."""

    def __init__(self, state: ReferralState) -> None:
        self.state = state
        super().__init__(f"That is not possible any more: this referral {_NOW_IS[state]}.")


def may_move(before: ReferralState, after: ReferralState, party: Party) -> bool:
    """Whether `party` may move a referral from one state to the other."""
    return party in MOVES.get((before, after), frozenset())


def move(
    referral: Referral,
    after: ReferralState,
    party: Party,
    now: datetime,
    *,
    position: int | None = None,
    due_at: datetime | None = None,
) -> None:
    """Move a referral, and note the move. `due_at` is by when whoever's turn it is then must act; an outcome has none.

    Raises MoveRefusedError where the table does not have the move for this party.
    """
    before = referral.state
    if not may_move(before, after, party):
        raise MoveRefusedError(before)
    referral.state = after
    referral.due_at = None if after in OUTCOMES else due_at
    if after in OUTCOMES and referral.ended_at is None:
        referral.ended_at = now
    note_move(referral, before, after, party, now, position)


def note_move(
    referral: Referral,
    before: ReferralState | None,
    after: ReferralState,
    party: Party,
    now: datetime,
    position: int | None,
) -> None:
    """Add to the referral's history; its beginning has no state before."""
    referral.moves.append(
        ReferralMove(
            number=len(referral.moves) + 1,
            at=now,
            state_before=before,
            state_after=after,
            moved_by=party,
            position=position,
        )
    )
