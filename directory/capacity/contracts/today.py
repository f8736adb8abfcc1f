"""What a programme's units are today, with the one number of holds that a commissioner may be told.

Firewall, rule 3: commissioners know which unit is ring-fenced, so nothing that they are shown beside it may lead to
the unit that is held. Holds are counted for a whole programme or not at all; never by unit, service or ring-fence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.capacity.contracts.inventory import ContractedUnit
from directory.capacity.holds.live import live
from directory.capacity.holds.models import Hold
from directory.capacity.models import Unit, UnitState

FEWEST_OF_EACH = 5
"""Of ring-fenced units that a hold may be on, and of others, there must be this many each."""


@dataclass(frozen=True, slots=True)
class StatesToday:
    """How many units are what, by what their providers say. They add up to all of the programme's units.

    `open` and `held` are None where they may only be told as one number, `open_or_held`. None of them says that a
    space is available: for that a unit must be confirmed and within its dates as well.
    """

    open_or_held: int
    open: int | None
    held: int | None
    occupied: int
    closed: int


def may_tell_held(ringfenced: int, others: int, held: int) -> bool:
    """Whether a commissioner may be told that `held` of a programme's units are held. Here the rule stands, once.

    `ringfenced` and `others` are its units that can be held at all, those whose state is open: of each there must be
    five, or the number leads to a unit. And fewer must be held than there are of either kind: if six are held and only
    five are not ring-fenced, one that is ring-fenced must be among them. Where it may not be told, nothing else may
    be that it follows from, such as how many of the open units still have a space available.
    """
    smaller = min(ringfenced, others)
    return smaller >= FEWEST_OF_EACH and held < smaller


def states_today(session: Session, code: str, units: Sequence[ContractedUnit], now: datetime) -> StatesToday:
    """Count `units`, which are those of the programme `code`; one statement."""
    can_be_held = [unit for unit in units if unit.state is UnitState.OPEN]
    ringfenced = sum(1 for unit in can_be_held if unit.ringfenced)
    held = session.scalar(
        select(func.count())
        .select_from(Hold)
        .join(Unit, Unit.id == Hold.unit_id)
        .where(live(now), Unit.programme == code, Unit.removed_at.is_(None))
    )
    told = held if held is not None and may_tell_held(ringfenced, len(can_be_held) - ringfenced, held) else None
    return StatesToday(
        open_or_held=len(can_be_held),
        open=None if told is None else len(can_be_held) - told,
        held=told,
        occupied=sum(1 for unit in units if unit.state is UnitState.OCCUPIED),
        closed=sum(1 for unit in units if unit.state is UnitState.CLOSED),
    )
