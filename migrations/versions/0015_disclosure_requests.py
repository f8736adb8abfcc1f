"""The register of disclosure requests: answered once, never changed after."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

REFUSAL = "an answered disclosure request is never changed"


def upgrade() -> None:
    op.create_table(
        "disclosure_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column(
            "requester",
            sa.Enum(
                "immigration_enforcement",
                "other_home_office",
                "police",
                "court",
                "local_authority",
                "solicitor",
                "researcher",
                "press",
                "person_concerned",
                "other",
                name="requester",
                native_enum=False,
                create_constraint=True,
                length=23,
            ),
            nullable=False,
        ),
        sa.Column(
            "subject",
            sa.Enum(
                "person",
                "households",
                "address",
                "statistics",
                "audit_trail",
                "listing",
                name="subject",
                native_enum=False,
                create_constraint=True,
                length=11,
            ),
            nullable=False,
        ),
        sa.Column(
            "basis",
            sa.Enum(
                "none_given",
                "court_order",
                "data_protection_act",
                "freedom_of_information_act",
                "subject_access",
                "safeguarding",
                "other",
                name="basis",
                native_enum=False,
                create_constraint=True,
                length=26,
            ),
            nullable=False,
        ),
        sa.Column(
            "organisation_id",
            sa.String(length=80),
            nullable=True,
            comment="Whose listing, units or referrals it was about; empty: no one's",
        ),
        sa.Column(
            "summary", sa.String(length=300), nullable=False, comment="Only what the screen let pass: nobody is named"
        ),
        sa.Column(
            "decision",
            sa.Enum(
                "pending",
                "refused",
                "nothing_held",
                "partly_disclosed",
                "disclosed",
                name="decision",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("corrects_id", sa.Integer(), nullable=True, comment="The earlier entry that was wrong"),
        sa.Column("recorded_by", sa.String(length=40), nullable=False, comment="`user-12`"),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "(decision = 'pending') = (answered_on IS NULL)", name=op.f("ck_disclosure_requests_answered_has_a_date")
        ),
        sa.CheckConstraint("answered_on >= received_on", name=op.f("ck_disclosure_requests_answered_after_it_came")),
        sa.CheckConstraint("length(summary) <= 300", name=op.f("ck_disclosure_requests_summary")),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["disclosure_requests.id"], name=op.f("fk_disclosure_requests_corrects_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_disclosure_requests_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure_requests")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_disclosure_requests_received_on"), "disclosure_requests", ["received_on"], unique=False)

    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER disclosure_requests_no_update BEFORE UPDATE ON disclosure_requests "
            f"WHEN OLD.decision <> 'pending' BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
        op.execute(
            "CREATE TRIGGER disclosure_requests_no_delete BEFORE DELETE ON disclosure_requests "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
        # REPLACE deletes without asking the trigger above.
        op.execute(
            "CREATE TRIGGER disclosure_requests_no_replace BEFORE INSERT ON disclosure_requests "
            "WHEN EXISTS (SELECT 1 FROM disclosure_requests WHERE id = NEW.id) "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION refuse_disclosure_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'check_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER disclosure_requests_no_update BEFORE UPDATE ON disclosure_requests "
        "FOR EACH ROW WHEN (OLD.decision <> 'pending') EXECUTE FUNCTION refuse_disclosure_change()"
    )
    op.execute(
        "CREATE TRIGGER disclosure_requests_no_delete BEFORE DELETE ON disclosure_requests "
        "FOR EACH ROW EXECUTE FUNCTION refuse_disclosure_change()"
    )
    op.execute(
        "CREATE TRIGGER disclosure_requests_no_truncate BEFORE TRUNCATE ON disclosure_requests "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_disclosure_change()"
    )


def downgrade() -> None:
    op.drop_table("disclosure_requests")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_disclosure_change()")
