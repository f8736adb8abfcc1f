"""Counting referrals. `publishing/performance/disclosing.py` decides what may be shown of it (firewall, rule 8).

What a referral adds to the counts is one pure function of it. It is asked of referrals that are still there, and once
more, for good, when one is forgotten: so the sums are the same before and after.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from directory.common.clock import LONDON, london_date
from directory.common.dates import as_date
from directory.common.errors import FieldProblem, InvalidInputError, RefusedError
from directory.referrals.counters import add_counts
from directory.referrals.models import Referral, ReferralCount, ReferralStep
from directory.referrals.unanswered import UNANSWERED_SINCE, Unanswered, unanswered_now
from directory.referrals.victims_code import code_deadline
from directory.referrals.vocabulary import FEWEST, ReferralState, StepState

__all__ = [
    "ANSWERED_WITHIN_MINUTES",
    "FEWEST",
    "UNANSWERED_SINCE",
    "Contribution",
    "Unanswered",
    "add_counts",
    "contributions",
    "days_of",
    "final_counts",
    "is_final",
    "published_shares",
    "quarter_of_month",
    "quarters_counted",
    "referral_counts",
    "unanswered_now",
]

Contribution = tuple[str, str, str]
"""Month (London, `2026-11`), service id, measure."""

ANSWERED_WITHIN_MINUTES = (15, 30, 60, 120, 240, 480, 960, 1_440, 2_880)
"""Bands of response times: enough for a median and a 90th percentile, too coarse to recognise anybody by."""

FINAL_AFTER = timedelta(days=28)
"""So long after a quarter nothing that was asked in it is open any more, and its figures do not change."""
SHARE_STEP = 5
FEWEST_FOR_SHARES = 100
"""Shares are whole steps of five per cent of at least a hundred: a step is five people or more."""
_AT_A_TIME = 500
_QUARTER = re.compile(r"(2\d{3})-Q([1-4])")


_ENDINGS = ("arrived", "did_not_arrive", "withdrawn", "came_to_nothing", "nobody_said")


def referral_counts(session: Session) -> Counter[Contribution]:
    """Everything that was ever counted: of referrals that are forgotten, and of those that are still there.

    Not suppressed: for adding up alone, never to be shown. Reads a few hundred referrals at a time.
    """
    counted: Counter[Contribution] = Counter()
    for row in session.execute(
        select(
            ReferralCount.month, ReferralCount.service_id, ReferralCount.measure, ReferralCount.count.label("number")
        )
    ):
        counted[row.month, row.service_id, row.measure] = row.number
    query = select(Referral).options(selectinload(Referral.steps), selectinload(Referral.moves))
    for referral in session.scalars(query.execution_options(yield_per=_AT_A_TIME)):
        counted.update(contributions(referral))
    return counted


def published_shares(session: Session, quarter: str, now: datetime) -> Mapping[str, int]:
    """Percentages of a final quarter over all services, in steps of five; one that too few are behind is missing.

    `answered_in_time` and `answered_within.<minutes>` of answers, `code_met` of referrals (the Victims' Code),
    `arrived` of referrals that came to an outcome. Raises as `final_counts` does.
    """
    return _shares(final_counts(session, [quarter], now)[quarter])


def is_final(quarter: str, now: datetime) -> bool:
    """Whether nothing of a quarter changes any more. Raises InvalidInputError for what is no quarter."""
    return london_date(now) >= _months_of(quarter)[1] + FINAL_AFTER


def days_of(quarter: str) -> tuple[date, date]:
    """A quarter's first London date and the one after its last. Raises InvalidInputError for what is no quarter."""
    months, end = _months_of(quarter)
    return date.fromisoformat(f"{min(months)}-01"), end


def quarter_of_month(month: str) -> str:
    """The quarter of a month: `2026-Q4` of `2026-11`."""
    year, number = month.split("-")
    return f"{year}-Q{(int(number) + 2) // 3}"


def quarters_counted(session: Session, now: datetime) -> tuple[str, ...]:
    """The final quarters in which services were asked often enough for that to be told, oldest first."""
    asked: Counter[str] = Counter()
    for month, count in session.execute(
        select(ReferralCount.month, func.sum(ReferralCount.count))
        .where(ReferralCount.measure == "asked")
        .group_by(ReferralCount.month)
    ):
        asked[quarter_of_month(month)] += count
    for (month, _, measure), count in _still_there(session, london_date(now) - FINAL_AFTER).items():
        asked[quarter_of_month(month)] += count if measure == "asked" else 0
    return tuple(sorted(quarter for quarter in asked if asked[quarter] >= FEWEST and is_final(quarter, now)))


def final_counts(
    session: Session, quarters: Collection[str], now: datetime, service_ids: Collection[str] | None = None
) -> dict[str, Counter[tuple[str, str]]]:
    """What was counted in each quarter (of these services, or of all), by service and measure; a few statements.

    Not suppressed: for `publishing/performance/disclosing.py` alone, which decides what may be shown of it. Raises
    InvalidInputError for what is no quarter, RefusedError for one that is not final.
    """
    counted: dict[str, Counter[tuple[str, str]]] = {quarter: Counter() for quarter in quarters}
    for quarter in quarters:
        _demand_final(quarter, now)
    months = {month for quarter in quarters for month in _months_of(quarter)[0]}
    if not months:
        return counted
    kept = select(ReferralCount.month, ReferralCount.service_id, ReferralCount.measure, ReferralCount.count)
    kept = kept.where(ReferralCount.month.in_(months))
    if service_ids is not None:
        kept = kept.where(ReferralCount.service_id.in_(service_ids))
    for month, service_id, measure, count in session.execute(kept):
        counted[quarter_of_month(month)][service_id, measure] += count
    ends = max(days_of(quarter)[1] for quarter in quarters)
    for (month, service_id, measure), count in _still_there(session, ends).items():
        if month in months and (service_ids is None or service_id in service_ids):
            counted[quarter_of_month(month)][service_id, measure] += count
    return counted


def _still_there(session: Session, before: date) -> Counter[Contribution]:
    """What referrals add that were sent before a London date and are not forgotten: few, where it lies back."""
    counted: Counter[Contribution] = Counter()
    query = select(Referral).where(Referral.sent_at < datetime(before.year, before.month, before.day, tzinfo=LONDON))
    query = query.options(selectinload(Referral.steps), selectinload(Referral.moves))
    for referral in session.scalars(query.execution_options(yield_per=_AT_A_TIME)):
        counted.update(contributions(referral))
    return counted


def _demand_final(quarter: str, now: datetime) -> None:
    if not is_final(quarter, now):
        first_day = _months_of(quarter)[1] + FINAL_AFTER
        raise RefusedError(
            f"The figures of {quarter} are not final yet. They can be published from {as_date(first_day)}."
        )


def _shares(by_service: Counter[tuple[str, str]]) -> dict[str, int]:
    overall: Counter[str] = Counter()
    for (_, measure), count in by_service.items():
        overall[measure] += count
    bands = {minutes: overall[f"answered.{minutes}"] for minutes in ANSWERED_WITHIN_MINUTES}
    answered = sum(bands.values()) + overall["answered.more"]
    arrived, ended = overall["arrived"], sum(overall[outcome] for outcome in _ENDINGS)
    parts = {
        "answered_in_time": (overall["answered_in_time"], answered),
        "code_met": (overall["code_met"], overall["code_met"] + overall["code_missed"]),
        "arrived": (arrived, ended),
    }
    for minutes in ANSWERED_WITHIN_MINUTES:
        within = sum(count for most, count in bands.items() if most <= minutes)
        parts[f"answered_within.{minutes}"] = (within, answered)
    return {
        name: SHARE_STEP * round(100 * part / whole / SHARE_STEP)
        for name, (part, whole) in parts.items()
        if whole >= FEWEST_FOR_SHARES
    }


def _months_of(quarter: str) -> tuple[frozenset[str], date]:
    """The months of a quarter, and the day after its last."""
    found = _QUARTER.fullmatch(quarter)
    if found is None:
        raise InvalidInputError([FieldProblem("quarter", "Write a quarter like 2026-Q4.", ("2026-Q4",))])
    year, first = int(found[1]), 3 * int(found[2]) - 2
    ends = date(year + 1, 1, 1) if first == 10 else date(year, first + 3, 1)
    return frozenset(f"{year}-{month:02}" for month in range(first, first + 3)), ends


def contributions(referral: Referral) -> Counter[Contribution]:
    """What this referral adds to the counts; a draft that was never sent adds nothing."""
    counted: Counter[Contribution] = Counter()
    asked = [step for step in referral.steps if step.sent_at is not None]
    for step in asked:
        counted.update(_of_step(step))
    if asked and referral.sent_at is not None:
        first, last = asked[0], asked[-1]
        met = referral.sent_at < code_deadline(referral.reported_on)
        counted[_key(first, "code_met" if met else "code_missed")] += 1
        for outcome in _outcomes(referral):
            counted[_key(last, outcome)] += 1
    return counted


def _of_step(step: ReferralStep) -> Counter[Contribution]:
    counted: Counter[Contribution] = Counter({_key(step, "asked"): 1})
    if step.state is StepState.EXPIRED:
        counted[_key(step, "unanswered")] += 1
    if step.answered_at is None or step.sent_at is None or step.deadline is None:
        return counted
    counted[_key(step, f"answered.{_band(step.answered_at - step.sent_at)}")] += 1
    if step.answered_at <= step.deadline:
        counted[_key(step, "answered_in_time")] += 1
    if step.declined_by is None or step.decline_reason is None:
        counted[_key(step, "accepted")] += 1
    else:
        counted[_key(step, f"declined.{step.declined_by.value}.{step.decline_reason.value}")] += 1
    return counted


def _outcomes(referral: Referral) -> list[str]:
    """How it ended: by its history, as a referral that was closed afterwards still arrived."""
    states = {one.state_after for one in referral.moves}
    ended = [ReferralState.ARRIVED, ReferralState.DID_NOT_ARRIVE, ReferralState.WITHDRAWN]
    found = [state.value for state in ended if state in states]
    if found or referral.state is not ReferralState.CLOSED:
        return found
    return ["nobody_said" if ReferralState.ACCEPTED in states else "came_to_nothing"]


def _key(step: ReferralStep, measure: str) -> Contribution:
    assert step.sent_at is not None, "only steps that were asked are counted"  # noqa: S101
    return _month(step.sent_at), step.service_id, measure


def _month(instant: datetime) -> str:
    return f"{instant.astimezone(LONDON):%Y-%m}"


def _band(took: timedelta) -> str:
    minutes = took / timedelta(minutes=1)
    return next((f"{most}" for most in ANSWERED_WITHIN_MINUTES if minutes <= most), "more")
