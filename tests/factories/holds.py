"""Holds: made at the `now` of the tests for two hours, and going on, unless a test says otherwise."""

import itertools
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from directory.accounts.models import User
from directory.capacity.holds.models import Hold
from directory.capacity.models import Unit
from tests.factories.accounts import user as make_user
from tests.factories.capacity import CONFIRMED
from tests.factories.capacity import unit as make_unit

_numbers = itertools.count(1)
LASTS = timedelta(hours=2)


def hold(session: Session, unit: Unit | None = None, holder: User | None = None, **overrides: Any) -> Hold:
    """An officer's hold on a unit. `ended_at` with `outcome` makes one that is over, and cuts its unit."""
    number = next(_numbers)
    unit = unit or make_unit(session)
    held_at = overrides.get("held_at", CONFIRMED)
    values: dict[str, Any] = {
        "id": f"hold{number:012}",
        "unit_id": None if overrides.get("ended_at") else unit.id,
        "service_id": unit.service_id,
        "held_by": (holder or make_user(session)).id,
        "held_at": held_at,
        "expires_at": held_at + LASTS,
        "idempotency_key": f"{number:064x}",
    }
    made = Hold(**values | overrides)
    session.add(made)
    session.flush()
    return made
