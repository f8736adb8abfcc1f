"""What people propose to change in the catalogue, and sheets that they have uploaded and not yet applied."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from directory.catalogue.versions.models import ListingKind
from directory.common.orm import Base, Slug, UtcDateTime, choice


class ProposalSource(enum.StrEnum):
    """On which way a proposal was made: by whoever keeps the listing, or by somebody who noticed a mistake."""

    EDIT = "edit"
    CORRECTION = "correction"


class ProposalState(enum.StrEnum):
    """Where a proposal stands. `returned` was sent back to be changed; `folded` became part of a newer one."""

    PENDING = "pending"
    RETURNED = "returned"
    APPROVED = "approved"
    REJECTED = "rejected"
    FOLDED = "folded"
    WITHDRAWN = "withdrawn"


class Proposal(Base):
    """What somebody would have the catalogue say of one listing or unit; the approved version stays until then."""

    __tablename__ = "proposals"
    __table_args__ = (
        CheckConstraint("(state IN ('pending', 'returned')) = (decided_at IS NULL)", name="decided_has_a_time"),
        CheckConstraint("(state = 'folded') = (folded_into_id IS NOT NULL)", name="folded_says_into_which"),
        CheckConstraint("(state = 'approved') = (change_id IS NOT NULL)", name="approved_says_what_it_changed"),
        CheckConstraint("state NOT IN ('returned', 'rejected') OR comment <> ''", name="a_no_says_why"),
        CheckConstraint("length(explanation) <= 500 AND length(comment) <= 500", name="short_texts"),
        Index(None, "state", "made_at"),
        Index(None, "kind", "listing_id", "state"),
        Index(None, "author_id", "made_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ListingKind] = mapped_column(choice(ListingKind, "kind"))
    listing_id: Mapped[str] = mapped_column(Slug(), comment="Of a new listing: the id that it will have")
    is_new: Mapped[bool] = mapped_column(comment="It adds a listing")
    organisation_id: Mapped[str] = mapped_column(Slug(), comment="Whose listing it is")
    source: Mapped[ProposalSource] = mapped_column(choice(ProposalSource, "source"))
    state: Mapped[ProposalState] = mapped_column(choice(ProposalState, "state"))
    fields: Mapped[str] = mapped_column(Text, comment="JSON: column to what it was, what it should be, and whose wish")
    base_version: Mapped[int] = mapped_column(Integer, comment="The version that the author saw; 0 for a new listing")
    explanation: Mapped[str] = mapped_column(String(500), default="", comment="Only what the screen let pass")
    comment: Mapped[str] = mapped_column(String(500), default="", comment="The reviewer's; screened too")
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    folded_into_id: Mapped[int | None] = mapped_column(ForeignKey("proposals.id"))
    change_id: Mapped[int | None] = mapped_column(ForeignKey("catalogue_changes.id"))


class StagedSheet(Base):
    """A sheet that somebody has uploaded and is looking at; forgotten after a day."""

    __tablename__ = "staged_sheets"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, comment="Random")
    made_by: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    kind: Mapped[ListingKind] = mapped_column(choice(ListingKind, "kind"))
    cells: Mapped[bytes] = mapped_column(LargeBinary, comment="Compressed JSON: the header and the rows as text")
    mapping: Mapped[str] = mapped_column(Text, default="", comment="JSON: column of the sheet to the catalogue's")
    change_id: Mapped[int | None] = mapped_column(ForeignKey("catalogue_changes.id"), comment="What it changed")


class RememberedHeader(Base):
    """To which column of the catalogue a header belonged the last time; empty: it was left out."""

    __tablename__ = "remembered_headers"

    kind: Mapped[ListingKind] = mapped_column(choice(ListingKind, "kind"), primary_key=True)
    header: Mapped[str] = mapped_column(String(120), primary_key=True, comment="In lower case, without punctuation")
    column: Mapped[str] = mapped_column("catalogue_column", String(60))
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)
