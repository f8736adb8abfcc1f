"""How sure a unit's entry is, in words. What is *available* is decided in `availability.py` and only described here."""

import enum
from dataclasses import dataclass
from datetime import datetime

from directory.capacity.availability import Moment
from directory.capacity.models import UnitState


class UnitStatus(enum.StrEnum):
    """What somebody looking for a space is told about one unit."""

    AVAILABLE = "available"
    CONFIRM_BY_PHONE = "confirm_by_phone"
    NOT_CONFIRMED = "not_confirmed"
    HELD = "held"
    OCCUPIED = "occupied"

    @property
    def label(self) -> str:
        """The status as people read it."""
        return _LABELS[self]


_LABELS = {
    UnitStatus.AVAILABLE: "Space available",
    UnitStatus.CONFIRM_BY_PHONE: "Space reported: confirm by phone",
    UnitStatus.NOT_CONFIRMED: "Not confirmed lately: phone them",
    UnitStatus.HELD: "Held for somebody at the moment",
    UnitStatus.OCCUPIED: "Occupied",
}


@dataclass(frozen=True, slots=True)
class Freshness:
    """A unit's status, and when it was last confirmed (None: never)."""

    status: UnitStatus
    confirmed_at: datetime | None


def freshness_of(
    *, available: bool, held: bool, state: UnitState, confirmed_at: datetime | None, moment: Moment
) -> Freshness:
    """Describe an offerable unit of which the database answered whether it is `available`, and whether it is `held`."""
    if available and confirmed_at is not None:
        is_fresh = confirmed_at >= moment.fresh_since
        return Freshness(UnitStatus.AVAILABLE if is_fresh else UnitStatus.CONFIRM_BY_PHONE, confirmed_at)
    if held:
        return Freshness(UnitStatus.HELD, confirmed_at)
    if state == UnitState.OPEN:
        return Freshness(UnitStatus.NOT_CONFIRMED, confirmed_at)
    return Freshness(UnitStatus.OCCUPIED, confirmed_at)
