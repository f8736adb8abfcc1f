"""Places: boroughs, postcodes, sectors and named places of the gazetteer."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "boroughs",
        sa.Column("code", sa.String(length=9), nullable=False, comment="ONS code, such as E09000012"),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False, comment="Median postcode, WGS84 degrees"),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column(
            "police_area",
            sa.String(length=60),
            nullable=False,
            comment="The Met's Basic Command Unit, or City of London Police",
        ),
        sa.Column(
            "grid_row",
            sa.SmallInteger(),
            nullable=False,
            comment="Place on the tile-grid map of London, from 0",
        ),
        sa.Column("grid_column", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_boroughs")),
        sa.UniqueConstraint("grid_row", "grid_column", name=op.f("uq_boroughs_grid_row_grid_column")),
        sa.UniqueConstraint("name", name=op.f("uq_boroughs_name")),
    )
    op.create_table(
        "gazetteer_loads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="SHA-256 over the files"),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_gazetteer_loads_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gazetteer_loads")),
    )
    op.create_table(
        "postcode_sectors",
        sa.Column("sector", sa.String(length=6), nullable=False),
        sa.Column("outcode", sa.String(length=4), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("country", sa.String(length=8), nullable=False),
        sa.CheckConstraint("country IN ('england', 'scotland', 'wales')", name=op.f("ck_postcode_sectors_country")),
        sa.PrimaryKeyConstraint("sector", name=op.f("pk_postcode_sectors")),
    )
    op.create_index(op.f("ix_postcode_sectors_outcode"), "postcode_sectors", ["outcode"], unique=False)
    op.create_table(
        "named_places",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "key",
            sa.String(length=80),
            nullable=False,
            comment="The name as it is compared: lower case, letters and digits",
        ),
        sa.Column("borough_code", sa.String(length=9), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["borough_code"], ["boroughs.code"], name=op.f("fk_named_places_borough_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_named_places")),
        sa.UniqueConstraint("name", "borough_code", name=op.f("uq_named_places_name_borough_code")),
    )
    op.create_index(op.f("ix_named_places_key"), "named_places", ["key"], unique=False)
    op.create_table(
        "postcodes",
        sa.Column("postcode", sa.String(length=8), nullable=False, comment="Upper case, one space: E8 3PN"),
        sa.Column("borough_code", sa.String(length=9), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["borough_code"], ["boroughs.code"], name=op.f("fk_postcodes_borough_code")),
        sa.PrimaryKeyConstraint("postcode", name=op.f("pk_postcodes")),
    )
    op.create_table(
        "sector_boroughs",
        sa.Column("sector", sa.String(length=6), nullable=False),
        sa.Column("borough_code", sa.String(length=9), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["borough_code"], ["boroughs.code"], name=op.f("fk_sector_boroughs_borough_code")),
        sa.ForeignKeyConstraint(
            ["sector"],
            ["postcode_sectors.sector"],
            name=op.f("fk_sector_boroughs_sector"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("sector", "borough_code", name=op.f("pk_sector_boroughs")),
    )


def downgrade() -> None:
    op.drop_table("sector_boroughs")
    op.drop_table("postcodes")
    op.drop_index(op.f("ix_named_places_key"), table_name="named_places")
    op.drop_table("named_places")
    op.drop_index(op.f("ix_postcode_sectors_outcode"), table_name="postcode_sectors")
    op.drop_table("postcode_sectors")
    op.drop_table("gazetteer_loads")
    op.drop_table("boroughs")
