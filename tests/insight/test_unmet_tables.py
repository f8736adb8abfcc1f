"""The three tables of searches in vain: when they are shown, what they say, and what nobody can get out of them."""

import itertools
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from directory.common.errors import InvalidInputError, RefusedError
from directory.insight.models import HouseholdBand
from directory.insight.periods import Period, final_months, final_quarters, quarter_named, quarter_of
from directory.insight.rounding import FEW, Rounded, rounded
from directory.insight.unmet_tables import (
    NOT_LONDON,
    UnmetQuarter,
    quarter_to_come,
    read_months,
    read_unmet,
    unmet_quarters,
)
from tests import factories
from tests.insight.worlds import count

SUMMER = quarter_named("2026-Q3")
DAY = date(2026, 8, 14)


@pytest.fixture(autouse=True)
def terms(session: Session) -> None:
    factories.taxonomies(session)


def test_periods() -> None:
    assert (SUMMER.first, SUMMER.end, SUMMER.nights) == (date(2026, 7, 1), date(2026, 10, 1), 92)
    assert SUMMER.label == "July to September 2026"
    assert quarter_of(date(2026, 12, 31)).end == date(2027, 1, 1)
    for wrong in ("2026-Q5", "2026-Q0", "2026Q1", "", "2026-Q1 "):
        with pytest.raises(InvalidInputError):
            quarter_named(wrong)


@pytest.mark.parametrize(("day", "newest"), [(date(2026, 10, 3), "2026-Q2"), (date(2026, 10, 4), "2026-Q3")])
def test_whole_quarters_alone_and_only_once_they_are_final(day: date, newest: str) -> None:
    assert next(one.code for one in final_quarters(date(2026, 1, 5), day)) == newest
    assert final_quarters(date(2026, 10, 1), day) == ()
    assert [one.code for one in final_months(date(2026, 8, 5), day)][-1] == ("2026-08", "2026-09")[newest == "2026-Q3"]


def test_nothing_is_there_before_the_first_search(session: Session, now: datetime) -> None:
    assert unmet_quarters(session, now) == ()
    assert read_months(session, now) == ()


def test_a_running_quarter_is_not_shown(session: Session, now: datetime) -> None:
    count(session, now.date(), 40)

    assert unmet_quarters(session, now) == ()
    assert quarter_to_come(now).code == "2026-Q4"
    assert quarter_to_come(now - timedelta(days=50)).code == "2026-Q3"
    with pytest.raises(RefusedError, match="4 January 2027"):
        read_unmet(session, quarter_of(now.date()), now)


def test_needs_and_households_by_bcu(session: Session, now: datetime) -> None:
    count(session, DAY, 11, factories.HACKNEY, "domestic-abuse", "2")
    count(session, DAY + timedelta(days=3), 3, "E09000030", "domestic-abuse", "5+")  # Tower Hamlets, the same BCU
    count(session, DAY, 4, factories.EALING, "housing", "1")
    count(session, DAY, 6, "", "", "not_said")
    count(session, DAY, 7, "", "removed-since")
    count(session, SUMMER.end, 90, factories.HACKNEY, "domestic-abuse")  # the next quarter's

    found = read_unmet(session, SUMMER, now)

    assert found.needs is not None
    assert found.households is not None
    cells = found.needs.cells
    assert cells["domestic-abuse", "Central East"] == rounded(14)
    assert cells["housing", "West Area"] == FEW
    assert cells["", NOT_LONDON] == rounded(6)
    assert cells["removed-since", NOT_LONDON] == rounded(7)
    assert cells["forced-marriage", "South Area"] == FEW  # every row and column is there, whatever was counted
    assert found.row_labels["domestic-abuse"] == "Domestic abuse"
    assert found.households.cells["2", "Central East"] == rounded(11)
    assert found.households.cells["5+", "Central East"] == FEW
    assert len(found.needs.columns) == 14


def test_too_few_for_any_table(session: Session, now: datetime) -> None:
    count(session, DAY, 4, factories.HACKNEY, "housing")

    found = read_unmet(session, SUMMER, now)

    assert (found.needs, found.households) == (None, None)
    assert [one.code for one in unmet_quarters(session, now)] == ["2026-Q3"]


def test_months(session: Session, now: datetime) -> None:
    count(session, date(2026, 9, 30), 13)
    count(session, date(2026, 10, 31), 2)
    count(session, date(2026, 11, 1), 50)

    assert [(one.month.code, one.count.text) for one in read_months(session, now)] == [
        ("2026-09", "15"),
        ("2026-10", "fewer than 5"),
    ]


# Small numbers near the limits, beside larger ones: what somebody would try to subtract.
WORLDS = [
    {("housing", "1"): 4, ("housing", "2"): 4},
    {("housing", "1"): 3, ("legal-help", "1"): 20, ("housing", "5+"): 1},
    {("housing", "1"): 12, ("housing", "2"): 1, ("", "not_said"): 12},
]


@pytest.mark.parametrize("world", WORLDS)
def test_differencing_gives_no_hidden_number_back(
    session: Session, now: datetime, world: dict[tuple[str, str], int]
) -> None:
    """Totals less their parts, the two tables and the months against each other, one borough or several of a BCU."""
    boroughs = itertools.cycle((factories.HACKNEY, factories.EALING))
    for (need, band), number in world.items():
        count(session, DAY, number, next(boroughs), need, band)

    found = read_unmet(session, SUMMER, now)
    months = read_months(session, now)

    assert found.needs is not None
    assert found.households is not None
    for table in (found.needs, found.households):
        for (row, column), cell in table.cells.items():
            if not cell.is_small:
                continue
            beside = [table.cells[row, other] for other in table.columns if other != column]
            below = [table.cells[other, column] for other in table.rows if other != row]
            assert _left(table.row_totals[row], beside, cell) >= 3
            assert _left(table.column_totals[column], below, cell) >= 3
    whole = [one.count for one in months if one.month.first in (date(2026, 7, 1), DAY.replace(day=1), date(2026, 9, 1))]
    for row in found.needs.row_totals:
        others = [total for other, total in found.needs.row_totals.items() if other != row]
        assert _left(Rounded(sum(m.low for m in whole), sum(m.high for m in whole)), others, FEW) >= 3


def _left(total: Rounded, others: list[Rounded], hidden: Rounded) -> int:
    """How many numbers a hidden one could still be, when everything else is taken from a total."""
    low = max(hidden.low, total.low - sum(one.high for one in others))
    high = min(hidden.high, total.high - sum(one.low for one in others))
    return high - low + 1


def test_what_is_shown_of_a_quarter_never_changes(session: Session, now: datetime) -> None:
    """Of a quarter before and after somebody searched, the difference would tell: so it is the same ever after."""
    count(session, DAY, 7, factories.HACKNEY, "housing", HouseholdBand.ONE)

    def shown(at: datetime) -> UnmetQuarter:
        return read_unmet(session, Period(SUMMER.code, SUMMER.first, SUMMER.end), at)

    first = shown(now)
    count(session, now.date(), 9, factories.HACKNEY, "housing", HouseholdBand.ONE)

    assert shown(now + timedelta(days=200)) == first
