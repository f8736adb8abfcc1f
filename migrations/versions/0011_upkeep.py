"""Whom to remind, links that confirm without signing in, reminders that nobody answered, and who confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "update_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False, comment="SHA-256 of the token, in hex"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_update_links_lasts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_update_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_update_links_token_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_update_links_expires_at"), "update_links", ["expires_at"], unique=False)
    op.create_table(
        "service_contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.String(length=80), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("email", "sms", name="channel", native_enum=False, create_constraint=True, length=5),
            nullable=False,
        ),
        sa.Column("address", sa.String(length=254), nullable=False, comment="A service's own, never a victim's"),
        sa.Column(
            "hour", sa.SmallInteger(), nullable=False, comment="Of the London day, at which reminders are wanted"
        ),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=40), nullable=False),
        sa.CheckConstraint("hour BETWEEN 0 AND 23", name=op.f("ck_service_contacts_hour")),
        sa.CheckConstraint("position IN (1, 2)", name=op.f("ck_service_contacts_position")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_service_contacts_service_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_contacts")),
        sa.UniqueConstraint("service_id", "position", name="uq_service_contacts_position"),
    )
    op.create_table(
        "unanswered_reminders",
        sa.Column("service_id", sa.String(length=80), nullable=False),
        sa.Column(
            "subject",
            sa.Enum("units", "listing", name="subject", native_enum=False, create_constraint=True, length=7),
            nullable=False,
        ),
        sa.Column(
            "count", sa.SmallInteger(), nullable=False, comment="1: contact, 2: second contact, 3: commissioner too"
        ),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False, comment="London date of the last reminder"),
        sa.CheckConstraint("count BETWEEN 1 AND 3", name=op.f("ck_unanswered_reminders_count")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_unanswered_reminders_service_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("service_id", "subject", name=op.f("pk_unanswered_reminders")),
    )
    op.create_table(
        "update_link_services",
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"], ["update_links.id"], name=op.f("fk_update_link_services_link_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_update_link_services_service_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("link_id", "service_id", name=op.f("pk_update_link_services")),
    )
    op.create_index(op.f("ix_update_link_services_service_id"), "update_link_services", ["service_id"], unique=False)
    op.add_column(
        "organisations",
        sa.Column(
            "verified_by",
            sa.String(length=40),
            server_default="",
            nullable=False,
            comment="`user-12`, `link-3` or `import`; empty is unknown",
        ),
    )
    op.add_column(
        "services",
        sa.Column(
            "verified_by",
            sa.String(length=40),
            server_default="",
            nullable=False,
            comment="`user-12`, `link-3` or `import`; empty is unknown",
        ),
    )
    op.add_column(
        "units",
        sa.Column(
            "confirmed_by",
            sa.String(length=40),
            server_default="",
            nullable=False,
            comment="`user-12`, `link-3` or `import`; empty is unknown",
        ),
    )


def downgrade() -> None:
    op.drop_column("units", "confirmed_by")
    op.drop_column("services", "verified_by")
    op.drop_column("organisations", "verified_by")
    op.drop_index(op.f("ix_update_link_services_service_id"), table_name="update_link_services")
    op.drop_table("update_link_services")
    op.drop_table("unanswered_reminders")
    op.drop_table("service_contacts")
    op.drop_index(op.f("ix_update_links_expires_at"), table_name="update_links")
    op.drop_table("update_links")
