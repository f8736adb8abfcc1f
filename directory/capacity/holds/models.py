"""Holds: promises of one unit to one referrer for a short time."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from directory.common.orm import Base, Slug, UtcDateTime, choice


class HoldOutcome(enum.StrEnum):
    """How a hold ended."""

    RELEASED = "released"
    EXPIRED = "expired"
    ENDED_BY_PROVIDER = "ended_by_provider"
    PLACED = "placed"


class Hold(Base):
    """A promise of one unit. It is live until it has ended or its `expires_at` has come, whichever is first.

    The database refuses a second hold that has not ended on the same unit, and (by triggers, see migration 0008) one
    on a unit that is not open. When a hold ends its link to the unit is cut: whoever reads it later cannot tell from
    the unit what the person needed (firewall, rule 3).
    """

    __tablename__ = "holds"
    __table_args__ = (
        CheckConstraint("expires_at > held_at", name="lasts"),
        CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name="ended_has_outcome"),
        CheckConstraint("ended_at IS NULL OR unit_id IS NULL", name="ended_names_no_unit"),
        CheckConstraint("ended_at IS NOT NULL OR unit_id IS NOT NULL", name="going_on_names_its_unit"),
        CheckConstraint("outcome IS NULL OR outcome <> 'expired' OR ended_at >= expires_at", name="expires_in_time"),
        Index(
            "uq_holds_unit",
            "unit_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("uq_holds_idempotency_key", "held_by", "idempotency_key", unique=True),
        Index(
            "ix_holds_going_on",
            "held_by",
            "expires_at",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(None, "ended_at"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, comment="Random")
    unit_id: Mapped[str | None] = mapped_column(Slug(), ForeignKey("units.id"), comment="Cut when the hold ends")
    service_id: Mapped[str] = mapped_column(Slug(), ForeignKey("services.id"))
    held_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    held_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    extended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="A hold is extended once")
    for_referral: Mapped[bool] = mapped_column(
        default=False, comment="A referral was made of it: it lasts until that is answered"
    )
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[HoldOutcome | None] = mapped_column(choice(HoldOutcome, "outcome"))
    idempotency_key: Mapped[str] = mapped_column(String(64), comment="SHA-256 of the caller's key, in hex")


class UnitHoldCount(Base):
    """How many holds on a unit began on a London date. It keeps no times: those would name the hold."""

    __tablename__ = "unit_hold_counts"
    __table_args__ = (CheckConstraint("holds >= 1", name="holds"),)

    unit_id: Mapped[str] = mapped_column(Slug(), ForeignKey("units.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    holds: Mapped[int] = mapped_column(Integer)
