"""The audit trail: entries that are never changed, each bound to the one before, and the end of their chain."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from directory.common.orm import Base, UtcDateTime

# SQLite numbers rows by themselves in a column of this one type alone.
Sequence = BigInteger().with_variant(Integer(), "sqlite")


class AuditEntry(Base):
    """Something that was done. References and codes only; database triggers refuse to change or delete an entry."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        CheckConstraint("sequence >= 1", name="sequence"),
        CheckConstraint("length(hash) = 64 AND length(previous_hash) = 64", name="hashes"),
        Index(None, "event", "sequence"),
    )

    sequence: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=False, comment="1, 2, 3 …: no gap")
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    event: Mapped[str] = mapped_column(String(40))
    actor: Mapped[str] = mapped_column(String(40), comment="`user-12` or `system`")
    details: Mapped[str] = mapped_column(Text, comment="JSON with sorted keys: references and codes, never text")
    previous_hash: Mapped[str] = mapped_column(String(64), comment="The hash of the entry before; zeros for the first")
    hash: Mapped[str] = mapped_column(String(64), unique=True, comment="SHA-256, in hex, of all the other columns")


class AuditHead(Base):
    """The one row that says where the chain ends. Whoever adds to the chain locks it."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sequence: Mapped[int] = mapped_column(Sequence)
    hash: Mapped[str] = mapped_column(String(64))
