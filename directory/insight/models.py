"""Counters of searches that found nothing: how many on which day, never who asked, at what time, or for whom."""

import enum
from datetime import date

from sqlalchemy import CheckConstraint, Date, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from directory.common.orm import Base, choice


class HouseholdBand(enum.StrEnum):
    """How many bedspaces a household takes, coarsely. Ages and who they are is not kept."""

    NOT_SAID = "not_said"
    ONE = "1"
    TWO = "2"
    THREE = "3"
    FOUR = "4"
    FIVE_OR_MORE = "5+"


class UnmetNeedCount(Base):
    """How many searches of one day found nothing, in one bucket. What place was asked of public funds is in none."""

    __tablename__ = "unmet_need_counts"
    __table_args__ = (CheckConstraint("count >= 1", name="count"),)

    day: Mapped[date] = mapped_column(Date, primary_key=True, comment="London date of the searches")
    borough_code: Mapped[str] = mapped_column(String(9), primary_key=True, comment="Empty: none, or not London")
    need: Mapped[str] = mapped_column(String(80), primary_key=True, comment="The widest term; empty: none was asked")
    household: Mapped[HouseholdBand] = mapped_column(choice(HouseholdBand, "household"), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
