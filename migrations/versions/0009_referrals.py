"""Referrals: their plans, moves and sealed contacts, and the counts that are left of them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "referral_counts",
        sa.Column("month", sa.String(length=7), nullable=False, comment="London month, such as 2026-11"),
        sa.Column("service_id", sa.String(length=80), nullable=False),
        sa.Column("measure", sa.String(length=60), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("month LIKE '____-__'", name=op.f("ck_referral_counts_month")),
        sa.CheckConstraint("count >= 1", name=op.f("ck_referral_counts_count")),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_referral_counts_service_id")),
        sa.PrimaryKeyConstraint("month", "service_id", "measure", name=op.f("pk_referral_counts")),
    )
    op.create_table(
        "referrals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=10), nullable=False, comment="Random; tells nothing"),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "sent",
                "seen",
                "accepted",
                "declined",
                "expired",
                "withdrawn",
                "arrived",
                "did_not_arrive",
                "closed",
                name="state",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("adults", sa.SmallInteger(), nullable=False),
        sa.Column("children", sa.Text(), nullable=False, comment="One ChildBand for each child"),
        sa.Column("needs", sa.Text(), nullable=False, comment="Codes of needs"),
        sa.Column("access_features", sa.Text(), nullable=False, comment="Codes of access features"),
        sa.Column(
            "language",
            sa.String(length=3),
            nullable=False,
            comment="ISO 639, for the worker or interpreter; empty: English",
        ),
        sa.Column(
            "risk",
            sa.Enum("standard", "medium", "high", name="risk", native_enum=False, create_constraint=True),
            nullable=False,
        ),
        sa.Column(
            "consent_how",
            sa.Enum(
                "in_person",
                "by_phone",
                "in_writing",
                "with_interpreter",
                name="consent_how",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("consent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "consent_covers_plan", sa.Boolean(), nullable=False, comment="She agreed to each service of the plan"
        ),
        sa.Column(
            "moves_on", sa.Boolean(), nullable=False, comment="The next step is taken without asking the referrer"
        ),
        sa.Column("note", sa.String(length=500), nullable=False, comment="Only what the screen let pass"),
        sa.Column(
            "reported_on", sa.Date(), nullable=False, comment="London date of the report: the Victims' Code clock"
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True, comment="To the first service that was asked"),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True, comment="By when whoever's turn it is must act"),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state IN ('withdrawn', 'arrived', 'did_not_arrive', 'closed')) = (ended_at IS NOT NULL)",
            name=op.f("ck_referrals_outcome_has_a_time"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'withdrawn', 'closed') OR sent_at IS NOT NULL",
            name=op.f("ck_referrals_under_way_was_sent"),
        ),
        sa.CheckConstraint("(ended_at IS NULL) = (due_at IS NOT NULL)", name=op.f("ck_referrals_open_has_a_due_time")),
        sa.CheckConstraint("NOT moves_on OR consent_covers_plan", name=op.f("ck_referrals_moves_on_with_consent")),
        sa.CheckConstraint("adults BETWEEN 0 AND 20", name=op.f("ck_referrals_adults")),
        sa.CheckConstraint("length(note) <= 500", name=op.f("ck_referrals_note")),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_referrals_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
        sa.UniqueConstraint("reference", name=op.f("uq_referrals_reference")),
    )
    op.create_index(op.f("ix_referrals_author_id_created_at"), "referrals", ["author_id", "created_at"], unique=False)
    op.create_index(op.f("ix_referrals_ended_at"), "referrals", ["ended_at"], unique=False)
    op.create_index(op.f("ix_referrals_state_due_at"), "referrals", ["state", "due_at"], unique=False)
    op.create_table(
        "referral_moves",
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state_before",
            sa.Enum(
                "draft",
                "sent",
                "seen",
                "accepted",
                "declined",
                "expired",
                "withdrawn",
                "arrived",
                "did_not_arrive",
                "closed",
                name="state_before",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=True,
        ),
        sa.Column(
            "state_after",
            sa.Enum(
                "draft",
                "sent",
                "seen",
                "accepted",
                "declined",
                "expired",
                "withdrawn",
                "arrived",
                "did_not_arrive",
                "closed",
                name="state_after",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column(
            "moved_by",
            sa.Enum("referrer", "provider", "system", name="moved_by", native_enum=False, create_constraint=True),
            nullable=False,
        ),
        sa.Column("position", sa.SmallInteger(), nullable=True, comment="The step that it concerns"),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.id"], name=op.f("fk_referral_moves_referral_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("referral_id", "number", name=op.f("pk_referral_moves")),
    )
    op.create_table(
        "sealed_contacts",
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(length=32), nullable=False, comment="Of the key, which is in the keystore"),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.id"], name=op.f("fk_sealed_contacts_referral_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("referral_id", name=op.f("pk_sealed_contacts")),
        sa.UniqueConstraint("key_id", name=op.f("uq_sealed_contacts_key_id")),
    )
    op.create_table(
        "referral_steps",
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("service_id", sa.String(length=80), nullable=False),
        sa.Column("unit_id", sa.String(length=80), nullable=True),
        sa.Column("hold_id", sa.String(length=16), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "waiting",
                "accepted",
                "declined",
                "expired",
                "skipped",
                "ended",
                name="state",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("half_time", sa.DateTime(timezone=True), nullable=True, comment="When the service is nudged"),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=True, comment="By when it should have answered"),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("nudged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "declined_by",
            sa.Enum("provider", "survivor", name="declined_by", native_enum=False, create_constraint=True),
            nullable=True,
        ),
        sa.Column(
            "decline_reason",
            sa.Enum(
                "no_capacity",
                "cannot_meet_need",
                "too_near",
                "too_far",
                "too_risky_here",
                "not_reachable",
                "other",
                name="decline_reason",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(state = 'declined') = (declined_by IS NOT NULL) AND (state = 'declined') = (decline_reason IS NOT NULL)",
            name=op.f("ck_referral_steps_declined_says_why"),
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'skipped', 'ended') OR (sent_at IS NOT NULL AND deadline IS NOT NULL)",
            name=op.f("ck_referral_steps_asked_has_a_deadline"),
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'waiting', 'accepted') OR unit_id IS NULL",
            name=op.f("ck_referral_steps_over_names_no_unit"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'accepted') OR hold_id IS NULL", name=op.f("ck_referral_steps_hold_while_asked")
        ),
        sa.CheckConstraint("position BETWEEN 1 AND 5", name=op.f("ck_referral_steps_position")),
        sa.ForeignKeyConstraint(["hold_id"], ["holds.id"], name=op.f("fk_referral_steps_hold_id")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.id"], name=op.f("fk_referral_steps_referral_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_referral_steps_service_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_referral_steps_unit_id")),
        sa.PrimaryKeyConstraint("referral_id", "position", name=op.f("pk_referral_steps")),
        sa.UniqueConstraint("hold_id", name=op.f("uq_referral_steps_hold_id")),
    )
    op.create_index(op.f("ix_referral_steps_service_id_state"), "referral_steps", ["service_id", "state"], unique=False)
    op.create_index(
        "uq_referral_steps_asked",
        "referral_steps",
        ["referral_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('waiting', 'accepted')"),
        postgresql_where=sa.text("state IN ('waiting', 'accepted')"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_referral_steps_asked",
        table_name="referral_steps",
        sqlite_where=sa.text("state IN ('waiting', 'accepted')"),
        postgresql_where=sa.text("state IN ('waiting', 'accepted')"),
    )
    op.drop_index(op.f("ix_referral_steps_service_id_state"), table_name="referral_steps")
    op.drop_table("referral_steps")
    op.drop_table("sealed_contacts")
    op.drop_table("referral_moves")
    op.drop_index(op.f("ix_referrals_state_due_at"), table_name="referrals")
    op.drop_index(op.f("ix_referrals_ended_at"), table_name="referrals")
    op.drop_index(op.f("ix_referrals_author_id_created_at"), table_name="referrals")
    op.drop_table("referrals")
    op.drop_table("referral_counts")
