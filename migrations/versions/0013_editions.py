"""Editions: what they hold, who received them; once published, the database refuses every change."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

REFUSAL = "a published edition is never changed"
SIGNED = "an edition that was signed off is not changed"
# What stands for good with the signature, unless it is withdrawn; publishing adds a number, a time and a seal.
FIXED_BY_SIGNING = (
    *("id", "as_of", "prepared_by_id", "prepared_at", "signed_by_id", "signed_at", "corrects_number", "note"),
    *("warnings", "checks", "drafted_checks", "content_hash", "organisations", "services", "units", "bedspaces"),
)


def upgrade() -> None:
    op.create_table(
        "edition_schedule",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("every_months", sa.SmallInteger(), nullable=False),
        sa.Column("day", sa.SmallInteger(), nullable=False, comment="Of the month, London"),
        sa.Column(
            "drafted_for",
            sa.Date(),
            nullable=True,
            comment="The due date for which it last drafted one: once each, whatever became of that draft",
        ),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=40), nullable=False),
        sa.CheckConstraint("day BETWEEN 1 AND 28", name=op.f("ck_edition_schedule_day")),
        sa.CheckConstraint("every_months BETWEEN 1 AND 12", name=op.f("ck_edition_schedule_every_months")),
        sa.CheckConstraint("id = 1", name=op.f("ck_edition_schedule_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_schedule")),
    )
    op.create_table(
        "editions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum("draft", "signed", "published", name="state", native_enum=False, create_constraint=True, length=9),
            nullable=False,
        ),
        sa.Column(
            "slot",
            sa.SmallInteger(),
            nullable=True,
            comment="1 while it is being prepared: there is one place for that",
        ),
        sa.Column("as_of", sa.Date(), nullable=False, comment="The London date whose catalogue it holds"),
        sa.Column("prepared_by_id", sa.Integer(), nullable=True, comment="Empty: by the schedule"),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_by_id", sa.Integer(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("corrects_number", sa.Integer(), nullable=True, comment="The edition that it corrects"),
        sa.Column(
            "note",
            sa.String(length=300),
            nullable=False,
            comment="What the commissioner says of it; only what the screen let pass",
        ),
        sa.Column("warnings", sa.Integer(), nullable=False, comment="That whoever signed it had been shown"),
        sa.Column("checks", sa.Text(), nullable=False, comment="What the checks found when it was signed, as JSON"),
        sa.Column(
            "drafted_checks",
            sa.Text(),
            nullable=False,
            comment="What was found of the performance data in it when it was drafted, as JSON",
        ),
        sa.Column(
            "content_hash", sa.String(length=64), nullable=False, comment="SHA-256, in hex, of the canonical content"
        ),
        sa.Column("organisations", sa.Integer(), nullable=False, comment="How many it holds, as the following three"),
        sa.Column("services", sa.Integer(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False, comment="Of refuges, in contract on that date"),
        sa.Column("bedspaces", sa.Integer(), nullable=False),
        sa.Column("previous_seal", sa.String(length=64), nullable=False, comment="Empty for the first"),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "(state = 'published') = (number IS NOT NULL) AND (state = 'published') = (published_at IS NOT NULL) AND (state = 'published') = (length(seal) = 64)",
            name=op.f("ck_editions_published_is_numbered_and_sealed"),
        ),
        sa.CheckConstraint(
            "(state = 'published') = (slot IS NULL) AND (slot IS NULL OR slot = 1)", name=op.f("ck_editions_slot")
        ),
        sa.CheckConstraint("state = 'draft' OR signed_by_id IS NOT NULL", name=op.f("ck_editions_signed_by_somebody")),
        sa.CheckConstraint("(signed_by_id IS NULL) = (signed_at IS NULL)", name=op.f("ck_editions_signed_has_a_time")),
        sa.CheckConstraint("length(content_hash) = 64", name=op.f("ck_editions_content_hash")),
        sa.CheckConstraint("length(note) <= 300", name=op.f("ck_editions_note")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_editions_number")),
        sa.CheckConstraint(
            "organisations >= 0 AND services >= 0 AND units >= 0 AND bedspaces >= 0", name=op.f("ck_editions_counts")
        ),
        sa.CheckConstraint("signed_by_id <> prepared_by_id", name=op.f("ck_editions_signed_by_a_second_person")),
        sa.CheckConstraint(
            "signed_by_id IS NULL OR prepared_by_id IS NOT NULL", name=op.f("ck_editions_signed_was_prepared")
        ),
        sa.ForeignKeyConstraint(["prepared_by_id"], ["users.id"], name=op.f("fk_editions_prepared_by_id")),
        sa.ForeignKeyConstraint(["signed_by_id"], ["users.id"], name=op.f("fk_editions_signed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editions")),
        sa.UniqueConstraint("number", name=op.f("uq_editions_number")),
        sa.UniqueConstraint("slot", name=op.f("uq_editions_slot")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "edition_entries",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "organisation",
                "service",
                "programme",
                "performance",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=12,
            ),
            nullable=False,
        ),
        sa.Column("entry_id", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_edition_entries_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("edition_id", "kind", "entry_id", name=op.f("pk_edition_entries")),
    )
    op.create_table(
        "edition_files",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_edition_files_edition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("edition_id", "name", name=op.f("pk_edition_files")),
    )
    op.create_table(
        "edition_receipts",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(length=60), nullable=False, comment="The Basic Command Unit; empty: none is known"),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminders", sa.SmallInteger(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "acknowledged_at IS NULL OR seen_at IS NOT NULL", name=op.f("ck_edition_receipts_acknowledged_is_seen")
        ),
        sa.CheckConstraint("reminders >= 0", name=op.f("ck_edition_receipts_reminders")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_edition_receipts_edition_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_edition_receipts_user_id")),
        sa.PrimaryKeyConstraint("edition_id", "user_id", name=op.f("pk_edition_receipts")),
    )
    op.create_index(op.f("ix_edition_receipts_user_id"), "edition_receipts", ["user_id"], unique=False)
    op.create_table(
        "receipt_links",
        sa.Column("token_hash", sa.String(length=64), nullable=False, comment="SHA-256 of the token, in hex"),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id", "user_id"],
            ["edition_receipts.edition_id", "edition_receipts.user_id"],
            name=op.f("fk_receipt_links_edition_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_receipt_links")),
    )
    op.create_index(op.f("ix_receipt_links_expires_at"), "receipt_links", ["expires_at"], unique=False)

    if op.get_bind().dialect.name == "sqlite":
        _protect_on_sqlite()
    else:
        _protect_on_postgresql()


def _protect_on_sqlite() -> None:
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER editions_no_{change.lower()} BEFORE {change} ON editions WHEN OLD.state = 'published' "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
    differs = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in FIXED_BY_SIGNING)
    for change, when in (("UPDATE", f"NEW.state <> 'draft' AND ({differs})"), ("DELETE", "TRUE")):
        op.execute(
            f"CREATE TRIGGER signed_editions_no_{change.lower()} BEFORE {change} ON editions "
            f"WHEN OLD.state = 'signed' AND {when} BEGIN SELECT RAISE(ABORT, '{SIGNED}'); END"
        )
    # REPLACE deletes without asking the triggers above.
    op.execute(
        "CREATE TRIGGER editions_no_replace BEFORE INSERT ON editions WHEN EXISTS (SELECT 1 FROM editions "
        "WHERE state <> 'draft' AND (id = NEW.id OR number = NEW.number)) "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )
    for change, rows in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",))):
        for row in rows:
            op.execute(
                f"CREATE TRIGGER edition_entries_no_{change.lower()}_{row.lower()} BEFORE {change} ON edition_entries "
                f"WHEN EXISTS (SELECT 1 FROM editions WHERE id = {row}.edition_id AND state <> 'draft') "
                f"BEGIN SELECT RAISE(ABORT, '{SIGNED}'); END"
            )


def _protect_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_edition_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'check_violation'; END $$"
    )
    old, new = ([f"{row}.{column}" for column in FIXED_BY_SIGNING] for row in ("OLD", "NEW"))
    differs = f"ROW({', '.join(old)}) IS DISTINCT FROM ROW({', '.join(new)})"
    for name, change, when, refusal in (
        ("editions_no_change", "UPDATE OR DELETE", "OLD.state = 'published'", REFUSAL),
        ("signed_editions_no_update", "UPDATE", f"OLD.state = 'signed' AND NEW.state <> 'draft' AND {differs}", SIGNED),
        ("signed_editions_no_delete", "DELETE", "OLD.state = 'signed'", SIGNED),
    ):
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {change} ON editions "
            f"FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION refuse_edition_change('{refusal}')"
        )
    # Whoever is signing at this moment is waited for: else an entry could slip in behind what was signed.
    op.execute(
        "CREATE FUNCTION refuse_signed_entry_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "DECLARE touched integer[] := ARRAY[]::integer[]; "
        "BEGIN "
        "IF TG_OP <> 'INSERT' THEN touched := touched || OLD.edition_id; END IF; "
        "IF TG_OP <> 'DELETE' THEN touched := touched || NEW.edition_id; END IF; "
        "PERFORM 1 FROM editions WHERE id = ANY(touched) FOR SHARE; "
        "IF EXISTS (SELECT 1 FROM editions WHERE id = ANY(touched) AND state <> 'draft') THEN "
        f"RAISE EXCEPTION '{SIGNED}' USING ERRCODE = 'check_violation'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER edition_entries_no_change BEFORE INSERT OR UPDATE OR DELETE ON edition_entries "
        "FOR EACH ROW EXECUTE FUNCTION refuse_signed_entry_change()"
    )
    for table in ("editions", "edition_entries"):
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_edition_change('{REFUSAL}')"
        )


def downgrade() -> None:
    for table in ("receipt_links", "edition_receipts", "edition_schedule", "edition_files", "edition_entries"):
        op.drop_table(table)
    op.drop_table("editions")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_edition_change()")
        op.execute("DROP FUNCTION refuse_signed_entry_change()")
