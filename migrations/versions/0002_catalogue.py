"""Catalogue: taxonomies, organisations, services, performance figures and guidance."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_features",
        sa.Column("parent_code", sa.String(length=80), nullable=True),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("synonyms", sa.Text(), nullable=False),
        sa.CheckConstraint("parent_code <> code", name=op.f("ck_access_features_not_its_own_parent")),
        sa.ForeignKeyConstraint(["parent_code"], ["access_features.code"], name=op.f("fk_access_features_parent_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_access_features")),
    )
    op.create_table(
        "communities",
        sa.Column("parent_code", sa.String(length=80), nullable=True),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("synonyms", sa.Text(), nullable=False),
        sa.CheckConstraint("parent_code <> code", name=op.f("ck_communities_not_its_own_parent")),
        sa.ForeignKeyConstraint(["parent_code"], ["communities.code"], name=op.f("fk_communities_parent_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_communities")),
    )
    op.create_table(
        "guidance",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False, comment="Markdown without HTML"),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_guidance")),
    )
    op.create_table(
        "needs",
        sa.Column("parent_code", sa.String(length=80), nullable=True),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("synonyms", sa.Text(), nullable=False),
        sa.CheckConstraint("parent_code <> code", name=op.f("ck_needs_not_its_own_parent")),
        sa.ForeignKeyConstraint(["parent_code"], ["needs.code"], name=op.f("fk_needs_parent_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_needs")),
    )
    op.create_table(
        "organisations",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("by_and_for", sa.Boolean(), nullable=False, comment="Led by and serving the community it supports"),
        sa.Column("website", sa.String(length=300), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("charity_number", sa.String(length=20), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "in_review",
                "published",
                "suspended",
                "withdrawn",
                name="status",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False, comment="Where the facts were read"),
        sa.Column(
            "removed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="No longer in the files; kept, never shown",
        ),
        sa.CheckConstraint(
            "removed_at IS NULL OR status = 'withdrawn'", name=op.f("ck_organisations_removed_is_withdrawn")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
    )
    op.create_index(op.f("ix_organisations_status"), "organisations", ["status"], unique=False)
    op.create_table(
        "organisation_communities",
        sa.Column("organisation_id", sa.String(length=80), nullable=False),
        sa.Column("community_code", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_code"], ["communities.code"], name=op.f("fk_organisation_communities_community_code")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_organisation_communities_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "community_code", name=op.f("pk_organisation_communities")),
    )
    op.create_index(
        op.f("ix_organisation_communities_community_code_organisation_id"),
        "organisation_communities",
        ["community_code", "organisation_id"],
        unique=False,
    )
    op.create_table(
        "services",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("organisation_id", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "refuge",
                "advocacy",
                "helpline",
                "immigration_advice",
                "legal_advice",
                "counselling",
                "outreach",
                "floating_support",
                "sexual_violence",
                "housing_advice",
                "children_and_young_people",
                name="kind",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("min_age", sa.SmallInteger(), nullable=True, comment="Years, inclusive; empty is no limit"),
        sa.Column("max_age", sa.SmallInteger(), nullable=True, comment="Years, inclusive; empty is no limit"),
        sa.Column(
            "accepts_nrpf",
            sa.Enum("yes", "no", "if_funded", name="accepts_nrpf", native_enum=False, create_constraint=True),
            nullable=True,
            comment="Takes households without public funds; empty is unknown",
        ),
        sa.Column(
            "location_disclosure",
            sa.Enum(
                "public",
                "borough",
                "secret",
                name="location_disclosure",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("postcode", sa.String(length=8), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True, comment="Of the public postcode, else empty"),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("borough_code", sa.String(length=9), nullable=True),
        sa.Column(
            "hours",
            sa.String(length=200),
            nullable=False,
            comment="OpenStreetMap opening_hours; empty is unknown",
        ),
        sa.Column("phone", sa.String(length=30), nullable=False, comment="For anybody"),
        sa.Column("professional_phone", sa.String(length=30), nullable=False, comment="For signed-in people only"),
        sa.Column("referral_email", sa.String(length=254), nullable=False, comment="For signed-in people only"),
        sa.Column("response_target_minutes", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "in_review",
                "published",
                "suspended",
                "withdrawn",
                name="status",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column(
            "removed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="No longer in the files; kept, never shown",
        ),
        sa.CheckConstraint(
            "postcode IS NULL OR location_disclosure = 'public'",
            name=op.f("ck_services_only_public_has_postcode"),
        ),
        sa.CheckConstraint("removed_at IS NULL OR status = 'withdrawn'", name=op.f("ck_services_removed_is_withdrawn")),
        sa.CheckConstraint(
            "(postcode IS NULL) = (latitude IS NULL) AND (postcode IS NULL) = (longitude IS NULL)",
            name=op.f("ck_services_location_is_the_postcode"),
        ),
        sa.CheckConstraint("max_age IS NULL OR max_age BETWEEN 0 AND 120", name=op.f("ck_services_max_age")),
        sa.CheckConstraint(
            "min_age IS NULL OR max_age IS NULL OR min_age <= max_age", name=op.f("ck_services_ages_in_order")
        ),
        sa.CheckConstraint("min_age IS NULL OR min_age BETWEEN 0 AND 120", name=op.f("ck_services_min_age")),
        sa.CheckConstraint(
            "response_target_minutes IS NULL OR response_target_minutes > 0",
            name=op.f("ck_services_response_target"),
        ),
        sa.ForeignKeyConstraint(["borough_code"], ["boroughs.code"], name=op.f("fk_services_borough_code")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_services_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_services")),
    )
    op.create_index(op.f("ix_services_borough_code"), "services", ["borough_code"], unique=False)
    op.create_index(op.f("ix_services_organisation_id"), "services", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_services_status_kind"), "services", ["status", "kind"], unique=False)
    op.create_table(
        "performance_figures",
        sa.Column("service_id", sa.String(length=80), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False, comment="A calendar quarter: 2026-Q2"),
        sa.Column("measure", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Numeric(precision=12, scale=3), nullable=True),
        sa.CheckConstraint("period LIKE '____-Q_'", name=op.f("ck_performance_figures_period")),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["services.id"],
            name=op.f("fk_performance_figures_service_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("service_id", "period", "measure", name=op.f("pk_performance_figures")),
    )
    op.create_index(
        op.f("ix_performance_figures_measure_period"),
        "performance_figures",
        ["measure", "period"],
        unique=False,
    )
    op.create_table(
        "service_access_features",
        sa.Column("service_id", sa.String(length=80), nullable=False),
        sa.Column("feature_code", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["feature_code"], ["access_features.code"], name=op.f("fk_service_access_features_feature_code")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["services.id"],
            name=op.f("fk_service_access_features_service_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("service_id", "feature_code", name=op.f("pk_service_access_features")),
    )
    op.create_index(
        op.f("ix_service_access_features_feature_code_service_id"),
        "service_access_features",
        ["feature_code", "service_id"],
        unique=False,
    )
    op.create_table(
        "service_areas",
        sa.Column("service_id", sa.String(length=80), nullable=False),
        sa.Column("area", sa.String(length=9), nullable=False),
        sa.CheckConstraint(
            "area IN ('london', 'england', 'uk') OR area LIKE 'E09______'", name=op.f("ck_service_areas_area")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_service_areas_service_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("service_id", "area", name=op.f("pk_service_areas")),
    )
    op.create_index(op.f("ix_service_areas_area_service_id"), "service_areas", ["area", "service_id"], unique=False)
    op.create_table(
        "service_communities",
        sa.Column("service_id", sa.String(length=80), nullable=False),
        sa.Column("community_code", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_code"], ["communities.code"], name=op.f("fk_service_communities_community_code")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"],
            ["services.id"],
            name=op.f("fk_service_communities_service_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("service_id", "community_code", name=op.f("pk_service_communities")),
    )
    op.create_index(
        op.f("ix_service_communities_community_code_service_id"),
        "service_communities",
        ["community_code", "service_id"],
        unique=False,
    )
    op.create_table(
        "service_genders",
        sa.Column("service_id", sa.String(length=80), nullable=False),
        sa.Column(
            "gender",
            sa.Enum("woman", "man", "non_binary", name="gender", native_enum=False, create_constraint=True),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_service_genders_service_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("service_id", "gender", name=op.f("pk_service_genders")),
    )
    op.create_table(
        "service_languages",
        sa.Column("service_id", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=3), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_service_languages_service_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("service_id", "language", name=op.f("pk_service_languages")),
    )
    op.create_index(
        op.f("ix_service_languages_language_service_id"),
        "service_languages",
        ["language", "service_id"],
        unique=False,
    )
    op.create_table(
        "service_needs",
        sa.Column("service_id", sa.String(length=80), nullable=False),
        sa.Column("need_code", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["need_code"], ["needs.code"], name=op.f("fk_service_needs_need_code")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_service_needs_service_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("service_id", "need_code", name=op.f("pk_service_needs")),
    )
    op.create_index(
        op.f("ix_service_needs_need_code_service_id"),
        "service_needs",
        ["need_code", "service_id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_service_needs_need_code_service_id"), table_name="service_needs")
    op.drop_table("service_needs")
    op.drop_index(op.f("ix_service_languages_language_service_id"), table_name="service_languages")
    op.drop_table("service_languages")
    op.drop_table("service_genders")
    op.drop_index(op.f("ix_service_communities_community_code_service_id"), table_name="service_communities")
    op.drop_table("service_communities")
    op.drop_index(op.f("ix_service_areas_area_service_id"), table_name="service_areas")
    op.drop_table("service_areas")
    op.drop_index(op.f("ix_service_access_features_feature_code_service_id"), table_name="service_access_features")
    op.drop_table("service_access_features")
    op.drop_index(op.f("ix_performance_figures_measure_period"), table_name="performance_figures")
    op.drop_table("performance_figures")
    op.drop_index(op.f("ix_services_status_kind"), table_name="services")
    op.drop_index(op.f("ix_services_organisation_id"), table_name="services")
    op.drop_index(op.f("ix_services_borough_code"), table_name="services")
    op.drop_table("services")
    op.drop_index(
        op.f("ix_organisation_communities_community_code_organisation_id"),
        table_name="organisation_communities",
    )
    op.drop_table("organisation_communities")
    op.drop_index(op.f("ix_organisations_status"), table_name="organisations")
    op.drop_table("organisations")
    op.drop_table("needs")
    op.drop_table("guidance")
    op.drop_table("communities")
    op.drop_table("access_features")
