"""Bedspace-nights: what a night is, and that the quick count is the plain one, walked night by night."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session

from directory.capacity.models import Unit, UnitState, UnitStatePeriod
from directory.capacity.unit_history import midnight
from directory.capacity.utilisation import BedspaceNights, Span, month_span, total, usual_spans, utilisation
from tests import factories
from tests.support.databases import count_statements

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
OPEN, OCCUPIED, CLOSED = UnitState.OPEN, UnitState.OCCUPIED, UnitState.CLOSED
Lived = list[tuple[UnitState, datetime, datetime | None]]


def at(day: int, hour: int = 12, minute: int = 0) -> datetime:
    """An instant in November 2026, when London's clocks show UTC."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def lived(session: Session, unit: Unit, periods: Lived) -> Unit:
    """Give the unit this history and no other."""
    session.execute(delete(UnitStatePeriod).where(UnitStatePeriod.unit_id == unit.id))
    for state, began, ended in periods:
        session.add(UnitStatePeriod(unit_id=unit.id, state=state, began_at=began, ended_at=ended))
    session.flush()
    return unit


def counted(session: Session, unit: Unit, first: date, end: date, now: datetime) -> BedspaceNights:
    """The unit's nights of one span."""
    (row,) = utilisation(session, Unit.id == unit.id, [Span("", first, end)], now)
    return row.nights[0]


def november(session: Session, unit: Unit, first: int, end: int, now: datetime) -> BedspaceNights:
    """The nights from one day of November 2026 up to, not including, another."""
    return counted(session, unit, date(2026, 11, first), date(2026, 11, end), now)


def test_a_night_is_what_the_unit_was_at_midnight(session: Session, now: datetime) -> None:
    unit = factories.unit(session, bedspaces=3)
    # Open for an afternoon between two households; empty over the night of the 4th.
    history: Lived = [
        (OCCUPIED, at(1), at(3, 11)),
        (OPEN, at(3, 11), at(3, 18)),
        (OCCUPIED, at(3, 18), at(4, 20)),
        (OPEN, at(4, 20), at(5, 9)),
        (CLOSED, at(5, 9), None),
    ]
    lived(session, unit, history)

    assert november(session, unit, 3, 4, now) == BedspaceNights(occupied=3)
    assert november(session, unit, 4, 5, now) == BedspaceNights(open=3)
    assert november(session, unit, 1, 7, now) == BedspaceNights(occupied=9, open=3, closed=6)


def test_the_instant_of_midnight_belongs_to_the_next_night(session: Session, now: datetime) -> None:
    unit = lived(session, factories.unit(session, bedspaces=1), [(OPEN, at(1), at(3, 0)), (OCCUPIED, at(3, 0), None)])

    assert november(session, unit, 2, 3, now) == BedspaceNights(open=1)
    assert november(session, unit, 3, 4, now) == BedspaceNights(occupied=1)


def test_what_nobody_recorded_is_not_guessed(session: Session, now: datetime) -> None:
    unit = lived(session, factories.unit(session, bedspaces=2), [(OCCUPIED, at(10), None)])

    found = november(session, unit, 8, 12, now)

    assert found == BedspaceNights(occupied=4, unknown=4)
    assert (found.known, found.occupied_percent) == (4, 100)


def test_of_nights_unknown_there_is_no_share() -> None:
    assert BedspaceNights(unknown=7).occupied_percent is None


@pytest.mark.parametrize(
    ("occupied", "others", "percent"), [(1, 2, 33), (2, 1, 67), (1, 1, 50), (1, 199, 1), (0, 5, 0)]
)
def test_the_share_is_rounded(occupied: int, others: int, percent: int) -> None:
    assert BedspaceNights(occupied=occupied, closed=others).occupied_percent == percent


def test_only_contracted_nights_count(session: Session, now: datetime) -> None:
    dates = {"active_from": date(2026, 11, 5), "active_until": date(2026, 11, 8)}
    unit = lived(session, factories.unit(session, bedspaces=1, **dates), [(OPEN, at(1), None)])

    assert november(session, unit, 1, 20, now) == BedspaceNights(open=3)


def test_a_removed_unit_counts_until_it_went(session: Session, now: datetime) -> None:
    gone = {"removed_at": at(4, 15), "state": CLOSED}
    unit = lived(
        session, factories.unit(session, bedspaces=1, **gone), [(OPEN, at(1), at(4, 15)), (CLOSED, at(4, 15), None)]
    )

    assert november(session, unit, 1, 20, now) == BedspaceNights(open=3)


def test_tonight_and_the_future_are_not_counted(session: Session, now: datetime) -> None:
    # Two in the morning of the 22nd: the night of the 21st has passed midnight.
    unit = lived(session, factories.unit(session, bedspaces=1), [(OPEN, at(20), None)])

    assert november(session, unit, 20, 30, now) == BedspaceNights(open=2)


@pytest.mark.parametrize("day", [date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 24), date(2026, 10, 25)])
def test_a_night_is_one_night_when_the_clocks_change(session: Session, now: datetime, day: date) -> None:
    unit = lived(session, factories.unit(session, bedspaces=1), [(OCCUPIED, at(1).replace(month=1), None)])

    assert counted(session, unit, day, day + DAY, now) == BedspaceNights(occupied=1)


def test_in_summer_the_night_turns_at_londons_midnight(session: Session, now: datetime) -> None:
    # 23:30 UTC on 30 June is half past midnight in London, on 1 July.
    change = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    history: Lived = [(OPEN, at(1).replace(month=6), change), (OCCUPIED, change, None)]
    unit = lived(session, factories.unit(session, bedspaces=1), history)

    assert counted(session, unit, date(2026, 6, 30), date(2026, 7, 1), now) == BedspaceNights(open=1)
    assert counted(session, unit, date(2026, 7, 1), date(2026, 7, 2), now) == BedspaceNights(occupied=1)


def test_the_usual_spans(now: datetime) -> None:
    spans = usual_spans(now, months=3)

    assert [(span.label, span.first, span.end) for span in spans] == [
        ("Last 90 nights", date(2026, 8, 24), date(2026, 11, 22)),
        ("November 2026 so far", date(2026, 11, 1), date(2026, 11, 22)),
        ("October 2026", date(2026, 10, 1), date(2026, 11, 1)),
        ("September 2026", date(2026, 9, 1), date(2026, 10, 1)),
    ]
    first_of_month = datetime(2026, 11, 1, 9, tzinfo=UTC)
    assert [span.label for span in usual_spans(first_of_month, months=2)] == ["Last 90 nights", "October 2026"]
    assert month_span(date(2026, 12, 5), now) == Span("December 2026", date(2026, 12, 1), date(2026, 12, 1))


def test_units_add_up_in_two_statements(session: Session, engine: Engine, now: datetime) -> None:
    refuge = factories.service(session)
    for number in range(5):
        lived(session, factories.unit(session, refuge, bedspaces=number + 1), [(OCCUPIED, at(1), None)])
    spans = usual_spans(now)

    with count_statements(engine) as statements:
        rows = utilisation(session, Unit.service_id == refuge.id, spans, now)

    assert len(statements) == 2
    assert total(rows, spans)[1] == BedspaceNights(occupied=15 * 21)


# Around both changes of the clocks, at awkward minutes and exactly at midnight.
MINUTES = st.sampled_from([0, 1, 59, 60, 61, 719, 720, 1379, 1380, 1381, 1438, 1439])
DAYS = st.sampled_from([*range(84, 92), *range(294, 302)])
INSTANTS = st.builds(
    lambda day, minute: datetime(2026, 1, 1, tzinfo=UTC) + day * DAY + timedelta(minutes=minute), DAYS, MINUTES
)
DATES = st.builds(lambda day: date(2026, 1, 1) + day * DAY, DAYS)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changes=st.lists(INSTANTS, min_size=1, max_size=6, unique=True),
    states=st.lists(st.sampled_from(list(UnitState)), min_size=6, max_size=6),
    goes_on=st.booleans(),
    contract=st.tuples(st.none() | DATES, st.none() | DATES),
    removed=st.none() | INSTANTS,
    span=st.tuples(DATES, DATES),
    now=INSTANTS,
)
def test_the_count_is_that_of_walking_night_by_night(
    session: Session,
    changes: list[datetime],
    states: list[UnitState],
    goes_on: bool,
    contract: tuple[date | None, date | None],
    removed: datetime | None,
    span: tuple[date, date],
    now: datetime,
) -> None:
    began = sorted(changes)
    ends: list[datetime | None] = [*began[1:], None if goes_on else began[-1] + 30 * HOUR]
    history: Lived = list(zip(states, began, ends, strict=False))
    first, until = contract if None in contract or contract[0] < contract[1] else (None, None)  # type: ignore[operator]
    gone = {"removed_at": removed, "state": CLOSED} if removed else {}
    unit = lived(session, factories.unit(session, bedspaces=2, active_from=first, active_until=until, **gone), history)
    start, end = min(span), max(span)

    found = counted(session, unit, start, end, now)

    walked: Counter[str] = Counter()
    for number in range((end - start).days):
        night = start + number * DAY
        instant = midnight(night + DAY) - timedelta(microseconds=1)
        in_contract = (first is None or first <= night) and (until is None or night < until)
        if not in_contract or instant >= now or (removed is not None and removed <= instant):
            continue
        state = [word for word, since, to in history if since <= instant and (to is None or instant < to)]
        walked[state[0].value if state else "unknown"] += 2
    assert found == BedspaceNights(**walked)
