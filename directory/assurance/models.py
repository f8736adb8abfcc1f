"""The register of requests to disclose what the directory knows, and how each was answered (recommendation 7)."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from directory.common.orm import Base, Slug, UtcDateTime, choice

LONGEST_SUMMARY = 300


class Requester(enum.StrEnum):
    """What sort of body asked. No person is named."""

    IMMIGRATION_ENFORCEMENT = "immigration_enforcement"
    OTHER_HOME_OFFICE = "other_home_office"
    POLICE = "police"
    COURT = "court"
    LOCAL_AUTHORITY = "local_authority"
    SOLICITOR = "solicitor"
    RESEARCHER = "researcher"
    PRESS = "press"
    PERSON_CONCERNED = "person_concerned"
    OTHER = "other"


class Subject(enum.StrEnum):
    """What was asked for."""

    PERSON = "person"
    HOUSEHOLDS = "households"
    ADDRESS = "address"
    STATISTICS = "statistics"
    AUDIT_TRAIL = "audit_trail"
    LISTING = "listing"


class Decision(enum.StrEnum):
    """How it was answered. `nothing_held` is the directory's commonest truth: it does not know."""

    PENDING = "pending"
    REFUSED = "refused"
    NOTHING_HELD = "nothing_held"
    PARTLY_DISCLOSED = "partly_disclosed"
    DISCLOSED = "disclosed"


class Basis(enum.StrEnum):
    """On which ground it was asked."""

    NONE_GIVEN = "none_given"
    COURT_ORDER = "court_order"
    DATA_PROTECTION_ACT = "data_protection_act"
    FREEDOM_OF_INFORMATION_ACT = "freedom_of_information_act"
    SUBJECT_ACCESS = "subject_access"
    SAFEGUARDING = "safeguarding"
    OTHER = "other"


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
