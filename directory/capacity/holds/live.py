"""What a live hold is, as SQL. "Space available" asks it; so does everybody who looks at holds."""

from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, and_, exists

from directory.capacity.holds.models import Hold
from directory.capacity.models import Unit

HELD = "this unit is held"
"""What the database says when it refuses to take a held unit away (migration 0008)."""
NOT_OPEN = "only an open unit can be held"
"""What the database says when it refuses a hold (migration 0008)."""


def going_on() -> ColumnElement[bool]:
    """The hold has not been ended. Its time may be up: nobody has tidied it away yet."""
    return Hold.ended_at.is_(None)


def live(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """The hold counts at `now`: not ended, and its time is not up. No job has to run for it to expire."""
    return and_(going_on(), Hold.expires_at > now)


def held(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """The unit (of the surrounding query) is held at `now`."""
    return exists().where(Hold.unit_id == Unit.id, live(now))
