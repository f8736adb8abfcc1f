"""The Victims' Code clock: the police refer a victim to support within two working days of the report.

Code of Practice for Victims of Crime in England and Wales, right 4. The day of the report is not counted, and the
second working day counts until midnight in London.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from directory.common.clock import LONDON, london_date
from directory.common.working_days import working_day_after

WORKING_DAYS = 2


class ClockState(StrEnum):
    """Whether the two working days still run, or how they ended."""

    RUNNING = "running"
    MET = "met"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class CodeClock:
    """Until when the Code gives time (UTC, the first instant that is too late), how it stands, and a sentence."""

    deadline: datetime
    state: ClockState
    text: str


def code_deadline(reported_on: date) -> datetime:
    """The instant (UTC) at which the second working day after `reported_on`, a date in London, has ended."""
    following = working_day_after(reported_on, WORKING_DAYS) + timedelta(days=1)
    return datetime.combine(following, time(), LONDON).astimezone(UTC)


def clock_of(reported_on: date, sent_at: datetime | None, now: datetime) -> CodeClock:
    """How the clock stands at `now` for what was reported on that date in London and sent then (None: not yet)."""
    deadline = code_deadline(reported_on)
    day = _last_day(deadline)
    if sent_at is not None and sent_at < deadline:
        return CodeClock(deadline, ClockState.MET, "Sent within two working days of the report")
    if sent_at is not None:
        return CodeClock(deadline, ClockState.MISSED, f"Sent late: two working days passed on {day}")
    if now < deadline:
        return CodeClock(deadline, ClockState.RUNNING, f"To be sent by {day}, midnight")
    return CodeClock(deadline, ClockState.MISSED, f"Two working days passed on {day}")


def _last_day(deadline: datetime) -> str:
    # The deadline is the midnight that ends the day, and so belongs to the next.
    last = london_date(deadline) - timedelta(days=1)
    return f"{last:%A} {last.day} {last:%B}"
