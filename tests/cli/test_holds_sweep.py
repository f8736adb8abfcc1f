"""`holds sweep`: tidies away what has run out, and says how much."""

import json
from datetime import datetime, timedelta

from sqlalchemy import select

from directory.capacity.holds.models import Hold, HoldOutcome
from directory.common.clock import utc_now
from tests import factories
from tests.support.commands import Commands
from tests.support.databases import committing


def hold(url: str, reference: str, until: datetime) -> None:
    """A hold on a unit of its own, made three hours before it runs out."""
    with committing(url) as session:
        unit = factories.unit(session)
        session.add(
            Hold(
                id=reference,
                unit_id=unit.id,
                service_id=unit.service_id,
                held_by=factories.user(session).id,
                held_at=until - timedelta(hours=3),
                expires_at=until,
                idempotency_key=reference,
            )
        )


def test_what_is_over_is_tidied_away_and_what_is_live_stays(run: Commands, database_url: str) -> None:
    hold(database_url, "over", utc_now() - timedelta(minutes=1))
    hold(database_url, "live", utc_now() + timedelta(hours=1))

    first, second = run("holds", "sweep"), run("holds", "sweep", "--json")

    assert (first.code, first.out) == (0, "1 hold was over and is tidied away.\n")
    assert json.loads(second.out) == {"swept": 0}
    assert run("holds", "sweep").out == "No hold was over.\n"
    with committing(database_url) as session:
        rows = {row.id: (row.outcome, row.unit_id is None) for row in session.execute(select(Hold)).scalars()}
    assert rows == {"over": (HoldOutcome.EXPIRED, True), "live": (None, False)}
