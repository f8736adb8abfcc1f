"""The timeline of a unit, and who is told what of it."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from directory.capacity.holds.models import UnitHoldCount
from directory.capacity.models import RingFence, Unit, UnitState
from directory.capacity.unit_history import HoldDay, Stretch, read_month, read_own_month
from directory.capacity.utilisation import BedspaceNights
from directory.catalogue.models import Service
from directory.common.errors import NotFoundError
from tests import factories
from tests.capacity.test_utilisation import CLOSED, OCCUPIED, OPEN, at, lived
from tests.support.databases import count_statements

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)


@pytest.fixture
def unit(session: Session) -> Unit:
    """A ring-fenced unit with a history that begins in October, on which holds began on two days."""
    began = datetime(2026, 10, 20, 8, tzinfo=UTC)
    made = factories.unit(session, name="Room 2", bedspaces=2, ringfence=RingFence.NRPF)
    lived(session, made, [(OPEN, began, at(3, 9)), (OCCUPIED, at(3, 9), at(20, 14)), (OPEN, at(20, 14), None)])
    for day, holds in ((date(2026, 10, 31), 1), (date(2026, 11, 2), 3), (date(2026, 11, 3), 1)):
        session.add(UnitHoldCount(unit_id=made.id, day=day, holds=holds))
    session.flush()
    return made


def organisation_of(session: Session, unit: Unit) -> str:
    """Whose unit it is."""
    return session.get_one(Service, unit.service_id).organisation_id


def test_a_month_shows_the_stretches_that_touch_it(session: Session, unit: Unit, now: datetime) -> None:
    month = read_month(session, unit.id, None, now)

    began = datetime(2026, 10, 20, 8, tzinfo=UTC)
    assert month.stretches == (
        Stretch(OPEN, began, at(3, 9)),
        Stretch(OCCUPIED, at(3, 9), at(20, 14)),
        Stretch(OPEN, at(20, 14), None),
    )
    assert (month.first, month.begins, month.ends) == (NOVEMBER, at(1, 0), now)
    assert month.history_began == began
    assert month.months == (NOVEMBER, OCTOBER)
    assert month.month_nights == BedspaceNights(occupied=34, open=8)
    assert month.unit.ringfenced


def test_a_month_in_summer_time_begins_at_londons_midnight(session: Session, unit: Unit, now: datetime) -> None:
    month = read_month(session, unit.id, date(2026, 10, 17), now)

    assert (month.begins, month.ends) == (datetime(2026, 9, 30, 23, tzinfo=UTC), at(1, 0))
    assert [stretch.state for stretch in month.stretches] == [OPEN]
    assert month.month_nights == BedspaceNights(open=24, unknown=38)


def test_before_its_history_nothing_is_known(session: Session, unit: Unit, now: datetime) -> None:
    month = read_month(session, unit.id, date(2026, 3, 1), now)

    assert month.stretches == ()
    assert month.month_nights == BedspaceNights(unknown=62)


def test_a_unit_without_a_history(session: Session, now: datetime) -> None:
    unit = lived(session, factories.unit(session), [])

    month = read_month(session, unit.id, None, now)

    assert (month.history_began, month.stretches, month.months) == (None, (), (NOVEMBER,))


def test_the_future_has_no_history(session: Session, unit: Unit, now: datetime) -> None:
    with pytest.raises(NotFoundError):
        read_month(session, unit.id, date(2026, 12, 1), now)


def test_its_own_staff_are_told_how_many_holds_began_on_which_day(session: Session, unit: Unit, now: datetime) -> None:
    month = read_own_month(session, organisation_of(session, unit), unit.id, NOVEMBER, now)

    assert month.holds == (HoldDay(date(2026, 11, 2), 3), HoldDay(date(2026, 11, 3), 1))


def test_commissioners_are_told_nothing_of_holds(session: Session, engine: Engine, unit: Unit, now: datetime) -> None:
    with count_statements(engine) as statements:
        month = read_month(session, unit.id, NOVEMBER, now)

    assert month.holds is None
    # Not even read: what is not there cannot leak.
    assert [statement for statement in statements if "hold" in statement.casefold()] == []


@pytest.mark.parametrize("organisation_id", [None, "somebody-else"])
def test_nobody_elses_staff_reads_it(session: Session, unit: Unit, now: datetime, organisation_id: str | None) -> None:
    with pytest.raises(NotFoundError):
        read_own_month(session, organisation_id, unit.id, NOVEMBER, now)


def test_a_removed_unit_is_the_commissioners_alone(session: Session, unit: Unit, now: datetime) -> None:
    owner = organisation_of(session, unit)
    unit.state, unit.removed_at = CLOSED, at(21)
    session.flush()

    assert read_month(session, unit.id, None, now).unit.removed_at == at(21)
    with pytest.raises(NotFoundError):
        read_own_month(session, owner, unit.id, None, now)


def test_the_service_counts_all_its_units(session: Session, unit: Unit, now: datetime) -> None:
    refuge = unit.service_id
    lived(session, factories.unit(session, service_id=refuge, bedspaces=1), [(UnitState.CLOSED, at(1, 0), None)])

    month = read_own_month(session, organisation_of(session, unit), unit.id, None, now)

    assert [span.label for span in month.spans[:2]] == ["Last 90 nights", "November 2026 so far"]
    assert month.unit_nights[1] == BedspaceNights(occupied=34, open=8)
    assert month.service_nights[1] == BedspaceNights(occupied=34, open=8, closed=21)
