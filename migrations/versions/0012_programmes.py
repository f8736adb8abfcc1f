"""Programmes: what was commissioned."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "programmes",
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("units", sa.SmallInteger(), nullable=False),
        sa.Column("bedspaces", sa.SmallInteger(), nullable=False),
        sa.Column("ringfenced_units", sa.SmallInteger(), nullable=False),
        sa.Column("active_from", sa.Date(), nullable=True, comment="First London date of the contract"),
        sa.Column("active_until", sa.Date(), nullable=True, comment="The London date after the last one (exclusive)"),
        sa.CheckConstraint(
            "active_from IS NULL OR active_until IS NULL OR active_from < active_until",
            name=op.f("ck_programmes_dates_in_order"),
        ),
        sa.CheckConstraint("ringfenced_units BETWEEN 0 AND units", name=op.f("ck_programmes_ringfenced_units")),
        sa.CheckConstraint("units >= 0 AND bedspaces >= units", name=op.f("ck_programmes_each_unit_has_a_bedspace")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_programmes")),
    )


def downgrade() -> None:
    op.drop_table("programmes")
