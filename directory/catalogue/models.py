"""Organisations, services, the taxonomies they are described with, and their performance figures.

These classes are the data dictionary. There is deliberately nothing about a victim here, and nothing that could hold
a refuge's address: a service whose location is not public has at most a borough.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Numeric,
    SmallInteger,
    String,
    Table,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.catalogue.vocabulary import AcceptsNrpf, Gender, ListingStatus, LocationDisclosure, ServiceKind
from directory.common.changes import watch
from directory.common.orm import Base, SemicolonList, Slug, UtcDateTime, choice


class TaxonomyTerm:
    """What the three taxonomies share: a code, its plain name, and the words people use for it."""

    code: Mapped[str] = mapped_column(Slug(), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    definition: Mapped[str] = mapped_column(Text, default="")
    synonyms: Mapped[tuple[str, ...]] = mapped_column(SemicolonList, default=())


class Need(TaxonomyTerm, Base):
    """A kind of help. A narrower term (its parent names the wider one) answers for its parent."""

    __tablename__ = "needs"
    __table_args__ = (CheckConstraint("parent_code <> code", name="not_its_own_parent"),)

    parent_code: Mapped[str | None] = mapped_column(ForeignKey("needs.code"))


class Community(TaxonomyTerm, Base):
    """A community that an organisation is led by and for, or that a service knows. Parents only group them."""

    __tablename__ = "communities"
    __table_args__ = (CheckConstraint("parent_code <> code", name="not_its_own_parent"),)

    parent_code: Mapped[str | None] = mapped_column(ForeignKey("communities.code"))


class AccessFeature(TaxonomyTerm, Base):
    """Something about a place that lets somebody use it, such as a step-free entrance."""

    __tablename__ = "access_features"
    __table_args__ = (CheckConstraint("parent_code <> code", name="not_its_own_parent"),)

    parent_code: Mapped[str | None] = mapped_column(ForeignKey("access_features.code"))


def _listed(table: str, owner: str, owner_table: str, column: str, target: str) -> Table:
    """A many-to-many table; its second index answers "which of them have this one"."""
    return Table(
        table,
        Base.metadata,
        Column(owner, ForeignKey(f"{owner_table}.id", ondelete="CASCADE"), primary_key=True),
        Column(column, ForeignKey(target), primary_key=True),
        Index(None, column, owner),
    )


organisation_communities = _listed(
    "organisation_communities", "organisation_id", "organisations", "community_code", "communities.code"
)
service_needs = _listed("service_needs", "service_id", "services", "need_code", "needs.code")
service_communities = _listed("service_communities", "service_id", "services", "community_code", "communities.code")
service_access_features = _listed(
    "service_access_features", "service_id", "services", "feature_code", "access_features.code"
)


class Organisation(Base):
    """A charity or company."""

    __tablename__ = "organisations"
    __table_args__ = (CheckConstraint("removed_at IS NULL OR status = 'withdrawn'", name="removed_is_withdrawn"),)

    id: Mapped[str] = mapped_column(Slug(), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    by_and_for: Mapped[bool] = mapped_column(comment="Led by and serving the community it supports")
    website: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str] = mapped_column(String(30), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    charity_number: Mapped[str] = mapped_column(String(20), default="")
    status: Mapped[ListingStatus] = mapped_column(choice(ListingStatus, "status"), index=True)
    verified_on: Mapped[date | None] = mapped_column(Date)
    verified_by: Mapped[str] = mapped_column(
        String(40), default="", server_default="", comment="`user-12`, `link-3` or `import`; empty is unknown"
    )
    source: Mapped[str] = mapped_column(String(300), default="", comment="Where the facts were read")
    removed_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="No longer in the files; kept, never shown"
    )

    communities: Mapped[list[Community]] = relationship(
        secondary=organisation_communities, order_by=Community.code, lazy="raise"
    )


class ServiceLanguage(Base):
    """A language in which a service can talk to people, by its ISO 639 code."""

    __tablename__ = "service_languages"
    __table_args__ = (Index(None, "language", "service_id"),)

    service_id: Mapped[str] = mapped_column(ForeignKey("services.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(3), primary_key=True)


class ServiceGender(Base):
    """One of those whom a service is for."""

    __tablename__ = "service_genders"

    service_id: Mapped[str] = mapped_column(ForeignKey("services.id", ondelete="CASCADE"), primary_key=True)
    gender: Mapped[Gender] = mapped_column(choice(Gender, "gender"), primary_key=True)


class ServiceArea(Base):
    """An area that a service covers: a borough's code, or london, england, uk."""

    __tablename__ = "service_areas"
    __table_args__ = (
        CheckConstraint("area IN ('london', 'england', 'uk') OR area LIKE 'E09______'", name="area"),
        Index(None, "area", "service_id"),
    )

    service_id: Mapped[str] = mapped_column(ForeignKey("services.id", ondelete="CASCADE"), primary_key=True)
    area: Mapped[str] = mapped_column(String(9), primary_key=True)


class Service(Base):
    """What an organisation offers."""

    __tablename__ = "services"
    __table_args__ = (
        # The firewall, rule 6: what is not stored cannot leak.
        CheckConstraint("postcode IS NULL OR location_disclosure = 'public'", name="only_public_has_postcode"),
        CheckConstraint(
            "(postcode IS NULL) = (latitude IS NULL) AND (postcode IS NULL) = (longitude IS NULL)",
            name="location_is_the_postcode",
        ),
        CheckConstraint("min_age IS NULL OR min_age BETWEEN 0 AND 120", name="min_age"),
        CheckConstraint("max_age IS NULL OR max_age BETWEEN 0 AND 120", name="max_age"),
        CheckConstraint("min_age IS NULL OR max_age IS NULL OR min_age <= max_age", name="ages_in_order"),
        CheckConstraint("response_target_minutes IS NULL OR response_target_minutes > 0", name="response_target"),
        CheckConstraint("removed_at IS NULL OR status = 'withdrawn'", name="removed_is_withdrawn"),
        Index(None, "status", "kind"),
    )

    id: Mapped[str] = mapped_column(Slug(), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[ServiceKind] = mapped_column(choice(ServiceKind, "kind"))
    description: Mapped[str] = mapped_column(Text, default="")
    min_age: Mapped[int | None] = mapped_column(SmallInteger, comment="Years, inclusive; empty is no limit")
    max_age: Mapped[int | None] = mapped_column(SmallInteger, comment="Years, inclusive; empty is no limit")
    accepts_nrpf: Mapped[AcceptsNrpf | None] = mapped_column(
        choice(AcceptsNrpf, "accepts_nrpf"), comment="Takes households without public funds; empty is unknown"
    )
    location_disclosure: Mapped[LocationDisclosure] = mapped_column(choice(LocationDisclosure, "location_disclosure"))
    postcode: Mapped[str | None] = mapped_column(String(8))
    latitude: Mapped[float | None] = mapped_column(comment="Of the public postcode, else empty")
    longitude: Mapped[float | None]
    borough_code: Mapped[str | None] = mapped_column(ForeignKey("boroughs.code"), index=True)
    hours: Mapped[str] = mapped_column(String(200), default="", comment="OpenStreetMap opening_hours; empty is unknown")
    phone: Mapped[str] = mapped_column(String(30), default="", comment="For anybody")
    professional_phone: Mapped[str] = mapped_column(String(30), default="", comment="For signed-in people only")
    referral_email: Mapped[str] = mapped_column(String(254), default="", comment="For signed-in people only")
    response_target_minutes: Mapped[int | None]
    status: Mapped[ListingStatus] = mapped_column(choice(ListingStatus, "status"))
    verified_on: Mapped[date | None] = mapped_column(Date)
    verified_by: Mapped[str] = mapped_column(
        String(40), default="", server_default="", comment="`user-12`, `link-3` or `import`; empty is unknown"
    )
    removed_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, comment="No longer in the files; kept, never shown"
    )

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    needs: Mapped[list[Need]] = relationship(secondary=service_needs, order_by=Need.code, lazy="raise")
    communities: Mapped[list[Community]] = relationship(
        secondary=service_communities, order_by=Community.code, lazy="raise"
    )
    access_features: Mapped[list[AccessFeature]] = relationship(
        secondary=service_access_features, order_by=AccessFeature.code, lazy="raise"
    )
    languages: Mapped[list[ServiceLanguage]] = relationship(
        cascade="all, delete-orphan", order_by=ServiceLanguage.language, lazy="raise"
    )
    genders: Mapped[list[ServiceGender]] = relationship(
        cascade="all, delete-orphan", order_by=ServiceGender.gender, lazy="raise"
    )
    areas: Mapped[list[ServiceArea]] = relationship(
        cascade="all, delete-orphan", order_by=ServiceArea.area, lazy="raise"
    )


class PerformanceFigure(Base):
    """One measure of one service in one quarter; an empty value is a figure that is not known."""

    __tablename__ = "performance_figures"
    __table_args__ = (
        CheckConstraint("period LIKE '____-Q_'", name="period"),
        Index(None, "measure", "period"),
    )

    service_id: Mapped[str] = mapped_column(ForeignKey("services.id", ondelete="CASCADE"), primary_key=True)
    period: Mapped[str] = mapped_column(String(7), primary_key=True, comment="A calendar quarter: 2026-Q2")
    measure: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[Decimal | None] = mapped_column(Numeric(12, 3))


class Guidance(Base):
    """A short text that commissioners keep for officers, in Markdown: content, not code."""

    __tablename__ = "guidance"

    key: Mapped[str] = mapped_column(Slug(), primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(Text, comment="Markdown without HTML")
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


# What searches keep in memory; the units' tables are watched beside their models.
watch(
    "boroughs",
    "organisations",
    "organisation_communities",
    "services",
    "service_needs",
    "service_communities",
    "service_access_features",
    "service_languages",
    "service_genders",
    "service_areas",
    "performance_figures",
)
