"""`python -m bench quarter`: what the reminders do, over ninety simulated days of sixty providers."""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.quarter.figures import EVERYBODY, Figures, by_habit, daily
from bench.quarter.habits import HABITS, PHONE_REACHES, UNIT_TURNS_PER_DAY, WEEKEND
from bench.quarter.picture import lines
from bench.quarter.simulate import DAYS, Quarter, simulate

HEADING = "## A quarter with reminders"


@dataclass(frozen=True, slots=True)
class Compared:
    """The same quarter twice, and how many seconds the two took together."""

    reminded: Quarter
    left_alone: Quarter
    days: int
    seconds: float


def measure(arguments: Sequence[str]) -> Compared:
    """Simulate the quarter with and without reminders; nothing but what the reminders bring about differs."""
    parser = argparse.ArgumentParser(prog="python -m bench quarter", description=__doc__)
    parser.add_argument("--days", type=int, default=DAYS, help=f"how many days ({DAYS})")
    days = parser.parse_args(arguments).days
    began = time.perf_counter()
    quarters = []
    with tempfile.TemporaryDirectory() as folder:
        for reminders in (True, False):
            print(f"{days} days {'with' if reminders else 'without'} reminders", file=sys.stderr)
            url = f"sqlite:///{Path(folder) / f'{reminders}.sqlite3'}"
            quarters.append(simulate(url, reminders=reminders, days=days))
    return Compared(quarters[0], quarters[1], days, time.perf_counter() - began)


def picture(compared: Compared) -> str:
    """The two shares day by day."""
    return lines(daily(compared.reminded), daily(compared.left_alone))


def as_markdown(compared: Compared) -> list[str]:
    """The section of results.md."""
    reminded, left_alone = by_habit(compared.reminded), by_habit(compared.left_alone)
    quarter = compared.reminded
    rows = [
        f"| {name} | {_cells(left_alone[name], reminded[name])} |"
        for name in (*(habit.name for habit in HABITS), EVERYBODY)
    ]
    return [
        HEADING,
        "",
        f"Made by `python -m bench quarter` in {compared.seconds:.0f} seconds: {compared.days} days from Monday "
        f"7 September 2026, hour by hour, of {sum(habit.providers for habit in HABITS)} providers with 2 to 8 units, "
        "twice with the same luck. The product itself reminds, escalates, makes the links and takes the answers; what "
        "people do is assumed, and nobody has measured it:",
        "",
        *(_assumption(index) for index in range(len(HABITS))),
        f"- On Saturdays and Sundays everybody does so {WEEKEND:.0%} as often. A unit's true state turns once in "
        f"{1 / UNIT_TURNS_PER_DAY:.0f} days. Commissioners phone whoever is ranked last, when the message about it "
        f"comes, and reach {PHONE_REACHES:.0%}.",
        "",
        "Each cell: without reminders → with them, over all units and hours. True: what the catalogue says of the unit "
        "is so.",
        "",
        "| providers | median age of a confirmation | within 24 hours | within 72 hours | true |",
        "|---|--:|--:|--:|--:|",
        *rows,
        "",
        f"It took {quarter.messages:,} messages, {quarter.link_answers:,} of them answered in two taps, and "
        f"{quarter.calls:,} phone calls. ![Two lines: the share of units confirmed within 24 hours](quarter.svg)",
    ]


def _assumption(index: int) -> str:
    habit = HABITS[index]
    return (
        f"- **{habit.name}** ({habit.providers}): {habit.because} On a day {habit.own_accord:.0%} of own accord; "
        f"{habit.answers:.0%} of reminders within {habit.answers_within} hours by the first contact, "
        f"{habit.second_answers:.0%} within {habit.second_within} by the second."
    )


def _cells(before: Figures, after: Figures) -> str:
    ages = f"{_age(before.median_age)} → {_age(after.median_age)}"
    shares = [
        f"{was:.0%} → {is_now:.0%}"
        for was, is_now in (
            (before.within_24h, after.within_24h),
            (before.within_72h, after.within_72h),
            (before.is_true, after.is_true),
        )
    ]
    return " | ".join([ages, *shares])


def _age(hours: float) -> str:
    return f"{hours:.0f} h" if hours < 100 else f"{hours / 24:.0f} days"
