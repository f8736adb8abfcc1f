"""The gazetteer: facts about places, loaded from `seed_data/gazetteer/` and never changed by hand."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from directory.common.orm import Base, UtcDateTime


class Borough(Base):
    """One of London's 33 boroughs (the City of London among them)."""

    __tablename__ = "boroughs"
    __table_args__ = (UniqueConstraint("grid_row", "grid_column"),)

    code: Mapped[str] = mapped_column(String(9), primary_key=True, comment="ONS code, such as E09000012")
    name: Mapped[str] = mapped_column(String(60), unique=True)
    latitude: Mapped[float] = mapped_column(comment="Median postcode, WGS84 degrees")
    longitude: Mapped[float]
    police_area: Mapped[str] = mapped_column(
        String(60), comment="The Met's Basic Command Unit, or City of London Police"
    )
    grid_row: Mapped[int] = mapped_column(SmallInteger, comment="Place on the tile-grid map of London, from 0")
    grid_column: Mapped[int] = mapped_column(SmallInteger)


class Postcode(Base):
    """A full London postcode."""

    __tablename__ = "postcodes"

    postcode: Mapped[str] = mapped_column(String(8), primary_key=True, comment="Upper case, one space: E8 3PN")
    borough_code: Mapped[str] = mapped_column(ForeignKey("boroughs.code"))
    latitude: Mapped[float]
    longitude: Mapped[float]


class PostcodeSector(Base):
    """A postcode sector of Great Britain, such as UB1 3."""

    __tablename__ = "postcode_sectors"
    __table_args__ = (
        CheckConstraint("country IN ('england', 'scotland', 'wales')", name="country"),
        Index(None, "outcode"),
    )

    sector: Mapped[str] = mapped_column(String(6), primary_key=True)
    outcode: Mapped[str] = mapped_column(String(4))
    latitude: Mapped[float]
    longitude: Mapped[float]
    country: Mapped[str] = mapped_column(String(8))


class SectorBorough(Base):
    """A London borough that holds at least 5% of a sector's postcodes; position 0 holds the most."""

    __tablename__ = "sector_boroughs"

    sector: Mapped[str] = mapped_column(ForeignKey("postcode_sectors.sector", ondelete="CASCADE"), primary_key=True)
    borough_code: Mapped[str] = mapped_column(ForeignKey("boroughs.code"), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)


class NamedPlace(Base):
    """A district or neighbourhood of London by its name; two may share one."""

    __tablename__ = "named_places"
    __table_args__ = (UniqueConstraint("name", "borough_code"), Index(None, "key"))

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(80), comment="The name as it is compared: lower case, letters and digits")
    borough_code: Mapped[str] = mapped_column(ForeignKey("boroughs.code"))
    latitude: Mapped[float]
    longitude: Mapped[float]
    population: Mapped[int | None]


class GazetteerLoad(Base):
    """Which gazetteer files are loaded, so that loading the same ones again is no work."""

    __tablename__ = "gazetteer_loads"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 over the files")
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
