"""Editions and what they hold. Once published, the database refuses every change of either."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, LargeBinary, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from directory.common.orm import Base, UtcDateTime, choice
from directory.publishing.editions.vocabulary import EditionState, EntryKind

LONGEST_NOTE = 300


class Edition(Base):
    """A dated issue of the catalogue. `number` counts published ones without a gap; a draft has none yet.

    `content_hash` is the SHA-256 of the canonical content, the bytes that can be downloaded. `seal` is one over every
    other column, among them the number, the dates, the people, the content's hash and the seal of the edition before.
    """

    __tablename__ = "editions"
    __table_args__ = (
        CheckConstraint("state = 'draft' OR signed_by_id IS NOT NULL", name="signed_by_somebody"),
        CheckConstraint("(signed_by_id IS NULL) = (signed_at IS NULL)", name="signed_has_a_time"),
        CheckConstraint("signed_by_id IS NULL OR prepared_by_id IS NOT NULL", name="signed_was_prepared"),
        CheckConstraint("signed_by_id <> prepared_by_id", name="signed_by_a_second_person"),
        CheckConstraint(
            "(state = 'published') = (number IS NOT NULL) AND (state = 'published') = (published_at IS NOT NULL) "
            "AND (state = 'published') = (length(seal) = 64)",
            name="published_is_numbered_and_sealed",
        ),
        CheckConstraint("length(content_hash) = 64", name="content_hash"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("organisations >= 0 AND services >= 0 AND units >= 0 AND bedspaces >= 0", name="counts"),
        CheckConstraint(f"length(note) <= {LONGEST_NOTE}", name="note"),
        # One edition is being prepared at a time: two drafts would race for the next number.
        CheckConstraint("(state = 'published') = (slot IS NULL) AND (slot IS NULL OR slot = 1)", name="slot"),
        # Numbers are never used again: the audit trail names a draft by its id.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int | None] = mapped_column(unique=True)
    state: Mapped[EditionState] = mapped_column(choice(EditionState, "state"))
    slot: Mapped[int | None] = mapped_column(
        SmallInteger, unique=True, default=1, comment="1 while it is being prepared: there is one place for that"
    )
    as_of: Mapped[date] = mapped_column(Date, comment="The London date whose catalogue it holds")
    prepared_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), comment="Empty: by the schedule")
    prepared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    corrects_number: Mapped[int | None] = mapped_column(comment="The edition that it corrects")
    note: Mapped[str] = mapped_column(
        String(LONGEST_NOTE), default="", comment="What the commissioner says of it; only what the screen let pass"
    )
    warnings: Mapped[int] = mapped_column(default=0, comment="That whoever signed it had been shown")
    checks: Mapped[str] = mapped_column(Text, default="", comment="What the checks found when it was signed, as JSON")
    drafted_checks: Mapped[str] = mapped_column(
        Text, default="", comment="What was found of the performance data in it when it was drafted, as JSON"
    )
    content_hash: Mapped[str] = mapped_column(String(64), comment="SHA-256, in hex, of the canonical content")
    organisations: Mapped[int] = mapped_column(default=0, comment="How many it holds, as the following three")
    services: Mapped[int] = mapped_column(default=0)
    units: Mapped[int] = mapped_column(default=0, comment="Of refuges, in contract on that date")
    bedspaces: Mapped[int] = mapped_column(default=0)
    previous_seal: Mapped[str] = mapped_column(String(64), default="", comment="Empty for the first")
    seal: Mapped[str] = mapped_column(String(64), default="")


class EditionEntry(Base):
    """One thing in an edition, as canonical JSON."""

    __tablename__ = "edition_entries"

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[EntryKind] = mapped_column(choice(EntryKind, "kind"), primary_key=True)
    entry_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    body: Mapped[str] = mapped_column(Text)


class EditionFile(Base):
    """A file made from an edition that takes long to make, such as its PDF. It can be made again at any time."""

    __tablename__ = "edition_files"

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class EditionSchedule(Base):
    """How often an edition is due; one row. Without it, the defaults count."""

    __tablename__ = "edition_schedule"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        CheckConstraint("every_months BETWEEN 1 AND 12", name="every_months"),
        CheckConstraint("day BETWEEN 1 AND 28", name="day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    every_months: Mapped[int] = mapped_column(SmallInteger)
    day: Mapped[int] = mapped_column(SmallInteger, comment="Of the month, London")
    drafted_for: Mapped[date | None] = mapped_column(
        Date, comment="The due date for which it last drafted one: once each, whatever became of that draft"
    )
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by: Mapped[str] = mapped_column(String(40))
