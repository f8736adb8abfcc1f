"""Refuge units: open, without a ring-fence and confirmed just now unless a test says otherwise."""

import itertools
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from directory.capacity.models import RingFence, Unit, UnitNotFrom, UnitState, UnitStatePeriod
from directory.catalogue.models import AccessFeature, Service
from tests.factories.catalogue import service as make_service
from tests.factories.catalogue import terms

_numbers = itertools.count(1)
CONFIRMED = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def unit(
    session: Session,
    service: Service | None = None,
    *,
    access_features: Iterable[str] = (),
    not_from: Iterable[str] = (),
    **overrides: Any,
) -> Unit:
    """A unit for two adults or one with three children, open and confirmed at the `now` of the tests."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "id": f"unit-{number}",
        "service_id": (service or make_service(session)).id,
        "name": f"Unit {number}",
        "bedspaces": 4,
        "max_adults": 2,
        "max_children": 3,
        "ringfence": RingFence.NONE,
        "state": UnitState.OPEN,
        "confirmed_at": CONFIRMED,
        "access_features": terms(session, AccessFeature, access_features),
        "not_from": [UnitNotFrom(borough_code=code) for code in not_from],
    }
    made = Unit(**values | overrides)
    session.add(made)
    session.flush()
    session.add(UnitStatePeriod(unit_id=made.id, began_at=CONFIRMED, state=made.state))
    session.flush()
    return made
