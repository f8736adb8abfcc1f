"""Holds: one unit for one referrer; the database itself refuses a second one, and one on a unit that is not open."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NOT_OPEN = "only an open unit can be held"
HELD = "this unit is held"


def upgrade() -> None:
    op.create_table(
        "holds",
        sa.Column("id", sa.String(length=16), nullable=False, comment="Random"),
        sa.Column("unit_id", sa.String(length=80), nullable=True, comment="Cut when the hold ends"),
        sa.Column("service_id", sa.String(length=80), nullable=False),
        sa.Column("held_by", sa.Integer(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("extended_at", sa.DateTime(timezone=True), nullable=True, comment="A hold is extended once"),
        sa.Column(
            "for_referral",
            sa.Boolean(),
            nullable=False,
            comment="A referral was made of it: it lasts until that is answered",
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "released",
                "expired",
                "ended_by_provider",
                "placed",
                name="outcome",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=True,
        ),
        sa.Column(
            "idempotency_key", sa.String(length=64), nullable=False, comment="SHA-256 of the caller's key, in hex"
        ),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome <> 'expired' OR ended_at >= expires_at", name=op.f("ck_holds_expires_in_time")
        ),
        sa.CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name=op.f("ck_holds_ended_has_outcome")),
        sa.CheckConstraint(
            "ended_at IS NOT NULL OR unit_id IS NOT NULL", name=op.f("ck_holds_going_on_names_its_unit")
        ),
        sa.CheckConstraint("ended_at IS NULL OR unit_id IS NULL", name=op.f("ck_holds_ended_names_no_unit")),
        sa.CheckConstraint("expires_at > held_at", name=op.f("ck_holds_lasts")),
        sa.ForeignKeyConstraint(["held_by"], ["users.id"], name=op.f("fk_holds_held_by")),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_holds_service_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_holds_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
    )
    op.create_index(op.f("ix_holds_ended_at"), "holds", ["ended_at"], unique=False)
    op.create_index(
        "ix_holds_going_on",
        "holds",
        ["held_by", "expires_at"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("uq_holds_idempotency_key", "holds", ["held_by", "idempotency_key"], unique=True)
    op.create_index(
        "uq_holds_unit",
        "holds",
        ["unit_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "unit_hold_counts",
        sa.Column("unit_id", sa.String(length=80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("holds", sa.Integer(), nullable=False),
        sa.CheckConstraint("holds >= 1", name=op.f("ck_unit_hold_counts_holds")),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_unit_hold_counts_unit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("unit_id", "day", name=op.f("pk_unit_hold_counts")),
    )
    if op.get_bind().dialect.name == "sqlite":
        _refuse_on_sqlite()
    else:
        _refuse_on_postgresql()


def _refuse_on_sqlite() -> None:
    # A migration that makes the table of units anew has to make the trigger on it anew, too.
    for name, change in (("insert", "INSERT"), ("update", "UPDATE OF unit_id, service_id, ended_at")):
        op.execute(
            f"CREATE TRIGGER holds_open_units_only_{name} BEFORE {change} ON holds WHEN NEW.ended_at IS NULL "
            f"BEGIN SELECT RAISE(ABORT, '{NOT_OPEN}') WHERE NOT EXISTS ("
            "SELECT 1 FROM units WHERE id = NEW.unit_id AND service_id = NEW.service_id AND state = 'open'); END"
        )
    op.execute(
        "CREATE TRIGGER units_held_stay_open BEFORE UPDATE OF state, service_id ON units "
        "WHEN NEW.state <> 'open' OR NEW.service_id <> OLD.service_id "
        f"BEGIN SELECT RAISE(ABORT, '{HELD}') WHERE EXISTS ("
        "SELECT 1 FROM holds WHERE unit_id = NEW.id AND ended_at IS NULL); END"
    )


def _refuse_on_postgresql() -> None:
    # The share lock makes a hold and a change of its unit's state wait for one another: without it, each of two
    # transactions at the same moment could find nothing wrong.
    op.execute(
        "CREATE FUNCTION hold_open_units_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "PERFORM 1 FROM units WHERE id = NEW.unit_id AND service_id = NEW.service_id AND state = 'open' FOR SHARE; "
        f"IF NOT FOUND THEN RAISE EXCEPTION '{NOT_OPEN}' USING ERRCODE = 'check_violation'; END IF; "
        "RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER holds_open_units_only BEFORE INSERT OR UPDATE OF unit_id, service_id, ended_at ON holds "
        "FOR EACH ROW WHEN (NEW.ended_at IS NULL) EXECUTE FUNCTION hold_open_units_only()"
    )
    op.execute(
        "CREATE FUNCTION units_held_stay_open() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF EXISTS (SELECT 1 FROM holds WHERE unit_id = NEW.id AND ended_at IS NULL) THEN "
        f"RAISE EXCEPTION '{HELD}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER units_held_stay_open BEFORE UPDATE OF state, service_id ON units FOR EACH ROW "
        "WHEN (NEW.state <> 'open' OR NEW.service_id <> OLD.service_id) EXECUTE FUNCTION units_held_stay_open()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER units_held_stay_open")
    else:
        op.execute("DROP TRIGGER units_held_stay_open ON units")
        op.execute("DROP FUNCTION units_held_stay_open()")
    op.drop_table("unit_hold_counts")
    op.drop_index(
        "uq_holds_unit",
        table_name="holds",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index("uq_holds_idempotency_key", table_name="holds")
    op.drop_index(
        "ix_holds_going_on",
        table_name="holds",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index(op.f("ix_holds_ended_at"), table_name="holds")
    op.drop_table("holds")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION hold_open_units_only()")
