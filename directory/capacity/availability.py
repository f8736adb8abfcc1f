"""THE definition of "space available", as SQL expressions. Search, bed board, statistics and API all use these.

Nothing else in the product may decide whether a unit is available: a second definition would sooner or later give a
second answer.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import BindParameter, ColumnElement, Date, and_, bindparam, or_

from directory.capacity.holds.live import held
from directory.capacity.models import Unit, UnitState
from directory.common.clock import london_date
from directory.common.orm import UtcDateTime


@dataclass(frozen=True, slots=True)
class Moment:
    """The instant a question is asked, and how long confirmations count (design section 4)."""

    now: datetime
    confirm_within: timedelta
    stale_after: timedelta

    @property
    def today(self) -> date:
        """The London date, with which contract dates are compared."""
        return london_date(self.now)

    @property
    def fresh_since(self) -> datetime:
        """A confirmation older than this is shown as "confirm by phone"."""
        return self.now - self.confirm_within

    @property
    def counts_since(self) -> datetime:
        """A confirmation older than this does not count: the unit is stale."""
        return self.now - self.stale_after


@dataclass(frozen=True, slots=True)
class MomentToCome:
    """A `Moment` that is given with each execution, for statements that are written once (`moment_values`)."""

    now: BindParameter[datetime]
    today: BindParameter[date]
    counts_since: BindParameter[datetime]


TO_COME = MomentToCome(
    bindparam("moment_now", type_=UtcDateTime),
    bindparam("moment_today", type_=Date),
    bindparam("moment_counts_since", type_=UtcDateTime),
)
AnyMoment = Moment | MomentToCome


def moment_values(moment: Moment) -> dict[str, date]:
    """What a statement about `TO_COME` has to be executed with."""
    return {
        "moment_now": moment.now,
        "moment_today": moment.today,
        "moment_counts_since": moment.counts_since,
    }


def in_contract(moment: AnyMoment) -> ColumnElement[bool]:
    """The unit's contract covers today: from `active_from` up to, not including, `active_until`."""
    return and_(
        or_(Unit.active_from.is_(None), Unit.active_from <= moment.today),
        or_(Unit.active_until.is_(None), Unit.active_until > moment.today),
    )


def offerable(moment: AnyMoment) -> ColumnElement[bool]:
    """The unit may be shown to somebody looking for a space: neither closed nor outside its contract.

    It may still be occupied or not confirmed lately. Vacant is not the same as offerable, nor the other way round.
    """
    return and_(Unit.state != UnitState.CLOSED, in_contract(moment))


def space_available(moment: AnyMoment) -> ColumnElement[bool]:
    """Space available: open, inside its contract dates, not held, and confirmed within the time that counts.

    A unit that nobody ever confirmed is not available: the honest answer is "phone them". The condition is never
    NULL, so that it can be negated and counted.
    """
    return and_(
        Unit.state == UnitState.OPEN,
        in_contract(moment),
        Unit.confirmed_at.is_not(None),
        Unit.confirmed_at >= moment.counts_since,
        ~held(moment.now),
    )
