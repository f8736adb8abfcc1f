"""Referrals, the steps of their plans, how they moved, and what is left of them once they are forgotten.

There is deliberately nothing about who the victim is: see the firewall, rules 1 to 4. What a colleague needs to reach
her is sealed; its key is kept in another store.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, LargeBinary, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.common.orm import Base, SemicolonList, Slug, UtcDateTime, choice
from directory.referrals.vocabulary import (
    ConsentHow,
    DeclinedBy,
    DeclineReason,
    Party,
    ReferralState,
    Risk,
    StepState,
)

LONGEST_PLAN = 5


class ReferralStep(Base):
    """One service of a plan, asked after those before it.

    `unit_id` is what would be held for it; it is cut as soon as the step is over, and shown to the service's own staff
    alone.
    """

    __tablename__ = "referral_steps"
    __table_args__ = (
        CheckConstraint(f"position BETWEEN 1 AND {LONGEST_PLAN}", name="position"),
        CheckConstraint(
            "(state = 'declined') = (declined_by IS NOT NULL) AND (state = 'declined') = (decline_reason IS NOT NULL)",
            name="declined_says_why",
        ),
        CheckConstraint(
            "state IN ('planned', 'skipped', 'ended') OR (sent_at IS NOT NULL AND deadline IS NOT NULL)",
            name="asked_has_a_deadline",
        ),
        CheckConstraint("state IN ('planned', 'waiting', 'accepted') OR unit_id IS NULL", name="over_names_no_unit"),
        CheckConstraint("state IN ('waiting', 'accepted') OR hold_id IS NULL", name="hold_while_asked"),
        Index(
            "uq_referral_steps_asked",
            "referral_id",
            unique=True,
            sqlite_where=text("state IN ('waiting', 'accepted')"),
            postgresql_where=text("state IN ('waiting', 'accepted')"),
        ),
        Index(None, "service_id", "state"),
    )

    referral_id: Mapped[int] = mapped_column(ForeignKey("referrals.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    service_id: Mapped[str] = mapped_column(Slug(), ForeignKey("services.id"))
    unit_id: Mapped[str | None] = mapped_column(Slug(), ForeignKey("units.id"))
    hold_id: Mapped[str | None] = mapped_column(String(16), ForeignKey("holds.id"), unique=True)
    state: Mapped[StepState] = mapped_column(choice(StepState, "state"))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    half_time: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="When the service is nudged")
    deadline: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="By when it should have answered")
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    nudged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    escalated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    declined_by: Mapped[DeclinedBy | None] = mapped_column(choice(DeclinedBy, "declined_by"))
    decline_reason: Mapped[DeclineReason | None] = mapped_column(choice(DeclineReason, "decline_reason"))


class ReferralMove(Base):
    """One move of a referral from a state to another. `state_before` is empty for its beginning."""

    __tablename__ = "referral_moves"

    referral_id: Mapped[int] = mapped_column(ForeignKey("referrals.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    state_before: Mapped[ReferralState | None] = mapped_column(choice(ReferralState, "state_before"))
    state_after: Mapped[ReferralState] = mapped_column(choice(ReferralState, "state_after"))
    moved_by: Mapped[Party] = mapped_column(choice(Party, "moved_by"))
    position: Mapped[int | None] = mapped_column(SmallInteger, comment="The step that it concerns")


class SealedContact(Base):
    """How and when the victim may be reached, encrypted with a key of this referral's own (firewall, rule 4)."""

    __tablename__ = "sealed_contacts"

    referral_id: Mapped[int] = mapped_column(ForeignKey("referrals.id", ondelete="CASCADE"), primary_key=True)
    key_id: Mapped[str] = mapped_column(String(32), unique=True, comment="Of the key, which is in the keystore")
    nonce: Mapped[bytes] = mapped_column(LargeBinary)
    ciphertext: Mapped[bytes] = mapped_column(LargeBinary)


class Referral(Base):
    """Asking a service to take a household on, with the victim's consent.

    While it is open, `due_at` says by when whoever's turn it is must have acted: the database refuses an open referral
    that waits for nobody.
    """

    __tablename__ = "referrals"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (due_at IS NOT NULL)", name="open_has_a_due_time"),
        CheckConstraint(
            "(state IN ('withdrawn', 'arrived', 'did_not_arrive', 'closed')) = (ended_at IS NOT NULL)",
            name="outcome_has_a_time",
        ),
        CheckConstraint(
            "state IN ('draft', 'withdrawn', 'closed') OR sent_at IS NOT NULL",
            name="under_way_was_sent",
        ),
        CheckConstraint("NOT moves_on OR consent_covers_plan", name="moves_on_with_consent"),
        CheckConstraint("adults BETWEEN 0 AND 20", name="adults"),
        CheckConstraint("length(note) <= 500", name="note"),
        Index(None, "author_id", "created_at"),
        Index(None, "state", "due_at"),
        Index(None, "ended_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(10), unique=True, comment="Random; tells nothing")
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    state: Mapped[ReferralState] = mapped_column(choice(ReferralState, "state"))
    adults: Mapped[int] = mapped_column(SmallInteger)
    children: Mapped[tuple[str, ...]] = mapped_column(SemicolonList, comment="One ChildBand for each child")
    needs: Mapped[tuple[str, ...]] = mapped_column(SemicolonList, comment="Codes of needs")
    access_features: Mapped[tuple[str, ...]] = mapped_column(SemicolonList, comment="Codes of access features")
    language: Mapped[str] = mapped_column(String(3), comment="ISO 639, for the worker or interpreter; empty: English")
    risk: Mapped[Risk] = mapped_column(choice(Risk, "risk"))
    consent_how: Mapped[ConsentHow] = mapped_column(choice(ConsentHow, "consent_how"))
    consent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    consent_covers_plan: Mapped[bool] = mapped_column(comment="She agreed to each service of the plan")
    moves_on: Mapped[bool] = mapped_column(comment="The next step is taken without asking the referrer")
    note: Mapped[str] = mapped_column(String(500), default="", comment="Only what the screen let pass")
    reported_on: Mapped[date] = mapped_column(Date, comment="London date of the report: the Victims' Code clock")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="To the first service that was asked")
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="By when whoever's turn it is must act")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    steps: Mapped[list[ReferralStep]] = relationship(
        cascade="all, delete-orphan", order_by=ReferralStep.position, lazy="raise", passive_deletes=True
    )
    moves: Mapped[list[ReferralMove]] = relationship(
        cascade="all, delete-orphan", order_by=ReferralMove.number, lazy="raise", passive_deletes=True
    )


class ReferralCount(Base):
    """What is left of referrals that were forgotten: how many, by month, service and measure."""

    __tablename__ = "referral_counts"
    __table_args__ = (
        CheckConstraint("count >= 1", name="count"),
        CheckConstraint("month LIKE '____-__'", name="month"),
    )

    month: Mapped[str] = mapped_column(String(7), primary_key=True, comment="London month, such as 2026-11")
    service_id: Mapped[str] = mapped_column(Slug(), ForeignKey("services.id"), primary_key=True)
    measure: Mapped[str] = mapped_column(String(60), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
