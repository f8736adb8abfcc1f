"""Refuge units and the states they went through."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, SmallInteger, String, Table, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.catalogue.models import AccessFeature
from directory.common.changes import watch
from directory.common.orm import Base, Slug, UtcDateTime, choice


class UnitState(enum.StrEnum):
    """What the provider says of a unit. `open` alone is not "space available": see `availability.py`."""

    OPEN = "open"
    OCCUPIED = "occupied"
    CLOSED = "closed"


class RingFence(enum.StrEnum):
    """For whom a unit is funded. It belongs to the unit and is never shown to those who search."""

    NONE = "none"
    NRPF = "nrpf"


unit_access_features = Table(
    "unit_access_features",
    Base.metadata,
    Column("unit_id", ForeignKey("units.id", ondelete="CASCADE"), primary_key=True),
    Column("feature_code", ForeignKey("access_features.code"), primary_key=True),
    Index(None, "feature_code", "unit_id"),
)


class UnitNotFrom(Base):
    """A borough whose residents a unit cannot take, because they would be too near."""

    __tablename__ = "unit_not_from"
    __table_args__ = (Index(None, "borough_code", "unit_id"),)

    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id", ondelete="CASCADE"), primary_key=True)
    borough_code: Mapped[str] = mapped_column(ForeignKey("boroughs.code"), primary_key=True)


class Unit(Base):
    """A room or flat let to one household."""

    __tablename__ = "units"
    __table_args__ = (
        CheckConstraint("bedspaces BETWEEN 1 AND 100", name="bedspaces"),
        CheckConstraint("max_adults BETWEEN 0 AND 100", name="max_adults"),
        CheckConstraint("max_children BETWEEN 0 AND 100", name="max_children"),
        CheckConstraint("boys_max_age IS NULL OR boys_max_age BETWEEN 0 AND 120", name="boys_max_age"),
        CheckConstraint(
            "active_from IS NULL OR active_until IS NULL OR active_from < active_until",
            name="contract_in_order",
        ),
        CheckConstraint("removed_at IS NULL OR state = 'closed'", name="removed_is_closed"),
        Index(None, "service_id", "state"),
        # Everything that "space available" looks at: the whole catalogue's answer is read from this index alone.
        Index("ix_units_availability", "state", "confirmed_at", "active_from", "active_until", "id"),
    )

    id: Mapped[str] = mapped_column(Slug(), primary_key=True)
    service_id: Mapped[str] = mapped_column(ForeignKey("services.id"))
    name: Mapped[str] = mapped_column(String(120), default="")
    borough_code: Mapped[str | None] = mapped_column(ForeignKey("boroughs.code"), comment="Empty: its service's")
    bedspaces: Mapped[int] = mapped_column(SmallInteger)
    max_adults: Mapped[int] = mapped_column(SmallInteger)
    max_children: Mapped[int] = mapped_column(SmallInteger)
    boys_max_age: Mapped[int | None] = mapped_column(SmallInteger, comment="Oldest boy in years; empty is no limit")
    ringfence: Mapped[RingFence] = mapped_column(choice(RingFence, "ringfence"))
    programme: Mapped[str] = mapped_column(String(60), default="", comment="The contract; for commissioners alone")
    active_from: Mapped[date | None] = mapped_column(Date, comment="First London date of the contract")
    active_until: Mapped[date | None] = mapped_column(Date, comment="The London date after the last one (exclusive)")
    state: Mapped[UnitState] = mapped_column(choice(UnitState, "state"))
    confirmed_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="When the provider last said that this is true; empty is never"
    )
    confirmed_by: Mapped[str] = mapped_column(
        String(40), default="", server_default="", comment="`user-12`, `link-3` or `import`; empty is unknown"
    )
    removed_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="No longer in the files; kept, never shown"
    )

    access_features: Mapped[list[AccessFeature]] = relationship(
        secondary=unit_access_features, order_by=AccessFeature.code, lazy="raise"
    )
    not_from: Mapped[list[UnitNotFrom]] = relationship(
        cascade="all, delete-orphan", order_by=UnitNotFrom.borough_code, lazy="raise"
    )


class UnitStatePeriod(Base):
    """A half-open stretch of time in which a unit had one state: from `began_at` up to, not including, `ended_at`."""

    __tablename__ = "unit_state_periods"
    __table_args__ = (
        CheckConstraint("ended_at IS NULL OR ended_at >= began_at", name="in_order"),
        # At any time a unit is in one state: at most one period of it is still going on.
        Index(
            "uq_unit_state_periods_current",
            "unit_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id", ondelete="CASCADE"), primary_key=True)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    state: Mapped[UnitState] = mapped_column(choice(UnitState, "state"))


watch("units", "unit_access_features", "unit_not_from")
