"""The outbox: messages written in the transaction that they tell about, and sent afterwards."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from directory.common.orm import Base, UtcDateTime, choice


class Channel(enum.StrEnum):
    """How a message travels."""

    EMAIL = "email"
    SMS = "sms"


class MessageState(enum.StrEnum):
    """Where a message is. `sending` was claimed by a process, which may have died since."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"


class OutboxMessage(Base):
    """A message to a colleague, never to a victim. It has no text: what is sent is its kind's, with a link."""

    __tablename__ = "outbox_messages"
    __table_args__ = (
        CheckConstraint("attempts >= 0", name="attempts"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_a_time"),
        Index(None, "state", "next_attempt_at"),
        Index(
            "uq_outbox_messages_dedupe_key",
            "dedupe_key",
            unique=True,
            sqlite_where=text("dedupe_key <> ''"),
            postgresql_where=text("dedupe_key <> ''"),
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, comment="Random; also the e-mail's Message-ID")
    kind: Mapped[str] = mapped_column(String(40))
    channel: Mapped[Channel] = mapped_column(choice(Channel, "channel"))
    address: Mapped[str] = mapped_column(String(254), comment="A colleague's or a service's, never a victim's")
    reference: Mapped[str] = mapped_column(String(20), comment="What it is about, such as a referral's reference")
    path: Mapped[str] = mapped_column(String(200), comment="The page of ours that its link leads to")
    dedupe_key: Mapped[str] = mapped_column(String(120), default="", comment="The same thing is never told twice")
    state: Mapped[MessageState] = mapped_column(choice(MessageState, "state"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_attempt_at: Mapped[datetime] = mapped_column(UtcDateTime, comment="While sending: when the claim lapses")
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    last_error: Mapped[str] = mapped_column(String(60), default="", comment="A code such as `smtp-450`, never a text")
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
