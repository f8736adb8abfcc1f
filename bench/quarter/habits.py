"""How providers behave: three habits, each an assumption that is written down here and nowhere measured.

They say what makes vacancy lists die: a third keep theirs by themselves, most mean to and forget, some do not look at
all. Chances are for weekdays; WEEKEND scales them on Saturdays and Sundays. Whoever answers does so between eight in
the morning and eight in the evening.
"""

from dataclasses import dataclass

WEEKEND = 0.5
AWAKE = range(8, 20)
UNIT_TURNS_PER_DAY = 1 / 30
"""A stay in a refuge takes some months; with rooms in between that are cleaned or mended, a unit turns once a month."""
PHONE_REACHES = 0.6
"""The share of calls of a commissioner at which somebody answers who then confirms."""


@dataclass(frozen=True, slots=True)
class Habit:
    """A habit, how many of the 60 providers have it, and why it was set so.

    `own_accord`: chance on a day that they confirm without having been asked. `answers` and `second_answers`: chance
    that a reminder is answered by the first and by the second contact, within so many hours at most.
    """

    name: str
    providers: int
    own_accord: float
    answers: float
    answers_within: int
    second_answers: float
    second_within: int
    because: str


HABITS = (
    Habit("diligent", 20, 0.85, 0.9, 3, 0.5, 6, "Confirms on most mornings, at the hand-over; answers what comes."),
    Habit("busy", 25, 0.10, 0.6, 8, 0.5, 6, "Means to and forgets; answers a reminder when there is a quiet minute."),
    Habit("silent", 15, 0.01, 0.03, 24, 0.25, 24, "Reads no reminders; a manager may, or somebody has to phone."),
)
