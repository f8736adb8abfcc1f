"""Receipts: to whom an edition was sent, who has seen it and who has acknowledged it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from directory.common.orm import Base, UtcDateTime


class EditionReceipt(Base):
    """One colleague's receipt of one edition. Acknowledged is seen; an area is the BCU at the time of sending."""

    __tablename__ = "edition_receipts"
    __table_args__ = (
        CheckConstraint("acknowledged_at IS NULL OR seen_at IS NOT NULL", name="acknowledged_is_seen"),
        CheckConstraint("reminders >= 0", name="reminders"),
        Index(None, "user_id"),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    area: Mapped[str] = mapped_column(String(60), comment="The Basic Command Unit; empty: none is known")
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminders: Mapped[int] = mapped_column(SmallInteger, default=0)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ReceiptLink(Base):
    """A link that acknowledges one receipt without signing in, and opens nothing else. Of its token only the hash."""

    __tablename__ = "receipt_links"
    __table_args__ = (
        ForeignKeyConstraint(
            ["edition_id", "user_id"],
            ["edition_receipts.edition_id", "edition_receipts.user_id"],
            ondelete="CASCADE",
        ),
        Index(None, "expires_at"),
    )

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True, comment="SHA-256 of the token, in hex")
    edition_id: Mapped[int]
    user_id: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
