"""Random days of confirming and not confirming: the counts are those of a plain reference, told in a few lines."""

from collections import Counter
from datetime import datetime, timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from directory.capacity.updates import confirm_units
from directory.common.clock import LONDON, london_date
from directory.messaging.models import OutboxMessage
from tests.support.databases import BoundDatabase
from tests.upkeep.keeping import DAY, FIRST, NINE, SECOND, refuge, run, still, unit_reminders, units_of

HOURS = timedelta(hours=1)
LONG_AGO = NINE - timedelta(days=365)
# How many hours pass, and what happens then: `run-due` runs, or one of the two services confirms all or half its units.
STEPS = st.lists(
    st.tuples(st.integers(1, 14), st.sampled_from(["run", "run", "run", "first", "second", "half"])),
    min_size=5,
    max_size=40,
)


class Plain:
    """The rule in words: each day of asking counts one further, a confirmation of everything ends it.

    Asked about is what lapses before eight in the evening; confirmed is what was confirmed within a day.
    """

    def __init__(self) -> None:
        self.confirmed = [[LONG_AGO, LONG_AGO], [LONG_AGO, LONG_AGO]]
        self.counts = [0, 0]
        self.asked_on = None

    def happens(self, what: str, now: datetime) -> None:
        if what != "run":
            number = int(what == "second")
            confirmed = self.confirmed[number]
            confirmed[:] = [now, confirmed[1] if what == "half" else now]
            if all(now - each <= DAY for each in confirmed):
                self.counts[number] = 0
            return
        local = now.astimezone(LONDON)
        lapses_before = max(local, local.replace(hour=20, minute=0))
        due = [any(each + DAY < lapses_before for each in confirmed) for confirmed in self.confirmed]
        self.counts = [count if is_due else 0 for count, is_due in zip(self.counts, due, strict=True)]
        if any(due) and 9 <= local.hour < 20 and self.asked_on != local.date():
            self.asked_on = local.date()
            self.counts = [min(count + is_due, 3) for count, is_due in zip(self.counts, due, strict=True)]


@settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
)
@given(steps=STEPS)
def test_counts_follow_the_plain_rule(connection: Connection, steps: list[tuple[int, str]]) -> None:
    savepoint = connection.begin_nested()
    try:
        with BoundDatabase(connection).new_session() as session:
            follow(session, steps)
    finally:
        savepoint.rollback()


def follow(session: Session, steps: list[tuple[int, str]]) -> None:
    """Let everything happen, and compare after each step."""
    services = [refuge(session, 2) for _ in range(2)]
    plain, now = Plain(), NINE.replace(hour=0)
    for hours, what in steps:
        now += hours * HOURS
        if what == "run":
            run(session, now)
        else:
            service = services[what == "second"]
            units = units_of(session, service)
            confirm_units(session, [service.id], still(units[:1] if what == "half" else units), "user-1", now)
            session.commit()
        plain.happens(what, now)
        assert [unit_reminders(session, service) for service in services] == plain.counts
    nobody_is_told_twice_a_day(session)


def nobody_is_told_twice_a_day(session: Session) -> None:
    """Not even where she is asked of two services, or first of one and second of another."""
    rows = session.execute(select(OutboxMessage.address, OutboxMessage.made_at)).all()
    told = Counter((row.address, london_date(row.made_at)) for row in rows)
    assert {address for address, _ in told} <= {FIRST, SECOND}
    assert all(number == 1 for number in told.values())
