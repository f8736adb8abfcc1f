"""Whom to remind of a service's entries, and the links with which they are confirmed without signing in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, SmallInteger, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from directory.common.orm import Base, Slug, UtcDateTime, choice
from directory.messaging.models import Channel

FIRST, SECOND = 1, 2


class ServiceContact(Base):
    """Where a service's colleagues are reminded: the first contact, and the second one when the first keeps silent."""

    __tablename__ = "service_contacts"
    __table_args__ = (
        CheckConstraint(f"position IN ({FIRST}, {SECOND})", name="position"),
        CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),
        UniqueConstraint("service_id", "position", name="uq_service_contacts_position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[str] = mapped_column(Slug(), ForeignKey("services.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(SmallInteger)
    channel: Mapped[Channel] = mapped_column(choice(Channel, "channel"))
    address: Mapped[str] = mapped_column(String(254), comment="A service's own, never a victim's")
    hour: Mapped[int] = mapped_column(SmallInteger, comment="Of the London day, at which reminders are wanted")
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by: Mapped[str] = mapped_column(String(40))


update_link_services = Table(
    "update_link_services",
    Base.metadata,
    Column("link_id", ForeignKey("update_links.id", ondelete="CASCADE"), primary_key=True),
    Column("service_id", ForeignKey("services.id", ondelete="CASCADE"), primary_key=True),
    Index(None, "service_id"),
)


class UpdateLink(Base):
    """A link that opens some services' own units once, without signing in. Of its token only the hash is kept."""

    __tablename__ = "update_links"
    # Numbers are never used again: `link-3` stays the name of one link in what says who confirmed something.
    __table_args__ = (CheckConstraint("expires_at > made_at", name="lasts"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, comment="SHA-256 of the token, in hex")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
