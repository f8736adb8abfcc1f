"""Messaging: the outbox."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outbox_messages",
        sa.Column("id", sa.String(length=32), nullable=False, comment="Random; also the e-mail's Message-ID"),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("email", "sms", name="channel", native_enum=False, create_constraint=True),
            nullable=False,
        ),
        sa.Column(
            "address", sa.String(length=254), nullable=False, comment="A colleague's or a service's, never a victim's"
        ),
        sa.Column(
            "reference",
            sa.String(length=20),
            nullable=False,
            comment="What it is about, such as a referral's reference",
        ),
        sa.Column("path", sa.String(length=200), nullable=False, comment="The page of ours that its link leads to"),
        sa.Column("dedupe_key", sa.String(length=120), nullable=False, comment="The same thing is never told twice"),
        sa.Column(
            "state",
            sa.Enum("waiting", "sending", "sent", "dead", name="state", native_enum=False, create_constraint=True),
            nullable=False,
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "next_attempt_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="While sending: when the claim lapses",
        ),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column(
            "last_error", sa.String(length=60), nullable=False, comment="A code such as `smtp-450`, never a text"
        ),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_outbox_messages_sent_has_a_time")),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_outbox_messages_attempts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_messages")),
    )
    op.create_index(
        op.f("ix_outbox_messages_state_next_attempt_at"), "outbox_messages", ["state", "next_attempt_at"], unique=False
    )
    op.create_index(
        "uq_outbox_messages_dedupe_key",
        "outbox_messages",
        ["dedupe_key"],
        unique=True,
        sqlite_where=sa.text("dedupe_key <> ''"),
        postgresql_where=sa.text("dedupe_key <> ''"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_outbox_messages_dedupe_key",
        table_name="outbox_messages",
        sqlite_where=sa.text("dedupe_key <> ''"),
        postgresql_where=sa.text("dedupe_key <> ''"),
    )
    op.drop_index(op.f("ix_outbox_messages_state_next_attempt_at"), table_name="outbox_messages")
    op.drop_table("outbox_messages")
