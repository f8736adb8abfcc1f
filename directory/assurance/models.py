"""The register of requests to disclose what the directory knows, and how each was answered (recommendation 7)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from directory.assurance.vocabulary import LONGEST_SUMMARY, Basis, Decision, Requester, Subject
from directory.common.orm import Base, Slug, UtcDateTime, choice


class DisclosureRequest(Base):
    """One request. It may be answered once; after that the database refuses every change."""

    __tablename__ = "disclosure_requests"
    __table_args__ = (
        CheckConstraint("(decision = 'pending') = (answered_on IS NULL)", name="answered_has_a_date"),
        CheckConstraint("answered_on >= received_on", name="answered_after_it_came"),
        CheckConstraint(f"length(summary) <= {LONGEST_SUMMARY}", name="summary"),
        Index(None, "received_on"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    received_on: Mapped[date] = mapped_column(Date)
    requester: Mapped[Requester] = mapped_column(choice(Requester, "requester"))
    subject: Mapped[Subject] = mapped_column(choice(Subject, "subject"))
    basis: Mapped[Basis] = mapped_column(choice(Basis, "basis"))
    organisation_id: Mapped[str | None] = mapped_column(
        Slug(),
        ForeignKey("organisations.id"),
        comment="Whose listing, units or referrals it was about; empty: no one's",
    )
    summary: Mapped[str] = mapped_column(
        String(LONGEST_SUMMARY), default="", comment="Only what the screen let pass: nobody is named"
    )
    decision: Mapped[Decision] = mapped_column(choice(Decision, "decision"))
    answered_on: Mapped[date | None] = mapped_column(Date)
    corrects_id: Mapped[int | None] = mapped_column(
        ForeignKey("disclosure_requests.id"), comment="The earlier entry that was wrong"
    )
    recorded_by: Mapped[str] = mapped_column(String(40), comment="`user-12`")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_by: Mapped[str] = mapped_column(String(40), default="")
