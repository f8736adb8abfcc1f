"""Every change of the catalogue, and every version of each listing and unit. Nothing is rewritten."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from directory.common.orm import Base, Slug, UtcDateTime, choice


class ListingKind(enum.StrEnum):
    """What a version is a version of: a row of `organisations.csv`, `services.csv` or `units.csv`."""

    ORGANISATION = "organisation"
    SERVICE = "service"
    UNIT = "unit"


class ChangeKind(enum.StrEnum):
    """On which way a change came about. `found` is what the catalogue held before its history was kept."""

    FOUND = "found"
    IMPORT = "import"
    UPLOAD = "upload"
    PROPOSAL = "proposal"
    STATUS = "status"
    CONFIRMATION = "confirmation"
    RESTORE = "restore"
    UNDO = "undo"


class CatalogueChange(Base):
    """One change of the catalogue: all its versions became true at the same moment, or none did."""

    __tablename__ = "catalogue_changes"
    __table_args__ = (
        CheckConstraint("(kind = 'undo') = (undoes_id IS NOT NULL)", name="undo_says_of_what"),
        UniqueConstraint("undoes_id", name="uq_catalogue_changes_undoes_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    kind: Mapped[ChangeKind] = mapped_column(choice(ChangeKind, "kind"))
    made_by: Mapped[str] = mapped_column(String(40), comment="`user-12`, `link-3` or `system`")
    undoes_id: Mapped[int | None] = mapped_column(
        ForeignKey("catalogue_changes.id"), comment="The change that this one takes back; each at most once"
    )


class ListingVersion(Base):
    """What a listing or unit said from one change on, as the catalogue files write it."""

    __tablename__ = "listing_versions"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number"),
        UniqueConstraint("kind", "listing_id", "number", name="uq_listing_versions_number"),
        Index(None, "change_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("catalogue_changes.id"))
    kind: Mapped[ListingKind] = mapped_column(choice(ListingKind, "kind"))
    listing_id: Mapped[str] = mapped_column(Slug())
    number: Mapped[int] = mapped_column(Integer, comment="1 for its first version")
    removed: Mapped[bool] = mapped_column(comment="From here on it is no longer there; it is kept, never shown")
    content: Mapped[str] = mapped_column(
        Text, comment="JSON: column to text, without what is true only for now (a unit's state and confirmation)"
    )
    live: Mapped[str] = mapped_column(
        Text, default="", comment="JSON: a unit's state and confirmation before and after, where this change set them"
    )
