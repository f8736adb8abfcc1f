"""What a simulated quarter comes to: ages of confirmations, and how much of the catalogue is true."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from bench.quarter.habits import HABITS
from bench.quarter.simulate import COUNTS, FRESH, HOUR, Quarter, Sample

EVERYBODY = "all 60"


@dataclass(frozen=True, slots=True)
class Figures:
    """Over all units and hours: the median age of a confirmation in hours, and shares from 0 to 1."""

    median_age: float
    within_24h: float
    within_72h: float
    is_true: float


def figures_of(samples: Sequence[Sample]) -> Figures:
    """The figures of some samples (at least one)."""
    number = len(samples)
    return Figures(
        median_age=median(one.age for one in samples),
        within_24h=sum(one.age <= FRESH / HOUR for one in samples) / number,
        within_72h=sum(one.age <= COUNTS / HOUR for one in samples) / number,
        is_true=sum(one.is_true for one in samples) / number,
    )


def by_habit(quarter: Quarter) -> dict[str, Figures]:
    """The figures of each habit, and of everybody."""
    samples: dict[str, list[Sample]] = defaultdict(list)
    for one in quarter.samples:
        samples[one.habit].append(one)
    return {
        **{habit.name: figures_of(samples[habit.name]) for habit in HABITS},
        EVERYBODY: figures_of(quarter.samples),
    }


def daily(quarter: Quarter) -> list[float]:
    """The share of units confirmed within 24 hours, on average over the hours of each day."""
    days: dict[int, list[bool]] = defaultdict(list)
    for one in quarter.samples:
        days[one.day].append(one.age <= FRESH / HOUR)
    return [sum(days[day]) / len(days[day]) for day in sorted(days)]
