"""What was commissioned: programmes with the units that they pay for. Units name their programme by its code."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from directory.common.orm import Base


class Programme(Base):
    """A contract with its inventory. For commissioners alone."""

    __tablename__ = "programmes"
    __table_args__ = (
        CheckConstraint("units >= 0 AND bedspaces >= units", name="each_unit_has_a_bedspace"),
        CheckConstraint("ringfenced_units BETWEEN 0 AND units", name="ringfenced_units"),
        CheckConstraint(
            "active_from IS NULL OR active_until IS NULL OR active_from < active_until", name="dates_in_order"
        ),
    )

    code: Mapped[str] = mapped_column(String(60), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    units: Mapped[int] = mapped_column(SmallInteger)
    bedspaces: Mapped[int] = mapped_column(SmallInteger)
    ringfenced_units: Mapped[int] = mapped_column(SmallInteger)
    active_from: Mapped[date | None] = mapped_column(Date, comment="First London date of the contract")
    active_until: Mapped[date | None] = mapped_column(Date, comment="The London date after the last one (exclusive)")
