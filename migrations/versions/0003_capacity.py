"""Capacity: refuge units and the states they went through."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "units",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("service_id", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("borough_code", sa.String(length=9), nullable=True, comment="Empty: its service's"),
        sa.Column("bedspaces", sa.SmallInteger(), nullable=False),
        sa.Column("max_adults", sa.SmallInteger(), nullable=False),
        sa.Column("max_children", sa.SmallInteger(), nullable=False),
        sa.Column("boys_max_age", sa.SmallInteger(), nullable=True, comment="Oldest boy in years; empty is no limit"),
        sa.Column(
            "ringfence",
            sa.Enum("none", "nrpf", name="ringfence", native_enum=False, create_constraint=True),
            nullable=False,
        ),
        sa.Column("programme", sa.String(length=60), nullable=False, comment="The contract; for commissioners alone"),
        sa.Column("active_from", sa.Date(), nullable=True, comment="First London date of the contract"),
        sa.Column("active_until", sa.Date(), nullable=True, comment="The London date after the last one (exclusive)"),
        sa.Column(
            "state",
            sa.Enum("open", "occupied", "closed", name="state", native_enum=False, create_constraint=True),
            nullable=False,
        ),
        sa.Column(
            "confirmed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the provider last said that this is true; empty is never",
        ),
        sa.Column(
            "removed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="No longer in the files; kept, never shown",
        ),
        sa.CheckConstraint("removed_at IS NULL OR state = 'closed'", name=op.f("ck_units_removed_is_closed")),
        sa.CheckConstraint(
            "active_from IS NULL OR active_until IS NULL OR active_from < active_until",
            name=op.f("ck_units_contract_in_order"),
        ),
        sa.CheckConstraint("bedspaces BETWEEN 1 AND 100", name=op.f("ck_units_bedspaces")),
        sa.CheckConstraint(
            "boys_max_age IS NULL OR boys_max_age BETWEEN 0 AND 120", name=op.f("ck_units_boys_max_age")
        ),
        sa.CheckConstraint("max_adults BETWEEN 0 AND 100", name=op.f("ck_units_max_adults")),
        sa.CheckConstraint("max_children BETWEEN 0 AND 100", name=op.f("ck_units_max_children")),
        sa.ForeignKeyConstraint(["borough_code"], ["boroughs.code"], name=op.f("fk_units_borough_code")),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_units_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
    )
    op.create_index(op.f("ix_units_service_id_state"), "units", ["service_id", "state"], unique=False)
    op.create_index(
        "ix_units_availability", "units", ["state", "confirmed_at", "active_from", "active_until", "id"], unique=False
    )
    op.create_table(
        "unit_access_features",
        sa.Column("unit_id", sa.String(length=80), nullable=False),
        sa.Column("feature_code", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["feature_code"], ["access_features.code"], name=op.f("fk_unit_access_features_feature_code")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_unit_access_features_unit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("unit_id", "feature_code", name=op.f("pk_unit_access_features")),
    )
    op.create_index(
        op.f("ix_unit_access_features_feature_code_unit_id"),
        "unit_access_features",
        ["feature_code", "unit_id"],
        unique=False,
    )
    op.create_table(
        "unit_not_from",
        sa.Column("unit_id", sa.String(length=80), nullable=False),
        sa.Column("borough_code", sa.String(length=9), nullable=False),
        sa.ForeignKeyConstraint(["borough_code"], ["boroughs.code"], name=op.f("fk_unit_not_from_borough_code")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_not_from_unit_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("unit_id", "borough_code", name=op.f("pk_unit_not_from")),
    )
    op.create_index(
        op.f("ix_unit_not_from_borough_code_unit_id"),
        "unit_not_from",
        ["borough_code", "unit_id"],
        unique=False,
    )
    op.create_table(
        "unit_state_periods",
        sa.Column("unit_id", sa.String(length=80), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "state",
            sa.Enum("open", "occupied", "closed", name="state", native_enum=False, create_constraint=True),
            nullable=False,
        ),
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= began_at", name=op.f("ck_unit_state_periods_in_order")),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units.id"], name=op.f("fk_unit_state_periods_unit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("unit_id", "began_at", name=op.f("pk_unit_state_periods")),
    )
    op.create_index(
        "uq_unit_state_periods_current",
        "unit_state_periods",
        ["unit_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_unit_state_periods_current",
        table_name="unit_state_periods",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_table("unit_state_periods")
    op.drop_index(op.f("ix_unit_not_from_borough_code_unit_id"), table_name="unit_not_from")
    op.drop_table("unit_not_from")
    op.drop_index(op.f("ix_unit_access_features_feature_code_unit_id"), table_name="unit_access_features")
    op.drop_table("unit_access_features")
    op.drop_index("ix_units_availability", table_name="units")
    op.drop_index(op.f("ix_units_service_id_state"), table_name="units")
    op.drop_table("units")
