"""Versions of every listing, never rewritten; proposals; uploaded sheets. Whoever is referred to stays."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

REFUSAL = "versions of the catalogue are kept as they are"
REFERRED_TO = "a referral to this service is open"
KEPT = ("catalogue_changes", "listing_versions")
OPEN_STEPS = (
    "SELECT 1 FROM referral_steps s JOIN referrals r ON r.id = s.referral_id "
    "WHERE r.ended_at IS NULL AND s.state IN ('waiting', 'accepted')"
)

# A service that nobody has withdrawn, of an organisation that nobody has withdrawn.
WITHDRAWN = "this service is withdrawn"
STANDING = (
    "SELECT 1 FROM services s JOIN organisations o ON o.id = s.organisation_id "
    "WHERE s.id = NEW.service_id AND s.status <> 'withdrawn' AND o.status <> 'withdrawn'"
)


def upgrade() -> None:
    op.create_table(
        "catalogue_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "found",
                "import",
                "upload",
                "proposal",
                "status",
                "confirmation",
                "restore",
                "undo",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=12,
            ),
            nullable=False,
        ),
        sa.Column("made_by", sa.String(length=40), nullable=False, comment="`user-12`, `link-3` or `system`"),
        sa.Column(
            "undoes_id", sa.Integer(), nullable=True, comment="The change that this one takes back; each at most once"
        ),
        sa.CheckConstraint(
            "(kind = 'undo') = (undoes_id IS NOT NULL)", name=op.f("ck_catalogue_changes_undo_says_of_what")
        ),
        sa.ForeignKeyConstraint(["undoes_id"], ["catalogue_changes.id"], name=op.f("fk_catalogue_changes_undoes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_changes")),
        sa.UniqueConstraint("undoes_id", name="uq_catalogue_changes_undoes_id"),
    )
    op.create_index(op.f("ix_catalogue_changes_at"), "catalogue_changes", ["at"], unique=False)
    op.create_table(
        "remembered_headers",
        sa.Column(
            "kind",
            sa.Enum(
                "organisation", "service", "unit", name="kind", native_enum=False, create_constraint=True, length=12
            ),
            nullable=False,
        ),
        sa.Column("header", sa.String(length=120), nullable=False, comment="In lower case, without punctuation"),
        sa.Column("catalogue_column", sa.String(length=60), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "header", name=op.f("pk_remembered_headers")),
    )
    op.create_table(
        "listing_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "organisation", "service", "unit", name="kind", native_enum=False, create_constraint=True, length=12
            ),
            nullable=False,
        ),
        sa.Column("listing_id", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="1 for its first version"),
        sa.Column(
            "removed",
            sa.Boolean(),
            nullable=False,
            comment="From here on it is no longer there; it is kept, never shown",
        ),
        sa.Column(
            "content",
            sa.Text(),
            nullable=False,
            comment="JSON: column to text, without what is true only for now (a unit's state and confirmation)",
        ),
        sa.Column(
            "live",
            sa.Text(),
            nullable=False,
            comment="JSON: a unit's state and confirmation before and after, where this change set them",
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_listing_versions_number")),
        sa.ForeignKeyConstraint(["change_id"], ["catalogue_changes.id"], name=op.f("fk_listing_versions_change_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_versions")),
        sa.UniqueConstraint("kind", "listing_id", "number", name="uq_listing_versions_number"),
    )
    op.create_index(op.f("ix_listing_versions_change_id"), "listing_versions", ["change_id"], unique=False)
    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "organisation", "service", "unit", name="kind", native_enum=False, create_constraint=True, length=12
            ),
            nullable=False,
        ),
        sa.Column(
            "listing_id", sa.String(length=80), nullable=False, comment="Of a new listing: the id that it will have"
        ),
        sa.Column("is_new", sa.Boolean(), nullable=False, comment="It adds a listing"),
        sa.Column("organisation_id", sa.String(length=80), nullable=False, comment="Whose listing it is"),
        sa.Column(
            "source",
            sa.Enum("edit", "correction", name="source", native_enum=False, create_constraint=True, length=10),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "returned",
                "approved",
                "rejected",
                "folded",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=9,
            ),
            nullable=False,
        ),
        sa.Column(
            "fields",
            sa.Text(),
            nullable=False,
            comment="JSON: column to what it was, what it should be, and whose wish",
        ),
        sa.Column(
            "base_version", sa.Integer(), nullable=False, comment="The version that the author saw; 0 for a new listing"
        ),
        sa.Column("explanation", sa.String(length=500), nullable=False, comment="Only what the screen let pass"),
        sa.Column("comment", sa.String(length=500), nullable=False, comment="The reviewer's; screened too"),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("folded_into_id", sa.Integer(), nullable=True),
        sa.Column("change_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'approved') = (change_id IS NOT NULL)", name=op.f("ck_proposals_approved_says_what_it_changed")
        ),
        sa.CheckConstraint(
            "(state = 'folded') = (folded_into_id IS NOT NULL)", name=op.f("ck_proposals_folded_says_into_which")
        ),
        sa.CheckConstraint(
            "(state IN ('pending', 'returned')) = (decided_at IS NULL)", name=op.f("ck_proposals_decided_has_a_time")
        ),
        sa.CheckConstraint(
            "state NOT IN ('returned', 'rejected') OR comment <> ''", name=op.f("ck_proposals_a_no_says_why")
        ),
        sa.CheckConstraint(
            "length(explanation) <= 500 AND length(comment) <= 500", name=op.f("ck_proposals_short_texts")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_proposals_author_id")),
        sa.ForeignKeyConstraint(["change_id"], ["catalogue_changes.id"], name=op.f("fk_proposals_change_id")),
        sa.ForeignKeyConstraint(["folded_into_id"], ["proposals.id"], name=op.f("fk_proposals_folded_into_id")),
        sa.ForeignKeyConstraint(["reviewed_by"], ["users.id"], name=op.f("fk_proposals_reviewed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
    )
    op.create_index(op.f("ix_proposals_author_id_made_at"), "proposals", ["author_id", "made_at"], unique=False)
    op.create_index(
        op.f("ix_proposals_kind_listing_id_state"), "proposals", ["kind", "listing_id", "state"], unique=False
    )
    op.create_index(op.f("ix_proposals_state_made_at"), "proposals", ["state", "made_at"], unique=False)
    op.create_table(
        "staged_sheets",
        sa.Column("id", sa.String(length=32), nullable=False, comment="Random"),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "organisation", "service", "unit", name="kind", native_enum=False, create_constraint=True, length=12
            ),
            nullable=False,
        ),
        sa.Column(
            "cells", sa.LargeBinary(), nullable=False, comment="Compressed JSON: the header and the rows as text"
        ),
        sa.Column("mapping", sa.Text(), nullable=False, comment="JSON: column of the sheet to the catalogue's"),
        sa.Column("change_id", sa.Integer(), nullable=True, comment="What it changed"),
        sa.ForeignKeyConstraint(["change_id"], ["catalogue_changes.id"], name=op.f("fk_staged_sheets_change_id")),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_staged_sheets_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staged_sheets")),
    )
    op.create_index(op.f("ix_staged_sheets_made_at"), "staged_sheets", ["made_at"], unique=False)
    op.create_index(op.f("ix_staged_sheets_made_by"), "staged_sheets", ["made_by"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        _refuse_on_sqlite()
    else:
        _refuse_on_postgresql()


def _refuse_on_sqlite() -> None:
    for table in KEPT:
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
    # REPLACE deletes without asking the triggers above.
    for table, same in (
        ("catalogue_changes", "id = NEW.id OR undoes_id = NEW.undoes_id"),
        (
            "listing_versions",
            "id = NEW.id OR (kind = NEW.kind AND listing_id = NEW.listing_id AND number = NEW.number)",
        ),
    ):
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
    for change in ("INSERT", "UPDATE OF state, service_id"):
        op.execute(
            f"CREATE TRIGGER referral_steps_not_withdrawn_{change[:6].lower()} BEFORE {change} ON referral_steps "
            "WHEN NEW.state = 'waiting' "
            f"BEGIN SELECT RAISE(ABORT, '{WITHDRAWN}') WHERE NOT EXISTS ({STANDING}); END"
        )
    for table, service in (("services", "NEW.id"), ("organisations", None)):
        whose = (
            f"s.service_id = {service}"
            if service
            else ("s.service_id IN (SELECT id FROM services WHERE organisation_id = NEW.id)")
        )
        op.execute(
            f"CREATE TRIGGER {table}_referred_to_stay BEFORE UPDATE OF status ON {table} "
            "WHEN NEW.status = 'withdrawn' AND OLD.status <> 'withdrawn' "
            f"BEGIN SELECT RAISE(ABORT, '{REFERRED_TO}') WHERE EXISTS ({OPEN_STEPS} AND {whose}); END"
        )


def _refuse_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_version_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'check_violation'; END $$"
    )
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_version_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_version_change()"
        )
    # The share lock makes whoever refers and whoever withdraws wait for one another: without it, each of two
    # transactions at the same moment could find nothing wrong.
    op.execute(
        "CREATE FUNCTION referral_steps_not_withdrawn() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"PERFORM 1 FROM ({STANDING} FOR SHARE) AS standing; "
        f"IF NOT FOUND THEN RAISE EXCEPTION '{WITHDRAWN}' USING ERRCODE = 'check_violation'; END IF; "
        "RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER referral_steps_not_withdrawn BEFORE INSERT OR UPDATE OF state, service_id ON referral_steps "
        "FOR EACH ROW WHEN (NEW.state = 'waiting') EXECUTE FUNCTION referral_steps_not_withdrawn()"
    )
    for table, whose in (
        ("services", "s.service_id = NEW.id"),
        ("organisations", "s.service_id IN (SELECT id FROM services WHERE organisation_id = NEW.id)"),
    ):
        op.execute(
            f"CREATE FUNCTION {table}_referred_to_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF EXISTS ({OPEN_STEPS} AND {whose}) THEN "
            f"RAISE EXCEPTION '{REFERRED_TO}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_referred_to_stay BEFORE UPDATE OF status ON {table} FOR EACH ROW "
            "WHEN (NEW.status = 'withdrawn' AND OLD.status <> 'withdrawn') "
            f"EXECUTE FUNCTION {table}_referred_to_stay()"
        )


def downgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    if on_sqlite:
        for change in ("insert", "update"):
            op.execute(f"DROP TRIGGER referral_steps_not_withdrawn_{change}")
    else:
        op.execute("DROP TRIGGER referral_steps_not_withdrawn ON referral_steps")
        op.execute("DROP FUNCTION referral_steps_not_withdrawn()")
    for table in ("services", "organisations"):
        op.execute(f"DROP TRIGGER {table}_referred_to_stay" + ("" if on_sqlite else f" ON {table}"))
        if not on_sqlite:
            op.execute(f"DROP FUNCTION {table}_referred_to_stay()")
    op.drop_index(op.f("ix_staged_sheets_made_by"), table_name="staged_sheets")
    op.drop_index(op.f("ix_staged_sheets_made_at"), table_name="staged_sheets")
    op.drop_table("staged_sheets")
    op.drop_index(op.f("ix_proposals_state_made_at"), table_name="proposals")
    op.drop_index(op.f("ix_proposals_kind_listing_id_state"), table_name="proposals")
    op.drop_index(op.f("ix_proposals_author_id_made_at"), table_name="proposals")
    op.drop_table("proposals")
    op.drop_index(op.f("ix_listing_versions_change_id"), table_name="listing_versions")
    op.drop_table("listing_versions")
    op.drop_table("remembered_headers")
    op.drop_index(op.f("ix_catalogue_changes_at"), table_name="catalogue_changes")
    op.drop_table("catalogue_changes")
    if not on_sqlite:
        op.execute("DROP FUNCTION refuse_version_change()")
