"""Counters of searches that found nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unmet_need_counts",
        sa.Column("day", sa.Date(), nullable=False, comment="London date of the searches"),
        sa.Column("borough_code", sa.String(length=9), nullable=False, comment="Empty: none, or not London"),
        sa.Column("need", sa.String(length=80), nullable=False, comment="The widest term; empty: none was asked"),
        sa.Column(
            "household",
            sa.Enum(
                "not_said",
                "1",
                "2",
                "3",
                "4",
                "5+",
                name="household",
                native_enum=False,
                create_constraint=True,
                length=8,
            ),
            nullable=False,
        ),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count >= 1", name=op.f("ck_unmet_need_counts_count")),
        sa.PrimaryKeyConstraint("day", "borough_code", "need", "household", name=op.f("pk_unmet_need_counts")),
    )


def downgrade() -> None:
    op.drop_table("unmet_need_counts")
