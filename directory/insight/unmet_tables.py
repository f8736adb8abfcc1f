"""What may be seen of the searches that found nothing: three fixed tables, and no way to combine them further.

Need by BCU and household by BCU of a whole quarter, and all of London by month. A search for two needs of different
kinds is counted under each of them, in every table, so that the tables agree.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.catalogue.models import Need
from directory.common.clock import london_date
from directory.common.dates import as_date
from directory.common.errors import RefusedError
from directory.insight.counters import Counted, first_day, read_counts, read_days
from directory.insight.models import HouseholdBand
from directory.insight.periods import Period, final_months, final_quarters, is_final, month_of, quarter_of
from directory.insight.rounding import FEWEST, Rounded, RoundedTable, round_tables, rounded
from directory.places.lookup import BoroughFact, all_boroughs

NEEDS, HOUSEHOLDS = "needs", "households"
NO_NEED = ""
NOT_LONDON = ""
NO_NEED_LABEL = "No need was named"
NOT_LONDON_LABEL = "Outside London, or no place"
HOUSEHOLD_LABELS = {
    HouseholdBand.ONE: "1 person",
    HouseholdBand.TWO: "2 people",
    HouseholdBand.THREE: "3 people",
    HouseholdBand.FOUR: "4 people",
    HouseholdBand.FIVE_OR_MORE: "5 people or more",
    HouseholdBand.NOT_SAID: "Not said",
}
PEOPLE = {band.value: number for number, band in enumerate(list(HOUSEHOLD_LABELS)[:5], 1)}
"""How many people a household of each band has; of the last one at least."""


@dataclass(frozen=True, slots=True)
class MonthCount:
    """All of London in one month."""

    month: Period
    count: Rounded


@dataclass(frozen=True, slots=True)
class UnmetQuarter:
    """A quarter as it may be shown. Rows of `needs` are codes, of `households` band values; columns are BCUs.

    `row_labels` and `column_labels` say how people read them. Both tables are None where fewer than five were counted
    in all, or where one of them would tell small numbers of the other.
    """

    quarter: Period
    needs: RoundedTable | None
    households: RoundedTable | None
    row_labels: dict[str, str]
    column_labels: dict[str, str]


def unmet_quarters(session: Session, now: datetime) -> tuple[Period, ...]:
    """The quarters that can be shown, newest first: whole ones, from three days after their end."""
    since = first_day(session)
    return final_quarters(since, london_date(now)) if since else ()


def quarter_to_come(now: datetime) -> Period:
    """The quarter that is shown next."""
    today = london_date(now)
    running = quarter_of(today)
    before = quarter_of(running.first - timedelta(days=1))
    return running if is_final(before, today) else before


def read_unmet(session: Session, quarter: Period, now: datetime) -> UnmetQuarter:
    """The two tables of a quarter; five statements. Raises RefusedError with the first day on which it is shown."""
    if not is_final(quarter, london_date(now)):
        raise RefusedError(f"The figures of {quarter.label} are shown from {as_date(quarter.shown_from)}.")
    counts = read_counts(session, quarter.first, quarter.end)
    months = _months(session, quarter, _of_quarter(quarter))
    need_names, areas = widest_need_names(session), _police_areas(all_boroughs(session))
    column_labels = {area: area for area in sorted(set(areas.values()))} | {NOT_LONDON: NOT_LONDON_LABEL}
    removed = sorted({one.need for one in counts} - {*need_names, NO_NEED})
    need_labels = need_names | {code: code for code in removed} | {NO_NEED: NO_NEED_LABEL}
    columns = tuple(column_labels)
    tables = None
    if sum(one.count for one in counts) >= FEWEST:
        tables = round_tables(
            {
                NEEDS: ((tuple(need_labels), columns), _tally(counts, areas, lambda one: one.need)),
                HOUSEHOLDS: (
                    ([band.value for band in HOUSEHOLD_LABELS], columns),
                    _tally(counts, areas, lambda one: one.household.value),
                ),
            },
            [month.count for month in months],
        )
    return UnmetQuarter(
        quarter=quarter,
        needs=tables[NEEDS] if tables else None,
        households=tables[HOUSEHOLDS] if tables else None,
        row_labels=need_labels | {band.value: label for band, label in HOUSEHOLD_LABELS.items()},
        column_labels=column_labels,
    )


def read_months(session: Session, now: datetime) -> tuple[MonthCount, ...]:
    """The last twelve months that are over, oldest first, back to the first of which anything is counted."""
    since = first_day(session)
    months = final_months(since, london_date(now)) if since else ()
    return _months(session, Period("", months[0].first, months[-1].end), months) if months else ()


def widest_need_names(session: Session) -> dict[str, str]:
    """The widest needs by code, in the order of their names."""
    query = select(Need.code, Need.name).where(Need.parent_code.is_(None))
    return dict(sorted(session.execute(query), key=lambda pair: pair[1]))


def _months(session: Session, whole: Period, months: Iterable[Period]) -> tuple[MonthCount, ...]:
    by_month: Counter[str] = Counter()
    for day, count in read_days(session, whole.first, whole.end).items():
        by_month[month_of(day).code] += count
    return tuple(MonthCount(month, rounded(by_month[month.code])) for month in months)


def _of_quarter(quarter: Period) -> list[Period]:
    months = [month_of(quarter.first)]
    while len(months) < 3:
        months.append(month_of(months[-1].end))
    return months


def _police_areas(boroughs: Iterable[BoroughFact]) -> dict[str, str]:
    return {borough.code: borough.police_area for borough in boroughs}


def _tally(
    counts: Iterable[Counted], areas: dict[str, str], row_of: Callable[[Counted], str]
) -> Counter[tuple[str, str]]:
    tallied: Counter[tuple[str, str]] = Counter()
    for one in counts:
        tallied[row_of(one), areas.get(one.borough_code, NOT_LONDON)] += one.count
    return tallied
