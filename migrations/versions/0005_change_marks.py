"""Change marks: what readers compare to know that the catalogue they keep in memory is still true."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "change_marks",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_change_marks_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_marks")),
    )
    op.execute("INSERT INTO change_marks (id, token) VALUES (1, 'empty')")


def downgrade() -> None:
    op.drop_table("change_marks")
