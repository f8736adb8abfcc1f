"""Which postcodes, and parts of them, mean a place when they stand in a text: asked once for each import."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.catalogue.secrecy import KnownPostcodes
from directory.places.models import PostcodeSector, SectorBorough


def known_postcodes(session: Session) -> KnownPostcodes:
    """The gazetteer's sectors and their outcodes.

    One letter and a few digits are oftener a flat, a motorway or a level of English (B1, M25) than a postcode: of
    those only London's count, where the places that must not be told are.
    """
    in_london = set(session.scalars(select(SectorBorough.sector).distinct()))
    every = session.scalars(select(PostcodeSector.sector))
    sectors = frozenset(sector for sector in every if sector in in_london or sector[1].isalpha())
    return KnownPostcodes(sectors, frozenset(sector.partition(" ")[0] for sector in sectors))
